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
    expand(&Attribute::MAIN, arguments, item)
}

/// `main` of a facade without the feature `rt-multi-thread`.
#[doc(hidden)]
#[proc_macro_attribute]
pub fn main_without_multi_thread(arguments: TokenStream, item: TokenStream) -> TokenStream {
    expand(&Attribute::MAIN.without_multi_thread(), arguments, item)
}

/// See `mini::test`.
#[proc_macro_attribute]
pub fn test(arguments: TokenStream, item: TokenStream) -> TokenStream {
    expand(&Attribute::TEST, arguments, item)
}

/// `test` of a facade without the feature `rt-multi-thread`.
#[doc(hidden)]
#[proc_macro_attribute]
pub fn test_without_multi_thread(arguments: TokenStream, item: TokenStream) -> TokenStream {
    expand(&Attribute::TEST.without_multi_thread(), arguments, item)
}

/// `main` of the facade that bears tokio's name, whose users know no other.
#[doc(hidden)]
#[proc_macro_attribute]
pub fn tokio_main(arguments: TokenStream, item: TokenStream) -> TokenStream {
    expand(&Attribute::MAIN.of_tokio(), arguments, item)
}

/// `tokio_main` without the feature `rt-multi-thread`.
#[doc(hidden)]
#[proc_macro_attribute]
pub fn tokio_main_without_multi_thread(arguments: TokenStream, item: TokenStream) -> TokenStream {
    expand(&Attribute::MAIN.of_tokio().without_multi_thread(), arguments, item)
}

/// `test` of the facade that bears tokio's name.
#[doc(hidden)]
#[proc_macro_attribute]
pub fn tokio_test(arguments: TokenStream, item: TokenStream) -> TokenStream {
    expand(&Attribute::TEST.of_tokio(), arguments, item)
}

/// `tokio_test` without the feature `rt-multi-thread`.
#[doc(hidden)]
#[proc_macro_attribute]
pub fn tokio_test_without_multi_thread(arguments: TokenStream, item: TokenStream) -> TokenStream {
    expand(&Attribute::TEST.of_tokio().without_multi_thread(), arguments, item)
}

fn expand(attribute: &Attribute, arguments: TokenStream, item: TokenStream) -> TokenStream {
    entry::expand(*attribute, arguments.into(), item.into()).into()
}

/// The engine of `mini::select!`: `[path of the facade] branches`.
#[doc(hidden)]
#[proc_macro]
pub fn select_branches(input: TokenStream) -> TokenStream {
    select::expand(input.into()).into()
}
