//! The table of what every public type of files and standard streams can be used for: that this file compiles is the
//! test.

use mini::fs::{self, DirBuilder, DirEntry, File, FileTimes, OpenOptions, ReadDir};
use mini::io::{AsyncReadExt, AsyncSeekExt, AsyncWriteExt, Stderr, Stdin, Stdout};

fn is_free<T: Send + Sync + Unpin>() {}
fn is_sendable(_: impl Send) {}

#[test]
fn every_type_may_be_sent_shared_and_moved() {
    is_free::<File>();
    is_free::<OpenOptions>();
    is_free::<DirBuilder>();
    is_free::<ReadDir>();
    is_free::<DirEntry>();
    is_free::<FileTimes>();
    is_free::<Stdin>();
    is_free::<Stdout>();
    is_free::<Stderr>();
}

#[test]
fn every_operation_can_be_spawned() {
    is_sendable(fs::read("a"));
    is_sendable(fs::write("a", "b"));
    is_sendable(fs::copy("a", "b"));
    is_sendable(fs::read_dir("a"));
    is_sendable(fs::create_dir_all("a"));
    is_sendable(File::open("a"));
    let with_a_file = |mut file: File| async move {
        file.write_all(b"a").await?;
        file.rewind().await?;
        file.read_u8().await?;
        file.set_len(0).await?;
        file.sync_all().await?;
        let file = file.try_clone().await?.into_std().await;
        std::io::Result::Ok(file)
    };
    fn returns_sendable<F: Send>(_: impl Fn(File) -> F) {}
    returns_sendable(with_a_file);
}
