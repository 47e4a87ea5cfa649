//! One position that several have: clones, descriptors, std's file.

use std::fs::File as StdFile;
use std::io::{self, Read, Seek, Write};
use std::os::fd::{AsFd, AsRawFd, OwnedFd};

use mini::fs::File;
use mini::io::{AsyncReadExt, AsyncWriteExt};

use crate::support::{on_each_runtime, pattern, pipe_to_read, poll_once};

/// A file that has been read ahead: the user is at 400, the OS is not.
async fn read_ahead() -> io::Result<(File, tempfile::NamedTempFile)> {
    let named = tempfile::NamedTempFile::new()?;
    std::fs::write(named.path(), pattern(100_000))?;
    let mut file = File::open(named.path()).await?;
    for _ in 0..4 {
        file.read_exact(&mut [0; 100]).await?;
    }
    Ok((file, named))
}

#[test]
fn std_s_file_is_where_the_user_was() {
    on_each_runtime(|| async {
        let (file, _named) = read_ahead().await?;
        assert_eq!(file.into_std().await.stream_position()?, 400);
        let (file, _named) = read_ahead().await?;
        assert_eq!(file.try_into_std().expect("nothing is under way").stream_position()?, 400);
        Ok(())
    });
}

#[test]
fn whoever_is_shown_the_descriptor_sees_the_user_s_position() {
    on_each_runtime(|| async {
        let (mut file, _named) = read_ahead().await?;
        let mut shared = StdFile::from(file.as_fd().try_clone_to_owned()?);
        assert_eq!(shared.stream_position()?, 400);
        let mut bytes = [0; 10];
        for round in 0..5 {
            file.read_exact(&mut bytes).await?;
            assert_eq!(bytes, pattern(100_000)[400 + round * 20..][..10]);
            shared.read_exact(&mut bytes)?;
            assert_eq!(bytes, pattern(100_000)[410 + round * 20..][..10]);
        }
        let (file, _named) = read_ahead().await?;
        let path = format!("/proc/self/fdinfo/{}", file.as_raw_fd());
        assert!(std::fs::read_to_string(path)?.starts_with("pos:\t400\n"));
        Ok(())
    });
}

#[test]
fn two_clones_take_turns_at_one_position() {
    on_each_runtime(|| async {
        let (mut one, _named) = read_ahead().await?;
        one.set_max_buf_size(50);
        let mut two = one.try_clone().await?;
        assert_eq!(two.max_buf_size(), 50);
        let mut bytes = [0; 10];
        for round in 0..5 {
            one.read_exact(&mut bytes).await?;
            assert_eq!(bytes, pattern(100_000)[400 + round * 20..][..10]);
            two.read_exact(&mut bytes).await?;
            assert_eq!(bytes, pattern(100_000)[410 + round * 20..][..10]);
        }
        Ok(())
    });
}

#[test]
fn a_clone_comes_after_the_writes_before_it() {
    on_each_runtime(|| async {
        let dir = tempfile::tempdir()?;
        let mut one = File::create(dir.path().join("file")).await?;
        one.write_all(b"one ").await?;
        let mut two = one.try_clone().await?;
        two.write_all(b"two").await?;
        two.flush().await?;
        assert_eq!(std::fs::read(dir.path().join("file"))?, b"one two");
        Ok(())
    });
}

#[test]
fn std_s_file_comes_after_the_writes_before_it() {
    on_each_runtime(|| async {
        let dir = tempfile::tempdir()?;
        let mut file = File::create(dir.path().join("file")).await?;
        file.write_all(b"one ").await?;
        file.into_std().await.write_all(b"two")?;
        assert_eq!(std::fs::read(dir.path().join("file"))?, b"one two");
        Ok(())
    });
}

#[test]
fn what_is_under_way_keeps_the_file_from_becoming_std_s_at_once() {
    on_each_runtime(|| async {
        let (mut file, mut writing) = pipe_to_read();
        assert!(poll_once(file.read(&mut [0; 4])).await.is_pending());
        let file = file.try_into_std().expect_err("a read is under way");
        writing.write_all(b"text")?;
        file.into_std().await;
        Ok(())
    });
}

#[test]
fn a_sync_that_was_given_up_does_not_keep_std_s_file_away() {
    on_each_runtime(|| async {
        for _ in 0..50 {
            let file = tempfile::NamedTempFile::new()?;
            let file = File::create(file.path()).await?;
            let _ = poll_once(file.sync_all()).await;
            assert!(file.into_std().await.metadata()?.is_file());
        }
        Ok(())
    });
}

#[test]
fn a_descriptor_becomes_a_file() {
    on_each_runtime(|| async {
        let named = tempfile::NamedTempFile::new()?;
        std::fs::write(named.path(), "text")?;
        let owned = OwnedFd::from(StdFile::open(named.path())?);
        let mut text = String::new();
        File::from(owned).read_to_string(&mut text).await?;
        assert_eq!(text, "text");
        Ok(())
    });
}
