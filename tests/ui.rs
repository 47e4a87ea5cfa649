//! What the compiler says of wrong uses of the macros: each file of `ui/` beside the words it must say.
//!
//! After a change of wording run with `TRYBUILD=overwrite` and read the difference.

#[test]
fn wrong_uses_are_explained_at_the_users_tokens() {
    let cases = trybuild::TestCases::new();
    cases.compile_fail("tests/ui/*.rs");
    cases.pass("tests/ui/pass/*.rs");
}
