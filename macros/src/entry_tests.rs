//! The expansion as tokens: what is built, where the body goes, and what becomes of a wrong function.

use quote::quote;

use super::*;

const MAIN: Attribute = Attribute::MAIN;
const TEST: Attribute = Attribute::TEST;

/// Tokens without regard to spacing; also proves that the output is whole items.
#[track_caller]
fn expanded(attribute: Attribute, arguments: TokenStream, item: TokenStream) -> String {
    let tokens = expand(attribute, arguments, item);
    syn::parse2::<syn::File>(tokens.clone()).expect("the expansion is a list of items");
    tokens.to_string()
}

#[track_caller]
fn assert_has(text: &str, part: TokenStream) {
    let part = part.to_string();
    assert!(text.contains(&part), "no `{part}` in:\n{text}");
}

#[test]
fn main_builds_a_multi_thread_runtime_around_the_untouched_function() {
    let item = quote! { pub async fn main() -> Result<(), Error> { work().await?; Ok(()) } };
    let text = expanded(MAIN, quote!(), item);
    let expected = quote! {
        pub fn main() -> Result<(), Error> {
            async fn main() -> Result<(), Error> { work().await?; Ok(()) }
            match ::mini::runtime::Builder::new_multi_thread().enable_all().build() {
                ::core::result::Result::Ok(runtime) => runtime.block_on(main()),
                ::core::result::Result::Err(error) =>
                    ::core::panic!("cannot build the runtime of `main`: {}", error),
            }
        }
    };
    assert_eq!(text, expected.to_string());
}

#[test]
fn test_runs_on_the_current_thread_and_is_a_test() {
    let text = expanded(TEST, quote!(), quote! { #[should_panic] async fn fails() { panic!() } });
    let expected = quote! {
        #[::core::prelude::v1::test]
        #[should_panic]
        fn fails() {
            async fn fails() { panic!() }
            match ::mini::runtime::Builder::new_current_thread().enable_all().build() {
                ::core::result::Result::Ok(runtime) => {
                    let body: ::core::pin::Pin<&mut dyn ::core::future::Future<Output = _>> =
                        ::core::pin::pin!(fails());
                    runtime.block_on(body)
                },
                ::core::result::Result::Err(error) =>
                    ::core::panic!("cannot build the runtime of `fails`: {}", error),
            }
        }
    };
    assert_eq!(text, expected.to_string());
}

#[test]
fn settings_reach_the_builder() {
    let item = quote! { async fn main() {} };
    let text = expanded(MAIN, quote!(worker_threads = 3, crate = "crate::renamed"), item.clone());
    assert_has(
        &text,
        quote!(crate::renamed::runtime::Builder::new_multi_thread().worker_threads(3usize).enable_all()),
    );
    assert!(!text.contains("mini"), "{text}");
    let text = expanded(TEST, quote!(start_paused = true, name = "x"), item.clone());
    assert_has(&text, quote!(new_current_thread().start_paused(true).name("x").enable_all().build()));
    let text = expanded(MAIN, quote!(flavor = "local"), item);
    assert_has(
        &text,
        quote!(new_current_thread().enable_all().build_local(::core::default::Default::default())),
    );
}

#[test]
fn what_cannot_be_nested_becomes_a_typed_async_block() {
    let text = expanded(MAIN, quote!(), quote! { pub async fn run(count: u8) -> u8 { count } });
    assert_has(&text, quote!(pub fn run(count: u8) -> u8));
    assert_has(
        &text,
        quote!(async {
            let output: u8 = { count };
            #[allow(unreachable_code)]
            output
        }),
    );

    for item in [
        quote! { async fn run(self) -> u8 { self.count } },
        quote! { async fn run<T: Default>() -> T { T::default() } },
        quote! { async fn run() -> u8 { Self::count() } },
    ] {
        let text = expanded(MAIN, quote!(), item);
        assert_eq!(text.matches("async").count(), 1, "{text}");
        assert!(text.contains("block_on (async {"), "{text}");
    }
    // Their types cannot be written down.
    for item in [
        quote! { async fn run(count: u8) -> impl Sized { count } },
        quote! { async fn run(count: u8) -> ! { loop {} } },
    ] {
        assert_has(&expanded(MAIN, quote!(), item), quote!(let output =));
    }
}

#[test]
fn a_wrong_function_keeps_its_body_once_beside_the_errors() {
    let cases = [
        (MAIN, quote! { fn main() { body(); } }, "needs an `async fn`"),
        (MAIN, quote! { async fn main(port: u16) { body(); } }, "`main` takes no arguments"),
        (MAIN, quote! { async fn main<T>() { body(); } }, "`main` cannot be generic"),
        (TEST, quote! { async fn t(port: u16) { body(); } }, "a test takes no arguments"),
        (TEST, quote! { #[test] async fn t() { body(); } }, "run the test twice"),
        (TEST, quote! { #[::core::prelude::v1::test] async fn t() { body(); } }, "run the test twice"),
        (TEST, quote! { #[mini::main] async fn t() { body(); } }, "a second runtime"),
        (MAIN, quote! { #[tokio::main] async fn main() { body(); } }, "a second runtime"),
    ];
    for (attribute, item, message) in cases {
        let text = expanded(attribute, quote!(), item);
        assert_eq!(text.matches("compile_error").count(), 1, "{text}");
        assert!(text.contains(message), "{text}");
        assert_eq!(text.matches("body ()").count() + text.matches("body()").count(), 1, "{text}");
    }
}

#[test]
fn errors_in_arguments_and_in_the_function_come_together() {
    let text = expanded(MAIN, quote!(flavour = "x", worker_threads = 0), quote! { fn main(a: u8) {} });
    assert_eq!(text.matches("compile_error").count(), 4, "{text}");
}

#[test]
fn what_is_no_function_stays_beside_the_error() {
    let text = expanded(MAIN, quote!(), quote! { struct NotAFunction; });
    assert_has(
        &text,
        quote!(
            struct NotAFunction;
        ),
    );
    assert!(text.contains("goes on an `async fn` with a body"), "{text}");
}

#[test]
fn under_tokios_name_the_expansion_names_what_its_user_depends_on() {
    let item = quote! { async fn main() {} };
    let text = expanded(MAIN.of_tokio(), quote!(), item.clone());
    assert_has(&text, quote!(match tokio::runtime::Builder::new_multi_thread()));
    assert!(!text.contains("mini"), "{text}");
    let text = expanded(MAIN.of_tokio(), quote!(crate = "renamed"), item);
    assert_has(&text, quote!(match renamed::runtime::Builder::new_multi_thread()));
    let text = expanded(TEST.of_tokio(), quote!(), quote! { fn t() {} });
    assert!(text.contains("`#[tokio::test]` needs an `async fn`"), "{text}");
}
