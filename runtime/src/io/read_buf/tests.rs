//! `ReadBuf` against a model of its three counts, and the readers that abuse it.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use proptest::prelude::*;

use super::*;
use crate::io::AsyncRead;

#[test]
fn a_buffer_over_bytes_is_initialised_throughout() {
    let mut bytes = [1, 2, 3];
    let mut buf = ReadBuf::new(&mut bytes);
    assert_eq!((buf.filled(), buf.initialized(), buf.capacity()), (&[][..], &[1, 2, 3][..], 3));
    buf.set_filled(2);
    assert_eq!(buf.filled_mut(), [1, 2]);
    buf.clear();
    assert_eq!((buf.remaining(), buf.initialized_mut().len()), (3, 3));
}

#[test]
fn initialising_zeroes_only_what_was_never_written() {
    let mut memory = [MaybeUninit::uninit(); 6];
    let mut buf = ReadBuf::uninit(&mut memory);
    buf.put_slice(b"abcd");
    buf.set_filled(1);
    assert_eq!(buf.initialize_unfilled(), b"bcd\0\0");
    assert_eq!(buf.initialized(), b"abcd\0\0");
    assert_eq!(buf.filled(), b"a");
}

#[test]
fn taken_parts_start_where_the_filled_part_ends() {
    let mut memory = [MaybeUninit::uninit(); 6];
    let mut buf = ReadBuf::uninit(&mut memory);
    buf.put_slice(b"abc");
    buf.set_filled(1);
    assert_eq!(buf.take(9).initialized(), b"bc");
    assert_eq!((buf.take(1).capacity(), buf.take(1).initialized()), (1, &b"b"[..]));
    assert_eq!(buf.lend(4, |lent| lent.put_slice(b"xyz")).unwrap(), ());
    assert_eq!(buf.filled(), b"axyz");
}

#[test]
fn a_swapped_buffer_is_refused() {
    let mut memory = [MaybeUninit::uninit(); 4];
    let mut buf = ReadBuf::uninit(&mut memory);
    for limit in [0, 4] {
        let error = buf.lend(limit, |lent| *lent = ReadBuf::new(&mut [])).err();
        // An empty buffer in the place of an empty one tells nothing, and lies about nothing.
        assert!(error.is_some() || limit == 0);
    }
    assert_eq!(buf.filled(), b"");

    struct Swap;
    impl AsyncRead for Swap {
        fn poll_read(
            self: Pin<&mut Self>,
            _: &mut Context<'_>,
            buf: &mut ReadBuf<'_>,
        ) -> Poll<io::Result<()>> {
            *buf = ReadBuf::new(&mut []);
            Poll::Ready(Ok(()))
        }
    }
    let mut vec = Vec::with_capacity(16);
    let mut cx = Context::from_waker(std::task::Waker::noop());
    let Poll::Ready(Err(error)) = poll_read_buf(Pin::new(&mut Swap), &mut cx, &mut vec, 16) else {
        panic!("believed")
    };
    assert_eq!(error.to_string(), "reader put another buffer in the place of the one it was lent");
    assert!(vec.is_empty());
}

#[test]
fn a_full_target_is_not_read_into() {
    let mut bytes = [0; 0];
    let mut target = &mut bytes[..];
    let mut reader: &[u8] = b"abc";
    let mut cx = Context::from_waker(std::task::Waker::noop());
    assert!(matches!(poll_read_buf(Pin::new(&mut reader), &mut cx, &mut target, 9), Poll::Ready(Ok(0))));
    assert_eq!(reader, b"abc");
}

#[test]
fn it_is_a_target_of_the_bytes_crate() {
    let mut memory = [MaybeUninit::uninit(); 8];
    let mut buf = ReadBuf::uninit(&mut memory);
    buf.put_u16(0x6869);
    buf.put_bytes(b'!', 2);
    assert_eq!((buf.filled(), buf.remaining_mut()), (&b"hi!!"[..], 4));
}

#[test]
#[should_panic(expected = "3 bytes do not fit: 2 remain")]
fn too_long_a_slice_panics() {
    ReadBuf::new(&mut [0; 2]).put_slice(b"abc");
}

#[test]
#[should_panic(expected = "1 bytes cannot be filled: only 0 are initialised")]
fn advancing_over_uninitialised_bytes_panics() {
    ReadBuf::uninit(&mut [MaybeUninit::uninit(); 2]).advance(1);
}

#[test]
#[should_panic(expected = "only 2 are initialised")]
fn advancing_by_an_overflowing_amount_panics() {
    let mut bytes = [0; 2];
    let mut buf = ReadBuf::new(&mut bytes);
    buf.advance(1);
    buf.advance(usize::MAX);
}

#[test]
#[should_panic(expected = "5 bytes asked for, 4 remain")]
fn initialising_beyond_the_end_panics() {
    ReadBuf::new(&mut [0; 4]).initialize_unfilled_to(5);
}

#[derive(Debug, Clone)]
enum Step {
    Put(Vec<u8>),
    Initialize(usize),
    SetFilled(usize),
    Lend(usize, Vec<u8>),
    Clear,
}

fn step() -> impl Strategy<Value = Step> {
    let bytes = || prop::collection::vec(1u8.., 0..6);
    prop_oneof![
        bytes().prop_map(Step::Put),
        (0usize..12).prop_map(Step::Initialize),
        (0usize..16).prop_map(Step::SetFilled),
        ((0usize..8), bytes()).prop_map(|(limit, bytes)| Step::Lend(limit, bytes)),
        Just(Step::Clear),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(if cfg!(miri) { 8 } else { 512 }))]

    #[test]
    fn its_parts_match_a_model(steps in prop::collection::vec(step(), 0..24)) {
        let mut memory = [MaybeUninit::uninit(); 16];
        let mut buf = ReadBuf::uninit(&mut memory);
        // The initialised bytes, and how many of them are filled.
        let (mut model, mut filled) = (Vec::<u8>::new(), 0usize);
        let write = |model: &mut Vec<u8>, at: usize, bytes: &[u8]| {
            model.resize(model.len().max(at + bytes.len()), 0);
            model[at..at + bytes.len()].copy_from_slice(bytes);
        };
        for step in steps {
            match step {
                Step::Put(bytes) => {
                    let bytes = &bytes[..bytes.len().min(16 - filled)];
                    buf.put_slice(bytes);
                    write(&mut model, filled, bytes);
                    filled += bytes.len();
                }
                Step::Initialize(length) => {
                    let length = length.min(16 - filled);
                    buf.initialize_unfilled_to(length);
                    model.resize(model.len().max(filled + length), 0);
                }
                Step::SetFilled(length) => {
                    filled = length.min(model.len());
                    buf.set_filled(filled);
                }
                Step::Lend(limit, bytes) => {
                    let room = limit.min(16 - filled);
                    let bytes = &bytes[..bytes.len().min(room)];
                    buf.lend(limit, |lent| {
                        assert_eq!(lent.capacity(), room);
                        lent.put_slice(bytes);
                    }).unwrap();
                    write(&mut model, filled, bytes);
                    filled += bytes.len();
                }
                Step::Clear => {
                    buf.clear();
                    filled = 0;
                }
            }
            prop_assert_eq!(buf.initialized(), &model[..]);
            prop_assert_eq!(buf.filled(), &model[..filled]);
            prop_assert_eq!(buf.remaining(), 16 - filled);
        }
    }
}
