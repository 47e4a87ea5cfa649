//! Borrow errors point at the user's own tokens. Apart from `bodies`, which fails before borrows are checked.

#[mini::main]
async fn used_after_move() {
    let text = String::new();
    drop(text);
    println!("{text}");
}

async fn select_borrows_while_polled() {
    let mut text = String::new();
    mini::select! {
        _ = async { text.push('a') } => {}
        _ = async { text.push('b') } => {}
    }
}

async fn pinned_cannot_be_moved() {
    let future = async {};
    let copy = &future;
    mini::pin!(future);
    let _ = copy;
    future.await;
}

fn main() {}
