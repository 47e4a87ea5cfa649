//! A request, as it stands in the bytes: an array of strings, or the words of a line that somebody types.
//!
//! Nothing is set aside on the strength of a length that was announced. The invariant: [`parse`] consumes whole
//! requests only.

use bytes::{Bytes, BytesMut};

/// The words of a request; the first is the command.
pub(crate) type Request = Vec<Bytes>;

/// The longest request, and the longest string.
const MOST_BYTES: usize = 16 << 20;
/// The longest line.
const MOST_LINE_BYTES: usize = 64 << 10;
/// The most strings of an array.
const MOST_WORDS: usize = 1 << 16;

/// Takes the first request out of `bytes`, or nothing while it is not all there. The error is told to the client.
pub(crate) fn parse(bytes: &mut BytesMut) -> Result<Option<Request>, &'static str> {
    let Some(request) = (match bytes.first() {
        Some(b'*') => spans_of_array(bytes)?,
        Some(_) => spans_of_line(bytes)?,
        None => None,
    }) else {
        return if bytes.len() > MOST_BYTES { Err("too big request") } else { Ok(None) };
    };
    let all = bytes.split_to(request.end).freeze();
    Ok(Some(request.words.into_iter().map(|(start, end)| all.slice(start..end)).collect()))
}

/// Where the words of a request stand, and where it ends.
struct Spans {
    words: Vec<(usize, usize)>,
    end: usize,
}

fn spans_of_line(bytes: &[u8]) -> Result<Option<Spans>, &'static str> {
    let Some((line, end)) = line(bytes, 0)? else { return Ok(None) };
    let mut words = Vec::new();
    let mut start = 0;
    for word in line.split(|byte| byte.is_ascii_whitespace()) {
        if !word.is_empty() {
            words.push((start, start + word.len()));
        }
        start += word.len() + 1;
    }
    Ok(Some(Spans { words, end }))
}

fn spans_of_array(bytes: &[u8]) -> Result<Option<Spans>, &'static str> {
    let Some((count, mut at)) = number(bytes, 0, b'*')? else { return Ok(None) };
    if count > MOST_WORDS {
        return Err("invalid multibulk length");
    }
    let mut words = Vec::new();
    for _ in 0..count {
        let Some((length, start)) = number(bytes, at, b'$')? else { return Ok(None) };
        if length > MOST_BYTES {
            return Err("invalid bulk length");
        }
        let end = start + length;
        match bytes.get(end..end + 2) {
            None => return Ok(None),
            Some(b"\r\n") => words.push((start, end)),
            Some(_) => return Err("a string is longer than its length"),
        }
        at = end + 2;
    }
    Ok(Some(Spans { words, end: at }))
}

/// The number behind a mark, and where the next line begins.
fn number(bytes: &[u8], at: usize, mark: u8) -> Result<Option<(usize, usize)>, &'static str> {
    let Some((line, end)) = line(bytes, at)? else { return Ok(None) };
    let digits = line.strip_prefix(&[mark]).ok_or("expected a length")?;
    let digits = std::str::from_utf8(digits).map_err(|_| "a length is a number")?;
    Ok(Some((digits.parse().map_err(|_| "a length is a number")?, end)))
}

/// The line at `at`, and where the next one begins.
fn line(bytes: &[u8], at: usize) -> Result<Option<(&[u8], usize)>, &'static str> {
    let rest = bytes.get(at..).unwrap_or_default();
    let Some(length) = rest.iter().position(|byte| *byte == b'\n') else {
        return if rest.len() > MOST_LINE_BYTES { Err("too big inline request") } else { Ok(None) };
    };
    let line = &rest[..length];
    Ok(Some((line.strip_suffix(b"\r").unwrap_or(line), at + length + 1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse_all(text: &[u8]) -> Result<Vec<Vec<Bytes>>, &'static str> {
        let (mut bytes, mut requests) = (BytesMut::from(text), Vec::new());
        while let Some(request) = parse(&mut bytes)? {
            requests.push(request);
        }
        assert!(requests.is_empty() == (bytes.len() == text.len()), "a part was consumed");
        Ok(requests)
    }

    #[test]
    fn requests_are_arrays_or_lines() {
        let text = b"*2\r\n$3\r\nGET\r\n$4\r\na\r\nb\r\nPING  hello\n\r\n*0\r\n*1\r\n$0\r\n\r\n";
        let words = |words: &[&'static str]| words.iter().copied().map(Bytes::from).collect::<Vec<_>>();
        let expected = [words(&["GET", "a\r\nb"]), words(&["PING", "hello"]), vec![], vec![], words(&[""])];
        assert_eq!(parse_all(text).unwrap(), expected);
    }

    #[test]
    fn a_request_that_is_not_all_there_is_left() {
        let text = b"*2\r\n$3\r\nGET\r\n$1\r\na\r\n";
        for length in 0..text.len() {
            assert_eq!(parse_all(&text[..length]), Ok(vec![]), "{length}");
        }
    }

    #[test]
    fn what_is_no_request_is_an_error() {
        for text in [
            &b"*x\r\n"[..],
            b"*-1\r\n",
            b"*99999999999\r\n",
            b"*1\r\nGET\r\n",
            b"*1\r\n$99999999999\r\n",
            b"*1\r\n$99999999999999999999999\r\n",
            b"*1\r\n$1\r\nabc",
            &[b'x'; MOST_LINE_BYTES + 1],
        ] {
            assert!(parse_all(text).is_err(), "{text:?}");
        }
    }
}
