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
    /// Files that belong into the transcript.
    shown: String,
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
        shown: String::new(),
    }
}

impl Run {
    pub fn arg(mut self, argument: &str) -> Self {
        self.args.push(argument.to_owned());
        self
    }

    /// Several arguments, split at blanks.
    pub fn args(mut self, arguments: &str) -> Self {
        self.args.extend(arguments.split_whitespace().map(str::to_owned));
        self
    }

    pub fn file(self, name: &str, text: impl AsRef<[u8]>) -> Self {
        let path = self.folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
        self
    }

    /// A file that the transcript shows, too.
    pub fn shown(mut self, name: &str, text: &str) -> Self {
        self.shown.push_str(&format!("{name}:\n{}\n\n", text.trim_end()));
        self.file(name, text)
    }

    pub fn stdin(mut self, text: &str) -> Self {
        text.clone_into(&mut self.stdin);
        self
    }

    pub fn env(mut self, name: &str, value: &str) -> Self {
        self.env.push((name.to_owned(), value.to_owned()));
        self
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// The command as a person would type it.
    pub fn command(&self) -> String {
        let quoted = self.args.iter().map(|argument| {
            let plain = |c: char| c.is_ascii_alphanumeric() || "-_./=:%".contains(c);
            if argument.chars().all(plain) { argument.clone() } else { format!("'{argument}'") }
        });
        format!("connrun {}", quoted.collect::<Vec<_>>().join(" "))
    }

    /// Files, command and what it printed.
    pub fn transcript(&self) -> String {
        format!("{}$ {}\n{}", self.shown, self.command(), self.run())
    }

    /// Compares the transcript with the snapshot of that name.
    pub fn snapshot(&self, name: &str) {
        snapshot(name, &self.transcript());
    }

    pub fn run(&self) -> Printed {
        self.run_in(self.folder.path())
    }

    /// The same in another folder, such as one that a run before has left.
    pub fn run_in(&self, folder: &Path) -> Printed {
        let mut child = Command::new(env!("CARGO_BIN_EXE_connrun"))
            .args(&self.args)
            .current_dir(folder)
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

/// Compares a text with the snapshot of that name; ports and times are blanked.
pub fn snapshot(name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.add_filter(r"127\.0\.0\.1:\d{4,5}", "127.0.0.1:PORT");
    settings.add_filter(r"\d+\.\d ms", "N ms");
    settings.add_filter(r"( in N ms, [\d.]+ K?M?B)  .*", "$1");
    settings.set_snapshot_path("../snapshots/cli");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, text));
}
