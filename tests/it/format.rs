//! Formatting: what it changes, what it never does, and the command.

use crate::support::command::connrun;
use connrun::format::{self, Options};
use connrun::syntax::{self, tokens::TokenKind};
use connrun::text::Source;
use serde_json::Value;
use std::path::{Path, PathBuf};

fn formatted(text: &str, options: Options) -> Result<String, String> {
    let source = Source::new("t.conn", text);
    format::format(&source, options)
        .map_err(|found| found.iter().map(|d| format!("{}: {}\n", d.code, d.message)).collect())
}

/// Each text between `== title` lines with what becomes of it.
fn snapshot(name: &str, texts: &str, options: Options) {
    let mut shown = String::new();
    for case in texts.split("== ").skip(1) {
        let (title, text) = case.split_once('\n').unwrap();
        let result = formatted(text, options);
        if let Ok(result) = &result {
            assert_eq!(formatted(result, options).as_ref(), Ok(result), "{title}: twice is not once");
        }
        let result = result.unwrap_or_else(|error| error);
        let result = if result == text { "(the same)\n".to_owned() } else { result };
        shown += &format!("=== {title}\n{}--- becomes\n{}\n", text.replace('\r', "␍"), result.replace('\r', "␍"));
    }
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("snapshots/format");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, shown));
}

#[test]
fn spacing() {
    snapshot("spacing", include_str!("fixtures/format/spacing.txt"), Options::default());
}

#[test]
fn indentation() {
    snapshot("indentation", include_str!("fixtures/format/indentation.txt"), Options::default());
}

#[test]
fn what_an_author_chose_stays() {
    snapshot("choices", include_str!("fixtures/format/choices.txt"), Options::default());
}

#[test]
fn what_is_never_touched() {
    snapshot("kept", include_str!("fixtures/format/kept.txt"), Options::default());
}

#[test]
fn dots_lead_when_asked() {
    snapshot("dots", include_str!("fixtures/format/dots.txt"), Options { leading_dots: true });
}

#[test]
fn line_endings_and_the_byte_order_mark_stay() {
    let text = "\u{FEFF}{\r\ntitle: 'A',\r\n\r\n\r\n\r\n\r\nhint: <<~X,\r\n  a\r\n X\r\n b: 1 }";
    let expected = "\u{FEFF}{\r\n  title: 'A',\r\n\r\n\r\n  hint: <<~X,\r\n  a\r\n X\r\n  b: 1 }\r\n";
    assert_eq!(formatted(text, Options::default()).unwrap(), expected);
    // The first line break rules.
    assert_eq!(formatted("{\n a: 1,\r\n b: 2 }\r\n", Options::default()).unwrap(), "{\n  a: 1,\n  b: 2 }\n");
}

// ---- any text

fn files(folder: &str, into: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)).unwrap() {
        let path = entry.unwrap().path();
        let extension = path.extension().and_then(|extension| extension.to_str());
        if path.is_file() && matches!(extension, Some("conn" | "rb")) {
            into.push(path);
        }
    }
}

fn texts() -> Vec<(String, String)> {
    let mut paths = Vec::new();
    let folders = ["connectors", "tests/fixtures", "tests/syntax", "tests/conformance/connectors", "benches"];
    folders.into_iter().chain(["tests/conformance/broken/fixed"]).for_each(|folder| files(folder, &mut paths));
    paths.sort();
    let read = |path: PathBuf| (path.display().to_string(), std::fs::read_to_string(&path).unwrap());
    let mut all: Vec<_> = paths.into_iter().map(read).collect();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/conformance/expr");
    for entry in std::fs::read_dir(folder).unwrap() {
        let lines = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        for line in lines.lines() {
            let row: Value = serde_json::from_str(line).unwrap();
            all.push((row["id"].as_str().unwrap().to_owned(), format!("{}\n", row["expr"].as_str().unwrap())));
        }
    }
    all
}

/// A small generator of numbers: the same ones in every run.
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % end as u64) as usize
    }
}

/// The text with other blanks between its tokens, but some where there are some, and none where there are none.
fn shaken(text: &str, chance: &mut Chance) -> Option<String> {
    let (parsed, tokens) = syntax::parse_tokens(&Source::new("t.conn", text));
    if !parsed.is_valid() {
        return None;
    }
    let mut out = String::new();
    let mut last = 0;
    for token in tokens {
        let (lo, hi) = (token.span.lo as usize, token.span.hi as usize);
        let gap = &text[last..lo];
        match token.kind {
            TokenKind::BlockComment | TokenKind::Heredocs => out += gap,
            _ if gap.contains('\n') => {
                out += &"\n".repeat(gap.matches('\n').count());
                out += &" ".repeat(chance.below(12));
            }
            _ if gap.is_empty() => {}
            _ => out += &" ".repeat(1 + chance.below(3)),
        }
        out += &text[lo..hi];
        last = hi;
    }
    out += &text[last..];
    Some(out)
}

fn comments(text: &str) -> Vec<String> {
    let source = Source::new("t.conn", text);
    let mut all: Vec<String> =
        syntax::parse(&source).file.comments.iter().map(|span| source.slice(*span).to_owned()).collect();
    all.sort();
    all
}

/// Formatting `text` changes nothing but white space, loses no comment, and is done after one time.
fn holds(name: &str, text: &str, options: Options) {
    let source = Source::new("t.conn", text);
    let before = syntax::parse(&source);
    let result = match formatted(text, options) {
        Ok(result) => result,
        Err(error) => {
            assert!(!before.is_valid(), "{name}: {error}\n{text}");
            return;
        }
    };
    let after = syntax::parse(&Source::new("t.conn", result.as_str()));
    assert!(syntax::same(&before.file, &after.file), "{name}: another tree\n{text}\n---\n{result}");
    assert_eq!(syntax::dump(&before.file.statements), syntax::dump(&after.file.statements), "{name}");
    assert_eq!(comments(text), comments(&result), "{name}");
    assert_eq!(formatted(&result, options).as_ref(), Ok(&result), "{name}: twice is not once\n{text}");
    let bare = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
    assert_eq!(bare(text).len(), bare(&result).len(), "{name}");
}

#[test]
fn any_layout_means_the_same() {
    let mut chance = Chance(0x9E37_79B9_7F4A_7C15);
    let all = texts();
    assert!(all.len() > 1500, "{}", all.len());
    for (name, text) in &all {
        holds(name, text, Options::default());
        holds(name, text, Options { leading_dots: true });
        if let Some(shaken) = shaken(text, &mut chance) {
            holds(name, &shaken, Options::default());
        }
    }
}

/// Texts cut short, with a stretch missing or twice: refused, or formatted as well as any.
#[test]
fn broken_texts_do_no_harm() {
    let mut chance = Chance(0x2545_F491_4F6C_DD1D);
    for (name, text) in texts().into_iter().filter(|(_, text)| text.len() > 300) {
        for _ in 0..6 {
            let mut at = || {
                let mut at = chance.below(text.len());
                while !text.is_char_boundary(at) {
                    at -= 1;
                }
                at
            };
            let (a, b) = (at(), at());
            let end = a.max(b).min(a.min(b) + 40);
            let end = (end..=text.len()).find(|end| text.is_char_boundary(*end)).unwrap();
            let cut = format!("{}{}", &text[..a.min(b)], &text[end..]);
            holds(&name, &cut, Options::default());
            let _ = format::reindent(&cut, a.min(b));
        }
    }
}

#[test]
fn our_own_connectors_are_formatted() {
    let own = connrun("fmt --check").arg(concat!(env!("CARGO_MANIFEST_DIR"), "/connectors")).run();
    assert_eq!((own.status, own.stdout.as_str()), (0, ""), "{own}");
    for page in std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs")).unwrap() {
        let path = page.unwrap().path();
        // Its examples are mistakes, written as it pleases.
        if path.ends_with("diagnostics.md") {
            continue;
        }
        let page = std::fs::read_to_string(&path).unwrap();
        for block in page.split("```ruby\n").skip(1).filter_map(|rest| rest.split("```").next()) {
            if syntax::parse(&Source::new("t.conn", block)).is_valid() {
                assert_eq!(formatted(block, Options::default()).as_deref(), Ok(block), "{}", path.display());
            }
        }
    }
}

// ---- the command

const UNTIDY: &str = "{\n title: 'A',\n    version: '1' }\n";

#[test]
fn the_command() {
    let run = connrun("fmt --check a.conn b.conn sub").file("a.conn", UNTIDY).file("b.conn", "{ title: 'B' }\n");
    let run = run.file("sub/c.conn", UNTIDY).file("sub/.hidden/d.conn", UNTIDY).file("sub/e.txt", UNTIDY);
    run.snapshot("fmt_check");
    connrun("fmt --diff a.conn").file("a.conn", UNTIDY).snapshot("fmt_diff");
    connrun("fmt -").stdin(UNTIDY).snapshot("fmt_stdin");
    connrun("fmt - --check --stdin-filename x.conn").stdin(UNTIDY).snapshot("fmt_stdin_check");
    connrun("fmt nowhere.conn").snapshot("fmt_nowhere");
}

#[test]
fn files_are_written_in_place_and_broken_ones_left_alone() {
    let broken = "{\n   title: 'A'\n version: '1' }\n";
    let run = connrun("fmt a.conn broken.conn c.conn").file("a.conn", UNTIDY).file("broken.conn", broken);
    let run = run.file("c.conn", "{ title: 'C' }\n");
    run.snapshot("fmt_in_place");
    let read = |name: &str| std::fs::read_to_string(run.path().join(name)).unwrap();
    assert_eq!(read("a.conn"), "{\n  title: 'A',\n  version: '1' }\n");
    assert_eq!(read("broken.conn"), broken);
    assert_eq!(std::fs::read_dir(run.path()).unwrap().count(), 3, "something was left behind");
    assert_eq!(connrun("fmt a.conn").file("a.conn", UNTIDY).run().status, 0);
}
