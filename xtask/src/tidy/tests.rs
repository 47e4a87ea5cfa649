//! Each rule against a source that breaks it and one that does not, and the whole tree against all of them.

use super::*;

/// The lines and texts that the rules report for one file.
fn violations(path: &str, text: &str) -> Vec<(usize, String)> {
    let source = Source::new(path.to_owned(), text.to_owned());
    let mut violations = Vec::new();
    rules::check(&source, &mut violations);
    layers::check(&source, &mut violations);
    violations.into_iter().map(|violation| (violation.line, violation.text)).collect()
}

#[track_caller]
fn assert_broken(path: &str, text: &str, line: usize, part: &str) {
    let found = violations(path, text);
    assert!(
        found.iter().any(|(found_line, found_text)| *found_line == line && found_text.contains(part)),
        "{found:?}"
    );
}

#[track_caller]
fn assert_kept(path: &str, text: &str) {
    assert_eq!(violations(path, text), []);
}

#[test]
fn the_tree_is_tidy() {
    let (violations, _) = check(&root()).unwrap();
    assert!(violations.is_empty(), "{}", violations.iter().map(show).collect::<Vec<_>>().join("\n"));
}

#[test]
fn a_file_opens_with_its_purpose() {
    assert_broken("net/src/a.rs", "use std::io;\n", 1, "open with");
    assert_kept("net/src/a.rs", "//! Something.\nuse std::io;\n");
}

#[test]
fn files_and_functions_are_short() {
    let long = format!("//! A.\n{}", "// b\n".repeat(500));
    assert_broken("net/src/a.rs", &long, 0, "501 lines");
    let function = |lines: usize| format!("//! A.\nfn f() {{\n{}}}\n", "    g();\n".repeat(lines));
    assert_broken("net/src/a.rs", &function(80), 2, "`f` has 82 lines");
    assert_kept("net/src/a.rs", &function(60));
    assert_kept("net/src/tests.rs", &function(80));
}

#[test]
fn nothing_is_left_unfinished() {
    assert_broken("net/src/a.rs", concat!("//! A.\n// FIX", "ME: b\n"), 2, "is left");
    assert_broken("net/src/a.rs", "//! A.\nfn f() {\n    todo!()\n}\n", 3, "`todo!`");
    assert_broken("net/src/a.rs", "//! A.\nfn f() { unimplemented!() }\n", 2, "`unimplemented!`");
    assert_kept("net/src/a.rs", "//! A.\nfn todo() { f(\"todo!\") }\n");
}

#[test]
fn orderings_are_named() {
    assert_broken("net/src/a.rs", "//! A.\nuse std::sync::atomic::Ordering::*;\n", 2, "Ordering");
}

#[test]
fn cfg_stays_out_of_bodies() {
    assert_broken(
        "net/src/a.rs",
        "//! A.\nfn f(a: [u8; 2]) -> u8 {\n    #[cfg(unix)]\n    g()\n}\n",
        3,
        "cfg inside `f`",
    );
    assert_broken("net/src/a.rs", "//! A.\nfn f() {\n    if cfg!(unix) {}\n}\n", 3, "cfg inside `f`");
    assert_kept(
        "net/src/a.rs",
        "//! A.\n#[cfg(unix)]\nfn f() {}\n#[cfg(test)]\nmod tests {\n fn g() { cfg!(miri); }\n}\n",
    );
    assert_kept("net/src/a.rs", "//! A.\nstruct S { f: fn(u8) -> u8 }\n#[cfg(unix)]\nmod sys;\n");
}

#[test]
fn names_are_the_house_words() {
    assert_broken("net/src/a.rs", "//! A.\nstruct IoEngine;\n", 2, "\"engine\"");
    assert_broken("net/src/a.rs", "//! A.\nfn kick_worker() {}\n", 2, "\"kick\"");
    assert_kept(
        "net/src/a.rs",
        "//! An engine.\nuse std::collections::VecDeque;\nfn f() { g(\"engine\") }\n",
    );
    assert_eq!(rules::parts("runNext_TASK2"), ["run", "next", "task2"]);
}

#[test]
fn unsafe_stays_where_it_is_listed() {
    assert_broken("net/src/a.rs", "//! A.\nfn f() {\n    unsafe { g() }\n}\n", 3, "unsafe outside");
    assert_kept(
        "net/src/a.rs",
        "//! unsafe\n#![forbid(unsafe_code)]\nfn f() { g(\"unsafe\", r#\"unsafe\"#) }\n",
    );
}

#[test]
fn the_runtime_goes_through_the_shim() {
    assert_broken("runtime/src/task/a.rs", "//! A.\nuse std::sync::atomic::AtomicBool;\n", 2, "primitive");
    assert_kept("runtime/src/primitive/a.rs", "//! A.\nuse std::sync::atomic::AtomicBool;\n");
    assert_kept("runtime/src/task/tests.rs", "//! A.\nuse std::sync::atomic::AtomicBool;\n");
}

#[test]
fn no_module_imports_one_above_it() {
    assert_broken(
        "runtime/src/task/a.rs",
        "//! A.\nuse crate::scheduler::Worker;\n",
        2,
        "`task` imports `scheduler`",
    );
    assert_broken(
        "runtime/src/util/a.rs",
        "//! A.\nuse crate::{\n    coop,\n};\n",
        3,
        "`util` imports `coop`",
    );
    assert_broken("runtime/src/task.rs", "//! A.\nfn f() {\n    crate::runtime::g();\n}\n", 3, "`runtime`");
    assert_broken("runtime/src/novel.rs", "//! A.\n", 0, "no place");
    assert_kept(
        "runtime/src/task/a.rs",
        "//! A.\nuse crate::{context, util::{self, b}};\nuse crate::task::c;\n",
    );
    assert_kept("runtime/src/task/model.rs", "//! A.\nuse crate::scheduler::Worker;\n");
}

#[test]
fn literals_and_comments_are_not_code() {
    let text = "//! A.\nfn f<'a>(b: &'a str) { g('\"', '\\'', \"\\\" unsafe\", b'x'); /* unsafe /* */ unsafe */ }\n\
                fn h() { r##\"unsafe \"# unsafe\"##; }\n// unsafe\n";
    assert_kept("net/src/a.rs", text);
    let source = Source::new("net/src/a.rs".to_owned(), text.to_owned());
    assert_eq!(source.code.lines().count(), text.lines().count());
    assert!(source.code.contains("fn f<'a>(b: &'a str)"));
}

#[test]
fn a_module_for_tests_alone_is_known_by_its_declaration() {
    let source = |path: &str, text: &str| Source::new(path.to_owned(), text.to_owned());
    let mut sources = [
        source(
            "net/src/io/mod.rs",
            "//! A.\n#[cfg(all(test, not(loom)))]\npub(crate) mod mock;\nmod real;\n",
        ),
        source("net/src/io/mock.rs", "fn a() {}"),
        source("net/src/io/mock/more.rs", "fn a() {}"),
        source("net/src/io/mocking.rs", "fn a() {}"),
        source("net/src/io/real.rs", "#[cfg(not(test))]\nmod deep;\nfn a() {}"),
        source("net/src/io/real/deep.rs", "fn a() {}"),
    ];
    source::mark_test_files(&mut sources);
    let is_product: Vec<bool> = sources.iter().map(|source| !source.product.is_empty()).collect();
    assert_eq!(is_product, [true, false, false, true, true, true]);
}
