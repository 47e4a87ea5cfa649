//! What a [`Builder`] does in the end: it puts scheduler, driver, clock and blocking pool together, and starts the threads.
//!
//! Not the choices, which are made by now. The invariant: every failure of the OS comes back as its error, and leaves no
//! thread behind.

use std::io;
use std::sync::{Arc, Weak};

use crate::blocking::{self, BlockingPool};
use crate::context::{self, Parts, Role, RuntimeId};
use crate::driver::{DriverParts, DriverSource, EventLimits, Unpark};
use crate::runtime::handle::Handle;
use crate::runtime::{LocalOptions, LocalRuntime, Runtime};
use crate::scheduler::threads::{EnterContext, ThreadOptions};
use crate::scheduler::{Hook, Scheduler, current_thread, multi_thread};
use crate::time::clock::{Clock, SharedClock};

use super::Builder;

/// The environment variable that overrides the number of workers.
const WORKER_THREADS: &str = "MINI_WORKER_THREADS";
/// More workers than any machine has cores; what each knows of each other would take gigabytes.
const WORKERS_MAX: usize = 4096;

impl<D: DriverSource> Builder<D> {
    /// Makes the runtime and starts its threads.
    ///
    /// ```
    /// use mini_runtime::runtime::{Builder, NoDriver};
    ///
    /// # fn main() -> std::io::Result<()> {
    /// let runtime = Builder::<NoDriver>::new_multi_thread().enable_all().build()?;
    /// assert_eq!(runtime.block_on(async { 42 }), 42);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// The OS's: no thread, no file descriptor. And `InvalidInput` for a `MINI_WORKER_THREADS` that is no number above
    /// zero, more than 4096 workers, or a multi-thread runtime with a paused clock.
    pub fn build(&mut self) -> io::Result<Runtime<D>> {
        let handle =
            if self.is_multi_thread { self.build_multi_thread()? } else { self.build_current_thread(false)? };
        Ok(Runtime::new_from(handle))
    }

    /// Makes a runtime that stays on this thread, so that its tasks need not be `Send`.
    ///
    /// ```
    /// use mini_runtime::runtime::{Builder, NoDriver};
    ///
    /// # fn main() -> std::io::Result<()> {
    /// let runtime = Builder::<NoDriver>::new_current_thread().enable_all().build_local(Default::default())?;
    /// let task = runtime.spawn_local(async { std::rc::Rc::new(42) });
    /// assert_eq!(*runtime.block_on(task).unwrap(), 42);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// As [`Builder::build`], and `InvalidInput` for a multi-thread builder.
    pub fn build_local(&mut self, _options: LocalOptions) -> io::Result<LocalRuntime<D>> {
        if self.is_multi_thread {
            return Err(invalid("a local runtime has one thread; use `Builder::new_current_thread`"));
        }
        Ok(LocalRuntime::new_from(self.build_current_thread(true)?))
    }

    fn open_driver(&self) -> io::Result<Option<DriverParts>> {
        if !self.is_io_enabled || D::IS_NONE {
            return Ok(None);
        }
        let per_busy_turn = self.events_per_busy_turn.unwrap_or(self.events_per_turn);
        D::open(EventLimits { per_turn: self.events_per_turn, per_busy_turn }).map(Some)
    }

    fn build_current_thread(&self, is_local: bool) -> io::Result<Handle> {
        let clock = Clock::new(self.is_start_paused);
        let driver = self.open_driver()?;
        let io = driver.as_ref().map(|parts| parts.handle.clone());
        let owner = is_local.then(|| std::thread::current().id());
        let scheduler = current_thread::Shared::new(self.hooks.clone(), clock.clone(), driver, owner);
        let unpark = scheduler.unparker();
        Ok(Handle::new_cyclic(|handle| Parts {
            id: RuntimeId::next(),
            name: self.name.clone(),
            scheduler: Scheduler::CurrentThread(scheduler),
            blocking: self.blocking_pool(handle.clone(), clock.clone(), Some(unpark)),
            io,
            clock,
        }))
    }

    fn build_multi_thread(&self) -> io::Result<Handle> {
        if self.is_start_paused {
            return Err(invalid("a paused clock needs the current-thread scheduler"));
        }
        let workers = match self.worker_threads {
            Some(count) => count,
            None => default_workers()?,
        };
        if workers > WORKERS_MAX {
            return Err(invalid(&format!("{workers} worker threads are more than {WORKERS_MAX}")));
        }
        let clock = Clock::new(false);
        let driver = self.open_driver()?;
        let io = driver.as_ref().map(|parts| parts.handle.clone());
        let hooks = self.hooks.clone();
        let scheduler =
            multi_thread::Shared::new(multi_thread::Config { workers, hooks, clock: clock.clone(), driver });
        let handle = Handle::new_cyclic(|handle| Parts {
            id: RuntimeId::next(),
            name: self.name.clone(),
            scheduler: Scheduler::MultiThread(scheduler.clone()),
            blocking: self.blocking_pool(handle.clone(), clock.clone(), None),
            io,
            clock,
        });
        let options = ThreadOptions {
            name: self.thread_name.clone(),
            stack_size: self.thread_stack_size,
            hooks: self.hooks.clone(),
        };
        if let Err(error) = scheduler.start(&options, &enter_context(handle.downgrade(), Role::Driving)) {
            scheduler.close();
            scheduler.join(None);
            return Err(error);
        }
        Ok(handle)
    }

    fn blocking_pool(
        &self,
        handle: Weak<Parts>,
        clock: SharedClock,
        unpark: Option<Arc<dyn Unpark>>,
    ) -> BlockingPool {
        let mut config = blocking::Config::new();
        config.max_threads = self.max_blocking_threads;
        config.keep_alive = self.thread_keep_alive;
        config.stack_size = self.thread_stack_size;
        if let Some(name) = &self.thread_name {
            config.thread_name = name.clone();
        }
        let share = |hook: &Option<Hook>| hook.clone();
        config.on_start = share(&self.hooks.on_thread_start);
        config.on_stop = share(&self.hooks.on_thread_stop);
        config.enter = Some(enter_context(handle, Role::Free));
        BlockingPool::new(config, clock, unpark)
    }
}

/// Puts a thread into the runtime's context. The thread's closure holds no count of the runtime while it waits.
fn enter_context(parts: Weak<Parts>, role: Role) -> EnterContext {
    Arc::new(move |main: &mut dyn FnMut()| {
        let _guard = parts.upgrade().map(context::enter);
        context::with_role(role, main);
    })
}

fn default_workers() -> io::Result<usize> {
    match std::env::var(WORKER_THREADS) {
        Ok(text) => match text.parse() {
            Ok(count) if count > 0 => Ok(count),
            _ => Err(invalid(&format!("{WORKER_THREADS} is {text:?}, which is not a number above zero"))),
        },
        Err(std::env::VarError::NotUnicode(text)) => {
            Err(invalid(&format!("{WORKER_THREADS} is {text:?}, which is not a number above zero")))
        }
        Err(std::env::VarError::NotPresent) => {
            Ok(std::thread::available_parallelism().map_or(1, |count| count.get()))
        }
    }
}

fn invalid(message: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, message.to_owned())
}
