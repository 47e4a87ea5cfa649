//! What the attributes accept, run.

mod renamed {
    pub use mini::*;
}

type Failure = Box<dyn std::error::Error>;

#[mini::main(flavor = "multi_thread", worker_threads = 2)]
async fn on_workers() -> u32 {
    mini::spawn(async { 1 }).await.unwrap()
}

#[mini::main(flavor = "current_thread", start_paused = true)]
async fn paused() {}

#[mini::main(name = "mine")]
async fn named() {
    assert_eq!(mini::runtime::Handle::current().name(), Some("mine"));
}

#[mini::main(flavor = "local", crate = "crate::renamed")]
async fn local() -> std::rc::Rc<u32> {
    std::rc::Rc::new(2)
}

#[mini::main]
async fn with_arguments<T: Clone>(list: &[T], mut sum: u32) -> Vec<T> {
    sum += 1;
    assert_eq!(sum, 2);
    list.to_vec()
}

#[mini::main]
async fn opaque() -> impl std::fmt::Debug {
    "opaque"
}

#[allow(clippy::never_loop)]
#[mini::main]
async fn early_return(is_early: bool) -> Result<u32, Failure> {
    if is_early {
        return Ok("3".parse()?);
    }
    Ok(4)
}

struct Service(u32);

impl Service {
    #[mini::main]
    async fn run(&mut self) -> u32 {
        self.0 += 1;
        Self::double(self.0).await
    }

    async fn double(number: u32) -> u32 {
        number * 2
    }

    #[mini::main]
    async fn made() -> Self {
        Self(1)
    }
}

#[mini::main]
async fn main() -> Result<(), Failure> {
    // Each of them blocks, so each needs a thread of its own.
    std::thread::spawn(|| {
        assert_eq!(on_workers(), 1);
        paused();
        assert_eq!(*local(), 2);
        assert_eq!(with_arguments(&["a"], 1), ["a"]);
        assert_eq!(format!("{:?}", opaque()), "\"opaque\"");
        assert_eq!(early_return(true).unwrap() + early_return(false).unwrap(), 7);
        assert_eq!(Service::made().run(), 4);
    })
    .join()
    .expect("all forms run");
    Ok(())
}
