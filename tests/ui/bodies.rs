//! Mistakes in the user's own code are reported there, as in a plain `async fn`.

#[mini::main]
async fn wrong_tail() -> Result<u32, String> {
    let number = 1;
    number
}

#[mini::main]
async fn missing_tail() -> Result<(), String> {
    async {}.await;
}

#[mini::main]
async fn question_mark() {
    let _number: u32 = "1".parse()?;
}

#[mini::main]
async fn wrong_error() -> Result<(), String> {
    let _number: u32 = "1".parse::<u32>()?;
    Ok(())
}

#[mini::main]
async fn unknown_name() {
    missing().await;
}

#[mini::main]
async fn with_arguments(text: &str) -> u32 {
    text
}

#[mini::test]
async fn in_a_test() -> Result<(), String> {
    Ok(1)
}

struct Service;

impl Service {
    #[mini::main]
    async fn run(&self) -> u32 {
        "text"
    }
}

fn main() {}
