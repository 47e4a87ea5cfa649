//! Wrong types inside `select!` are reported at the user's own tokens.

async fn handlers_differ() -> u32 {
    mini::select! {
        _ = async {} => 1,
        _ = async {} => "text",
    }
}

async fn precondition_is_no_bool() {
    mini::select! {
        _ = async {}, if 1 => {}
        else => {}
    }
}

async fn not_a_future() {
    mini::select! {
        _ = 1_u8 => {}
    }
}

async fn pattern_of_another_type() {
    mini::select! {
        Some(_) = async { 1_u8 } => {}
    }
}

fn not_async() {
    mini::select! {
        _ = async {} => {}
    }
}

fn main() {}
