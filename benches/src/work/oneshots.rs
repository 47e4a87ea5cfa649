//! Oneshots: two tasks that send each other one after another, and nothing else.

use mini_benches::program::{Work, timed};

use crate::rt::sync::oneshot;
use crate::rt::{Runtime, spawn};

pub(crate) const WORKS: &[Work<Runtime>] = &[timed("oneshot", oneshots)];

/// What is sent: the way back, until it is over.
struct Ball(Option<oneshot::Sender<Ball>>);

/// An operation is a oneshot there and one back.
fn oneshots(runtime: &Runtime, operations: u64) -> u64 {
    runtime.run(|| async move {
        let (mut to_peer, at_peer) = oneshot::channel();
        let peer = spawn(play(at_peer));
        let mut done = 0;
        for _ in 0..operations {
            let (to_us, at_us) = oneshot::channel();
            assert!(to_peer.send(Ball(Some(to_us))).is_ok(), "the peer waits");
            let ball = at_us.await.expect("the peer answers");
            to_peer = ball.0.expect("the peer does not end it");
            done += 1;
        }
        assert!(to_peer.send(Ball(None)).is_ok(), "the peer waits");
        assert_eq!(peer.await.expect("no panic"), done);
        done
    })
}

/// Answers each ball with one, and counts them.
async fn play(mut at_peer: oneshot::Receiver<Ball>) -> u64 {
    let mut done = 0;
    while let Ball(Some(to_them)) = at_peer.await.expect("the other side plays") {
        let (to_us, at_us) = oneshot::channel();
        assert!(to_them.send(Ball(Some(to_us))).is_ok(), "the other side waits");
        at_peer = at_us;
        done += 1;
    }
    done
}
