//! How threads of a runtime are started: name, stack, and the context that they run in.

use std::io;
use std::sync::Arc;
use std::thread;

use super::Hooks;
use crate::util::guarded;

/// Runs its argument inside the runtime's context.
pub(crate) type EnterContext = Arc<dyn Fn(&mut dyn FnMut()) + Send + Sync>;

/// What the user chose for threads.
#[derive(Clone)]
pub(crate) struct ThreadOptions {
    /// Instead of our own names.
    pub(crate) name: Option<Arc<dyn Fn() -> String + Send + Sync>>,
    pub(crate) stack_size: Option<usize>,
    pub(crate) hooks: Hooks,
}

impl ThreadOptions {
    /// The name of a thread that we would call `ours`.
    pub(crate) fn name(&self, ours: impl FnOnce() -> String) -> String {
        let theirs = self.name.as_ref().and_then(|name| {
            // A panic here would leave the threads that were started so far behind.
            let mut made = None;
            guarded(|| made = Some(name()));
            made
        });
        let mut name = theirs.unwrap_or_else(ours);
        // The OS takes no NUL in a name, and std would panic: it ends before it.
        if let Some(nul) = name.find('\0') {
            name.truncate(nul);
        }
        name
    }

    /// Starts a thread that runs `main` in the context, between the hooks.
    pub(crate) fn start(
        &self,
        name: String,
        enter: EnterContext,
        main: impl FnOnce() + Send + 'static,
    ) -> io::Result<thread::JoinHandle<()>> {
        let hooks = self.hooks.clone();
        let mut builder = thread::Builder::new().name(name);
        if let Some(size) = self.stack_size {
            builder = builder.stack_size(size);
        }
        builder.spawn(move || {
            let mut main = Some(main);
            enter(&mut || {
                Hooks::call(&hooks.on_thread_start);
                if let Some(main) = main.take() {
                    main();
                }
                Hooks::call(&hooks.on_thread_stop);
            });
        })
    }
}
