//! The procedural macros of `mini`: the attributes [`macro@main`] and [`macro@test`], and the engine of
//! `mini::select!`.
//!
//! Not for direct use: the facade `mini-rt` re-exports the attributes and documents them. Invariant: nothing
//! here knows the runtime but by the paths that the expansions name.

use proc_macro::TokenStream;

mod entry;
mod nearest;
mod select;
mod settings;

use settings::Attribute;

/// See `mini::main`.
#[proc_macro_attribute]
pub fn main(arguments: TokenStream, item: TokenStream) -> TokenStream {
    let attribute = Attribute { name: "main", is_test: false, has_multi_thread: true };
    entry::expand(attribute, arguments.into(), item.into()).into()
}

/// `main` of a facade without the feature `rt-multi-thread`.
#[doc(hidden)]
#[proc_macro_attribute]
pub fn main_without_multi_thread(arguments: TokenStream, item: TokenStream) -> TokenStream {
    let attribute = Attribute { name: "main", is_test: false, has_multi_thread: false };
    entry::expand(attribute, arguments.into(), item.into()).into()
}

/// See `mini::test`.
#[proc_macro_attribute]
pub fn test(arguments: TokenStream, item: TokenStream) -> TokenStream {
    let attribute = Attribute { name: "test", is_test: true, has_multi_thread: true };
    entry::expand(attribute, arguments.into(), item.into()).into()
}

/// `test` of a facade without the feature `rt-multi-thread`.
#[doc(hidden)]
#[proc_macro_attribute]
pub fn test_without_multi_thread(arguments: TokenStream, item: TokenStream) -> TokenStream {
    let attribute = Attribute { name: "test", is_test: true, has_multi_thread: false };
    entry::expand(attribute, arguments.into(), item.into()).into()
}

/// The engine of `mini::select!`: `[path of the facade] branches`.
#[doc(hidden)]
#[proc_macro]
pub fn select_branches(input: TokenStream) -> TokenStream {
    select::expand(input.into()).into()
}
