//! The arguments of `#[mini::main]` and `#[mini::test]`: `flavor`, `worker_threads`, `start_paused`, `name`,
//! `crate`.
//!
//! Not the expansion, which is `entry`'s. Invariant: whatever the arguments, [`Settings::parse`] answers with
//! settings that can be expanded, beside every error found, so that the user sees all of them at once and
//! still has a body that is checked.

use std::fmt;

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::quote;
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::spanned::Spanned;
use syn::{Expr, ExprLit, Ident, Lit, Token};

use crate::nearest::{list, suggestion};

const KEYS: &[&str] = &["flavor", "worker_threads", "start_paused", "name", "crate"];

/// Which attribute is being expanded, and what the facade's features leave to choose from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Attribute {
    /// `main` or `test`, for messages.
    pub(crate) name: &'static str,
    pub(crate) is_test: bool,
    /// Whether the facade was built with `rt-multi-thread`.
    pub(crate) has_multi_thread: bool,
    /// The library that its user depends on, for messages and as the default of `crate`.
    pub(crate) library: Library,
}

/// Which facade an attribute belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Library {
    Mini,
    /// The package that stands in for tokio.
    Tokio,
}

impl Library {
    /// Its package, whose features a user turns on.
    fn package(self) -> &'static str {
        match self {
            Self::Mini => "mini-rt",
            Self::Tokio => "tokio",
        }
    }

    /// Where an expansion finds it that was told nothing.
    ///
    /// tokio's is a name looked up where the attribute stands, as tokio's own: `use renamed as tokio` serves.
    pub(crate) fn path(self) -> TokenStream {
        match self {
            Self::Mini => quote!(::mini),
            Self::Tokio => quote!(tokio),
        }
    }
}

impl fmt::Display for Library {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Mini => "mini",
            Self::Tokio => "tokio",
        })
    }
}

impl Attribute {
    pub(crate) const MAIN: Self =
        Self { name: "main", is_test: false, has_multi_thread: true, library: Library::Mini };
    pub(crate) const TEST: Self =
        Self { name: "test", is_test: true, has_multi_thread: true, library: Library::Mini };

    /// The same, of a facade built without `rt-multi-thread`.
    pub(crate) const fn without_multi_thread(self) -> Self {
        Self { has_multi_thread: false, ..self }
    }

    /// The same, of the facade that bears tokio's name.
    pub(crate) const fn of_tokio(self) -> Self {
        Self { library: Library::Tokio, ..self }
    }

    fn default_flavor(self) -> Flavor {
        if self.has_multi_thread && !self.is_test { Flavor::MultiThread } else { Flavor::CurrentThread }
    }
}

/// The kind of runtime to build.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flavor {
    MultiThread,
    CurrentThread,
    Local,
}

impl Flavor {
    const NAMES: &'static [&'static str] = &["multi_thread", "current_thread", "local"];

    fn from_name(name: &str) -> Option<Self> {
        match name {
            "multi_thread" => Some(Self::MultiThread),
            "current_thread" => Some(Self::CurrentThread),
            "local" => Some(Self::Local),
            _ => None,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::MultiThread => "multi_thread",
            Self::CurrentThread => "current_thread",
            Self::Local => "local",
        }
    }
}

/// A checked value and the place it was written at, for errors found later.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Given<T> {
    pub(crate) value: T,
    span: Span,
}

/// What the attribute was told.
#[derive(Clone)]
pub(crate) struct Settings {
    pub(crate) flavor: Flavor,
    pub(crate) worker_threads: Option<Given<usize>>,
    pub(crate) start_paused: Option<Given<bool>>,
    /// The runtime's name.
    pub(crate) name: Option<syn::LitStr>,
    /// The path of the facade, if the attribute's own default does not serve.
    pub(crate) facade: Option<syn::Path>,
}

/// Errors gathered so that one build shows them all.
#[derive(Debug, Default)]
pub(crate) struct Errors(Option<syn::Error>);

impl Errors {
    pub(crate) fn push(&mut self, error: syn::Error) {
        match &mut self.0 {
            Some(errors) => errors.combine(error),
            None => self.0 = Some(error),
        }
    }

    pub(crate) fn at(&mut self, span: Span, message: impl std::fmt::Display) {
        self.push(syn::Error::new(span, message));
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    /// `compile_error!` calls, one an error.
    pub(crate) fn into_tokens(self) -> TokenStream {
        self.0.map(syn::Error::into_compile_error).unwrap_or_default()
    }
}

/// One argument as written, `key = value` or a bare `key`.
struct Argument {
    key: Ident,
    value: Option<Expr>,
}

impl Argument {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        // `crate` is a keyword, and a stray literal shall be told what stands here.
        let key = Ident::parse_any(input).map_err(|error| {
            syn::Error::new(error.span(), format!("expected `key = value`; the keys are {}", list(KEYS)))
        })?;
        let value = match input.parse::<Option<Token![=]>>()? {
            Some(_) => Some(input.parse()?),
            None => None,
        };
        Ok(Self { key, value })
    }
}

impl Settings {
    /// The settings of an attribute without arguments.
    pub(crate) fn default_of(attribute: Attribute) -> Self {
        Self {
            flavor: attribute.default_flavor(),
            worker_threads: None,
            start_paused: None,
            name: None,
            facade: None,
        }
    }

    /// Reads `arguments`; what is wrong goes to `errors`, and its default stands in for it.
    pub(crate) fn parse(attribute: Attribute, arguments: TokenStream, errors: &mut Errors) -> Self {
        let mut settings = Self::default_of(attribute);
        let mut seen: Vec<String> = Vec::new();
        for argument in parse_arguments(arguments, errors) {
            let key = argument.key.unraw().to_string();
            if seen.contains(&key) {
                errors.at(argument.key.span(), format!("`{key}` is set twice; keep one"));
                continue;
            }
            if let Err(error) = settings.apply(attribute, &key, &argument) {
                errors.push(error);
            }
            seen.push(key);
        }
        // After an error the flavor may be a stand-in, and a contradiction with it no fault of the user's.
        if errors.is_empty() {
            settings.check_together(attribute, &seen, errors);
        }
        settings
    }

    fn apply(&mut self, attribute: Attribute, key: &str, argument: &Argument) -> syn::Result<()> {
        match key {
            "flavor" => self.flavor = parse_flavor(attribute, argument)?,
            "worker_threads" => self.worker_threads = Some(parse_worker_threads(argument)?),
            "start_paused" => self.start_paused = Some(parse_start_paused(argument)?),
            "name" => self.name = Some(parse_name(argument)?),
            "crate" => self.facade = Some(parse_facade(argument)?),
            _ => return Err(unknown_key(attribute, key, argument)),
        }
        Ok(())
    }

    /// The rules that need more than one argument.
    fn check_together(&mut self, attribute: Attribute, seen: &[String], errors: &mut Errors) {
        let flavor = self.flavor;
        // The cure depends on whether the flavor was chosen or came by default.
        let (origin, verb) = match seen.iter().any(|key| key == "flavor") {
            true => (format!("`flavor = \"{}\"`", flavor.name()), "change it to"),
            false => (format!("the default flavor of `#[{}::{}]`", attribute.library, attribute.name), "add"),
        };
        match self.worker_threads {
            Some(threads) if flavor != Flavor::MultiThread => {
                let message = format!(
                    "`worker_threads` needs the multi-thread flavor, and {origin} runs on one thread; \
                     {verb} `flavor = \"multi_thread\"`"
                );
                errors.at(threads.span, message);
                self.worker_threads = None;
            }
            _ => {}
        }
        match self.start_paused {
            Some(paused) if flavor == Flavor::MultiThread => {
                let message = format!(
                    "`start_paused` needs a one-thread flavor, since only there the clock can tell that all is \
                     idle, and {origin} has many; {verb} `flavor = \"current_thread\"`"
                );
                errors.at(paused.span, message);
                self.start_paused = None;
            }
            _ => {}
        }
    }
}

/// Splits at the commas; after a bad argument it goes on behind the next comma.
fn parse_arguments(arguments: TokenStream, errors: &mut Errors) -> Vec<Argument> {
    let mut parsed = Vec::new();
    let parse_all = |input: ParseStream<'_>| {
        while !input.is_empty() {
            match Argument::parse(input) {
                Ok(argument) => parsed.push(argument),
                Err(error) => {
                    errors.push(error);
                    skip_to_comma(input);
                }
            }
            if !input.is_empty() && input.parse::<Token![,]>().is_err() {
                errors.push(input.error("expected `,` between two arguments"));
                skip_to_comma(input);
                let _comma: Option<Token![,]> = input.parse()?;
            }
        }
        Ok(())
    };
    if let Err(error) = parse_all.parse2(arguments) {
        errors.push(error);
    }
    parsed
}

fn skip_to_comma(input: ParseStream<'_>) {
    while !input.is_empty() && !input.peek(Token![,]) {
        // A token tree can always be read while there is input.
        let _skipped = input.parse::<TokenTree>();
    }
}

/// The literal of an argument, or an error that shows the `example`.
fn literal<'a>(argument: &'a Argument, example: &str) -> syn::Result<&'a Lit> {
    let key = argument.key.unraw();
    match &argument.value {
        Some(Expr::Lit(ExprLit { lit, .. })) => Ok(lit),
        Some(other) => {
            Err(syn::Error::new_spanned(other, format!("`{key}` takes a literal, as in `{example}`")))
        }
        None => {
            Err(syn::Error::new(argument.key.span(), format!("`{key}` needs a value, as in `{example}`")))
        }
    }
}

fn parse_flavor(attribute: Attribute, argument: &Argument) -> syn::Result<Flavor> {
    const EXAMPLE: &str = "flavor = \"current_thread\"";
    let Lit::Str(text) = literal(argument, EXAMPLE)? else {
        let message = format!("`flavor` takes a string, as in `{EXAMPLE}`");
        return Err(syn::Error::new(argument.value.span(), message));
    };
    let name = text.value();
    match Flavor::from_name(&name) {
        Some(Flavor::MultiThread) if !attribute.has_multi_thread => Err(syn::Error::new(
            text.span(),
            format!(
                "the flavor `multi_thread` needs the feature `rt-multi-thread` of `{}`; enable it in Cargo.toml",
                attribute.library.package()
            ),
        )),
        Some(flavor) => Ok(flavor),
        None => {
            let near = suggestion(&name, Flavor::NAMES);
            let message =
                format!("there is no flavor `{name}`; the flavors are {}{near}", list(Flavor::NAMES));
            Err(syn::Error::new(text.span(), message))
        }
    }
}

fn parse_worker_threads(argument: &Argument) -> syn::Result<Given<usize>> {
    const EXAMPLE: &str = "worker_threads = 4";
    let Lit::Int(number) = literal(argument, EXAMPLE)? else {
        let message = format!("`worker_threads` takes a whole number, as in `{EXAMPLE}`");
        return Err(syn::Error::new(argument.value.span(), message));
    };
    let span = number.span();
    match number.base10_parse::<usize>() {
        Ok(0) => Err(syn::Error::new(
            span,
            "`worker_threads` must be 1 or more; leave it out for one worker a processor",
        )),
        Ok(value) => Ok(Given { value, span }),
        Err(error) => Err(syn::Error::new(span, format!("`worker_threads`: {error}"))),
    }
}

fn parse_start_paused(argument: &Argument) -> syn::Result<Given<bool>> {
    const EXAMPLE: &str = "start_paused = true";
    match literal(argument, EXAMPLE)? {
        Lit::Bool(paused) => Ok(Given { value: paused.value, span: paused.span() }),
        other => Err(syn::Error::new(
            other.span(),
            format!("`start_paused` takes `true` or `false`, as in `{EXAMPLE}`"),
        )),
    }
}

fn parse_name(argument: &Argument) -> syn::Result<syn::LitStr> {
    const EXAMPLE: &str = "name = \"requests\"";
    match literal(argument, EXAMPLE)? {
        Lit::Str(text) if text.value().trim().is_empty() => Err(syn::Error::new(
            text.span(),
            "the `name` of a runtime must not be empty; leave it out for a runtime without one",
        )),
        Lit::Str(text) => Ok(text.clone()),
        other => Err(syn::Error::new(other.span(), format!("`name` takes a string, as in `{EXAMPLE}`"))),
    }
}

fn parse_facade(argument: &Argument) -> syn::Result<syn::Path> {
    const EXAMPLE: &str = "crate = \"renamed_mini\"";
    let Lit::Str(text) = literal(argument, EXAMPLE)? else {
        let message = format!("`crate` takes a string, as in `{EXAMPLE}`");
        return Err(syn::Error::new(argument.value.span(), message));
    };
    text.parse_with(syn::Path::parse_mod_style).map_err(|_| {
        let message = format!("`{}` is not a path; `crate` takes one, as in `{EXAMPLE}`", text.value());
        syn::Error::new(text.span(), message)
    })
}

fn unknown_key(attribute: Attribute, key: &str, argument: &Argument) -> syn::Error {
    let message = match key {
        "unhandled_panic" => {
            "`unhandled_panic` is not supported: a task's panic is kept for its `JoinHandle`; \
                              await that, and act on `JoinError::is_panic`"
                .to_owned()
        }
        flavor if argument.value.is_none() && Flavor::from_name(flavor).is_some() => {
            format!(
                "a flavor is set by key: `#[{}::{}(flavor = \"{flavor}\")]`",
                attribute.library, attribute.name
            )
        }
        _ => {
            let near = suggestion(key, KEYS);
            let Attribute { library, name, .. } = attribute;
            format!("`#[{library}::{name}]` has no key `{key}`; the keys are {}{near}", list(KEYS))
        }
    };
    syn::Error::new(argument.key.span(), message)
}

#[cfg(test)]
#[path = "settings_tests.rs"]
mod tests;
