//! `connrun connect` on a terminal: what is seen while somebody types, and how it ends when somebody has had enough.

#![cfg(unix)]

use nix::sys::termios::{LocalFlags, SetArg, tcgetattr, tcsetattr};
use rexpect::process::WaitStatus;
use rexpect::session::{PtySession, spawn_command};
use std::fs::File;
use std::path::Path;
use std::process::Command;
use tempfile::TempDir;

const CONNECTOR: &str = "{
  title: 'Terminal',
  connection: {
    fields: [
      { name: 'team', optional: false },
      { name: 'api_key', optional: false, hint: 'Under <b>Account</b> & more.' },
      { name: 'word', control_type: 'password', optional: false, min_length: 6 }
    ]
  },
  test: lambda { |connection| connection }
}
";

/// Nothing here takes so long, in milliseconds.
const PATIENCE: u64 = 60_000;

/// A person before a terminal in which the command runs.
struct Person {
    session: PtySession,
    terminal: File,
    seen: String,
}

impl Person {
    fn before(folder: &Path, arguments: &[&str]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_connrun"));
        command.args(arguments).current_dir(folder).env("NO_COLOR", "1");
        let session = spawn_command(command, Some(PATIENCE)).unwrap();
        let terminal = session.process().get_file_handle().unwrap();
        let mut person = Self { session, terminal, seen: String::new() };
        person.reads("Enter keeps what is in brackets.");
        person.set_echo();
        person
    }

    /// Terminals show what is typed, unless a program asks them not to.
    fn set_echo(&self) {
        let mut modes = tcgetattr(&self.terminal).unwrap();
        modes.local_flags |= LocalFlags::ECHO;
        tcsetattr(&self.terminal, SetArg::TCSANOW, &modes).unwrap();
    }

    fn reads(&mut self, text: &str) {
        let before = self.session.exp_string(text).unwrap_or_else(|error| panic!("{error}\n{}", self.seen));
        self.seen += &before;
        self.seen += text;
    }

    fn types(&mut self, line: &str) {
        self.reads("> ");
        self.session.send_line(line).unwrap();
    }

    /// Types after the terminal was told to show nothing.
    fn types_unseen(&mut self, line: &str) {
        self.reads("> ");
        while tcgetattr(&self.terminal).unwrap().local_flags.contains(LocalFlags::ECHO) {
            std::thread::yield_now();
        }
        self.session.send_line(line).unwrap();
    }

    /// Everything that was seen, and how it ended.
    fn ends(mut self) -> (String, WaitStatus) {
        let rest = self.session.exp_eof().unwrap();
        (self.seen + &rest, self.session.process().wait().unwrap())
    }
}

fn folder() -> TempDir {
    let folder = TempDir::new().unwrap();
    std::fs::write(folder.path().join("t.conn"), CONNECTOR).unwrap();
    folder
}

#[test]
fn secrets_are_not_shown_while_they_are_typed() {
    let folder = folder();
    let mut person = Person::before(folder.path(), &["connect"]);
    person.types("north");
    person.types_unseen("hidden-key-1");
    person.types_unseen("short");
    person.types_unseen("hidden-word-1");
    let (seen, status) = person.ends();
    assert!(matches!(status, WaitStatus::Exited(_, 0)), "{status:?}\n{seen}");
    let saved = std::fs::read_to_string(folder.path().join("settings.yaml")).unwrap();
    assert_eq!(saved, "team: north\napi_key: hidden-key-1\nword: hidden-word-1\n");
    insta::assert_snapshot!(seen.replace('\r', ""), @r"
    Connecting to Terminal. Enter keeps what is in brackets.

    Team
    > north

    Api key
      Under Account & more.
    > 

    Word
    > 
      'word' must have at least 6 characters
    > 
    note: the connection works; saved in settings.yaml
    ");
}

#[test]
fn nothing_is_saved_when_somebody_leaves() {
    for (key, statuses) in [('c', [130, 128 + 2]), ('d', [2, 2])] {
        let folder = folder();
        let mut person = Person::before(folder.path(), &["connect"]);
        person.types("north");
        person.reads("> ");
        while tcgetattr(&person.terminal).unwrap().local_flags.contains(LocalFlags::ECHO) {
            std::thread::yield_now();
        }
        person.session.send_control(key).unwrap();
        let (seen, status) = person.ends();
        let good = match status {
            WaitStatus::Exited(_, code) => statuses.contains(&code),
            WaitStatus::Signaled(_, signal, _) => key == 'c' && signal == nix::sys::signal::Signal::SIGINT,
            _ => false,
        };
        assert!(good, "{status:?}\n{seen}");
        assert!(!folder.path().join("settings.yaml").exists());
    }
}
