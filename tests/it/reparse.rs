//! Reading again after an edit: the same tree and the same findings as from the start, for a fraction of the work.

#[path = "../../benches/support/connector.rs"]
mod connector;

use crate::support::random::Random;
use connrun::check::Config;
use connrun::diagnostic::Diagnostic;
use connrun::editor::Document;
use connrun::format::{self, Options};
use connrun::syntax::{self, Parsed};
use connrun::text::Source;
use std::path::Path;

fn told(finding: &Diagnostic) -> String {
    let Diagnostic { code, message, labels, help, fix, choices, .. } = finding;
    format!("{code} {message} {labels:?} {help:?} {fix:?} {choices:?}")
}

/// Everything that is known of a text.
fn shown(parsed: &Parsed) -> String {
    let findings: Vec<String> = parsed.diagnostics.iter().map(told).collect();
    format!("{findings:#?}\n{:?}\n{:?}", parsed.repaired, parsed.file)
}

/// Does something to a text that a hand may do.
fn edit(text: &mut String, random: &mut Random) {
    let mut at = random.below(text.len() + 1);
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    let line = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
    let next = text[at..].find('\n').map_or(text.len(), |length| at + length + 1);
    match random.below(4) {
        0 => text.replace_range(line..next, ""),
        1 => {
            let copy = text[line..next].to_owned();
            text.insert_str(line, &copy);
        }
        2 => text.insert_str(at, ["}", "{", "end", "'", ",", " do", "(", "\n", "#", "x"][random.below(10)]),
        _ => {
            let length = text[at..].chars().take(1 + random.below(3)).map(char::len_utf8).sum::<usize>();
            text.replace_range(at..at + length, "");
        }
    }
}

fn texts() -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut texts = vec![connector::generate(12 << 10)];
    for folder in ["tests/conformance/broken", "connectors"] {
        for entry in std::fs::read_dir(root.join(folder)).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|extension| extension == "conn") {
                texts.push(std::fs::read_to_string(path).unwrap());
            }
        }
    }
    texts
}

#[test]
fn edits_lead_to_what_a_fresh_reading_finds() {
    let mut random = Random::new(7);
    for original in texts() {
        let mut text = original.clone();
        let mut source = Source::new("a.conn", text.clone());
        let mut parsed = syntax::reparse(&source, None);
        assert_eq!(shown(&parsed), shown(&syntax::parse(&source)));
        for step in 0..8 {
            if step % 3 == 2 {
                text.clone_from(&original);
            } else {
                edit(&mut text, &mut random);
            }
            let next = Source::new("a.conn", text.clone());
            parsed = syntax::reparse(&next, Some((source, parsed)));
            source = next;
            let fresh = syntax::parse(&source);
            assert!(shown(&parsed) == shown(&fresh), "step {step} of\n{text}\n{}", shown(&fresh));
        }
    }
}

/// What is kept of the parts of a text that did not change is what looking at them again would find.
#[test]
fn edits_lead_to_what_a_fresh_check_finds() {
    let shown = |document: &Document| format!("{:#?}", document.findings().iter().map(told).collect::<Vec<_>>());
    let mut random = Random::new(11);
    for original in texts() {
        let mut text = original.clone();
        let mut document = Document::new(Source::new("a.conn", text.clone()));
        for step in 0..4 {
            if step % 3 == 2 {
                text.clone_from(&original);
            } else {
                edit(&mut text, &mut random);
            }
            let source = Source::new("a.conn", text.clone());
            let fresh = shown(&Document::new(source.clone()));
            document = Document::after(Some(document), source, Config::default());
            assert!(shown(&document) == fresh, "step {step} of\n{text}\n{}\n{fresh}", shown(&document));
            let (again, anew) = (document.formatted(), format::format(&document.source, Options::default()));
            assert!(again.as_ref().ok() == anew.as_ref().ok(), "step {step} of\n{text}\n{again:?}\n{anew:?}");
        }
    }
}

/// Ten thousand lines: what the grammar is given after an edit, in percent of the text.
#[test]
fn an_edit_costs_what_it_touches() {
    let text = connector::generate(560 << 10);
    assert!(text.lines().count() > 10_000);
    let source = Source::new("a.conn", text.clone());
    let place = |after: &str| {
        let middle = text.len() / 2;
        middle + text[middle..].find(after).unwrap() + after.len()
    };
    let mut before = Some((source.clone(), syntax::reparse(&source, None)));
    for (after, inserted, errors, most) in [
        ("hash[key", ".x", 0, 10),
        ("title: 'Update", "'", 1, 25),
        ("value == ''", " {", 1, 25),
        ("items'].present?", " end", 1, 25),
        ("      end,\n", "      )\n", 1, 25),
        ("if response", ")", 1, 25),
    ] {
        let mut broken = text.clone();
        broken.insert_str(place(after), inserted);
        let broken = Source::new("a.conn", broken);
        let parsed = syntax::reparse(&broken, before.take());
        let cost = parsed.effort * 100 / text.len();
        assert_eq!(usize::from(!parsed.diagnostics.is_empty()), errors, "{inserted}");
        assert!(cost <= most, "{inserted} after {after}: {cost} %");
        let mended = syntax::reparse(&source, Some((broken, parsed)));
        let cost = mended.effort * 100 / text.len();
        assert!(mended.is_valid() && cost <= 10, "mending {inserted} after {after}: {cost} %");
        before = Some((source.clone(), mended));
    }
}

/// Two hundred mistakes: the grammar is not asked more often for each.
#[test]
fn many_mistakes_cost_little_more_than_one() {
    let text = connector::generate(200 << 10);
    let lines: Vec<&str> = text.lines().collect();
    let every = lines.len() / 200;
    let broken: Vec<&str> = lines
        .iter()
        .enumerate()
        .map(|(at, line)| if at % every == 0 { &line[..line.len() / 2] } else { line })
        .collect();
    let source = Source::new("a.conn", broken.join("\n"));
    let parsed = syntax::parse(&source);
    assert!(!parsed.is_valid());
    let times = parsed.effort / text.len();
    assert!(times <= 40, "the text was read {times} times");
}
