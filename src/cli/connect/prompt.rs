//! Questions and answers on a terminal, or lines of standard input where there is none.

use crate::cli::failure::Failure;
use std::io::{IsTerminal, Write};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, Instant};

/// Where questions go and answers come from.
pub struct Prompt {
    /// Nobody is there to answer.
    pub silent: bool,
    terminal: bool,
    inbox: Option<Inbox>,
}

/// What arrives while a login is waited for. From then on lines are read here only: standard input has one reader.
struct Inbox {
    sender: Sender<Came>,
    receiver: Receiver<Came>,
    ended: bool,
}

pub enum Came {
    /// A browser asked for this address.
    Visitor(String),
    /// Somebody typed this.
    Line(String),
    /// Nobody will type any more.
    End,
}

impl Prompt {
    pub fn new(silent: bool) -> Self {
        Self { silent, terminal: std::io::stdin().is_terminal(), inbox: None }
    }

    /// Questions go to standard error: standard output is for results.
    pub fn say(&mut self, text: &str) {
        if self.silent {
            return;
        }
        // A question that cannot be put is answered by the end of the input.
        let mut out = std::io::stderr().lock();
        let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    }

    /// The answer, without blanks around it; a secret is not shown while it is typed. Errors: the input has ended.
    pub fn answer(&mut self, question: &str, secret: bool) -> Result<String, Failure> {
        if secret && self.terminal && self.inbox.is_some() {
            // Whoever listens for a pasted address reads the terminal already.
            self.say("  It is shown while you type.\n");
        }
        self.say("> ");
        let answer = if self.inbox.is_some() {
            self.typed()
        } else if secret && self.terminal {
            Some(rpassword::read_password().map_err(|error| unreadable(question, &error.to_string()))?)
        } else {
            let mut line = String::new();
            let read = std::io::stdin().read_line(&mut line);
            (read.map_err(|error| unreadable(question, &error.to_string()))? > 0).then_some(line)
        };
        let Some(answer) = answer else {
            self.say("\n\n");
            return Err(unreadable(question, "it has ended"));
        };
        if !self.terminal {
            // What a terminal would have shown.
            self.say("\n");
        }
        Ok(answer.trim().to_owned())
    }

    /// Where visitors are announced.
    pub fn door(&mut self) -> Sender<Came> {
        self.inbox().sender.clone()
    }

    /// What a visitor brings, or what somebody types, whichever comes first; `None` when nobody comes. Without a `door`
    /// there is nothing but the input, and no hurry.
    pub fn wait(&mut self, has_door: bool, most: Duration) -> Option<String> {
        let until = Instant::now() + most;
        let inbox = self.inbox();
        loop {
            let came = if has_door {
                inbox.receiver.recv_timeout(until.saturating_duration_since(Instant::now())).ok()
            } else if inbox.ended {
                None
            } else {
                inbox.receiver.recv().ok()
            };
            match came? {
                Came::Visitor(address) => return Some(address),
                Came::Line(line) if !line.trim().is_empty() => return Some(line.trim().to_owned()),
                Came::Line(_) => {}
                Came::End => inbox.ended = true,
            }
        }
    }

    /// The next line; a visitor now comes too late.
    fn typed(&mut self) -> Option<String> {
        let inbox = self.inbox();
        while !inbox.ended {
            match inbox.receiver.recv().ok()? {
                Came::Line(line) => return Some(line),
                Came::Visitor(_) => {}
                Came::End => inbox.ended = true,
            }
        }
        None
    }

    fn inbox(&mut self) -> &mut Inbox {
        self.inbox.get_or_insert_with(|| {
            let (sender, receiver) = channel();
            let lines = sender.clone();
            std::thread::spawn(move || {
                for line in std::io::stdin().lines().map_while(Result::ok) {
                    if lines.send(Came::Line(line)).is_err() {
                        return;
                    }
                }
                // Nobody waits any more: then it does not matter.
                let _ = lines.send(Came::End);
            });
            Inbox { sender, receiver, ended: false }
        })
    }
}

fn unreadable(question: &str, reason: &str) -> Failure {
    Failure::usage("usage::input", format!("'{question}' has no answer: the input cannot be read, {reason}"))
        .help("answer on a terminal, give a line for each question, or set it with `--set` and `--non-interactive`")
}
