//! [`Builder`]: every choice about a runtime.
//!
//! Not its making, which is `build`'s, nor its running. A choice that makes no sense by itself panics at once; what only
//! does not fit another choice is an error of `build`.

mod build;

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;
use std::time::Duration;

use crate::driver::{DriverSource, EventLimits};
use crate::scheduler::Hooks;

use super::NoDriver;

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
    ///
    /// ```
    /// use mini_runtime::runtime::{Builder, NoDriver};
    ///
    /// # fn main() -> std::io::Result<()> {
    /// let runtime = Builder::<NoDriver>::new_multi_thread().build()?;
    /// assert_eq!(runtime.block_on(async { 42 }), 42);
    /// # Ok(())
    /// # }
    /// ```
    pub fn new_multi_thread() -> Self {
        Self::new(true)
    }

    /// A runtime whose tasks run on the thread inside `block_on`.
    ///
    /// ```
    /// use mini_runtime::runtime::{Builder, NoDriver};
    ///
    /// # fn main() -> std::io::Result<()> {
    /// let runtime = Builder::<NoDriver>::new_current_thread().build()?;
    /// assert_eq!(runtime.block_on(async { 42 }), 42);
    /// # Ok(())
    /// # }
    /// ```
    pub fn new_current_thread() -> Self {
        Self::new(false)
    }

    /// The runtime's own name, for [`Handle::name`](super::Handle::name). Its threads are named by [`Builder::thread_name`].
    ///
    /// ```
    /// use mini_runtime::runtime::{Builder, NoDriver};
    ///
    /// # fn main() -> std::io::Result<()> {
    /// let runtime = Builder::<NoDriver>::new_current_thread().name("requests").build()?;
    /// assert_eq!(runtime.handle().name(), Some("requests"));
    /// # Ok(())
    /// # }
    /// ```
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
    /// ```
    /// use mini_runtime::runtime::{Builder, NoDriver};
    ///
    /// # fn main() -> std::io::Result<()> {
    /// let runtime = Builder::<NoDriver>::new_multi_thread().worker_threads(3).build()?;
    /// assert_eq!(runtime.metrics().num_workers(), 3);
    /// # Ok(())
    /// # }
    /// ```
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
    /// ```
    /// use mini_runtime::runtime::{Builder, NoDriver};
    ///
    /// # fn main() -> std::io::Result<()> {
    /// let runtime = Builder::<NoDriver>::new_current_thread().max_blocking_threads(1).build()?;
    /// // The second closure waits for the first.
    /// let (first, second) = (runtime.spawn_blocking(|| 1), runtime.spawn_blocking(|| 2));
    /// assert_eq!(runtime.block_on(async { first.await.unwrap() + second.await.unwrap() }), 3);
    /// # Ok(())
    /// # }
    /// ```
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
    ///
    /// ```
    /// use mini_runtime::runtime::{Builder, NoDriver};
    ///
    /// # fn main() -> std::io::Result<()> {
    /// let keep = std::time::Duration::from_millis(100);
    /// let runtime = Builder::<NoDriver>::new_current_thread().thread_keep_alive(keep).build()?;
    /// runtime.block_on(runtime.spawn_blocking(|| ())).unwrap();
    /// # Ok(())
    /// # }
    /// ```
    pub fn thread_keep_alive(&mut self, duration: Duration) -> &mut Self {
        self.thread_keep_alive = duration;
        self
    }

    /// The name of the runtime's threads, instead of `mini-worker-0` and so on.
    ///
    /// ```
    /// use mini_runtime::runtime::{Builder, NoDriver};
    ///
    /// # fn main() -> std::io::Result<()> {
    /// let runtime = Builder::<NoDriver>::new_current_thread().thread_name("mine").build()?;
    /// let name = runtime.spawn_blocking(|| std::thread::current().name().map(str::to_owned));
    /// assert_eq!(runtime.block_on(name).unwrap().as_deref(), Some("mine"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn thread_name(&mut self, name: impl Into<String>) -> &mut Self {
        let name = name.into();
        self.thread_name_fn(move || name.clone())
    }

    /// A function that makes the names of the runtime's threads.
    ///
    /// ```
    /// use mini_runtime::runtime::{Builder, NoDriver};
    ///
    /// # fn main() -> std::io::Result<()> {
    /// use std::sync::atomic::{AtomicUsize, Ordering};
    ///
    /// let count = AtomicUsize::new(0);
    /// let runtime = Builder::<NoDriver>::new_current_thread()
    ///     .thread_name_fn(move || format!("mine-{}", count.fetch_add(1, Ordering::Relaxed)))
    ///     .build()?;
    /// let name = runtime.spawn_blocking(|| std::thread::current().name().map(str::to_owned));
    /// assert_eq!(runtime.block_on(name).unwrap().as_deref(), Some("mine-0"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn thread_name_fn(&mut self, name: impl Fn() -> String + Send + Sync + 'static) -> &mut Self {
        self.thread_name = Some(Arc::new(name));
        self
    }

    /// The stack size of the runtime's threads, in bytes.
    ///
    /// ```
    /// use mini_runtime::runtime::{Builder, NoDriver};
    ///
    /// # fn main() -> std::io::Result<()> {
    /// let runtime = Builder::<NoDriver>::new_current_thread().thread_stack_size(4 << 20).build()?;
    /// runtime.block_on(runtime.spawn_blocking(|| [0_u8; 3 << 20].len())).unwrap();
    /// # Ok(())
    /// # }
    /// ```
    pub fn thread_stack_size(&mut self, bytes: usize) -> &mut Self {
        self.thread_stack_size = Some(bytes);
        self
    }

    /// Called on each thread of the runtime when it starts.
    ///
    /// ```
    /// use mini_runtime::runtime::{Builder, NoDriver};
    ///
    /// # fn main() -> std::io::Result<()> {
    /// let runtime = Builder::<NoDriver>::new_current_thread().on_thread_start(|| println!("a thread starts")).build()?;
    /// runtime.block_on(runtime.spawn_blocking(|| ())).unwrap();
    /// # Ok(())
    /// # }
    /// ```
    pub fn on_thread_start(&mut self, f: impl Fn() + Send + Sync + 'static) -> &mut Self {
        self.hooks.on_thread_start = Some(Arc::new(f));
        self
    }

    /// Called on each thread of the runtime before it ends.
    ///
    /// ```
    /// use mini_runtime::runtime::{Builder, NoDriver};
    ///
    /// # fn main() -> std::io::Result<()> {
    /// let runtime = Builder::<NoDriver>::new_current_thread().on_thread_stop(|| println!("a thread ends")).build()?;
    /// runtime.block_on(runtime.spawn_blocking(|| ())).unwrap();
    /// # Ok(())
    /// # }
    /// ```
    pub fn on_thread_stop(&mut self, f: impl Fn() + Send + Sync + 'static) -> &mut Self {
        self.hooks.on_thread_stop = Some(Arc::new(f));
        self
    }

    /// Called on a worker before it goes to sleep.
    ///
    /// ```
    /// use mini_runtime::runtime::{Builder, NoDriver};
    ///
    /// # fn main() -> std::io::Result<()> {
    /// let runtime = Builder::<NoDriver>::new_multi_thread().on_thread_park(|| println!("nothing to do")).build()?;
    /// runtime.block_on(runtime.spawn(async {})).unwrap();
    /// # Ok(())
    /// # }
    /// ```
    pub fn on_thread_park(&mut self, f: impl Fn() + Send + Sync + 'static) -> &mut Self {
        self.hooks.on_thread_park = Some(Arc::new(f));
        self
    }

    /// Called on a worker after it slept.
    ///
    /// ```
    /// use mini_runtime::runtime::{Builder, NoDriver};
    ///
    /// # fn main() -> std::io::Result<()> {
    /// let runtime = Builder::<NoDriver>::new_multi_thread().on_thread_unpark(|| println!("back")).build()?;
    /// runtime.block_on(runtime.spawn(async {})).unwrap();
    /// # Ok(())
    /// # }
    /// ```
    pub fn on_thread_unpark(&mut self, f: impl Fn() + Send + Sync + 'static) -> &mut Self {
        self.hooks.on_thread_unpark = Some(Arc::new(f));
        self
    }

    /// Enables I/O and time.
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
    pub fn enable_all(&mut self) -> &mut Self {
        self.enable_io().enable_time()
    }

    /// Gives the runtime a reactor of its own, which idle workers poll. Without it sockets are served by the
    /// process-wide one, at the price of a thread switch.
    ///
    /// ```
    /// use mini_runtime::runtime::{Builder, NoDriver};
    ///
    /// # fn main() -> std::io::Result<()> {
    /// let runtime = Builder::<NoDriver>::new_multi_thread().enable_io().build()?;
    /// assert_eq!(runtime.block_on(async { 42 }), 42);
    /// # Ok(())
    /// # }
    /// ```
    pub fn enable_io(&mut self) -> &mut Self {
        self.is_io_enabled = true;
        self
    }

    /// For the sake of tokio's habits: timers are always there and cost nothing until the first one is set.
    ///
    /// ```
    /// use mini_runtime::runtime::{Builder, NoDriver};
    ///
    /// # fn main() -> std::io::Result<()> {
    /// let runtime = Builder::<NoDriver>::new_multi_thread().enable_time().build()?;
    /// assert_eq!(runtime.block_on(async { 42 }), 42);
    /// # Ok(())
    /// # }
    /// ```
    pub fn enable_time(&mut self) -> &mut Self {
        self.is_time_enabled = true;
        self
    }

    /// How many events one turn of the reactor takes at most. 256 by default, the room in a worker's queue.
    ///
    /// ```
    /// use mini_runtime::runtime::{Builder, NoDriver};
    ///
    /// # fn main() -> std::io::Result<()> {
    /// let runtime = Builder::<NoDriver>::new_current_thread().enable_io().max_io_events_per_tick(64).build()?;
    /// assert_eq!(runtime.block_on(async { 42 }), 42);
    /// # Ok(())
    /// # }
    /// ```
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
    /// ```
    /// use mini_runtime::runtime::{Builder, NoDriver};
    ///
    /// # fn main() -> std::io::Result<()> {
    /// let runtime = Builder::<NoDriver>::new_current_thread().enable_io().max_io_events_per_busy_tick(8).build()?;
    /// assert_eq!(runtime.block_on(async { 42 }), 42);
    /// # Ok(())
    /// # }
    /// ```
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
    /// ```
    /// use mini_runtime::runtime::{Builder, NoDriver};
    ///
    /// # fn main() -> std::io::Result<()> {
    /// let runtime = Builder::<NoDriver>::new_multi_thread().global_queue_interval(31).build()?;
    /// assert_eq!(runtime.block_on(async { 42 }), 42);
    /// # Ok(())
    /// # }
    /// ```
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
    /// ```
    /// use mini_runtime::runtime::{Builder, NoDriver};
    ///
    /// # fn main() -> std::io::Result<()> {
    /// let runtime = Builder::<NoDriver>::new_multi_thread().event_interval(61).build()?;
    /// assert_eq!(runtime.block_on(async { 42 }), 42);
    /// # Ok(())
    /// # }
    /// ```
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
    ///
    /// ```
    /// use mini_runtime::runtime::{Builder, NoDriver};
    ///
    /// # fn main() -> std::io::Result<()> {
    /// use std::time::{Duration, Instant};
    ///
    /// let start = Instant::now();
    /// let runtime = Builder::<NoDriver>::new_current_thread().start_paused(true).build()?;
    /// runtime.block_on(mini_runtime::time::sleep(Duration::from_secs(3600)));
    /// assert!(start.elapsed() < Duration::from_secs(3600));
    /// # Ok(())
    /// # }
    /// ```
    pub fn start_paused(&mut self, is_paused: bool) -> &mut Self {
        self.is_start_paused = is_paused;
        self
    }
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
