//! Signals, raised in this very process. Each test has a signal of its own.

use crate::support::poll_once;
use futures::executor::block_on;
use mini_net::signal::unix::{SignalKind, signal};
use std::io::{self, ErrorKind};
use std::pin::pin;

fn raise(kind: SignalKind) {
    // SAFETY: takes no pointer; the handler stands, since a `Signal` of this kind was made before.
    assert_eq!(unsafe { libc::raise(kind.as_raw_value()) }, 0);
}

#[test]
fn every_listener_hears_an_arrival_and_only_later_ones() -> io::Result<()> {
    let kind = SignalKind::user_defined1();
    let mut first = signal(kind)?;
    let mut second = signal(kind)?;
    raise(kind);
    block_on(async {
        assert_eq!(first.recv().await, Some(()));
        assert_eq!(second.recv().await, Some(()));
    });
    let mut late = signal(kind)?;
    assert!(poll_once(late.recv()).is_pending());
    assert!(poll_once(first.recv()).is_pending());
    Ok(())
}

#[test]
fn a_receive_given_up_loses_nothing() -> io::Result<()> {
    let kind = SignalKind::user_defined2();
    let mut signals = signal(kind)?;
    for _ in 0..100 {
        assert!(poll_once(signals.recv()).is_pending());
        raise(kind);
        assert_eq!(block_on(signals.recv()), Some(()));
    }
    Ok(())
}

#[test]
fn a_storm_is_merged_and_its_end_is_heard() -> io::Result<()> {
    const STORM: usize = 10_000;
    let kind = SignalKind::window_change();
    let mut signals = signal(kind)?;
    for _ in 0..STORM {
        raise(kind);
    }
    let mut received = 0;
    block_on(signals.recv());
    received += 1;
    // What is left of the storm has been counted once this later arrival of the same signal is heard.
    while poll_once(signals.recv()).is_ready() {
        received += 1;
    }
    assert!((1..=STORM).contains(&received));
    raise(kind);
    assert_eq!(block_on(signals.recv()), Some(()));
    Ok(())
}

#[test]
fn a_signal_that_cannot_be_handled_is_an_error() {
    for number in [libc::SIGKILL, libc::SIGSTOP, libc::SIGILL, libc::SIGFPE, libc::SIGSEGV, 0, -1, 1_000] {
        let error = signal(SignalKind::from_raw(number)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput, "{number}");
    }
    // Not one of the forbidden, but no signal either: the OS says so.
    assert!(signal(SignalKind::from_raw(127)).is_err());
}

#[test]
fn ctrl_c_completes_and_does_not_end_the_process() -> io::Result<()> {
    let mut pressed = pin!(mini_net::signal::ctrl_c());
    let mut cx = std::task::Context::from_waker(std::task::Waker::noop());
    assert!(pressed.as_mut().poll(&mut cx).is_pending());
    raise(SignalKind::interrupt());
    block_on(pressed)
}

#[test]
fn listeners_that_come_and_go_during_arrivals_do_no_harm() -> io::Result<()> {
    let kind = SignalKind::io();
    let mut steady = signal(kind)?;
    let churn = std::thread::spawn(move || {
        for _ in 0..500 {
            let mut passing = signal(kind)?;
            let _ = poll_once(passing.recv());
        }
        Ok::<(), io::Error>(())
    });
    for _ in 0..500 {
        raise(kind);
        block_on(steady.recv());
    }
    churn.join().expect("no panic")
}
