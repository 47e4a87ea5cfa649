//! [`Builder`]: every choice about a runtime, and its making.
//!
//! Not the running. Every failure of the OS comes back as its error, and leaves no thread behind.

use std::fmt;
use std::io;
use std::marker::PhantomData;
use std::sync::Arc;
use std::sync::Weak;
use std::time::Duration;

use crate::blocking::{self, BlockingPool};
use crate::context::{self, Parts, Role, RuntimeId};
use crate::driver::{DriverParts, DriverSource, EventLimits, Unpark};
use crate::scheduler::threads::{EnterContext, ThreadOptions};
use crate::scheduler::{Hook, Hooks, Scheduler, current_thread, multi_thread};
use crate::time::clock::{Clock, SharedClock};

use super::handle::Handle;
use super::{LocalOptions, LocalRuntime, NoDriver, Runtime};

/// The environment variable that overrides the number of workers.
const WORKER_THREADS: &str = "MINI_WORKER_THREADS";
/// More workers than any machine has cores; what each knows of each other would take gigabytes.
const WORKERS_MAX: usize = 4096;

/// Makes runtimes.
///
/// ```
/// use mini_runtime::runtime::{Builder, NoDriver};
///
/// # fn main() -> std::io::Result<()> {
/// let runtime = Builder::<NoDriver>::new_multi_thread()
///     .worker_threads(2)
///     .thread_name("my-worker")
///     .enable_all()
///     .build()?;
/// assert_eq!(runtime.block_on(async { 42 }), 42);
/// # Ok(())
/// # }
/// ```
///
/// `D` is where the I/O driver comes from; `mini::runtime::Builder` fixes it to the reactor.
pub struct Builder<D = NoDriver> {
    is_multi_thread: bool,
    name: Option<Box<str>>,
    worker_threads: Option<usize>,
    max_blocking_threads: usize,
    thread_keep_alive: Duration,
    thread_name: Option<Arc<dyn Fn() -> String + Send + Sync>>,
    thread_stack_size: Option<usize>,
    hooks: Hooks,
    is_io_enabled: bool,
    is_time_enabled: bool,
    events_per_turn: usize,
    events_per_busy_turn: Option<usize>,
    is_start_paused: bool,
    driver: PhantomData<fn() -> D>,
}

impl<D: DriverSource> Builder<D> {
    fn new(is_multi_thread: bool) -> Self {
        Self {
            is_multi_thread,
            name: None,
            worker_threads: None,
            max_blocking_threads: 512,
            thread_keep_alive: Duration::from_secs(10),
            thread_name: None,
            thread_stack_size: None,
            hooks: Hooks::default(),
            is_io_enabled: false,
            is_time_enabled: false,
            events_per_turn: EventLimits::default().per_turn,
            events_per_busy_turn: None,
            is_start_paused: false,
            driver: PhantomData,
        }
    }

    /// A runtime whose tasks run on several workers.
    pub fn new_multi_thread() -> Self {
        Self::new(true)
    }

    /// A runtime whose tasks run on the thread inside `block_on`.
    pub fn new_current_thread() -> Self {
        Self::new(false)
    }

    /// The runtime's own name, for [`Handle::name`]. Its threads are named by [`Builder::thread_name`].
    ///
    /// # Panics
    ///
    /// If `name` is empty, or nothing but white space.
    #[track_caller]
    pub fn name(&mut self, name: impl Into<String>) -> &mut Self {
        let name = name.into();
        assert!(!name.trim().is_empty(), "the name of a runtime must not be empty");
        self.name = Some(name.into());
        self
    }

    /// How many workers run tasks at the same time. By default what the environment variable `MINI_WORKER_THREADS`
    /// says, or else the number of cores that the process may use.
    ///
    /// A thread inside `block_on` counts as one of them while it is there.
    ///
    /// # Panics
    ///
    /// If `count` is zero.
    #[track_caller]
    pub fn worker_threads(&mut self, count: usize) -> &mut Self {
        assert!(count > 0, "a runtime needs at least one worker thread");
        self.worker_threads = Some(count);
        self
    }

    /// How many threads run blocking work at most. 512 by default; what comes on top waits.
    ///
    /// # Panics
    ///
    /// If `count` is zero.
    #[track_caller]
    pub fn max_blocking_threads(&mut self, count: usize) -> &mut Self {
        assert!(count > 0, "a runtime needs at least one blocking thread");
        self.max_blocking_threads = count;
        self
    }

    /// How long an idle thread for blocking work is kept. 10 s by default.
    pub fn thread_keep_alive(&mut self, duration: Duration) -> &mut Self {
        self.thread_keep_alive = duration;
        self
    }

    /// The name of the runtime's threads, instead of `mini-worker-0` and so on.
    pub fn thread_name(&mut self, name: impl Into<String>) -> &mut Self {
        let name = name.into();
        self.thread_name_fn(move || name.clone())
    }

    /// A function that makes the names of the runtime's threads.
    pub fn thread_name_fn(&mut self, name: impl Fn() -> String + Send + Sync + 'static) -> &mut Self {
        self.thread_name = Some(Arc::new(name));
        self
    }

    /// The stack size of the runtime's threads, in bytes.
    pub fn thread_stack_size(&mut self, bytes: usize) -> &mut Self {
        self.thread_stack_size = Some(bytes);
        self
    }

    /// Called on each thread of the runtime when it starts.
    pub fn on_thread_start(&mut self, f: impl Fn() + Send + Sync + 'static) -> &mut Self {
        self.hooks.on_thread_start = Some(Arc::new(f));
        self
    }

    /// Called on each thread of the runtime before it ends.
    pub fn on_thread_stop(&mut self, f: impl Fn() + Send + Sync + 'static) -> &mut Self {
        self.hooks.on_thread_stop = Some(Arc::new(f));
        self
    }

    /// Called on a worker before it goes to sleep.
    pub fn on_thread_park(&mut self, f: impl Fn() + Send + Sync + 'static) -> &mut Self {
        self.hooks.on_thread_park = Some(Arc::new(f));
        self
    }

    /// Called on a worker after it slept.
    pub fn on_thread_unpark(&mut self, f: impl Fn() + Send + Sync + 'static) -> &mut Self {
        self.hooks.on_thread_unpark = Some(Arc::new(f));
        self
    }

    /// Enables I/O and time.
    pub fn enable_all(&mut self) -> &mut Self {
        self.enable_io().enable_time()
    }

    /// Gives the runtime a reactor of its own, which idle workers poll. Without it sockets are served by the
    /// process-wide one, at the price of a thread switch.
    pub fn enable_io(&mut self) -> &mut Self {
        self.is_io_enabled = true;
        self
    }

    /// For the sake of tokio's habits: timers are always there and cost nothing until the first one is set.
    pub fn enable_time(&mut self) -> &mut Self {
        self.is_time_enabled = true;
        self
    }

    /// How many events one turn of the reactor takes at most. 256 by default, the room in a worker's queue.
    ///
    /// # Panics
    ///
    /// If `count` is zero.
    #[track_caller]
    pub fn max_io_events_per_tick(&mut self, count: usize) -> &mut Self {
        assert!(
            count > 0,
            "max_io_events_per_tick must be non-zero: a turn of the reactor takes at least one event"
        );
        self.events_per_turn = count;
        self
    }

    /// How many events a turn of the reactor takes at most that does not wait, as a worker takes one between tasks that
    /// are ready. By default as many as [`Builder::max_io_events_per_tick`] says. Fewer leave more in the kernel while
    /// there is plenty to do.
    ///
    /// # Panics
    ///
    /// If `count` is zero.
    #[track_caller]
    pub fn max_io_events_per_busy_tick(&mut self, count: usize) -> &mut Self {
        assert!(count > 0, "max_io_events_per_busy_tick must be non-zero: a turn takes at least one event");
        self.events_per_busy_turn = Some(count);
        self
    }

    /// For the sake of tokio's habits, without effect: `mini` looks at its injector by time, every 50 µs.
    ///
    /// # Panics
    ///
    /// If `polls` is zero.
    #[track_caller]
    pub fn global_queue_interval(&mut self, polls: u32) -> &mut Self {
        assert!(polls > 0, "global_queue_interval must be greater than 0");
        self
    }

    /// For the sake of tokio's habits, without effect: `mini` looks at its reactor by time, every 50 µs.
    ///
    /// # Panics
    ///
    /// If `polls` is zero.
    #[track_caller]
    pub fn event_interval(&mut self, polls: u32) -> &mut Self {
        assert!(polls > 0, "event_interval must be greater than 0");
        self
    }

    /// Whether the clock stands still from the start, as after [`time::pause`](crate::time::pause). For tests, on a
    /// current-thread runtime.
    pub fn start_paused(&mut self, is_paused: bool) -> &mut Self {
        self.is_start_paused = is_paused;
        self
    }

    /// Makes the runtime and starts its threads.
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

impl<D> fmt::Debug for Builder<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Builder")
            .field("is_multi_thread", &self.is_multi_thread)
            .field("worker_threads", &self.worker_threads)
            .field("max_blocking_threads", &self.max_blocking_threads)
            .field("thread_keep_alive", &self.thread_keep_alive)
            .field("thread_stack_size", &self.thread_stack_size)
            .finish_non_exhaustive()
    }
}
