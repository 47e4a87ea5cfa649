//! The client against the notes service, and against servers that do not behave.

mod faults;
mod notes;

use std::time::Duration;

use reqwest_client::Client;

/// Longer than any scenario: what is not about deadlines meets none.
const NEVER: Duration = Duration::from_secs(600);

fn client(url: &str) -> Client {
    Client::new(url, NEVER).unwrap()
}
