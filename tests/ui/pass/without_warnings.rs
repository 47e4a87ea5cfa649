//! No expansion makes the compiler warn.
#![deny(warnings, unsafe_code)]
#![forbid(unsafe_op_in_unsafe_fn)]

#[mini::main]
async fn main() {
    let one = async { Some(String::from("one")) };
    let text = mini::select! {
        Some(mut text) = one => {
            text.push('!');
            text
        }
        text = async { String::from("two") }, if false => text,
    };
    assert_eq!(text, "one!");
    let (a, b) = mini::join!(async { 1 }, async { 2 });
    let c: Result<(i32,), ()> = mini::try_join!(async { Ok(a + b) });
    mini::pin! {
        let three = async { 3 };
    }
    assert_eq!(c, Ok((three.await,)));
}
