//! Completion proposes what people wrote, and answers in broken texts.

#[path = "../../benches/support/replay.rs"]
mod deleting;

use connrun::editor::{self, Document};
use connrun::text::Source;
use deleting::{Scores, What};
use std::path::Path;

/// The connectors of a folder of the project.
fn texts(folder: &str) -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "conn"));
    paths.sort();
    paths.iter().map(|path| std::fs::read_to_string(path).unwrap()).collect()
}

/// So many of a hundred, by what is taken out and how many of its letters are left.
#[test]
fn what_was_written_is_proposed() {
    let mut scores = Scores::new();
    let mut missed = Vec::new();
    for text in texts("connectors") {
        deleting::replay(&text, 4, &mut scores, &mut |what, letters, wanted, got| {
            missed.push(format!("{what:?} {letters} {wanted}: {:?}", got.iter().take(6).collect::<Vec<_>>()));
        });
    }
    for (what, letters, first, five) in
        [(What::Entry, 0, 65, 90), (What::Entry, 1, 95, 98), (What::Key, 1, 95, 98), (What::Mention, 1, 90, 90)]
    {
        let score = scores[&(what, letters)];
        let percent = |part: usize| part * 100 / score.asked;
        let good = score.asked > 10 && percent(score.first) >= first && percent(score.five) >= five;
        assert!(good, "{what:?} {letters}: {score:?}\n{}", missed.join("\n"));
    }
}

/// Behind every mistake there is a place for a key.
#[test]
fn broken_texts_are_completed() {
    for text in texts("tests/conformance/broken") {
        let last = text.trim_end().rfind('\n').map_or(0, |newline| newline + 1);
        let made = [&text[..last], "  \n", &text[last..]].concat();
        let document = Document::new(Source::new("a.conn", made));
        let items = editor::complete(&document, last + 2);
        assert!(items.iter().any(|item| item.label == "methods" || item.label == "triggers"), "{text}\n{items:?}");
    }
}
