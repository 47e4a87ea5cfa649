//! What a task may carry besides its future: a [`Label`], which is nothing or a [`Name`].
//!
//! Not the task's id, which is its address.

/// See the head of this file.
pub(crate) trait Label: Send + Sync + 'static {
    /// The task's name.
    fn name(&self) -> Option<&str>;
}

impl Label for () {
    fn name(&self) -> Option<&str> {
        None
    }
}

/// How long a name may be to lie within the task's own allocation.
const SHORT_MAX: usize = 14;

/// A task's name. Two words: with a short one, a task with a small future takes 96 bytes of glibc's heap.
#[derive(Debug)]
pub(crate) enum Name {
    /// The first `length` bytes of `text`, which are UTF-8.
    Short { length: u8, text: [u8; SHORT_MAX] },
    /// Boxed twice to be one word.
    Long(Box<Box<str>>),
}

impl From<&str> for Name {
    fn from(name: &str) -> Self {
        let mut text = [0; SHORT_MAX];
        match text.get_mut(..name.len()) {
            Some(start) => {
                start.copy_from_slice(name.as_bytes());
                Self::Short { length: name.len() as u8, text }
            }
            None => Self::Long(Box::new(name.into())),
        }
    }
}

impl Label for Name {
    fn name(&self) -> Option<&str> {
        match self {
            Self::Short { length, text } => std::str::from_utf8(&text[..usize::from(*length)]).ok(),
            Self::Long(name) => Some(name),
        }
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn names_of_every_length_come_back() {
        for length in 0..40 {
            let name: String = "ábcdéfgh".chars().cycle().take(length).collect();
            assert_eq!(Name::from(&*name).name(), Some(&*name));
        }
    }

    #[test]
    fn a_name_is_two_words() {
        assert_eq!(size_of::<Name>(), 16);
    }
}
