//! Where and why a text is no JSON.

/// A text that is no JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JsonError {
    /// In the words of Ruby's parser, since connectors show and match them.
    pub message: String,
    /// 1-based.
    pub line: u32,
    /// 1-based, in characters.
    pub column: u32,
    /// Nested deeper than allowed: another exception class.
    pub too_deep: bool,
}

impl JsonError {
    pub(super) fn new(message: String, text: &[u8], at: usize) -> Self {
        let before = &text[..at.min(text.len())];
        let line = before.iter().filter(|byte| **byte == b'\n').count() as u32 + 1;
        let start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |newline| newline + 1);
        let column = String::from_utf8_lossy(&before[start..]).chars().count() as u32 + 1;
        Self { message, line, column, too_deep: false }
    }

    pub(super) fn too_deep(depth: usize, text: &[u8], at: usize) -> Self {
        Self { too_deep: true, ..Self::new(format!("nesting of {depth} is too deep"), text, at) }
    }
}

impl std::fmt::Display for JsonError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} (line {}, column {})", self.message, self.line, self.column)
    }
}

impl std::error::Error for JsonError {}
