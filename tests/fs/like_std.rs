//! Random operations on one of our files and on one of std's: each answers what std's answers.

use std::fs::File as StdFile;
use std::io::{self, Read, Seek, SeekFrom, Write};

use mini::fs::File;
use mini::io::{AsyncReadExt, AsyncSeekExt, AsyncWriteExt};

use crate::support::{on_each_runtime, pattern, poll_once};

/// Numbers that are the same in each run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (self.0 >> 33) % bound
    }
}

/// Reads until the buffer is full or the file ends.
fn read_full(file: &mut StdFile, buf: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    loop {
        match file.read(&mut buf[filled..])? {
            0 => return Ok(filled),
            count => filled += count,
        }
    }
}

/// The two sides, and what they are asked.
struct Sides {
    ours: File,
    std: StdFile,
    numbers: Numbers,
}

impl Sides {
    async fn read(&mut self) -> io::Result<()> {
        let length = [1, 10, 100, 3000, 50_000][self.numbers.below(5) as usize];
        let (mut ours, mut std) = (vec![0; length], vec![0; length]);
        if self.numbers.below(4) == 0 {
            // A read that is given up takes nothing.
            if let std::task::Poll::Ready(count) = poll_once(self.ours.read(&mut ours)).await {
                let count = count?;
                self.std.read_exact(&mut std[..count])?;
                assert!(ours[..count] == std[..count]);
            }
            return Ok(());
        }
        let expected = read_full(&mut self.std, &mut std)?;
        let mut filled = 0;
        while filled < expected {
            filled += self.ours.read(&mut ours[filled..]).await?;
        }
        assert!(ours == std, "{length} bytes");
        if expected < length {
            assert_eq!(self.ours.read(&mut ours).await?, 0, "the end");
        }
        Ok(())
    }

    async fn write(&mut self) -> io::Result<()> {
        let bytes = pattern([1, 10, 100, 3000, 50_000][self.numbers.below(5) as usize]);
        self.std.write_all(&bytes)?;
        self.ours.write_all(&bytes).await
    }

    async fn seek(&mut self) -> io::Result<()> {
        let offset = self.numbers.below(60_000) as i64;
        let position = match self.numbers.below(4) {
            0 => SeekFrom::Start(offset as u64),
            1 => SeekFrom::Current(offset - 30_000),
            2 => SeekFrom::Current(0),
            _ => SeekFrom::End(-offset),
        };
        let (ours, std) = (self.ours.seek(position).await, self.std.seek(position));
        assert_eq!(ours.map_err(|error| error.kind()), std.map_err(|error| error.kind()), "{position:?}");
        Ok(())
    }

    async fn change_length(&mut self) -> io::Result<()> {
        let length = self.numbers.below(100_000);
        self.std.set_len(length)?;
        self.ours.set_len(length).await
    }

    async fn step(&mut self) -> io::Result<()> {
        match self.numbers.below(10) {
            0..4 => self.read().await,
            4..7 => self.write().await,
            7..9 => self.seek().await,
            _ => self.change_length().await,
        }
    }
}

#[test]
fn any_operations_answer_what_std_s_do() {
    on_each_runtime(|| async {
        for seed in 0..15 {
            let dir = tempfile::tempdir()?;
            let (ours_path, std_path) = (dir.path().join("ours"), dir.path().join("std"));
            let mut options = StdFile::options();
            options.read(true).write(true).create(true);
            let mut sides = Sides {
                ours: mini::fs::OpenOptions::from(options.clone()).open(&ours_path).await?,
                std: options.open(&std_path)?,
                numbers: Numbers(seed),
            };
            if seed % 3 == 0 {
                sides.ours.set_max_buf_size(500 + sides.numbers.below(5_000) as usize);
            }
            for _ in 0..60 {
                sides.step().await?;
            }
            sides.ours.flush().await?;
            assert!(std::fs::read(&ours_path)? == std::fs::read(&std_path)?, "seed {seed}");
        }
        Ok(())
    });
}
