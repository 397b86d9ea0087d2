//! Completion against what people wrote: a name is taken out of a text, the editor is asked what may stand there, and the
//! answer is compared with what stood there.

use connrun::check::Config;
use connrun::editor::{self, Document, Symbol, TokenKind};
use connrun::text::{Source, Span};
use std::collections::HashMap;

/// What was taken out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum What {
    /// A key with its value.
    Entry,
    /// A key whose value stays.
    Key,
    /// The name in `call('…')`, `pick_list: '…'`, `object_definitions['…']`.
    Mention,
    /// The name in `input['…']`.
    Input,
    /// The name in `connection['…']`.
    Connection,
}

struct Case {
    what: What,
    /// What goes, and the name in it.
    gone: Span,
    name: String,
}

/// Of so many questions, how often the answer was the first, and how often among the first five.
#[derive(Clone, Copy, Debug, Default)]
pub struct Score {
    pub asked: usize,
    pub first: usize,
    pub five: usize,
}

/// By what was taken out, and how many of its letters were left.
pub type Scores = HashMap<(What, usize), Score>;

/// So many letters are left in turn.
pub const LETTERS: usize = 3;

/// Hears what was taken out, how much of it was left, what it was and what was proposed.
pub type Missed<'m> = &'m mut dyn FnMut(What, usize, &str, &[String]);

/// Asks at up to `most` places of each kind. `missed` hears of what was not among the first.
pub fn replay(text: &str, most: usize, scores: &mut Scores, missed: Missed) {
    let mut document = Document::new(Source::new("a.conn", text));
    if !document.parsed.is_valid() {
        return;
    }
    for case in chosen(cases(&document), most) {
        for letters in 0..LETTERS.min(case.name.len()) {
            let Some(left) = case.name.get(..letters) else { continue };
            let before = &text[..case.gone.lo as usize];
            let after = &text[case.gone.hi as usize..];
            let source = Source::new("a.conn", [before, left, after].concat());
            document = Document::after(Some(document), source, Config::default());
            let items = editor::complete(&document, case.gone.lo as usize + letters);
            let labels: Vec<String> =
                items.into_iter().map(|item| item.label).filter(|label| label.starts_with(left)).collect();
            let rank = labels.iter().position(|label| *label == case.name);
            let score = scores.entry((case.what, letters)).or_default();
            score.asked += 1;
            score.first += usize::from(rank == Some(0));
            score.five += usize::from(rank.is_some_and(|rank| rank < 5));
            if rank != Some(0) {
                missed(case.what, letters, &case.name, &labels);
            }
        }
    }
}

/// Evenly over the text.
fn chosen(cases: Vec<Case>, most: usize) -> Vec<Case> {
    let mut counts: HashMap<What, usize> = HashMap::new();
    for case in &cases {
        *counts.entry(case.what).or_default() += 1;
    }
    let mut seen: HashMap<What, usize> = HashMap::new();
    let mut keep = |case: &Case| {
        let (all, at) = (counts[&case.what], seen.entry(case.what).or_default());
        *at += 1;
        *at * most / all != (*at - 1) * most / all || all <= most
    };
    cases.into_iter().filter(|case| keep(case)).collect()
}

fn cases(document: &Document) -> Vec<Case> {
    let text = document.source.text();
    let mut found = Vec::new();
    let mut entries = HashMap::new();
    spans(&editor::symbols(document), &mut entries);
    for token in editor::tokens(document) {
        let name = document.source.slice(token.span).to_owned();
        match token.kind {
            TokenKind::Keyword => {
                let Some(entry) = entries.get(&token.span.lo) else { continue };
                let comma = u32::from(text[entry.hi as usize..].starts_with(','));
                let whole = Span::new(entry.lo, entry.hi + comma);
                // Names that authors choose for themselves cannot be known.
                if depth(document, token.span) != 2 {
                    found.push(Case { what: What::Entry, gone: whole, name: name.clone() });
                    found.push(Case { what: What::Key, gone: token.span, name });
                }
            }
            TokenKind::Reference => found.push(Case { what: What::Mention, gone: token.span, name }),
            _ => {}
        }
    }
    for (start, what) in [("input['", What::Input), ("connection['", What::Connection)] {
        for (at, _) in text.match_indices(start) {
            let lo = at + start.len();
            let own = !text[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_');
            let Some(length) = text[lo..].find('\'').filter(|length| own && *length > 0) else { continue };
            let name = text[lo..lo + length].to_owned();
            if name.chars().all(|c| c.is_alphanumeric() || c == '_') {
                found.push(Case { what, gone: Span::new(lo as u32, (lo + length) as u32), name });
            }
        }
    }
    found
}

fn spans(symbols: &[Symbol], found: &mut HashMap<u32, Span>) {
    for symbol in symbols {
        found.insert(symbol.name_span.lo, symbol.span);
        spans(&symbol.children, found);
    }
}

/// How many entries are around a key, itself included.
fn depth(document: &Document, key: Span) -> usize {
    fn around(symbols: &[Symbol], key: Span) -> usize {
        let inside = symbols.iter().find(|symbol| symbol.span.lo <= key.lo && key.hi <= symbol.span.hi);
        inside.map_or(0, |symbol| 1 + around(&symbol.children, key))
    }
    let symbols = editor::symbols(document);
    let section = symbols.iter().find(|symbol| symbol.span.lo <= key.lo && key.hi <= symbol.span.hi);
    // In the connection no name is free.
    let free = section.is_some_and(|section| !matches!(section.name.as_str(), "connection" | "webhook_keys"));
    let depth = around(&symbols, key);
    if depth == 2 && !free { 1 } else { depth }
}
