//! Control structures as other languages write them: `if (x) {`, `} else {`, `try {`, `} catch (e) {`.

use super::super::recover::Repair;
use super::super::scan::{Mark, MarkKind};
use super::Finding;
use crate::diagnostic::Diagnostic;
use crate::text::{Source, Span};

/// Each such structure, told once at its head.
pub fn check(source: &Source, marks: &[Mark]) -> Vec<Finding> {
    let text = source.text();
    let mut found: Vec<Finding> = Vec::new();
    for (open, close) in braces(marks) {
        let Some(head) = Head::of(text, open) else { continue };
        let mut repairs = head.repairs(text, open);
        if let Some(close) = close {
            let goes_on = text.get(close + 1..).and_then(first_word).is_some_and(|word| FOLLOWERS.contains(&word));
            repairs.push((close..close + 1, if goes_on { " " } else { "end" }.to_string()));
        }
        if FOLLOWERS.contains(&head.word)
            && let Some(first) = found.last_mut()
        {
            first.repairs.extend(repairs);
        } else {
            found.push(Finding { diagnostic: head.tell(source, open), repairs });
        }
    }
    found
}

/// Braces in order of their openers, each with what closes it if only braces are counted.
fn braces(marks: &[Mark]) -> Vec<(usize, Option<usize>)> {
    let mut pairs: Vec<(usize, Option<usize>)> = Vec::new();
    let mut open = Vec::new();
    for mark in marks {
        match mark.kind {
            MarkKind::Open(b'}') => {
                open.push(pairs.len());
                pairs.push((mark.at, None));
            }
            MarkKind::Close(b'}') => {
                if let Some(pair) = open.pop().and_then(|at| pairs.get_mut(at)) {
                    pair.1 = Some(mark.at);
                }
            }
            _ => {}
        }
    }
    pairs
}

const FOLLOWERS: [&str; 5] = ["else", "elsif", "catch", "finally", "rescue"];
const HEADS: [&str; 8] = ["if", "unless", "while", "for", "foreach", "try", "switch", "function"];

/// The words before a brace that ends its line.
struct Head<'t> {
    word: &'t str,
    /// Where the word stands.
    at: usize,
    rest: &'t str,
}

impl<'t> Head<'t> {
    fn of(text: &'t str, open: usize) -> Option<Self> {
        let start = text.get(..open)?.rfind('\n').map_or(0, |newline| newline + 1);
        let line = text.get(start..open)?;
        let inner = line.trim_start().trim_start_matches('}').trim_start();
        let word = first_word(inner)?;
        let rest = inner.get(word.len()..)?.trim();
        let alone = text.get(open + 1..)?.split('\n').next()?.trim().is_empty();
        let known = FOLLOWERS.contains(&word) && line.trim_start().starts_with(['}', 'e', 'c', 'f'])
            || HEADS.contains(&word) && (rest.starts_with('(') && rest.ends_with(')') || word == "try");
        let follower_fits =
            !FOLLOWERS.contains(&word) || rest.is_empty() || rest.starts_with('(') || rest.starts_with("if");
        (known && follower_fits && alone).then(|| Self { word, at: start + line.len() - inner.len(), rest })
    }

    /// The same head as it is written here, up to and with the brace.
    fn repairs(&self, text: &str, open: usize) -> Vec<Repair> {
        let condition = self.rest.trim_start_matches("if").trim();
        let name = condition.trim_matches(['(', ')']).split_whitespace().last().unwrap_or("error");
        let written = match self.word {
            "try" => "begin".to_string(),
            "catch" => format!("rescue => {name}"),
            "finally" => "ensure".to_string(),
            "else" if self.rest.starts_with("if") => format!("elsif {condition}"),
            "switch" | "function" | "for" | "foreach" => "begin".to_string(),
            word => format!("{word} {condition}"),
        };
        let length = text.get(self.at..=open).map_or(0, str::len);
        vec![(self.at..self.at + length, written)]
    }

    fn tell(&self, source: &Source, open: usize) -> Diagnostic {
        let word = self.word;
        let at = Span::new(self.at as u32, (self.at + word.len()) as u32);
        let brace = Span::new(open as u32, open as u32 + 1);
        let (span, message, help) = match word {
            "try" | "catch" | "finally" => {
                (at, "there is no `try … catch` here".to_string(), "write `begin … rescue => e … end`".to_string())
            }
            "switch" => (at, "there is no `switch` here".to_string(), "write `case … when … end`".to_string()),
            "for" | "foreach" | "function" => (
                at,
                format!("`{word} (…) {{ … }}` is not how this is written here"),
                if word == "function" {
                    "write `lambda do |x| … end`"
                } else {
                    "write `list.each do |item| … end`"
                }
                .to_string(),
            ),
            _ => (
                brace,
                format!("`{word}` takes no `{{`: its body ends with `end`"),
                format!("write `{word} {}` and `end` instead of the braces", self.rest.trim_matches(['(', ')'])),
            ),
        };
        Diagnostic::error("syntax::foreign-syntax", message).within(source).label(span, "here").help(help)
    }
}

fn first_word(text: &str) -> Option<&str> {
    let text = text.trim_start();
    let end = text.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(text.len());
    text.get(..end).filter(|word| !word.is_empty())
}
