//! What the OS refuses comes back as its own error, the path with it where it is asked for.

use std::error::Error;
use std::io::{self, ErrorKind};
use std::os::unix::fs::PermissionsExt;

use mini::fs::{self, AtPath, File, OpenOptions};
use mini::io::{AsyncReadExt, AsyncSeekExt, AsyncWriteExt};

use crate::support::{on_each_runtime, pipe_to_read};

const ENOENT: i32 = 2;
const EISDIR: i32 = 21;
const ENOSPC: i32 = 28;
const ESPIPE: i32 = 29;

/// The error's kind and the OS's number.
fn refused<T>(result: io::Result<T>) -> (ErrorKind, Option<i32>) {
    match result {
        Ok(_) => panic!("not refused"),
        Err(error) => (error.kind(), error.raw_os_error()),
    }
}

#[test]
fn what_is_missing_is_not_found() {
    on_each_runtime(|| async {
        let dir = tempfile::tempdir()?;
        let path = &dir.path().join("missing");
        let missing = (ErrorKind::NotFound, Some(ENOENT));
        assert_eq!(refused(File::open(path).await), missing);
        assert_eq!(refused(File::create(path.join("below")).await), missing);
        assert_eq!(refused(fs::read(path).await), missing);
        assert_eq!(refused(fs::read_to_string(path).await), missing);
        assert_eq!(refused(fs::read_dir(path).await), missing);
        assert_eq!(refused(fs::read_link(path).await), missing);
        assert_eq!(refused(fs::metadata(path).await), missing);
        assert_eq!(refused(fs::symlink_metadata(path).await), missing);
        assert_eq!(refused(fs::canonicalize(path).await), missing);
        assert_eq!(refused(fs::rename(path, dir.path().join("new")).await), missing);
        assert_eq!(refused(fs::hard_link(path, dir.path().join("new")).await), missing);
        assert_eq!(refused(fs::remove_file(path).await), missing);
        assert_eq!(refused(fs::remove_dir(path).await), missing);
        assert_eq!(refused(fs::remove_dir_all(path).await), missing);
        assert_eq!(refused(fs::create_dir(path.join("below")).await), missing);
        assert_eq!(refused(fs::write(path.join("below"), "x").await), missing);
        // std opens `from` itself and names what it wants of it.
        assert_eq!(fs::copy(path, dir.path().join("new")).await.unwrap_err().kind(), ErrorKind::NotFound);
        assert_eq!(refused(fs::set_permissions(path, std::fs::Permissions::from_mode(0o600)).await), missing);
        Ok(())
    });
}

#[test]
fn what_is_forbidden_even_to_root_is_permission_denied() {
    on_each_runtime(|| async {
        let kind = |result: io::Result<()>| refused(result).0;
        assert_eq!(kind(fs::remove_file("/proc/version").await), ErrorKind::PermissionDenied);
        assert_eq!(kind(fs::create_dir("/sys/new").await), ErrorKind::PermissionDenied);
        assert_eq!(kind(fs::remove_dir("/proc/1").await), ErrorKind::PermissionDenied);
        assert_eq!(kind(fs::write("/sys/new", "x").await), ErrorKind::PermissionDenied);
        assert_eq!(kind(File::create("/sys/new").await.map(drop)), ErrorKind::PermissionDenied);
        assert_eq!(kind(File::create_new("/sys/new").await.map(drop)), ErrorKind::PermissionDenied);
        let permissions = std::fs::Permissions::from_mode(0o777);
        assert_eq!(
            kind(fs::set_permissions("/proc/self/maps", permissions).await),
            ErrorKind::PermissionDenied
        );
        Ok(())
    });
}

#[test]
fn a_path_is_added_where_it_is_asked_for() {
    on_each_runtime(|| async {
        let path = "/nowhere/at/all";
        let error = File::open(path).await.at_path(path).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::NotFound);
        assert!(error.to_string().contains(path), "{error}");
        let source = error.get_ref().and_then(Error::source).and_then(<dyn Error>::downcast_ref::<io::Error>);
        assert_eq!(source.and_then(io::Error::raw_os_error), Some(ENOENT));
        Ok(())
    });
}

#[test]
fn a_full_disk_is_reported_by_what_comes_after_the_write() {
    on_each_runtime(|| async {
        let full = (ErrorKind::StorageFull, Some(ENOSPC));
        assert_eq!(refused(fs::write("/dev/full", "text").await), full);
        let open = || async { OpenOptions::new().read(true).write(true).open("/dev/full").await };

        let mut file = open().await?;
        file.write_all(b"text").await?;
        assert_eq!(refused(file.flush().await), full);
        file.flush().await.expect("an error is reported once");

        let mut file = open().await?;
        file.write_all(b"text").await?;
        assert_eq!(refused(file.shutdown().await), full);

        let mut file = open().await?;
        file.write_all(b"text").await?;
        assert_eq!(refused(file.sync_all().await), full, "what is not written is not on the disk");

        let mut file = open().await?;
        file.write_all(b"text").await?;
        file.read_exact(&mut [0; 8]).await.expect("reads are not to blame");
        file.rewind().await.expect("nor are seeks");
        assert_eq!(refused(file.write(b"text").await), full);

        // Whatever the writer's pace, it learns of the error before the end.
        let mut file = open().await?;
        file.set_max_buf_size(16);
        let written = async {
            for _ in 0..1000 {
                file.write_all(b"sixteen bytes...").await?;
            }
            file.flush().await
        };
        assert_eq!(refused(written.await), full);
        Ok(())
    });
}

#[test]
fn a_directory_is_no_file() {
    on_each_runtime(|| async {
        let dir = tempfile::tempdir()?;
        let is_directory = (ErrorKind::IsADirectory, Some(EISDIR));
        assert_eq!(refused(File::create(dir.path()).await), is_directory);
        assert_eq!(refused(fs::read(dir.path()).await), is_directory);
        assert_eq!(refused(fs::write(dir.path(), "x").await), is_directory);
        let mut file = File::open(dir.path()).await?;
        assert!(file.metadata().await?.is_dir());
        for _ in 0..3 {
            assert_eq!(refused(file.read(&mut [0; 8]).await), is_directory);
        }
        std::fs::write(dir.path().join("file"), "")?;
        assert_eq!(refused(fs::read_dir(dir.path().join("file")).await).0, ErrorKind::NotADirectory);
        assert_eq!(refused(fs::remove_dir(dir.path()).await).0, ErrorKind::DirectoryNotEmpty);
        Ok(())
    });
}

#[test]
fn a_pipe_cannot_be_sought_and_can_be_read_after() {
    on_each_runtime(|| async {
        let (mut file, writing) = pipe_to_read();
        assert_eq!(refused(file.seek(io::SeekFrom::Start(1)).await).1, Some(ESPIPE));
        io::Write::write_all(&mut &writing, b"text")?;
        drop(writing);
        let mut text = String::new();
        file.read_to_string(&mut text).await?;
        assert_eq!(text, "text");
        Ok(())
    });
}

#[test]
fn a_file_that_is_not_open_for_it_is_neither_read_nor_written() {
    on_each_runtime(|| async {
        let named = tempfile::NamedTempFile::new()?;
        std::fs::write(named.path(), "text")?;
        let mut reading = File::open(named.path()).await?;
        reading.write_all(b"x").await?;
        assert!(reading.flush().await.is_err());
        assert_eq!(reading.read_u8().await?, b't', "and goes on reading");
        assert!(reading.set_len(0).await.is_err());
        let mut writing = OpenOptions::new().write(true).open(named.path()).await?;
        assert!(writing.read(&mut [0]).await.is_err());
        writing.write_all(b"n").await?;
        writing.flush().await?;
        assert_eq!(std::fs::read(named.path())?, b"next");
        Ok(())
    });
}

#[test]
fn outside_a_runtime_the_panic_names_the_cure() {
    let panic = std::panic::catch_unwind(|| futures::executor::block_on(fs::read("/dev/null"))).unwrap_err();
    let message = panic.downcast_ref::<String>().expect("a message");
    assert!(message.contains("#[mini::main]"), "{message}");
}
