//! What is set on a [`Command`]: arguments, environment, folder, standard streams.
//!
//! Each method is std's, and says so by having its name; none starts anything.

use super::Command;
use std::ffi::OsStr;
use std::path::Path;
use std::process::Stdio;

impl Command {
    /// Adds an argument. It reaches the program as it is: no shell is in between.
    ///
    /// ```
    /// use mini_net::process::Command;
    ///
    /// # futures::executor::block_on(async {
    /// let output = Command::new("echo").arg("$HOME; *").output().await?;
    /// assert_eq!(output.stdout, b"$HOME; *\n");
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    pub fn arg<S: AsRef<OsStr>>(&mut self, arg: S) -> &mut Self {
        self.std.arg(arg);
        self
    }

    /// Adds several arguments.
    ///
    /// ```
    /// use mini_net::process::Command;
    ///
    /// # futures::executor::block_on(async {
    /// let output = Command::new("echo").args(["hello", "there"]).output().await?;
    /// assert_eq!(output.stdout, b"hello there\n");
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    pub fn args<I, S>(&mut self, args: I) -> &mut Self
    where
        I: IntoIterator<Item = S>,
        S: AsRef<OsStr>,
    {
        self.std.args(args);
        self
    }

    /// Sets a variable of the environment, over what is inherited.
    ///
    /// ```
    /// use mini_net::process::Command;
    ///
    /// # futures::executor::block_on(async {
    /// let output = Command::new("sh").args(["-c", "echo $WHO"]).env("WHO", "me").output().await?;
    /// assert_eq!(output.stdout, b"me\n");
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    pub fn env<K, V>(&mut self, key: K, val: V) -> &mut Self
    where
        K: AsRef<OsStr>,
        V: AsRef<OsStr>,
    {
        self.std.env(key, val);
        self
    }

    /// Sets several variables of the environment.
    ///
    /// ```
    /// use mini_net::process::Command;
    ///
    /// # futures::executor::block_on(async {
    /// let output = Command::new("sh").args(["-c", "echo $A$B"]).envs([("A", "1"), ("B", "2")]).output().await?;
    /// assert_eq!(output.stdout, b"12\n");
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    pub fn envs<I, K, V>(&mut self, vars: I) -> &mut Self
    where
        I: IntoIterator<Item = (K, V)>,
        K: AsRef<OsStr>,
        V: AsRef<OsStr>,
    {
        self.std.envs(vars);
        self
    }

    /// Takes a variable away, be it set here or inherited.
    ///
    /// ```
    /// use mini_net::process::Command;
    ///
    /// # futures::executor::block_on(async {
    /// let mut command = Command::new("sh");
    /// command.args(["-c", "echo \"<$WHO>\""]).env("WHO", "me").env_remove("WHO");
    /// assert_eq!(command.output().await?.stdout, b"<>\n");
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    pub fn env_remove<K: AsRef<OsStr>>(&mut self, key: K) -> &mut Self {
        self.std.env_remove(key);
        self
    }

    /// Takes all variables away, those set here and those inherited.
    ///
    /// ```
    /// use mini_net::process::Command;
    ///
    /// # futures::executor::block_on(async {
    /// let output = Command::new("/usr/bin/env").env_clear().env("ONLY", "this").output().await?;
    /// assert_eq!(output.stdout, b"ONLY=this\n");
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    pub fn env_clear(&mut self) -> &mut Self {
        self.std.env_clear();
        self
    }

    /// Sets the folder that the process starts in.
    ///
    /// A program with a relative path is looked for in one folder or the other, as the platform has it: name such a
    /// program by its whole path.
    ///
    /// ```
    /// use mini_net::process::Command;
    ///
    /// # futures::executor::block_on(async {
    /// let output = Command::new("pwd").current_dir("/").output().await?;
    /// assert_eq!(output.stdout, b"/\n");
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    pub fn current_dir<P: AsRef<Path>>(&mut self, dir: P) -> &mut Self {
        self.std.current_dir(dir);
        self
    }

    /// Sets the standard input: inherited (by default), piped, nothing, or a file's or another child's.
    ///
    /// ```
    /// use mini_net::process::Command;
    /// use std::process::Stdio;
    ///
    /// # futures::executor::block_on(async {
    /// let mut speaker = Command::new("echo").arg("hello").stdout(Stdio::piped()).spawn()?;
    /// let said: Stdio = speaker.stdout.take().expect("it is piped").try_into()?;
    /// let output = Command::new("tr").args(["a-z", "A-Z"]).stdin(said).output().await?;
    /// assert_eq!(output.stdout, b"HELLO\n");
    /// # speaker.wait().await?;
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    pub fn stdin<T: Into<Stdio>>(&mut self, cfg: T) -> &mut Self {
        self.std.stdin(cfg);
        self
    }

    /// Sets the standard output: inherited (by default), piped, nothing, or a file's or another child's.
    ///
    /// ```
    /// use mini_net::process::Command;
    /// use std::process::Stdio;
    ///
    /// # futures::executor::block_on(async {
    /// let status = Command::new("echo").arg("unheard").stdout(Stdio::null()).status().await?;
    /// assert!(status.success());
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    pub fn stdout<T: Into<Stdio>>(&mut self, cfg: T) -> &mut Self {
        self.std.stdout(cfg);
        self
    }

    /// Sets the standard error: inherited (by default), piped, nothing, or a file's or another child's.
    ///
    /// ```
    /// use mini_net::process::Command;
    /// use std::process::Stdio;
    ///
    /// # futures::executor::block_on(async {
    /// let status = Command::new("ls").arg("/nowhere").stderr(Stdio::null()).status().await?;
    /// assert!(!status.success());
    /// # Ok::<(), std::io::Error>(())
    /// # }).unwrap();
    /// ```
    pub fn stderr<T: Into<Stdio>>(&mut self, cfg: T) -> &mut Self {
        self.std.stderr(cfg);
        self
    }
}
