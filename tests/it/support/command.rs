//! Runs the binary as a person would and compares what it prints, literally.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use tempfile::TempDir;

/// One run: files in a folder of its own, arguments, standard input.
pub struct Run {
    folder: TempDir,
    args: Vec<String>,
    stdin: String,
    env: Vec<(String, String)>,
}

/// What a run printed.
pub struct Printed {
    pub stdout: String,
    pub stderr: String,
    pub status: i32,
}

/// Starts a run of `connrun` with these arguments, split at blanks; `args` adds ones with blanks in them.
pub fn connrun(arguments: &str) -> Run {
    Run {
        folder: TempDir::new().unwrap(),
        args: arguments.split_whitespace().map(str::to_owned).collect(),
        stdin: String::new(),
        env: Vec::new(),
    }
}

impl Run {
    pub fn arg(mut self, argument: &str) -> Self {
        self.args.push(argument.to_owned());
        self
    }

    pub fn file(self, name: &str, text: &str) -> Self {
        let path = self.folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
        self
    }

    pub fn stdin(mut self, text: &str) -> Self {
        self.stdin = text.to_owned();
        self
    }

    pub fn env(mut self, name: &str, value: &str) -> Self {
        self.env.push((name.to_owned(), value.to_owned()));
        self
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    pub fn run(&self) -> Printed {
        let mut child = Command::new(env!("CARGO_BIN_EXE_connrun"))
            .args(&self.args)
            .current_dir(self.folder.path())
            .env("NO_COLOR", "1")
            .envs(self.env.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // The command may end without reading.
        let _ = child.stdin.take().unwrap().write_all(self.stdin.as_bytes());
        let output = child.wait_with_output().unwrap();
        Printed {
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
            status: output.status.code().unwrap_or(-1),
        }
    }
}

impl std::fmt::Display for Printed {
    /// All three, for a snapshot.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { stdout, stderr, status } = self;
        write!(f, "status: {status}\n--- stdout\n{stdout}--- stderr\n{stderr}")
    }
}
