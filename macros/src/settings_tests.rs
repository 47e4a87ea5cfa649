//! Each argument, right and wrong, and wrong ones side by side.

use quote::quote;

use super::*;

const MAIN: Attribute = Attribute::MAIN;
const TEST: Attribute = Attribute::TEST;
const MAIN_OF_ONE: Attribute = MAIN.without_multi_thread();

fn parse(attribute: Attribute, arguments: TokenStream) -> (Settings, Vec<String>) {
    let mut errors = Errors::default();
    let settings = Settings::parse(attribute, arguments, &mut errors);
    let messages = errors.0.into_iter().flatten().map(|error| error.to_string()).collect();
    (settings, messages)
}

fn accepted(attribute: Attribute, arguments: TokenStream) -> Settings {
    let (settings, messages) = parse(attribute, arguments);
    assert!(messages.is_empty(), "{messages:?}");
    settings
}

#[track_caller]
fn refused(attribute: Attribute, arguments: TokenStream, parts: &[&str]) {
    let text = arguments.to_string();
    let (_, messages) = parse(attribute, arguments);
    assert_eq!(messages.len(), 1, "`{text}`: {messages:?}");
    for part in parts {
        assert!(messages[0].contains(part), "`{text}`: `{part}` is not in: {}", messages[0]);
    }
}

#[test]
fn defaults_follow_the_attribute_and_the_features() {
    assert_eq!(accepted(MAIN, quote!()).flavor, Flavor::MultiThread);
    assert_eq!(accepted(TEST, quote!()).flavor, Flavor::CurrentThread);
    assert_eq!(accepted(MAIN_OF_ONE, quote!()).flavor, Flavor::CurrentThread);
}

#[test]
fn every_key_is_read_in_any_order_with_a_trailing_comma() {
    let settings = accepted(TEST, quote!(worker_threads = 3, flavor = "multi_thread", crate = "a::renamed",));
    assert_eq!(settings.flavor, Flavor::MultiThread);
    assert_eq!(settings.worker_threads.unwrap().value, 3);
    let facade = settings.facade.unwrap();
    assert_eq!(quote!(#facade).to_string(), quote!(a::renamed).to_string());

    let settings = accepted(MAIN, quote!(flavor = "local", start_paused = true, name = "x"));
    assert_eq!(settings.name.unwrap().value(), "x");
    assert_eq!(settings.flavor, Flavor::Local);
    assert!(settings.start_paused.unwrap().value);
    assert_eq!(accepted(MAIN, quote!(worker_threads = 0x10)).worker_threads.unwrap().value, 16);
}

#[test]
fn unknown_keys_name_the_nearest() {
    refused(MAIN, quote!(worker_thread = 2), &["no key `worker_thread`", "did you mean `worker_threads`?"]);
    refused(MAIN, quote!(flavour = "local"), &["did you mean `flavor`?"]);
    refused(
        TEST,
        quote!(banana = 1),
        &["`#[mini::test]` has no key `banana`", "`start_paused`, `name` and `crate`"],
    );
    refused(MAIN, quote!(unhandled_panic = "x"), &["`unhandled_panic` is not supported", "JoinHandle"]);
    refused(MAIN, quote!(current_thread), &["#[mini::main(flavor = \"current_thread\")]"]);
}

#[test]
fn wrong_values_show_a_right_one() {
    refused(MAIN, quote!(flavor), &["`flavor` needs a value"]);
    refused(MAIN, quote!(flavor = 1), &["`flavor` takes a string", "\"current_thread\""]);
    refused(MAIN, quote!(flavor = "multithread"), &["did you mean `multi_thread`?"]);
    refused(MAIN, quote!(flavor = "green"), &["`multi_thread`, `current_thread` and `local`"]);
    refused(MAIN, quote!(worker_threads = 0), &["1 or more"]);
    refused(MAIN, quote!(worker_threads = "4"), &["whole number"]);
    refused(MAIN, quote!(worker_threads = -1), &["takes a literal"]);
    refused(MAIN, quote!(worker_threads = 99999999999999999999999), &["`worker_threads`:"]);
    refused(TEST, quote!(start_paused = 1), &["`true` or `false`"]);
    refused(MAIN, quote!(crate = 1), &["`crate` takes a string"]);
    refused(MAIN, quote!(crate = "a b"), &["`a b` is not a path"]);
    refused(MAIN, quote!("current_thread"), &["expected `key = value`"]);
    refused(MAIN_OF_ONE, quote!(flavor = "multi_thread"), &["feature `rt-multi-thread`"]);
}

#[test]
fn settings_that_contradict_each_other_name_the_cure() {
    refused(
        MAIN,
        quote!(flavor = "current_thread", worker_threads = 2),
        &["`flavor = \"current_thread\"` runs on one thread", "change it to `flavor = \"multi_thread\"`"],
    );
    refused(
        TEST,
        quote!(worker_threads = 2),
        &["the default flavor of `#[mini::test]`", "add `flavor = \"multi_thread\"`"],
    );
    refused(MAIN, quote!(start_paused = true), &["add `flavor = \"current_thread\"`"]);
    refused(TEST, quote!(flavor = "multi_thread", start_paused = true), &["change it to"]);
}

#[test]
fn all_errors_are_reported_at_once() {
    let (_, messages) = parse(MAIN, quote!(flavour = 1, worker_threads = 0, 7 7, start_paused = 3));
    assert_eq!(messages.len(), 4, "{messages:?}");
    let (settings, messages) = parse(MAIN, quote!(worker_threads = 2, worker_threads = 3));
    assert_eq!(messages, ["`worker_threads` is set twice; keep one"]);
    assert_eq!(settings.worker_threads.unwrap().value, 2);
    let (_, messages) = parse(MAIN, quote!(worker_threads = 2 flavor = "local", flavor = "x"));
    assert_eq!(messages.len(), 2, "{messages:?}");
}
