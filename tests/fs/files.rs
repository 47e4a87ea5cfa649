//! One file: read ahead, gathered writes, what is dropped half-way.

use std::io::{self, IoSlice, Read, SeekFrom, Write};
use std::thread;

use mini::fs::{self, File, OpenOptions};
use mini::io::{AsyncBufReadExt, AsyncReadExt, AsyncSeekExt, AsyncWriteExt, BufReader, BufWriter};

use crate::support::{on_each_runtime, pattern, pipe_to_read, pipe_to_write, poll_once};

#[test]
fn a_large_file_is_the_same_in_pieces_of_any_size() {
    let bytes = pattern(3_000_001);
    on_each_runtime(|| async {
        let named = tempfile::NamedTempFile::new()?;
        fs::write(named.path(), &bytes).await?;
        for piece in [1000, 8192, 700_000, 4_000_000] {
            let mut file = File::open(named.path()).await?;
            let mut read = Vec::new();
            let mut buf = vec![0; piece];
            loop {
                let count = file.read(&mut buf).await?;
                if count == 0 {
                    break;
                }
                read.extend_from_slice(&buf[..count]);
            }
            assert!(read == bytes, "in pieces of {piece}");
            assert_eq!(file.read(&mut buf).await?, 0, "the end stays the end");
        }
        let mut file = File::open(named.path()).await?;
        let mut read = Vec::new();
        file.read_to_end(&mut read).await?;
        assert!(read == bytes);
        Ok(())
    });
}

#[test]
fn what_is_appended_after_the_end_was_read_is_read_next() {
    on_each_runtime(|| async {
        let mut named = tempfile::NamedTempFile::new()?;
        let mut file = File::open(named.path()).await?;
        for round in 0..5 {
            let mut text = String::new();
            named.write_all(format!("line {round}\n").as_bytes())?;
            file.read_to_string(&mut text).await?;
            assert_eq!(text, format!("line {round}\n"));
        }
        Ok(())
    });
}

#[test]
fn many_small_writes_arrive_in_order() {
    on_each_runtime(|| async {
        let dir = tempfile::tempdir()?;
        let path = dir.path().join("numbers");
        let mut expected = String::new();
        let mut file = File::create(&path).await?;
        // Less room than a line, now and then.
        for (round, max) in [2 * 1024 * 1024, 7, 1].into_iter().enumerate() {
            file.set_max_buf_size(max);
            for number in 0..1000 {
                let line = format!("{round}: {number}\n");
                file.write_all(line.as_bytes()).await?;
                expected += &line;
            }
        }
        file.flush().await?;
        assert_eq!(std::fs::read_to_string(&path)?, expected);
        Ok(())
    });
}

#[test]
fn a_vectored_write_takes_its_buffers_in_order_up_to_the_limit() {
    on_each_runtime(|| async {
        let dir = tempfile::tempdir()?;
        let mut file = File::create(dir.path().join("file")).await?;
        let bufs = [IoSlice::new(b""), IoSlice::new(b"abc"), IoSlice::new(b"defg")];
        assert_eq!(file.write_vectored(&bufs).await?, 7);
        file.flush().await?;
        file.set_max_buf_size(5);
        assert_eq!(file.write_vectored(&bufs).await?, 5);
        assert_eq!(file.write(b"").await?, 0);
        file.flush().await?;
        assert_eq!(std::fs::read(dir.path().join("file"))?, b"abcdefgabcde");
        Ok(())
    });
}

#[test]
fn a_writer_waits_for_room_and_is_woken_when_there_is_some() {
    on_each_runtime(|| async {
        let bytes = pattern(1_000_000);
        let (mut file, mut reading) = pipe_to_write();
        file.set_max_buf_size(10_000);
        let reader = thread::spawn(move || {
            let mut read = Vec::new();
            reading.read_to_end(&mut read).map(|_| read)
        });
        file.write_all(&bytes).await?;
        file.flush().await?;
        drop(file);
        assert!(reader.join().expect("no panic")? == bytes);
        Ok(())
    });
}

#[test]
fn a_pipe_without_room_holds_up_its_writer_and_nobody_else() {
    on_each_runtime(|| async {
        let (mut file, mut reading) = pipe_to_write();
        file.set_max_buf_size(100_000);
        // More than the pipe and two buffers hold.
        let bytes = pattern(1_000_000);
        let mut accepted = 0;
        while let std::task::Poll::Ready(count) = poll_once(file.write(&bytes[accepted..])).await {
            accepted += count?;
        }
        assert!(accepted < 400_000, "{accepted} bytes in memory");
        let other = tempfile::NamedTempFile::new()?;
        fs::write(other.path(), "text").await?;
        let reader = thread::spawn(move || {
            let mut read = Vec::new();
            reading.read_to_end(&mut read).map(|_| read)
        });
        file.write_all(&bytes[accepted..]).await?;
        file.shutdown().await?;
        drop(file);
        assert!(reader.join().expect("no panic")? == bytes);
        Ok(())
    });
}

#[test]
fn a_read_that_was_given_up_loses_nothing() {
    on_each_runtime(|| async {
        let (mut file, mut writing) = pipe_to_read();
        assert!(poll_once(file.read(&mut [0; 3])).await.is_pending());
        writing.write_all(b"abcdef")?;
        drop(writing);
        let mut text = String::new();
        file.read_to_string(&mut text).await?;
        assert_eq!(text, "abcdef");
        Ok(())
    });
}

#[test]
fn a_pipe_is_never_read_further_than_asked() {
    on_each_runtime(|| async {
        let (reading, mut writing) = crate::support::pipe();
        writing.write_all(b"abcdefghij")?;
        // By its name in procfs the pipe is opened here, so that it counts as private.
        let path = format!("/proc/self/fd/{}", std::os::fd::AsRawFd::as_raw_fd(&reading));
        let mut file = File::open(path).await?;
        let mut pair = [0; 2];
        for expected in [b"ab", b"cd", b"ef"] {
            file.read_exact(&mut pair).await?;
            assert_eq!(&pair, expected);
        }
        drop(writing);
        let mut rest = String::new();
        (&reading).read_to_string(&mut rest)?;
        assert_eq!(rest, "ghij");
        Ok(())
    });
}

#[test]
fn a_seek_sees_what_was_written_and_read_before_it() {
    on_each_runtime(|| async {
        let dir = tempfile::tempdir()?;
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true);
        let mut file = options.open(dir.path().join("file")).await?;
        file.write_all(b"0123456789").await?;
        assert_eq!(file.seek(SeekFrom::End(-3)).await?, 7);
        assert_eq!(file.read_u8().await?, b'7');
        assert_eq!(file.stream_position().await?, 8);
        assert_eq!(file.seek(SeekFrom::Current(-2)).await?, 6);
        file.write_all(b"six").await?;
        assert_eq!(file.read_u8().await?, b'9');
        assert!(file.seek(SeekFrom::Current(-100)).await.is_err());
        assert_eq!(file.stream_position().await?, 10, "a seek that is refused moves nothing");
        assert!(file.seek(SeekFrom::Current(i64::MIN)).await.is_err());
        assert_eq!(file.rewind().await?, 0);
        let mut text = String::new();
        file.read_to_string(&mut text).await?;
        assert_eq!(text, "012345six9");
        Ok(())
    });
}

#[test]
fn a_seek_may_follow_what_was_read_ahead_however_far() {
    on_each_runtime(|| async {
        let named = tempfile::NamedTempFile::new()?;
        std::fs::write(named.path(), pattern(100_000))?;
        let mut file = File::open(named.path()).await?;
        for _ in 0..4 {
            file.read_exact(&mut [0; 100]).await?;
        }
        // Far ahead by now: the sum of the two offsets has no name.
        assert!(file.seek(SeekFrom::Current(i64::MIN)).await.is_err());
        assert_eq!(file.stream_position().await?, 400);
        assert_eq!(file.seek(SeekFrom::Current(1 << 40)).await?, 400 + (1 << 40));
        Ok(())
    });
}

#[test]
fn buffered_readers_and_writers_go_through_a_file() {
    on_each_runtime(|| async {
        let dir = tempfile::tempdir()?;
        let path = dir.path().join("lines");
        let mut writer = BufWriter::new(File::create(&path).await?);
        for number in 0..10_000 {
            writer.write_all(format!("{number}\n").as_bytes()).await?;
        }
        writer.shutdown().await?;
        let mut lines = BufReader::new(File::open(&path).await?).lines();
        let mut count = 0;
        while let Some(line) = lines.next_line().await? {
            assert_eq!(line, count.to_string());
            count += 1;
        }
        assert_eq!(count, 10_000);
        Ok(())
    });
}

#[test]
fn a_change_of_length_comes_after_the_writes_before_it() {
    on_each_runtime(|| async {
        let dir = tempfile::tempdir()?;
        let mut options = OpenOptions::new();
        let mut file = options.read(true).write(true).create(true).open(dir.path().join("file")).await?;
        file.write_all(&[7; 10_000]).await?;
        file.set_len(5_000).await?;
        assert_eq!(file.metadata().await?.len(), 5_000);
        assert_eq!(file.stream_position().await?, 10_000);
        file.write_all(b"x").await?;
        file.flush().await?;
        let contents = std::fs::read(dir.path().join("file"))?;
        assert_eq!(
            (contents.len(), contents[4_999], contents[5_000], contents[10_000]),
            (10_001, 7, 0, b'x')
        );
        Ok(())
    });
}

#[test]
fn a_hundred_tasks_with_a_file_each() {
    on_each_runtime(|| async {
        let dir = tempfile::tempdir()?;
        let mut tasks = mini::task::JoinSet::new();
        for number in 0..100_usize {
            let path = dir.path().join(number.to_string());
            tasks.spawn(async move {
                let mut file = File::options().read(true).write(true).create(true).open(path).await?;
                for _ in 0..20 {
                    file.write_all(&pattern(number * 10)).await?;
                }
                file.rewind().await?;
                let mut read = Vec::new();
                file.read_to_end(&mut read).await?;
                assert_eq!(read, pattern(number * 10).repeat(20));
                io::Result::Ok(())
            });
        }
        while let Some(ended) = tasks.join_next().await {
            ended.expect("no panic")?;
        }
        Ok(())
    });
}
