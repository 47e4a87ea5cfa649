//! Mistakes in the grammar of `select!`.

async fn cases() {
    mini::select! {}
    mini::select! { biased; }
    mini::select! { else => {}, _ = async {} => {} }
    mini::select! { _ => async {} }
    mini::select! { _ = async {} }
    mini::select! { _ = async {}, when true => {} }
    mini::select! { _ = async {} => 1 _ = async {} => 2 }
}

fn main() {}
