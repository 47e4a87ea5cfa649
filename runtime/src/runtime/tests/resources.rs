//! Threads and memory: what a runtime took it gives back.

use super::*;
use crate::util::kept;

/// Threads of this process with one of our names.
#[cfg(all(target_os = "linux", not(miri)))]
fn named_threads(name: &str) -> usize {
    let Ok(tasks) = std::fs::read_dir("/proc/self/task") else { return 0 };
    tasks
        .filter_map(|task| std::fs::read_to_string(task.ok()?.path().join("comm")).ok())
        .filter(|comm| comm.trim_end() == name)
        .count()
}

#[test]
#[cfg(all(target_os = "linux", not(miri)))]
fn a_thousand_runtimes_leave_no_thread_behind() {
    for round in 0..1000 {
        let runtime = Builder::<NoDriver>::new_multi_thread()
            .worker_threads(1 + round % 2)
            .thread_name("thousand")
            .build()
            .unwrap();
        runtime.block_on(async { crate::runtime::spawn(async {}).await.unwrap() });
        if round % 10 == 0 {
            runtime.block_on(async { crate::runtime::spawn_blocking(|| ()).await.unwrap() });
        }
        drop(runtime);
        // A thread that was joined may stand in /proc for another moment.
        assert!(named_threads("thousand") <= 3, "threads are left behind");
    }
}

#[test]
fn a_leaked_runtime_and_leaked_handles_do_no_harm() {
    let runtime = multi(1);
    kept::forget(runtime.handle().clone());
    let task = runtime.spawn(std::future::pending::<()>());
    kept::forget(task);
    drop(runtime);
    let runtime = current();
    drop(runtime.spawn(std::future::pending::<()>()));
    kept::forget(runtime.enter());
}
