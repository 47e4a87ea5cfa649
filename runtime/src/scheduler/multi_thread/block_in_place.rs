//! `block_in_place`: a task says that it is about to block its thread, and the worker moves to another one.
//!
//! Not a way to make blocking cheap: it costs a thread of the blocking pool. Without it a blocked worker is only
//! relieved of its queue by its peers.

use std::cell::RefCell;
use std::sync::Arc;

use super::Shared;
use super::worker::{Worker, with_current, without_current};

/// Runs `f` after handing this thread's worker to another thread, which `start_thread` starts with what it shall run.
/// False from `start_thread`: there is no thread to be had; the worker then stays with its peers' help.
pub(crate) fn block_in_place<R>(
    start_thread: impl FnOnce(Box<dyn FnOnce() + Send>) -> bool,
    f: impl FnOnce() -> R,
) -> R {
    let given = with_current(|worker| {
        let worker = worker?;
        let core = worker.core.take()?;
        let (shared, index) = (worker.shared.clone(), worker.index);
        if index == 0 {
            // The reserve takes the guest's place.
            shared.idle.set_guest_present(false);
        }
        shared.put_back(index, core);
        Some((shared, index))
    });
    let Some((shared, index)) = given else { return f() };
    if index != 0 {
        let runner = shared.clone();
        start_thread(Box::new(move || act_as(&runner, index)));
    }
    let result = without_current(f);
    // If nobody has taken the core yet, go on as the worker. Worker 0's is taken by the next `block_on` otherwise.
    if let Some(core) = shared.spare_cores[index].lock().take() {
        with_current(|worker| {
            if let Some(worker) = worker {
                shared.idle.set_guest_present(index == 0 || shared.idle.is_guest_present());
                worker.core.replace(Some(core));
            }
        });
    }
    result
}

/// Acts as a worker whose core lies spare.
fn act_as(shared: &Arc<Shared>, index: usize) {
    let Some(core) = shared.spare_cores[index].lock().take() else { return };
    shared.thread_came();
    let worker = Worker { shared: shared.clone(), index, core: RefCell::new(Some(core)) };
    worker.run_as_thread();
}
