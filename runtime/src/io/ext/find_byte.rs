//! Where a byte first occurs in a slice.
//!
//! Not as fast as the `memchr` crate on long slices, but written so that the compiler vectorises the blocks:
//! a loop that may leave at each byte is not. One dependency less for a search that the copy after it outweighs.

/// Bytes compared at once: two SSE2 registers, the least that every 64-bit target has.
const BLOCK: usize = 32;

/// The index of the first `needle`.
#[inline]
pub(super) fn find_byte(needle: u8, haystack: &[u8]) -> Option<usize> {
    let is_needle = |byte: &u8| *byte == needle;
    let blocks = haystack.chunks_exact(BLOCK);
    let tail = blocks.remainder();
    for (index, block) in blocks.enumerate() {
        // No early exit inside a block: that is what lets it be compared at once.
        if block.iter().fold(false, |found, byte| found | is_needle(byte)) {
            return block.iter().position(is_needle).map(|offset| index * BLOCK + offset);
        }
    }
    tail.iter().position(is_needle).map(|offset| haystack.len() - tail.len() + offset)
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn it_finds_the_first_at_every_place_and_length() {
        let step = if cfg!(miri) { BLOCK - 1 } else { 1 };
        for length in (0..=3 * BLOCK + 1).step_by(step) {
            let mut bytes = vec![0u8; length];
            assert_eq!(find_byte(1, &bytes), None);
            for place in (0..length).rev() {
                bytes[place] = 1;
                assert_eq!(find_byte(1, &bytes), Some(place), "of {length}");
            }
        }
    }
}
