//! Directories: large, with odd names, and changing while they are read.

use std::collections::HashSet;
use std::ffi::OsStr;
use std::io::{self, ErrorKind};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::PathBuf;

use mini::fs::{self, ReadDir};

use crate::support::{on_each_runtime, poll_once};

#[test]
fn ten_thousand_entries_come_once_each() {
    on_each_runtime(|| async {
        let dir = tempfile::tempdir()?;
        for number in 0..10_000 {
            std::fs::write(dir.path().join(number.to_string()), "x")?;
        }
        let mut entries = fs::read_dir(dir.path()).await?;
        let mut numbers = HashSet::new();
        while let Some(entry) = entries.next_entry().await? {
            let name = entry.file_name();
            assert_eq!(entry.path(), dir.path().join(&name));
            assert!(entry.file_type().await?.is_file());
            assert!(numbers.insert(name), "twice");
        }
        assert_eq!(numbers.len(), 10_000);
        assert!(entries.next_entry().await?.is_none(), "the end stays the end");

        let mut entries = fs::read_dir_with_metadata(dir.path()).await?;
        let mut total = 0;
        while let Some(entry) = entries.next_entry().await? {
            let metadata = entry.metadata().await?;
            assert_eq!(metadata.ino(), entry.ino());
            total += metadata.len();
        }
        assert_eq!(total, 10_000);
        Ok(())
    });
}

#[test]
fn entries_are_not_lost_with_a_future_that_is_dropped() {
    on_each_runtime(|| async {
        let dir = tempfile::tempdir()?;
        for number in 0..300 {
            std::fs::write(dir.path().join(number.to_string()), "")?;
        }
        let mut entries = fs::read_dir(dir.path()).await?;
        let mut names = HashSet::new();
        loop {
            match poll_once(entries.next_entry()).await {
                std::task::Poll::Ready(entry) => match entry? {
                    Some(entry) => assert!(names.insert(entry.file_name())),
                    None => break,
                },
                std::task::Poll::Pending => mini::task::yield_now().await,
            }
        }
        assert_eq!(names.len(), 300);
        Ok(())
    });
}

#[test]
fn names_need_not_be_utf_8() {
    on_each_runtime(|| async {
        let dir = tempfile::tempdir()?;
        let name = OsStr::from_bytes(b"caf\xe9 \xff\n");
        let path = dir.path().join(name);
        fs::write(&path, "text").await?;
        assert_eq!(fs::read_to_string(&path).await?, "text");
        let entry = fs::read_dir(dir.path()).await?.next_entry().await?.expect("one");
        assert_eq!(entry.file_name(), name);
        assert_eq!(fs::canonicalize(&path).await?.file_name(), Some(name));
        let link = dir.path().join("link");
        fs::symlink(name, &link).await?;
        assert_eq!(fs::read_link(&link).await?.as_os_str(), name);
        assert_eq!(fs::read_to_string(&link).await?, "text");
        fs::rename(&path, dir.path().join("plain")).await?;
        assert!(!fs::try_exists(&link).await?, "the link leads nowhere now");
        assert!(fs::symlink_metadata(&link).await?.is_symlink());
        Ok(())
    });
}

#[test]
fn an_entry_whose_file_is_gone_still_has_its_name() {
    on_each_runtime(|| async {
        let dir = tempfile::tempdir()?;
        let path = dir.path().join("gone");
        std::fs::write(&path, "text")?;
        let entry = fs::read_dir(dir.path()).await?.next_entry().await?.expect("one");
        let with_metadata = fs::read_dir_with_metadata(dir.path()).await?.next_entry().await?.expect("one");
        fs::remove_file(&path).await?;
        assert_eq!(entry.path(), path);
        assert!(entry.file_type().await?.is_file());
        assert_eq!(entry.metadata().await.unwrap_err().kind(), ErrorKind::NotFound);
        assert_eq!(with_metadata.metadata().await?.len(), 4, "as old as the batch");
        Ok(())
    });
}

#[test]
fn a_loop_of_links_is_refused() {
    on_each_runtime(|| async {
        let dir = tempfile::tempdir()?;
        let (one, two) = (dir.path().join("one"), dir.path().join("two"));
        fs::symlink(&one, &two).await?;
        fs::symlink(&two, &one).await?;
        assert!(fs::canonicalize(&one).await.is_err());
        assert!(fs::read(&one).await.is_err());
        assert!(fs::try_exists(&one).await.is_err(), "cannot be told");
        Ok(())
    });
}

/// The files below a directory, with their lengths.
async fn walk(root: PathBuf) -> io::Result<Vec<(PathBuf, u64)>> {
    let mut found = Vec::new();
    let mut pending = vec![root];
    while let Some(dir) = pending.pop() {
        let mut entries: ReadDir = fs::read_dir(&dir).await?;
        while let Some(entry) = entries.next_entry().await? {
            if entry.file_type().await?.is_dir() {
                pending.push(entry.path());
            } else {
                found.push((entry.path(), entry.metadata().await?.len()));
            }
        }
    }
    found.sort();
    Ok(found)
}

#[test]
fn a_tree_is_made_walked_copied_and_removed() {
    on_each_runtime(|| async {
        let dir = tempfile::tempdir()?;
        let root = dir.path().join("root");
        for (number, sub) in ["a/b/c", "a/d", "e"].into_iter().enumerate() {
            let sub = root.join(sub);
            fs::create_dir_all(&sub).await?;
            fs::write(sub.join("file"), vec![0; number]).await?;
            fs::copy(sub.join("file"), sub.join("copy")).await?;
        }
        let found = walk(root.clone()).await?;
        let lengths: Vec<_> = found.iter().map(|(_, length)| *length).collect();
        assert_eq!(lengths, [0, 0, 1, 1, 2, 2]);
        assert!(fs::remove_dir(&root).await.is_err());
        fs::remove_dir_all(&root).await?;
        assert!(!fs::try_exists(&root).await?);
        Ok(())
    });
}
