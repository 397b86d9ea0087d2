//! What differs between two texts, drawn for a terminal.

use super::paint::Paint;
use similar::{ChangeTag, TextDiff};

/// Lines that went and lines that came, with three around them.
pub fn drawn(before: &str, now: &str, paint: Paint) -> String {
    let mut out = String::new();
    let diff = TextDiff::from_lines(before, now);
    for (at, group) in diff.grouped_ops(3).iter().enumerate() {
        if at > 0 {
            out += &format!("      {}\n", paint.dim("⋯"));
        }
        for change in group.iter().flat_map(|op| diff.iter_changes(op)) {
            let line = change.value().trim_end_matches('\n');
            out += &match change.tag() {
                ChangeTag::Delete => format!("    {}\n", paint.red(&format!("- {line}"))),
                ChangeTag::Insert => format!("    {}\n", paint.green(&format!("+ {line}"))),
                ChangeTag::Equal => format!("      {line}\n"),
            };
        }
    }
    out
}
