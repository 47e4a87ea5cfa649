//! Futures and outputs of every size and alignment, and what a task knows of itself.

use super::*;
use crate::task::Name;
use std::future::{pending, ready};

#[derive(Debug, Clone, Copy, PartialEq)]
#[repr(align(256))]
struct Aligned(u8);

fn output_of<F>(future: F) -> F::Output
where
    F: Future + Send + 'static,
    F::Output: Send + 'static,
{
    let home = Home::new();
    let mut handle = home.spawn(future, ());
    home.run_one();
    match poll_once(&mut handle, Waker::noop()) {
        Poll::Ready(result) => result.unwrap(),
        Poll::Pending => panic!("not ready at the first poll"),
    }
}

#[test]
fn zero_sized_huge_and_over_aligned_futures_give_their_outputs() {
    output_of(ready(()));
    let huge = [7_u8; 1 << 16];
    assert_eq!(output_of(async move { huge.iter().map(|byte| usize::from(*byte)).sum::<usize>() }), 7 << 16);
    assert_eq!(output_of(ready([1_u8; 5000])), [1; 5000]);
    assert_eq!(output_of(ready(Aligned(3))), Aligned(3));
    let aligned = Aligned(4);
    let address = output_of(async move {
        let aligned = &aligned;
        assert_eq!(aligned.0, 4);
        std::ptr::from_ref(aligned).addr()
    });
    assert_eq!(address % 256, 0);
}

#[test]
fn a_future_that_is_larger_than_its_output_and_one_that_is_smaller_are_dropped_whole() {
    let drops = Count::default();
    let counted = || Counted { drops: drops.clone(), panics: false };
    let (first, second) = (counted(), counted());
    drop(output_of(async move {
        let _first = first;
        (second, [0_u8; 900])
    }));
    assert_eq!(drops.get(), 2);
}

#[test]
fn a_task_spawned_in_the_drop_of_another_runs() {
    struct SpawnsInDrop(Arc<Home>, Count);
    impl Drop for SpawnsInDrop {
        fn drop(&mut self) {
            let runs = self.1.clone();
            drop(self.0.spawn(
                async move {
                    runs.add();
                },
                (),
            ));
        }
    }
    let (home, runs) = (Home::new(), Count::default());
    let spawner = SpawnsInDrop(home.clone(), runs.clone());
    let handle = home.spawn(
        async move {
            let _spawner = spawner;
            pending::<()>().await;
        },
        (),
    );
    handle.abort();
    home.run_one();
    assert_eq!(home.queued(), 1);
    home.run_one();
    assert_eq!(runs.get(), 1);
}

#[test]
fn a_task_knows_its_id_name_and_place_also_while_it_is_dropped() {
    #[derive(Debug, PartialEq)]
    struct Seen(Option<super::super::Id>, Option<String>, Option<u32>);
    fn look() -> Seen {
        Seen(super::super::try_id(), super::super::name(), super::super::location().map(Location::line))
    }
    struct LooksInDrop(Arc<Mutex<Vec<Seen>>>);
    impl Drop for LooksInDrop {
        fn drop(&mut self) {
            self.0.lock().unwrap().push(look());
        }
    }
    let (home, seen) = (Home::new(), Arc::new(Mutex::new(Vec::new())));
    let looks = LooksInDrop(seen.clone());
    let future = async move {
        looks.0.lock().unwrap().push(look());
        // Dropped as an output, by the handle, on the same terms.
        looks
    };
    let handle = home.spawn(future, Name::from("named"));
    let id = handle.id();
    home.run_one();
    drop(handle);
    let seen = std::mem::take(&mut *seen.lock().unwrap());
    assert_eq!(seen.len(), 2);
    assert_eq!(seen[0], seen[1]);
    assert_eq!((seen[0].0, seen[0].1.as_deref()), (Some(id), Some("named")));
    assert!(seen[0].2.is_some());
    assert_eq!(look(), Seen(None, None, None));
}

#[test]
fn the_last_handle_frees_the_task_on_whatever_thread_it_is() {
    let (home, label) = (Home::new(), Count::default());
    let handle = home.spawn(async { vec![1, 2, 3] }, Counted { drops: label.clone(), panics: false });
    let abort = handle.abort_handle();
    home.run_one();
    std::thread::spawn(move || drop(handle)).join().unwrap();
    assert_eq!(label.get(), 0);
    assert!(abort.is_finished());
    std::thread::spawn(move || drop(abort.clone())).join().unwrap();
    assert_eq!(label.get(), 1);
}
