//! The reactor with real sockets, turned by hand: each test opens one of its own.

use super::entry::Direction;
use super::readiness::Ending;
use super::registration::{Registration, both_ready};
use super::*;
use crate::io::{Interest, Ready};
use std::net::{TcpListener, TcpStream};
use std::task::{Context, Poll, Waker};

fn reactor_of(events_per_turn: usize) -> Reactor {
    Reactor::open(EventLimits { per_turn: events_per_turn, per_busy_turn: events_per_turn }).unwrap()
}

fn pair() -> (mio::net::TcpStream, TcpStream) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let theirs = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
    let (ours, _) = listener.accept().unwrap();
    ours.set_nonblocking(true).unwrap();
    (mio::net::TcpStream::from_std(ours), theirs)
}

fn register(reactor: &Reactor, stream: mio::net::TcpStream) -> Registration<mio::net::TcpStream> {
    let handle = Arc::clone(reactor.handle());
    Registration::with_handle(handle, stream, Interest::BOTH, Ready::EMPTY, Ending::Final).unwrap()
}

fn is_ready(registration: &Registration<mio::net::TcpStream>, direction: Direction) -> bool {
    let mut cx = Context::from_waker(Waker::noop());
    match registration.poll_ready(&mut cx, direction) {
        Poll::Ready(result) => result.is_ok(),
        Poll::Pending => false,
    }
}

/// Turns until the condition holds; a turn ends by an event, so this waits for events and not for time.
fn turn_until(reactor: &mut Reactor, mut is_over: impl FnMut() -> bool) {
    while !is_over() {
        reactor.park(Some(Duration::from_secs(10)));
    }
}

#[test]
fn an_event_makes_the_source_ready() {
    use std::io::Write;
    let mut reactor = reactor_of(16);
    let (ours, mut theirs) = pair();
    let ours = register(&reactor, ours);
    assert!(!is_ready(&ours, Direction::Read));
    theirs.write_all(b"x").unwrap();
    turn_until(&mut reactor, || is_ready(&ours, Direction::Read));
}

#[test]
fn a_park_never_ends_before_its_timeout() {
    let mut reactor = reactor_of(16);
    for round in 0..5 {
        for timeout_us in [1, 40, 137, 500, 999, 1_000, 1_001, 1_500, 1_999, 2_000, 2_001, 3_210, 5_000] {
            let timeout = Duration::from_micros(timeout_us);
            let start = Instant::now();
            reactor.park(Some(timeout));
            let passed = start.elapsed();
            assert!(passed >= timeout, "round {round}: {passed:?} of {timeout:?}");
        }
    }
}

#[test]
fn a_timeout_beyond_the_clock_is_no_timeout() {
    let mut reactor = reactor_of(16);
    reactor.handle().unpark();
    reactor.park(Some(Duration::MAX));
}

#[test]
fn an_unpark_before_the_park_is_not_lost() {
    let mut reactor = reactor_of(16);
    for _ in 0..100 {
        reactor.handle().unpark();
        reactor.park(None);
    }
}

#[test]
fn an_unpark_from_another_thread_ends_a_park() {
    let mut reactor = reactor_of(16);
    let handle = Arc::clone(reactor.handle());
    let unparker = thread::spawn(move || handle.unpark());
    reactor.park(None);
    unparker.join().unwrap();
}

#[test]
fn more_ready_events_than_a_turn_takes_are_all_delivered() {
    let mut reactor = reactor_of(4);
    let sockets: Vec<_> = (0..50).map(|_| pair()).collect();
    let (ours, theirs): (Vec<_>, Vec<_>) =
        sockets.into_iter().map(|(ours, theirs)| (register(&reactor, ours), theirs)).unzip();
    turn_until(&mut reactor, || ours.iter().all(|socket| is_ready(socket, Direction::Write)));
    drop(theirs);
    turn_until(&mut reactor, || ours.iter().all(|socket| is_ready(socket, Direction::Read)));
}

#[test]
fn a_turn_that_only_looks_takes_as_many_events_as_it_may() {
    let mut reactor = Reactor::open(EventLimits { per_turn: 16, per_busy_turn: 1 }).unwrap();
    let (ours, _theirs): (Vec<_>, Vec<_>) =
        (0..5).map(|_| pair()).map(|(ours, theirs)| (register(&reactor, ours), theirs)).unzip();
    let ready = || ours.iter().filter(|socket| is_ready(socket, Direction::Write)).count();
    for looks in 1..=3 {
        reactor.park(Some(Duration::ZERO));
        assert_eq!(ready(), looks);
    }
    // One that may wait takes the rest.
    reactor.park(None);
    assert_eq!(ready(), ours.len());
}

#[test]
fn a_reactor_that_is_gone_wakes_and_tells() {
    let reactor = reactor_of(16);
    let (ours, _theirs) = pair();
    let ours = register(&reactor, ours);
    let handle = Arc::clone(reactor.handle());
    let mut cx = Context::from_waker(Waker::noop());
    assert!(ours.poll_ready(&mut cx, Direction::Read).is_pending());
    drop(reactor);
    let Poll::Ready(Err(error)) = ours.poll_ready(&mut cx, Direction::Read) else { panic!("still waits") };
    assert!(error.to_string().contains("shut down"), "{error}");
    assert!(ours.try_io(Interest::READABLE, || Ok(())).is_err());
    let (late, _theirs) = pair();
    assert!(Registration::with_handle(handle, late, Interest::BOTH, Ready::EMPTY, Ending::Final).is_err());
}

#[test]
fn a_source_dropped_during_a_turn_is_freed_after_it() {
    let mut reactor = reactor_of(16);
    for _ in 0..3 {
        let (ours, _theirs) = pair();
        drop(register(&reactor, ours));
    }
    reactor.park(Some(Duration::ZERO));
    assert_eq!(reactor.handle.table.len(), 0);
}

#[test]
#[cfg(unix)]
fn a_failed_registration_leaves_nothing_behind() {
    let mut reactor = reactor_of(16);
    let (ours, _theirs) = pair();
    drop(register(&reactor, ours));
    let handle = Arc::clone(reactor.handle());
    let closed = mio::unix::SourceFd(&-1);
    assert!(Registration::with_handle(handle, closed, Interest::BOTH, Ready::EMPTY, Ending::Final).is_err());
    reactor.park(Some(Duration::ZERO));
    assert_eq!(reactor.handle.table.len(), 0);
}

#[test]
fn a_retry_makes_the_source_readable_when_due_and_not_before() {
    let mut reactor = reactor_of(16);
    let (ours, _theirs) = pair();
    let ours = register(&reactor, ours);
    let due = Instant::now() + Duration::from_millis(5);
    ours.retry_at(due);
    turn_until(&mut reactor, || is_ready(&ours, Direction::Read));
    assert!(Instant::now() >= due);
}

#[test]
fn a_retry_of_a_source_that_is_gone_does_no_harm() {
    let mut reactor = reactor_of(16);
    let (ours, _theirs) = pair();
    let ours = register(&reactor, ours);
    ours.retry_at(Instant::now());
    drop(ours);
    reactor.park(Some(Duration::from_millis(1)));
    reactor.park(Some(Duration::from_millis(1)));
}

/// A registered stream that starts as ready.
fn ready_stream(reactor: &Reactor) -> (Registration<mio::net::TcpStream>, TcpStream) {
    let (ours, theirs) = pair();
    let handle = Arc::clone(reactor.handle());
    let ours = Registration::with_handle(handle, ours, Interest::BOTH, both_ready(), Ending::Final).unwrap();
    (ours, theirs)
}

#[test]
fn a_short_transfer_clears_readiness_and_a_full_one_does_not() {
    let reactor = reactor_of(16);
    for (moved, is_kept) in [(4, true), (3, !sys::SHORT_TRANSFER_MEANS_DRAINED), (0, true)] {
        let (ours, _theirs) = ready_stream(&reactor);
        let mut cx = Context::from_waker(Waker::noop());
        let result = ours.poll_transfer(&mut cx, Direction::Read, 4, || Ok(moved));
        assert!(matches!(result, Poll::Ready(Ok(count)) if count == moved));
        assert_eq!(is_ready(&ours, Direction::Read), is_kept, "{moved} of 4");
        assert!(is_ready(&ours, Direction::Write), "the other direction is not touched");
    }
}

#[test]
fn a_try_that_moves_less_than_asked_keeps_readiness() {
    let reactor = reactor_of(16);
    let (ours, _theirs) = ready_stream(&reactor);
    assert_eq!(ours.try_call(Interest::READABLE, || Ok(3)).unwrap(), 3);
    assert!(is_ready(&ours, Direction::Read));
}

#[test]
fn an_interrupted_call_is_repeated() {
    let reactor = reactor_of(16);
    let (ours, _theirs) = ready_stream(&reactor);
    let mut calls = 0;
    let result = ours.try_call(Interest::READABLE, || {
        calls += 1;
        if calls < 3 { Err(io::ErrorKind::Interrupted.into()) } else { Ok(4) }
    });
    assert_eq!((result.unwrap(), calls), (4, 3));
}

#[test]
fn an_idle_stream_costs_at_most_two_hundred_bytes() {
    let counts_of_an_arc = 2 * size_of::<usize>();
    let key_and_vacancy_of_a_slot = 4 * size_of::<usize>();
    let total = size_of::<crate::net::TcpStream>()
        + counts_of_an_arc
        + size_of::<entry::IoEntry>()
        + key_and_vacancy_of_a_slot;
    assert!(total <= 200, "{total}");
}
