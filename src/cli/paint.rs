//! Colours of what commands print, where the terminal shows them. Only the sixteen that every theme sets, so that dark
//! and light ones read alike.

use super::args::{Color, Display};
use std::io::IsTerminal;

/// Paints, or leaves texts as they are.
#[derive(Clone, Copy, Debug, Default)]
pub struct Paint(pub bool);

impl Paint {
    /// For standard output.
    pub fn stdout(display: &Display) -> Self {
        Self::of(display, std::io::stdout().is_terminal())
    }

    /// For standard error.
    pub fn stderr(display: &Display) -> Self {
        Self::of(display, std::io::stderr().is_terminal())
    }

    fn of(display: &Display, terminal: bool) -> Self {
        Self(match display.color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => std::env::var_os("NO_COLOR").is_none() && terminal,
        })
    }

    fn with(self, code: &str, text: &str) -> String {
        if self.0 && !text.is_empty() { format!("\x1b[{code}m{text}\x1b[0m") } else { text.to_owned() }
    }

    pub fn bold(self, text: &str) -> String {
        self.with("1", text)
    }

    pub fn dim(self, text: &str) -> String {
        self.with("2", text)
    }

    pub fn red(self, text: &str) -> String {
        self.with("31", text)
    }

    pub fn green(self, text: &str) -> String {
        self.with("32", text)
    }

    pub fn yellow(self, text: &str) -> String {
        self.with("33", text)
    }

    pub fn blue(self, text: &str) -> String {
        self.with("34", text)
    }

    pub fn magenta(self, text: &str) -> String {
        self.with("35", text)
    }

    pub fn cyan(self, text: &str) -> String {
        self.with("36", text)
    }
}

/// A text that loses its middle where it is longer than that.
pub fn middle(text: &str, most: usize) -> String {
    let characters: Vec<char> = text.chars().collect();
    if characters.len() <= most {
        return text.to_owned();
    }
    let (kept, end) = (most.saturating_sub(1), most / 3);
    let start = characters.iter().take(kept - end.min(kept));
    let rest = characters.iter().skip(characters.len() - end.min(kept));
    start.chain(std::iter::once(&'…')).chain(rest).collect()
}

/// Columns of the terminal; a hundred where there is none.
pub fn width() -> usize {
    let named = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    let asked = || terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
    named.or_else(asked).unwrap_or(100).max(40)
}
