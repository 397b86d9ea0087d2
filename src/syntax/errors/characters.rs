//! Characters that look like others, or like nothing, where code is expected.

use super::super::scan::{self, Mark, MarkKind};
use super::Finding;
use crate::diagnostic::{Diagnostic, Edit, Fix};
use crate::text::{Source, Span};

/// A text worth `check`ing: most have none of these characters.
pub fn suspicious(text: &str) -> bool {
    !text.is_ascii() && text.chars().any(scan::is_odd)
}

/// Every such character in code; a pair of quotes is told once.
pub fn check(source: &Source, marks: &[Mark]) -> Vec<Finding> {
    let mut found: Vec<Finding> = Vec::new();
    let mut quote: Option<usize> = None;
    for mark in marks {
        let MarkKind::Odd(odd) = mark.kind else { continue };
        let (meant, name) = meaning(odd);
        let range = mark.at..mark.at + odd.len_utf8();
        let span = Span::new(range.start as u32, range.end as u32);
        let line = source.line_column(span.lo).line;
        let edit = Edit { span, text: meant.to_owned() };
        let quotes = matches!(meant, "'" | "\"");
        if quotes
            && quote == Some(line)
            && let Some(first) = found.last_mut()
        {
            quote = None;
            first.repairs.push((range, meant.to_owned()));
            if let Some(fix) = &mut first.diagnostic.fix {
                fix.edits.push(edit);
            }
            continue;
        }
        quote = quotes.then_some(line);
        let number = format!("U+{:04X}", odd as u32);
        let (message, help) = if meant.trim().is_empty() {
            let help = "delete it; such characters often come along when text is pasted from a web page";
            (format!("invisible character {number} ({name}) in code"), help.to_string())
        } else {
            (format!("`{odd}` ({number}, {name}) is not `{meant}`"), format!("write `{meant}`"))
        };
        let title = if meant.is_empty() { "delete it".to_string() } else { format!("write `{meant}`") };
        let mut diagnostic =
            Diagnostic::error("syntax::bad-character", message).within(source).label(span, "here").help(help);
        diagnostic.fix = Some(Fix { title, edits: vec![edit] });
        found.push(Finding { diagnostic, repairs: vec![(range, meant.to_owned())] });
    }
    found
}

/// What was meant, and what the character is called.
fn meaning(odd: char) -> (&'static str, &'static str) {
    match odd {
        '\u{2018}'..='\u{201B}' | '\u{B4}' => ("'", "typographic quote"),
        '\u{201C}'..='\u{201F}' | '\u{AB}' | '\u{BB}' => ("\"", "typographic quote"),
        '\u{2010}'..='\u{2015}' => ("-", "dash"),
        '\u{2026}' => ("...", "ellipsis"),
        '\u{A0}' | '\u{202F}' | '\u{3000}' => (" ", "no-break space"),
        '\u{FEFF}' => ("", "byte order mark"),
        _ => ("", "zero-width character"),
    }
}
