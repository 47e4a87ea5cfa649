//! Turns the `async fn` under `#[mini::main]` or `#[mini::test]` into one that builds a runtime and blocks on it.
//!
//! Not the reading of the attribute's arguments, which is `settings`'.
//!
//! Where it can, the function stays as the user wrote it, token for token, inside one of the same name:
//!
//! ```text
//! fn main() -> Result<(), Error> {
//!     async fn main() -> Result<(), Error> { ... }
//!     match ::mini::runtime::Builder::new_multi_thread().enable_all().build() {
//!         Ok(runtime) => runtime.block_on(main()),
//!         Err(error) => panic!("cannot build the runtime of `main`: {error}"),
//!     }
//! }
//! ```
//!
//! so that the compiler's errors about types, borrows and `?` are those of a plain `async fn`, at the user's own
//! tokens. A function with parameters or generics, or one that mentions `Self`, cannot be nested; its body
//! becomes an async block that ends in a `let` of the return type, so that a wrong type still points into it.
//! Rejected: an async block for all. rustc then speaks of "this async block" where the user sees none, and
//! reports a wrong type at the block rather than at the expression.
//!
//! Invariant: with errors or without, the user's body is in the output exactly once, so that it is always
//! checked and an editor can complete in it.

use proc_macro2::{Delimiter, Group, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};
use syn::parse::{Parse, ParseStream};
use syn::spanned::Spanned;
use syn::{ReturnType, Safety, Signature, Type, Visibility};

use crate::settings::{Attribute, Errors, Flavor, Settings};

/// A function whose body is left unparsed: what is wrong in it is for rustc to say.
struct Function {
    attributes: Vec<syn::Attribute>,
    visibility: Visibility,
    signature: Signature,
    body: Group,
}

impl Parse for Function {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let attributes = input.call(syn::Attribute::parse_outer)?;
        let visibility = input.parse()?;
        let signature: Signature = input.parse()?;
        let body: Group = input.parse()?;
        if body.delimiter() != Delimiter::Brace {
            return Err(syn::Error::new(body.span(), "expected the body of the function"));
        }
        Ok(Self { attributes, visibility, signature, body })
    }
}

/// Expands `attribute` with `arguments` on `item`.
pub(crate) fn expand(attribute: Attribute, arguments: TokenStream, item: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let settings = Settings::parse(attribute, arguments, &mut errors);
    let function: Function = match syn::parse2(item.clone()) {
        Ok(function) => function,
        Err(error) => {
            let message = format!(
                "`#[{}::{}]` goes on an `async fn` with a body: {error}",
                attribute.library, attribute.name
            );
            errors.at(error.span(), message);
            return [item, errors.into_tokens()].into_iter().collect();
        }
    };

    let form = check_signature(attribute, &function.signature, &mut errors);
    let function = without_rivals(attribute, function, &mut errors);
    // A setting that is in doubt must not cause errors of its own.
    let settings = if errors.is_empty() { settings } else { Settings::default_of(attribute) };
    let expanded = match form {
        Form::Async => wrap(attribute, &settings, function),
        Form::NotAsync => keep(function),
        Form::NotCallable => hide(function),
    };
    [expanded, errors.into_tokens()].into_iter().collect()
}

/// What can be made of a function.
enum Form {
    /// It can be wrapped.
    Async,
    /// It stays what it is: a plain function.
    NotAsync,
    /// Its arguments or generics would be refused by rustc a second time.
    NotCallable,
}

fn check_signature(attribute: Attribute, signature: &Signature, errors: &mut Errors) -> Form {
    let Attribute { name, is_test, library, .. } = attribute;
    let mut form = Form::Async;

    if signature.asyncness.is_none() {
        let message = format!("`#[{library}::{name}]` needs an `async fn`; write `async` before `fn`");
        errors.at(signature.fn_token.span(), message);
        form = Form::NotAsync;
    }
    // Rust allows arguments and generics on neither; on other functions `#[mini::main]` passes them through.
    if is_test || signature.ident == "main" {
        let what = if is_test { "a test" } else { "`main`" };
        if !signature.inputs.is_empty() {
            let cure = if is_test { "" } else { "; read the command line with `std::env::args`" };
            let message = format!("{what} takes no arguments{cure}");
            errors.push(syn::Error::new_spanned(&signature.inputs, message));
            form = Form::NotCallable;
        }
        if !signature.generics.params.is_empty() {
            let message = format!("{what} cannot be generic");
            errors.push(syn::Error::new_spanned(&signature.generics, message));
            form = Form::NotCallable;
        }
    }
    form
}

/// Reports and removes the attributes that would make a second test or a second runtime of the function.
fn without_rivals(attribute: Attribute, mut function: Function, errors: &mut Errors) -> Function {
    let Attribute { name, library, .. } = attribute;
    function.attributes.retain(|other| {
        let message = if attribute.is_test && is_test_attribute(other) {
            format!(
                "this would run the test twice: `#[{library}::test]` adds `#[test]` itself; remove this one"
            )
        } else if is_runtime_attribute(other) {
            format!(
                "a second runtime for one function: `#[{library}::{name}]` builds one; remove this attribute"
            )
        } else {
            return true;
        };
        errors.push(syn::Error::new_spanned(other, message));
        false
    });
    function
}

/// `#[test]`, and the same by its path in core's or std's prelude.
fn is_test_attribute(attribute: &syn::Attribute) -> bool {
    let path = attribute.path();
    let root = path.segments.first();
    let of_std = root.is_some_and(|segment| segment.ident == "core" || segment.ident == "std");
    path.is_ident("test") || (of_std && last_is(path, &["test"]))
}

/// `#[mini::main]`, `#[tokio::test]` and the like.
fn is_runtime_attribute(attribute: &syn::Attribute) -> bool {
    let path = attribute.path();
    let root = path.segments.first();
    let of_runtime = root.is_some_and(|segment| segment.ident == "mini" || segment.ident == "tokio");
    of_runtime && last_is(path, &["main", "test"])
}

fn last_is(path: &syn::Path, names: &[&str]) -> bool {
    path.segments.last().is_some_and(|segment| names.iter().any(|name| segment.ident == name))
}

/// The function as it is.
fn keep(function: Function) -> TokenStream {
    let Function { attributes, visibility, signature, body } = function;
    quote! {
        #(#attributes)*
        #[allow(dead_code)]
        #visibility #signature #body
    }
}

/// The function inside one that does not call it: its body is checked, its signature is not `main`'s.
fn hide(function: Function) -> TokenStream {
    let Function { attributes, signature, body, .. } = function;
    let outer = &signature.ident;
    quote! {
        #[allow(dead_code)]
        fn #outer() {
            #(#attributes)*
            #signature #body
        }
    }
}

/// The function that builds the runtime.
fn wrap(attribute: Attribute, settings: &Settings, function: Function) -> TokenStream {
    let Function { attributes, visibility, signature, body } = function;
    let outer = Signature { asyncness: None, ..signature.clone() };
    let name = &signature.ident;

    let (nested, future) = if can_be_nested(&signature, &body) {
        (quote!(#signature #body), quote!(#name()))
    } else {
        (TokenStream::new(), async_block(&signature.output, &body))
    };
    let block_on = if attribute.is_test {
        // One copy of `block_on` for all tests of a crate, and not one for each test's future, to spare the
        // compiler. Pinned inside the arm, so that an unfinished body is dropped before its runtime.
        quote_spanned! {Span::mixed_site()=> {
            let body: ::core::pin::Pin<&mut dyn ::core::future::Future<Output = _>> =
                ::core::pin::pin!(#future);
            runtime.block_on(body)
        }}
    } else {
        quote_spanned!(Span::mixed_site()=> runtime.block_on(#future))
    };
    let build = build(attribute, settings);
    let failed = format!("cannot build the runtime of `{name}`: {{}}");
    let test = attribute.is_test.then(|| quote!(#[::core::prelude::v1::test]));

    let run = quote_spanned! {Span::mixed_site()=>
        match #build {
            ::core::result::Result::Ok(runtime) => #block_on,
            ::core::result::Result::Err(error) => ::core::panic!(#failed, error),
        }
    };
    quote! {
        #test
        #(#attributes)*
        #visibility #outer {
            #nested
            #run
        }
    }
}

/// The expression that answers with the runtime or the operating system's error.
fn build(attribute: Attribute, settings: &Settings) -> TokenStream {
    let facade = match &settings.facade {
        Some(path) => path.to_token_stream(),
        None => attribute.library.path(),
    };
    let constructor = match settings.flavor {
        Flavor::MultiThread => quote!(new_multi_thread),
        Flavor::CurrentThread | Flavor::Local => quote!(new_current_thread),
    };
    let worker_threads = settings.worker_threads.map(|threads| {
        let threads = threads.value;
        quote!(.worker_threads(#threads))
    });
    let start_paused = settings.start_paused.map(|paused| {
        let paused = paused.value;
        quote!(.start_paused(#paused))
    });
    let name = settings.name.as_ref().map(|name| quote!(.name(#name)));
    let build = match settings.flavor {
        Flavor::MultiThread | Flavor::CurrentThread => quote!(build()),
        Flavor::Local => quote!(build_local(::core::default::Default::default())),
    };
    quote_spanned! {Span::mixed_site()=>
        #facade::runtime::Builder::#constructor() #worker_threads #start_paused #name .enable_all().#build
    }
}

/// Whether the function means the same as an item inside another function: items see neither the arguments,
/// the generics nor the `Self` around them.
fn can_be_nested(signature: &Signature, body: &Group) -> bool {
    signature.inputs.is_empty()
        && signature.generics.params.is_empty()
        && matches!(signature.safety, Safety::Default)
        && signature.abi.is_none()
        && !mentions_self(signature.to_token_stream())
        && !mentions_self(body.stream())
}

/// The body as an async block of the return type.
fn async_block(output: &ReturnType, body: &Group) -> TokenStream {
    let declared = match output {
        ReturnType::Default => quote_spanned!(body.span()=> ()),
        ReturnType::Type(_, declared) => declared.to_token_stream(),
    };
    // Neither `impl Trait` nor `!` may be written as the type of a variable.
    let can_be_written = match output {
        ReturnType::Type(_, declared) => {
            !matches!(**declared, Type::Never(_)) && !mentions_impl(declared.to_token_stream())
        }
        ReturnType::Default => true,
    };
    let annotation = can_be_written.then(|| quote!(: #declared));
    quote_spanned! {Span::mixed_site()=>
        async {
            let output #annotation = #body;
            #[allow(unreachable_code)]
            output
        }
    }
}

fn mentions_impl(tokens: TokenStream) -> bool {
    mentions(tokens, &["impl"])
}

fn mentions_self(tokens: TokenStream) -> bool {
    mentions(tokens, &["self", "Self"])
}

fn mentions(tokens: TokenStream, words: &[&str]) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(ident) => words.iter().any(|word| ident == word),
        TokenTree::Group(group) => mentions(group.stream(), words),
        TokenTree::Punct(_) | TokenTree::Literal(_) => false,
    })
}

#[cfg(test)]
#[path = "entry_tests.rs"]
mod tests;
