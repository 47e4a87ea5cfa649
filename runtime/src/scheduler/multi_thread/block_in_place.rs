//! `block_in_place`: a task says that it is about to block its thread, and the worker moves to another one.
//!
//! Not a way to make blocking cheap: it costs a thread of the blocking pool. Without it a blocked worker is only
//! relieved of its queue by its peers.

use std::sync::Arc;

use super::Shared;
use super::idle::GUEST;
use super::worker::{Worker, with_current, without_current};

/// Runs `f` after handing this thread's worker to another thread, which `start_thread` starts with what it shall run.
/// False from `start_thread`: there is no thread to be had; the worker then stays with its peers' help.
pub(crate) fn block_in_place<R>(
    start_thread: impl FnOnce(Box<dyn FnOnce() + Send>) -> bool,
    f: impl FnOnce() -> R,
) -> R {
    let given = with_current(|worker| {
        let worker = worker?;
        if worker.index == GUEST {
            // It is no loss to the tasks, once they do not wait for it.
            worker.hand_over();
            return None;
        }
        let core = worker.core.take()?;
        // Nobody else counts for the worker before the core is laid aside.
        worker.busy.stop(&worker.peer().counts, Worker::now());
        let (shared, index) = (worker.shared.clone(), worker.index);
        shared.put_back(index, core);
        Some(TakeBack { shared, index })
    });
    if let Some(given) = &given {
        let (shared, index) = (given.shared.clone(), given.index);
        start_thread(Box::new(move || act_as(&shared, index)));
    }
    without_current(f)
}

/// Goes on as the worker, also after a panic, if nobody has taken the core.
struct TakeBack {
    shared: Arc<Shared>,
    index: usize,
}

impl Drop for TakeBack {
    fn drop(&mut self) {
        let Some(core) = self.shared.spare_cores[self.index].lock().take() else { return };
        with_current(|worker| {
            if let Some(worker) = worker {
                worker.core.replace(Some(core));
                worker.busy.start(Worker::now());
            }
        });
    }
}

/// Acts as a worker whose core lies spare.
fn act_as(shared: &Arc<Shared>, index: usize) {
    let Some(core) = shared.spare_cores[index].lock().take() else { return };
    shared.thread_came();
    Worker::new(shared.clone(), index, core).run_as_thread();
}
