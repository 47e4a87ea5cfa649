//! [`Source`]: a Rust file with its comments and literals blanked, so that rules see code only.
//!
//! Lines keep their numbers and lengths. Test code can be blanked too: what is compiled for tests alone answers
//! to fewer rules.

/// A file, as the rules look at it.
pub(super) struct Source {
    /// From the root, with forward slashes.
    pub(super) path: String,
    /// As it stands in the file.
    pub(super) text: String,
    /// Comments and the insides of literals are spaces.
    pub(super) code: String,
    /// As `code`, with modules that only tests compile blanked too; empty for a file that is such a module.
    pub(super) product: String,
}

impl Source {
    pub(super) fn new(path: String, text: String) -> Self {
        let code = blank_comments_and_literals(&text);
        let product = if is_for_tests(&path) { String::new() } else { blank_test_modules(&code) };
        Self { path, text, code, product }
    }
}

/// By the house's file names: `tests.rs`, `model.rs`, names ending in `_tests.rs`, and anything in a folder
/// `tests`, `benches` or `examples`.
fn is_for_tests(path: &str) -> bool {
    let mut folders: Vec<&str> = path.split('/').collect();
    let file = folders.pop().unwrap_or_default();
    let is_test_folder = |folder: &&str| ["tests", "model", "benches", "examples"].contains(folder);
    ["tests.rs", "model.rs"].contains(&file)
        || file.ends_with("_tests.rs")
        || folders.iter().any(is_test_folder)
}

/// What a scan over source text is inside of.
enum Inside {
    Code,
    LineComment,
    /// With the depth of nesting.
    BlockComment(usize),
    String,
    /// With the number of hashes that end it.
    RawString(usize),
}

fn blank_comments_and_literals(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let at = |index: usize| chars.get(index).copied().unwrap_or('\0');
    let mut code = String::with_capacity(text.len());
    let mut inside = Inside::Code;
    let mut index = 0;
    while index < chars.len() {
        let (step, keep) = match inside {
            Inside::Code => {
                let (next, step, keep) = step_in_code(&chars, index);
                inside = next;
                (step, keep)
            }
            Inside::LineComment => {
                if at(index) == '\n' {
                    inside = Inside::Code;
                }
                (1, false)
            }
            Inside::BlockComment(depth) => match (at(index), at(index + 1)) {
                ('*', '/') => {
                    inside = if depth == 1 { Inside::Code } else { Inside::BlockComment(depth - 1) };
                    (2, false)
                }
                ('/', '*') => {
                    inside = Inside::BlockComment(depth + 1);
                    (2, false)
                }
                _ => (1, false),
            },
            Inside::String => match at(index) {
                '\\' => (2, false),
                '"' => {
                    inside = Inside::Code;
                    (1, true)
                }
                _ => (1, false),
            },
            Inside::RawString(hashes) => {
                if at(index) == '"' && (1..=hashes).all(|offset| at(index + offset) == '#') {
                    inside = Inside::Code;
                    (1 + hashes, false)
                } else {
                    (1, false)
                }
            }
        };
        for &char in chars.iter().skip(index).take(step) {
            code.push(if keep || char == '\n' { char } else { ' ' });
        }
        index += step;
    }
    code
}

/// One step outside comments and literals: what comes next, how many characters it is, whether they are kept.
fn step_in_code(chars: &[char], index: usize) -> (Inside, usize, bool) {
    let at = |index: usize| chars.get(index).copied().unwrap_or('\0');
    let is_word = |char: char| char.is_alphanumeric() || char == '_';
    match (at(index), at(index + 1)) {
        ('/', '/') => (Inside::LineComment, 2, false),
        ('/', '*') => (Inside::BlockComment(1), 2, false),
        ('"', _) => (Inside::String, 1, true),
        // `r"`, `r#"`, `br"`, but neither an identifier that ends in r nor a raw identifier.
        ('r', '"' | '#') if index == 0 || !is_word(at(index - 1)) || at(index - 1) == 'b' => {
            let hashes = (1..).take_while(|offset| at(index + offset) == '#').count();
            match at(index + 1 + hashes) {
                '"' => (Inside::RawString(hashes), 2 + hashes, false),
                _ => (Inside::Code, 1, true),
            }
        }
        ('\'', '\\') => {
            let length = (2..).take_while(|offset| !matches!(at(index + offset), '\'' | '\0')).count();
            // At least `\` and what it escapes, which may itself be a quote.
            (Inside::Code, if at(index + 2) == '\'' { 4 } else { 3 + length }, false)
        }
        ('\'', _) if at(index + 2) == '\'' => (Inside::Code, 3, false),
        _ => (Inside::Code, 1, true),
    }
}

/// A module that only tests compile, as declared: `#[cfg(test)] mod name`.
struct TestModule<'a> {
    name: &'a str,
    /// The byte its attribute starts at.
    start: usize,
    /// The `;` or the opening brace behind its name.
    body: usize,
}

/// The modules whose `cfg` attribute asks for `test`, in order.
fn test_modules(code: &str) -> Vec<TestModule<'_>> {
    let mut modules = Vec::new();
    for (start, _) in code.match_indices("#[cfg(") {
        let Some(end) = code[start..].find(']').map(|offset| start + offset + 1) else { break };
        let attribute = &code[start..end];
        if attribute.contains("not(test") || !words(attribute).any(|(_, word)| word == "test") {
            continue;
        }
        let Some(body) = code[end..].find(['{', ';']).map(|offset| end + offset) else { break };
        let mut item =
            words(&code[end..body]).map(|(_, word)| word).skip_while(|word| *word != "mod").skip(1);
        if let (Some(name), None) = (item.next(), item.next()) {
            modules.push(TestModule { name, start, body });
        }
    }
    modules
}

/// Blanks each module that only tests compile.
fn blank_test_modules(code: &str) -> String {
    let mut product = String::with_capacity(code.len());
    let mut from = 0;
    for module in test_modules(code) {
        if module.start >= from && code[module.body..].starts_with('{') {
            let close = matching_brace(code, module.body);
            product.push_str(&code[from..module.start]);
            product
                .extend(code[module.start..close].chars().map(|char| if char == '\n' { char } else { ' ' }));
            from = close;
        }
    }
    product.push_str(&code[from..]);
    product
}

/// Marks the files that are modules of others for tests alone, whatever they are called.
pub(super) fn mark_test_files(sources: &mut [Source]) {
    let mut stems = Vec::new();
    for source in sources.iter() {
        let (folder, file) = source.path.rsplit_once('/').unwrap_or(("", &source.path));
        let folder = match file {
            "mod.rs" | "lib.rs" | "main.rs" => folder.to_owned(),
            _ => source.path.trim_end_matches(".rs").to_owned(),
        };
        let files = test_modules(&source.code)
            .into_iter()
            .filter(|module| source.code[module.body..].starts_with(';'));
        stems.extend(files.map(|module| format!("{folder}/{}", module.name)));
    }
    for source in sources {
        let is_of = |stem: &String| {
            source.path.strip_prefix(stem.as_str()).is_some_and(|rest| rest.starts_with(['.', '/']))
        };
        if stems.iter().any(is_of) {
            source.product = String::new();
        }
    }
}

/// The byte after the brace that closes the one at `open`, or the end.
pub(super) fn matching_brace(code: &str, open: usize) -> usize {
    let mut depth = 0;
    for (offset, char) in code[open..].char_indices() {
        match char {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return open + offset + 1;
        }
    }
    code.len()
}

/// The identifiers and keywords of `code`, each with the byte it starts at.
pub(super) fn words(code: &str) -> impl Iterator<Item = (usize, &str)> {
    let is_word = |char: char| char.is_alphanumeric() || char == '_';
    let mut from = 0;
    std::iter::from_fn(move || {
        let start = from + code[from..].find(is_word)?;
        let length = code[start..].find(|char| !is_word(char)).unwrap_or(code.len() - start);
        from = start + length;
        Some((start, &code[start..from]))
    })
}

/// The line that byte `at` stands on, counted from 1.
pub(super) fn line_of(code: &str, at: usize) -> usize {
    code[..at].matches('\n').count() + 1
}

/// The body of a function: its name, and the bytes of its braces.
pub(super) struct Body<'a> {
    pub(super) name: &'a str,
    pub(super) start: usize,
    pub(super) end: usize,
}

/// Every function with a body, nested ones too.
pub(super) fn bodies(code: &str) -> Vec<Body<'_>> {
    let all: Vec<(usize, &str)> = words(code).collect();
    let mut bodies = Vec::new();
    for pair in all.windows(2) {
        let [(at, "fn"), (name_at, name)] = *pair else { continue };
        // A function pointer's type has no name between `fn` and its parenthesis.
        if !code[at + 2..name_at].trim().is_empty() {
            continue;
        }
        let mut brackets = 0_i32;
        for (offset, char) in code[name_at..].char_indices() {
            match char {
                '(' | '[' => brackets += 1,
                ')' | ']' => brackets -= 1,
                ';' if brackets == 0 => break,
                '{' if brackets == 0 => {
                    let start = name_at + offset;
                    bodies.push(Body { name, start, end: matching_brace(code, start) });
                    break;
                }
                _ => {}
            }
        }
    }
    bodies
}
