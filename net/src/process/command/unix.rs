//! What a [`Command`] on Unix has besides: whose the process is, its group, and the name it goes by.
//!
//! Each method is of std's `CommandExt`.

use super::Command;
use std::ffi::OsStr;
use std::os::unix::process::CommandExt;

impl Command {
    /// Sets the user that the process runs as, by number; starting it fails if that is not allowed.
    ///
    /// ```
    /// use mini_net::process::Command;
    ///
    /// # futures::executor::block_on(async {
    /// let own = Command::new("id").arg("-u").output().await?.stdout;
    /// let number = String::from_utf8_lossy(&own).trim().parse().expect("a number");
    /// assert_eq!(Command::new("id").arg("-u").uid(number).output().await?.stdout, own);
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    pub fn uid(&mut self, id: u32) -> &mut Self {
        self.std.uid(id);
        self
    }

    /// Sets the group that the process runs as, by number; starting it fails if that is not allowed.
    ///
    /// ```
    /// use mini_net::process::Command;
    ///
    /// # futures::executor::block_on(async {
    /// let own = Command::new("id").arg("-g").output().await?.stdout;
    /// let number = String::from_utf8_lossy(&own).trim().parse().expect("a number");
    /// assert_eq!(Command::new("id").arg("-g").gid(number).output().await?.stdout, own);
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    pub fn gid(&mut self, id: u32) -> &mut Self {
        self.std.gid(id);
        self
    }

    /// Sets the name that the program is told it was called by; by default it is the program's.
    ///
    /// ```
    /// use mini_net::process::Command;
    ///
    /// # futures::executor::block_on(async {
    /// let output = Command::new("sh").arg0("me").args(["-c", "echo $0"]).output().await?;
    /// assert_eq!(output.stdout, b"me\n");
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    pub fn arg0<S: AsRef<OsStr>>(&mut self, arg: S) -> &mut Self {
        self.std.arg0(arg);
        self
    }

    /// Sets the process group; 0 makes a new one with the process's own number, so that a signal to the group reaches
    /// the process and those that it starts, and one from the terminal does not.
    ///
    /// ```
    /// use mini_net::process::Command;
    ///
    /// # futures::executor::block_on(async {
    /// let mut child = Command::new("sh").args(["-c", "sleep 600 & wait"]).process_group(0).spawn()?;
    /// let group = child.id().expect("not reaped").to_string();
    /// Command::new("kill").args(["-9", "--", &format!("-{group}")]).status().await?;
    /// assert!(!child.wait().await?.success());
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    pub fn process_group(&mut self, pgroup: i32) -> &mut Self {
        self.std.process_group(pgroup);
        self
    }
}
