//! [`Token`]: the number by which an event of the poll finds its registration again.
//!
//! Never a pointer: an event that was in flight while its socket was dropped must find nothing, not freed
//! memory. Invariant: two registrations that share a slab key have different generations, until the generation
//! wraps (2^32 registrations on 64-bit targets, 2^12 on 32-bit ones).

/// Low half: slab key. High half: generation.
const KEY_BITS: u32 = if usize::BITS == 64 { 32 } else { 20 };
const KEY_MASK: usize = (1 << KEY_BITS) - 1;

/// A slab key and the generation of the registration that holds it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Token(usize);

impl Token {
    /// Ends a poll; belongs to no registration.
    pub(crate) const WAKE: Self = Self(KEY_MASK);
    /// The largest key a registration may have.
    pub(crate) const MAX_KEY: usize = KEY_MASK - 1;

    /// Packs a key of at most [`MAX_KEY`](Self::MAX_KEY); of the generation, what fits is kept.
    pub(crate) fn new(key: usize, generation: u32) -> Self {
        debug_assert!(key <= Self::MAX_KEY);
        Self((generation as usize) << KEY_BITS | key)
    }

    /// The slab key.
    pub(crate) fn key(self) -> usize {
        self.0 & KEY_MASK
    }
}

impl From<Token> for mio::Token {
    fn from(token: Token) -> Self {
        Self(token.0)
    }
}

impl From<mio::Token> for Token {
    fn from(token: mio::Token) -> Self {
        Self(token.0)
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_token_goes_through_mio_and_back(key in 0..=Token::MAX_KEY, generation: u32) {
            let token = Token::new(key, generation);
            prop_assert_eq!(Token::from(mio::Token::from(token)), token);
            prop_assert_eq!(token.key(), key);
            prop_assert!(token != Token::WAKE);
            prop_assert_ne!(token, Token::new(key, generation.wrapping_add(1)));
        }
    }
}
