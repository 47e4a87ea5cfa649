//! Finds the known word that a mistyped one was meant to be.
//!
//! Not a spelling checker: with nothing near enough it answers `None`, and the caller lists all known words.
//! Invariant: a known word is its own nearest.

/// The word of `known` that `word` most resembles, if any does.
///
/// A word resembles another when a third of its letters, or fewer, must be edited, or when one contains the
/// other (`threads`, `worker_threads`).
pub(crate) fn nearest<'a>(word: &str, known: &[&'a str]) -> Option<&'a str> {
    let most_edits = (word.len() / 3).max(1);
    known
        .iter()
        .map(|candidate| (edit_distance(word, candidate), *candidate))
        .filter(|(edits, candidate)| *edits <= most_edits || contains_either_way(word, candidate))
        .min_by_key(|(edits, _)| *edits)
        .map(|(_, candidate)| candidate)
}

/// The end of an error message: ``; did you mean `x`?``, or nothing.
pub(crate) fn suggestion(word: &str, known: &[&str]) -> String {
    nearest(word, known).map(|near| format!("; did you mean `{near}`?")).unwrap_or_default()
}

/// ``  `a`, `b` and `c` ``, for error messages.
pub(crate) fn list(words: &[&str]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    match quoted.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
        None => String::new(),
    }
}

/// Words of three letters or fewer are contained in too much to mean anything.
fn contains_either_way(word: &str, candidate: &str) -> bool {
    word.len() > 3 && (candidate.contains(word) || word.contains(candidate))
}

/// Letters to insert, delete or replace to make `from` into `to` (Levenshtein), by rows.
fn edit_distance(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (index, from_letter) in from.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = index + 1;
        for (column, to_letter) in to.iter().enumerate() {
            let replaced = diagonal + usize::from(from_letter != *to_letter);
            diagonal = row[column + 1];
            row[column + 1] = replaced.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row[to.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEYS: &[&str] = &["flavor", "worker_threads", "start_paused", "crate"];

    #[test]
    fn distance_counts_single_letter_edits() {
        assert_eq!(edit_distance("", "abc"), 3);
        assert_eq!(edit_distance("flavour", "flavor"), 1);
        assert_eq!(edit_distance("kitten", "sitting"), 3);
        assert_eq!(edit_distance("same", "same"), 0);
    }

    #[test]
    fn typing_errors_and_old_names_find_their_key() {
        for (typed, meant) in [
            ("flavour", "flavor"),
            ("worker_thread", "worker_threads"),
            ("workers_threads", "worker_threads"),
            ("core_threads", "worker_threads"),
            ("threads", "worker_threads"),
            ("paused", "start_paused"),
            ("crate", "crate"),
        ] {
            assert_eq!(nearest(typed, KEYS), Some(meant), "{typed}");
        }
    }

    #[test]
    fn an_unrelated_word_has_no_nearest() {
        assert_eq!(nearest("banana", KEYS), None);
        assert_eq!(nearest("x", KEYS), None);
        assert_eq!(suggestion("banana", KEYS), "");
    }

    #[test]
    fn lists_read_as_prose() {
        assert_eq!(list(&["a"]), "`a`");
        assert_eq!(list(&["a", "b", "c"]), "`a`, `b` and `c`");
    }
}
