//! Questions and answers on a terminal, or lines of standard input where there is none.

use crate::cli::failure::Failure;
use std::io::{IsTerminal, Write};

/// Where questions go and answers come from.
pub struct Prompt {
    /// Nobody is there to answer.
    pub silent: bool,
    terminal: bool,
}

impl Prompt {
    pub fn new(silent: bool) -> Self {
        Self { silent, terminal: std::io::stdin().is_terminal() }
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
        self.say("> ");
        let answer = if secret && self.terminal {
            rpassword::read_password().map_err(|error| unreadable(question, &error.to_string()))?
        } else {
            let mut line = String::new();
            let read = std::io::stdin().read_line(&mut line);
            match read {
                Ok(0) => {
                    self.say("\n\n");
                    return Err(unreadable(question, "it has ended"));
                }
                Ok(_) => line,
                Err(error) => return Err(unreadable(question, &error.to_string())),
            }
        };
        if !self.terminal {
            // What a terminal would have shown.
            self.say("\n");
        }
        Ok(answer.trim().to_owned())
    }
}

fn unreadable(question: &str, reason: &str) -> Failure {
    Failure::usage("usage::input", format!("'{question}' has no answer: the input cannot be read, {reason}"))
        .help("answer on a terminal, give a line for each question, or set it with `--set` and `--non-interactive`")
}
