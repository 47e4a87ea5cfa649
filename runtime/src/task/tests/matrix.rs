//! Everything that can be done to a task, in every order, for every way in which a future can end.

use super::*;

/// What is done to the task from outside.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Step {
    Run,
    Wake,
    Abort,
    Join,
    DropHandle,
}

const STEPS: [Step; 5] = [Step::Run, Step::Wake, Step::Abort, Step::Join, Step::DropHandle];

/// What the future does.
#[derive(Clone, Copy, Debug)]
struct Behaviour {
    /// Polls that stay Pending before the last.
    pending: usize,
    ending: Ending,
    drop_panics: bool,
    /// What it does to its own task during its first poll.
    inside: Option<Step>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Ending {
    Output,
    OutputWhoseDropPanics,
    Panic,
    PanicWithABomb,
}

struct Scripted {
    behaviour: Behaviour,
    polls: usize,
    scene: Arc<Scene>,
    #[allow(dead_code)]
    counted: Counted,
}

/// What the steps work on.
struct Scene {
    home: Arc<Home>,
    handle: Mutex<Option<JoinHandle<Counted>>>,
    waker: Mutex<Option<Waker>>,
    future: Count,
    outputs_made: Count,
    outputs: Count,
    label: Count,
}

impl Future for Scripted {
    type Output = Counted;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Counted> {
        let former = self.scene.waker.lock().unwrap().replace(cx.waker().clone());
        drop(former);
        self.polls += 1;
        if self.polls == 1 {
            if let Some(step) = self.behaviour.inside {
                self.scene.clone().take(step);
            }
        }
        if self.polls <= self.behaviour.pending {
            return Poll::Pending;
        }
        let panics = match self.behaviour.ending {
            Ending::Output => false,
            Ending::OutputWhoseDropPanics => true,
            Ending::Panic => unwind(false),
            Ending::PanicWithABomb => unwind(true),
        };
        self.scene.outputs_made.add();
        Poll::Ready(Counted { drops: self.scene.outputs.clone(), panics })
    }
}

impl Scene {
    fn new(behaviour: Behaviour) -> Arc<Self> {
        let scene = Arc::new(Self {
            home: Home::new(),
            handle: Mutex::new(None),
            waker: Mutex::new(None),
            future: Count::default(),
            outputs_made: Count::default(),
            outputs: Count::default(),
            label: Count::default(),
        });
        let counted = Counted { drops: scene.future.clone(), panics: behaviour.drop_panics };
        let future = Scripted { behaviour, polls: 0, scene: scene.clone(), counted };
        let label = Counted { drops: scene.label.clone(), panics: false };
        *scene.handle.lock().unwrap() = Some(scene.home.spawn(future, label));
        scene
    }

    fn take(&self, step: Step) {
        match step {
            Step::Run => self.home.run_one(),
            Step::Wake => {
                let waker = self.waker.lock().unwrap().take();
                waker.into_iter().for_each(Waker::wake);
            }
            Step::Abort => {
                if let Some(handle) = &*self.handle.lock().unwrap() {
                    handle.abort();
                }
            }
            Step::Join => {
                let Some(mut handle) = self.handle.lock().unwrap().take() else { return };
                match poll_once(&mut handle, Waker::noop()) {
                    Poll::Pending => *self.handle.lock().unwrap() = Some(handle),
                    Poll::Ready(result) => {
                        // The output or the payload may be one that panics in its drop.
                        let _ = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| drop(result)));
                    }
                }
            }
            Step::DropHandle => drop(self.handle.lock().unwrap().take()),
        }
    }

    /// Ends the task, and checks what is to be true of each that has ended.
    fn finish(&self, story: &dyn Fn() -> String) {
        let abort = self.handle.lock().unwrap().as_ref().map(JoinHandle::abort_handle);
        self.take(Step::DropHandle);
        if let Some(abort) = abort {
            abort.abort();
        }
        self.home.owned.close_and_cancel();
        while let Some(runnable) = self.home.pop() {
            runnable.cancel();
        }
        drop(self.waker.lock().unwrap().take());
        assert_eq!(self.future.get(), 1, "drops of the future: {}", story());
        assert_eq!(self.outputs.get(), self.outputs_made.get(), "drops of the output: {}", story());
        assert_eq!(self.label.get(), 1, "the task was not freed once: {}", story());
        assert_eq!(self.home.owned.len(), 0, "{}", story());
    }
}

fn behaviours() -> Vec<Behaviour> {
    use Ending::{Output, OutputWhoseDropPanics, Panic, PanicWithABomb};
    let insides = [
        None,
        Some(Step::Wake),
        Some(Step::Abort),
        Some(Step::Join),
        Some(Step::DropHandle),
        Some(Step::Run),
    ];
    let mut all = Vec::new();
    for pending in 0..2 {
        for ending in [Output, OutputWhoseDropPanics, Panic, PanicWithABomb] {
            for drop_panics in [false, true] {
                for inside in insides {
                    all.push(Behaviour { pending, ending, drop_panics, inside });
                }
            }
        }
    }
    all
}

#[test]
fn every_order_of_steps_drops_everything_once() {
    let (length, every) = if cfg!(miri) { (2, 7) } else { (5, 1) };
    for behaviour in behaviours().into_iter().step_by(every) {
        for order in 0..STEPS.len().pow(length) {
            let steps: Vec<_> =
                (0..length).map(|at| STEPS[order / STEPS.len().pow(at) % STEPS.len()]).collect();
            let scene = Scene::new(behaviour);
            steps.iter().for_each(|step| scene.take(*step));
            scene.finish(&|| format!("{behaviour:?}, {steps:?}"));
        }
    }
}
