//! The engine of `mini::select!`: reads the branches and writes the code that polls them.
//!
//! Not what users call: the declarative macro of the facade does that, and passes `$crate` in front, so that
//! the code finds the facade under any name. Of this shape, for `a = f => h, b = g, if p => i, else => j`:
//!
//! ```text
//! {
//!     enum Selected<T0, T1> { Branch0(T0), Branch1(T1), NoneEnabled }
//!     let mut disabled: u8 = 0;
//!     let enabled: bool = p;
//!     if !enabled { disabled |= 1 << 1; }
//!     let selected = {
//!         let unpinned0 = f; let unpinned1 = g;
//!         let mut future0 = pin!(unpinned0.into_future()); ...
//!         poll_fn(move |cx| { /* poll each that is not disabled, from a random one on */ }).await
//!     };
//!     match selected { Branch0(a) => h, Branch1(b) => i, NoneEnabled => j }
//! }
//! ```
//!
//! The futures are gone when a handler runs, so it may borrow what they borrowed; it stands in no closure, so
//! `?`, `break`, `return` and `.await` mean what they say. Nothing in it is unsafe: each future is a local of
//! its own, pinned by `std::pin::pin!`. Rejected: tokio's tuple of futures, which spares one pointer a branch
//! and needs `unsafe` in the user's code.
//!
//! Whether a value fits a refutable pattern must be known inside the closure, where the value may not yet be
//! moved into the pattern. A guard that never lets its arm run decides it: bindings move only after the guard.
//! Rejected: tokio's way, to match on a reference with the pattern's `ref`s and `mut`s removed, which cannot
//! serve patterns with `&`, and has to take patterns apart.
//!
//! Invariant: a future that is disabled, or was Ready, is not polled again in this `select!`.

use proc_macro2::{Group, Ident, Literal, Span, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::parse::{Parse, ParseStream, Parser};
use syn::{Expr, Pat, Token, braced, token};

/// The width of the widest mask.
const MOST_BRANCHES: usize = 64;

/// `pattern = future, if precondition => handler`.
struct Branch {
    pattern: Pat,
    future: Expr,
    precondition: Option<Expr>,
    handler: TokenStream,
}

/// All that stands between the braces of `select!`, with the facade's path in brackets before it.
struct Select {
    facade: TokenStream,
    is_biased: bool,
    branches: Vec<Branch>,
    otherwise: Option<TokenStream>,
}

impl Parse for Select {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let facade = input.parse::<Group>()?.stream();
        let mut select = Self { facade, is_biased: false, branches: Vec::new(), otherwise: None };
        if input.peek(biased) && input.peek2(Token![;]) {
            input.parse::<biased>()?;
            input.parse::<Token![;]>()?;
            select.is_biased = true;
        }
        while !input.is_empty() {
            if input.peek(Token![else]) {
                input.parse::<Token![else]>()?;
                input.parse::<Token![=>]>()?;
                select.otherwise = Some(parse_handler(input)?);
                if !input.is_empty() {
                    return Err(input.error("`else` must be the last branch of `select!`"));
                }
            } else {
                select.branches.push(input.parse()?);
            }
        }
        if select.branches.is_empty() && select.otherwise.is_none() {
            return Err(input.error("`select!` needs a branch, such as `value = future => handler`"));
        }
        if select.branches.len() > MOST_BRANCHES {
            let first_too_many = &select.branches[MOST_BRANCHES].pattern;
            let message = format!("`select!` takes at most {MOST_BRANCHES} branches");
            return Err(syn::Error::new_spanned(first_too_many, message));
        }
        Ok(select)
    }
}

syn::custom_keyword!(biased);

impl Parse for Branch {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let pattern = Pat::parse_multi_with_leading_vert(input)?;
        // `=>` would be read as `=` and the start of an expression.
        if input.peek(Token![=>]) {
            return Err(input.error("expected `= future` between the pattern and `=>`"));
        }
        input.parse::<Token![=]>()?;
        let future = input.parse()?;
        let precondition = if input.peek(Token![,]) {
            input.parse::<Token![,]>()?;
            if !input.peek(Token![if]) {
                return Err(
                    input.error("expected `if` and a precondition, or `=>` and a handler before the `,`")
                );
            }
            input.parse::<Token![if]>()?;
            Some(input.parse()?)
        } else {
            None
        };
        input.parse::<Token![=>]>()?;
        let handler = parse_handler(input)?;
        Ok(Self { pattern, future, precondition, handler })
    }
}

/// As in `match`: a block, whose comma may be left out, or an expression up to a comma. A block is not looked
/// into: it is most of the user's code, and rustc reports what is wrong in it better than we could.
fn parse_handler(input: ParseStream<'_>) -> syn::Result<TokenStream> {
    if input.peek(token::Brace) {
        let content;
        let braces = braced!(content in input);
        let body: TokenStream = content.parse()?;
        input.parse::<Option<Token![,]>>()?;
        let mut block = TokenStream::new();
        braces.surround(&mut block, |tokens| tokens.extend(body));
        return Ok(block);
    }
    let expression: Expr = input.parse()?;
    if !input.is_empty() {
        input.parse::<Token![,]>()?;
    }
    Ok(expression.into_token_stream())
}

/// Expands `[facade] branches...`.
pub(crate) fn expand(input: TokenStream) -> TokenStream {
    match Select::parse.parse2(input) {
        Ok(select) => generate(&select),
        // In the place of an expression `compile_error!` is of any type: no second error follows.
        Err(error) => error.into_compile_error(),
    }
}

/// The names of one branch's parts in the generated code.
struct Names {
    variant: Ident,
    output_type: Ident,
    unpinned: Ident,
    future: Ident,
    bit: Literal,
}

impl Names {
    fn of(index: usize) -> Self {
        let span = Span::mixed_site();
        Self {
            variant: format_ident!("Branch{index}", span = span),
            output_type: format_ident!("T{index}", span = span),
            unpinned: format_ident!("unpinned{index}", span = span),
            future: format_ident!("future{index}", span = span),
            bit: Literal::usize_unsuffixed(index),
        }
    }
}

fn generate(select: &Select) -> TokenStream {
    let Select { facade, branches, .. } = select;
    let otherwise = match &select.otherwise {
        Some(handler) => handler.clone(),
        None => quote_spanned!(Span::mixed_site()=> #facade::macros::support::none_enabled()),
    };
    if branches.is_empty() {
        return otherwise;
    }

    let names: Vec<Names> = (0..branches.len()).map(Names::of).collect();
    let variants: Vec<&Ident> = names.iter().map(|names| &names.variant).collect();
    let types: Vec<&Ident> = names.iter().map(|names| &names.output_type).collect();
    let unpinned: Vec<&Ident> = names.iter().map(|names| &names.unpinned).collect();
    let pinned: Vec<&Ident> = names.iter().map(|names| &names.future).collect();
    let futures = branches.iter().map(|branch| &branch.future);
    let patterns = branches.iter().map(|branch| &branch.pattern);
    let handlers = branches.iter().map(|branch| &branch.handler);
    let mask = mask_type(branches.len());
    let preconditions =
        branches.iter().zip(&names).filter_map(|(branch, names)| disable_unless(branch, names));
    let poll = poll_all(select, &names);

    quote_spanned! {Span::mixed_site()=> {
        #[doc(hidden)]
        enum __MiniSelected<#(#types),*> { #(#variants(#types),)* NoneEnabled }

        #[allow(unused_mut)]
        let mut disabled: #mask = 0;
        #(#preconditions)*
        #[allow(unused_mut)]
        let mut selected = {
            // Before `into_future`, so that temporaries live as long as in a plain `let`.
            #(let #unpinned = #futures;)*
            #(let mut #pinned = #facade::macros::support::pin!(
                #facade::macros::support::IntoFuture::into_future(#unpinned)
            );)*
            let selected = #facade::macros::support::poll_fn(move |context| { #poll }).await;
            selected
        };
        match selected {
            #(__MiniSelected::#variants(#patterns) => #handlers,)*
            __MiniSelected::NoneEnabled => #otherwise,
            #[allow(unreachable_patterns)]
            _ => ::core::unreachable!("the value fitted its pattern when it was polled"),
        }
    }}
}

/// The smallest word with a bit for each branch, since it lives in the user's future.
fn mask_type(branches: usize) -> Ident {
    let name = match branches {
        0..=8 => "u8",
        9..=16 => "u16",
        17..=32 => "u32",
        _ => "u64",
    };
    Ident::new(name, Span::mixed_site())
}

fn disable_unless(branch: &Branch, names: &Names) -> Option<TokenStream> {
    let precondition = branch.precondition.as_ref()?;
    let bit = &names.bit;
    Some(quote_spanned! {Span::mixed_site()=>
        let enabled: bool = #precondition;
        if !enabled {
            disabled |= 1 << #bit;
        }
    })
}

/// The body of the closure: one poll of the whole `select!`.
fn poll_all(select: &Select, names: &[Names]) -> TokenStream {
    let facade = &select.facade;
    let count = Literal::usize_unsuffixed(names.len());
    let (start, branch) = match select.is_biased || names.len() == 1 {
        true => (TokenStream::new(), quote_spanned!(Span::mixed_site()=> step)),
        false => (
            quote_spanned! {Span::mixed_site()=>
                let start: u32 = #facade::macros::support::thread_rng_n(#count);
            },
            quote_spanned!(Span::mixed_site()=> (start + step) % #count),
        ),
    };
    let arms = select.branches.iter().zip(names).map(|(branch, names)| poll_one(facade, branch, names));
    quote_spanned! {Span::mixed_site()=>
        // With the budget spent each leaf would answer Pending; those that keep no budget must not go on alone.
        if #facade::macros::support::poll_budget_available(context).is_pending() {
            return #facade::macros::support::Poll::Pending;
        }
        let mut is_pending = false;
        #start
        for step in 0_u32..#count {
            match #branch {
                #(#arms)*
                _ => ::core::unreachable!("there are {} branches", #count),
            }
        }
        if is_pending {
            #facade::macros::support::Poll::Pending
        } else {
            #facade::macros::support::Poll::Ready(__MiniSelected::NoneEnabled)
        }
    }
}

fn poll_one(facade: &TokenStream, branch: &Branch, names: &Names) -> TokenStream {
    let Names { variant, future, bit, .. } = names;
    let fits = fits(&branch.pattern);
    quote_spanned! {Span::mixed_site()=>
        #[allow(unreachable_code, unreachable_patterns, unused_mut, unused_variables)]
        #[allow(clippy::diverging_sub_expression)] // The guard in `fits` diverges by design.
        #bit => {
            if disabled & (1 << #bit) != 0 {
                continue;
            }
            let mut output = match #facade::macros::support::Future::poll(#future.as_mut(), context) {
                #facade::macros::support::Poll::Ready(output) => output,
                #facade::macros::support::Poll::Pending => {
                    is_pending = true;
                    continue;
                }
            };
            disabled |= 1 << #bit;
            let fits: bool = #fits;
            if fits {
                return #facade::macros::support::Poll::Ready(__MiniSelected::#variant(output));
            }
        }
    }
}

/// Whether `output` fits the pattern, without moving anything out of it.
fn fits(pattern: &Pat) -> TokenStream {
    if matches!(pattern, Pat::Wild(_)) {
        return quote!(true);
    }
    quote_spanned! {Span::mixed_site()=>
        'fits: {
            match output {
                #pattern if break 'fits true => {}
                _ => {}
            }
            false
        }
    }
}

#[cfg(test)]
mod tests {
    use proc_macro2::Delimiter;

    use super::*;

    fn parse(branches: TokenStream) -> syn::Result<Select> {
        let facade = Group::new(Delimiter::Bracket, quote!(::mini));
        Select::parse.parse2(quote!(#facade #branches))
    }

    #[track_caller]
    fn refused(branches: TokenStream, part: &str) {
        let message = parse(branches).err().expect("an error").to_string();
        assert!(message.contains(part), "{message}");
    }

    #[test]
    fn the_whole_grammar_is_read() {
        let select = parse(quote! {
            biased;
            Some(x) | Ok(x) = f(a, |b, c| d), if p && q => x,
            _ = &mut g => { 1 }
            (ref mut a, b) = async { 1 } => h::<A, B>(),
            else => 3,
        })
        .unwrap();
        assert!(select.is_biased);
        assert!(select.otherwise.is_some());
        let preconditions: Vec<bool> =
            select.branches.iter().map(|branch| branch.precondition.is_some()).collect();
        assert_eq!(preconditions, [true, false, false]);
    }

    #[test]
    fn a_variable_named_biased_is_no_keyword() {
        let select = parse(quote!(biased = f => biased)).unwrap();
        assert!(!select.is_biased);
    }

    #[test]
    fn mistakes_have_their_own_messages() {
        refused(quote!(), "needs a branch");
        refused(quote!(biased;), "needs a branch");
        refused(quote!(else => 1, a = f => 2), "`else` must be the last");
        refused(quote!(a = f, unless x => 1), "expected `if` and a precondition");
        refused(quote!(a = f), "expected `=>`");
        refused(quote!(a => f), "expected `= future`");
        refused(quote!(a = f => 1 b = g => 2), "expected `,`");
        let branches = (0..=MOST_BRANCHES).map(|_| quote!(_ = f => {}));
        refused(quote!(#(#branches)*), "at most 64 branches");
    }

    #[test]
    fn the_mask_grows_with_the_branches() {
        for (branches, name) in [(1, "u8"), (8, "u8"), (9, "u16"), (17, "u32"), (33, "u64"), (64, "u64")] {
            assert_eq!(mask_type(branches), name);
        }
    }

    #[test]
    fn expansions_and_errors_are_expressions() {
        for branches in [quote!(a = f => 1, b = g, if c => 2, else => 3), quote!(else => 1), quote!(a =)] {
            let facade = Group::new(Delimiter::Bracket, quote!(::mini));
            let tokens = expand(quote!(#facade #branches));
            syn::parse2::<Expr>(tokens).expect("an expression");
        }
    }
}
