//! Functions and other items that the attributes cannot serve.

mod arguments {
    #[mini::main]
    async fn main(port: u16) {
        let _: u16 = port;
    }
}

mod generics {
    #[mini::main]
    async fn main<T: Default>() {
        let _ = T::default();
    }
}

mod not_async {
    #[mini::main]
    fn main() {}
}

#[mini::test]
fn test_not_async() {}

#[mini::test]
async fn test_with_arguments(port: u16) {
    let _: u16 = port;
}

#[mini::test]
async fn generic_test<T>() {}

#[mini::test]
#[test]
async fn test_twice() {}

#[mini::main]
#[mini::main]
async fn runtime_twice() {}

#[mini::main]
struct NotAFunction;

fn main() {}
