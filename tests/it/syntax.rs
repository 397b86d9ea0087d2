//! The language: trees and refusals over a table of texts, limits, and texts that nobody wrote.

use crate::support::random::{Random, mutate};
use std::fmt::Write;
use std::time::{Duration, Instant};

use connrun::diagnostic::Diagnostic;
use connrun::syntax::{self, Parsed};
use connrun::text::Source;

fn parse(text: &str) -> (Source, Parsed) {
    let source = Source::new("test.conn", text);
    let parsed = syntax::parse(&source);
    (source, parsed)
}

fn tree(text: &str) -> String {
    let (source, parsed) = parse(text);
    assert!(parsed.is_valid(), "{text}\n{}", problems(&source, &parsed.diagnostics));
    syntax::dump(&parsed.file.statements)
}

fn problems(source: &Source, diagnostics: &[Diagnostic]) -> String {
    let line = |diagnostic: &Diagnostic| {
        let place = source.line_column(diagnostic.span().unwrap_or_default().lo);
        let help = diagnostic.help.as_deref().map_or_else(String::new, |help| format!(" ({help})"));
        format!("✗ {}:{} {}: {}{help}", place.line, place.column, diagnostic.code, diagnostic.message)
    };
    diagnostics.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// Every line of the table, with the tree that was read or what is wrong with it. The trees agree with Ruby's own reading.
#[test]
fn table() {
    let mut out = String::new();
    for line in include_str!("../syntax/expressions.txt").lines() {
        if line.starts_with("== ") {
            let _ = writeln!(out, "\n{line}\n");
            continue;
        }
        let (source, parsed) = parse(&line.replace('⏎', "\n"));
        let shown = if parsed.is_valid() {
            syntax::dump(&parsed.file.statements)
        } else {
            problems(&source, &parsed.diagnostics)
        };
        let _ = writeln!(out, "{line}\n    {}", shown.replace('\n', "\n    "));
    }
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../syntax/snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!("expressions", out));
}

#[test]
fn blanks_of_all_kinds() {
    assert_eq!(tree("\u{FEFF}a = 1\r\nb = 2\r\n"), "(= $a 1)\n(= $b 2)");
    assert_eq!(tree("[1,\t2,\r\n\u{0C}3]"), "[1 2 3]");
    assert_eq!(tree("\"a\r\nb\""), "\"a\\nb\"");
    assert_eq!(tree("x = 1\n__END__\nnot { code"), "(= $x 1)");
    assert_eq!(tree("=begin\nnot { code\n=end\nx"), "(x)");
    assert_eq!(tree("<<~A\r\n  a\r\n    b\r\nA\r\n"), "\"a\\n  b\\n\"");
    // A no-break space is a letter, as in Ruby.
    assert_eq!(tree("a\u{A0}b"), "(a\u{A0}b)");
}

#[test]
fn comments_are_kept() {
    let (source, parsed) = parse("# one\nx = 1 # two \n=begin\nthree\n=end\n[1, # four\n2]");
    let comments: Vec<&str> = parsed.file.comments.iter().map(|span| source.slice(*span)).collect();
    assert_eq!(comments, ["# one", "# two", "=begin\nthree\n=end", "# four"]);
}

#[test]
fn magic_comment() {
    assert!(parse("# encoding: utf-8\n# frozen_string_literal: true\n{}").1.file.frozen_strings);
    assert!(!parse("{}\n# frozen_string_literal: true").1.file.frozen_strings);
    assert!(!parse("# frozen_string_literal: false\n{}").1.file.frozen_strings);
}

#[test]
fn known_locals() {
    let source = Source::new("eval", "input -1");
    let known = syntax::parse_body(&source, &["input"]);
    assert_eq!(syntax::dump(&known.file.statements), "(- $input 1)");
    let unknown = syntax::parse(&source);
    assert_eq!(syntax::dump(&unknown.file.statements), "(input -1)");
}

#[test]
fn entries_without_braces() {
    let source = Source::new("methods", "add: lambda { |a, b| a + b },\n'one' => 1,\n");
    let parsed = syntax::parse_entries(&source);
    assert!(parsed.is_valid());
    assert_eq!(syntax::dump(&parsed.file.statements), "{:add=>(lambda {|a b| (+ $a $b)}) \"one\"=>1}");
}

/// Each of these, opened twenty times and never closed, must not make the reader try every combination.
#[test]
fn unclosed_openers_are_refused_quickly() {
    let openers = [
        "[",
        "(",
        "{",
        "{ a: ",
        "{ 'a' => ",
        "foo(",
        "foo [",
        "foo (",
        "foo -(",
        "foo *[",
        "foo a, ",
        "foo do ",
        "foo { ",
        "lambda do |x| ",
        "-> { ",
        "->(a = ",
        "-> do ",
        "if a\n",
        "if (",
        "x if (",
        "unless ",
        "while ",
        "until x do ",
        "case ",
        "case a when ",
        "case a\nin ",
        "case a\nin [",
        "case a\nin {b: ",
        "case a\nin A(",
        "begin\n",
        "begin\nrescue ",
        "x rescue (",
        "def f\n",
        "def f(a = ",
        "\"#{",
        "\"a#{b(",
        "%W[#{",
        "%(",
        "%w[",
        "%w[[",
        "/a#{",
        ":\"#{",
        "a ? ",
        "a ? (",
        "a = ",
        "a += (",
        "a, b = (",
        "(a, ",
        "*a = (",
        "x.y(",
        "x.y (",
        "x&.y [",
        "a[",
        "a b ",
        "a b: ",
        "return (",
        "return [",
        "not ",
        "not(",
        "!(",
        "-(",
        "a && (",
        "a and (",
        "for a in ",
        "defined?(",
        "yield(",
        "x => [",
        "x in {a: ",
        "<<~A\n#{",
        "%r{#{",
        "%q{{",
        "1..(",
        "a ?b(",
        "p *",
        "p **",
        "p &",
    ];
    for opener in openers {
        let text = opener.repeat(20);
        let start = Instant::now();
        let (_, parsed) = parse(&text);
        let taken = start.elapsed();
        // `a b a b` is a call within a call, and a list may go on.
        assert!(!parsed.is_valid() || matches!(opener, "a b " | "foo a, "), "{opener:?} was accepted");
        // Some twenty milliseconds in a release build; trying every combination would take hours.
        assert!(taken < Duration::from_secs(4), "{opener:?} took {taken:?}");
    }
}

/// Nesting without end is an error, on a thread with little stack too.
#[test]
fn nesting_is_limited() {
    let texts = [
        "[".repeat(100_000),
        "{ a: ".repeat(50_000),
        format!("{}1{}", "(".repeat(5_000), ")".repeat(5_000)),
        format!("{}1{}", "[".repeat(450), "]".repeat(450)),
        format!("x{}", ".y".repeat(20_000)),
        format!("{}1", "-".repeat(20_000)),
        format!("{}1", "not ".repeat(20_000)),
        format!("x = {}1", "x = ".repeat(20_000)),
        format!("1{}", " + 1".repeat(20_000)),
        format!("1{}", " ** 1".repeat(20_000)),
        format!("{}1{}", "a ? ".repeat(5_000), " : 2".repeat(5_000)),
        format!("{}1{}", "foo { ".repeat(5_000), " }".repeat(5_000)),
        format!("{}1{}", "\"#{".repeat(5_000), "}\"".repeat(5_000)),
        format!("if a\n1\n{}end", "elsif b\n2\n".repeat(5_000)),
        format!("case 1\nin {}1{}\nend", "[".repeat(5_000), "]".repeat(5_000)),
        format!("{}a", "-> a = ".repeat(5_000)),
    ];
    for text in texts {
        let thread = std::thread::Builder::new().stack_size(2 << 20);
        let shown = text.chars().take(20).collect::<String>();

        let result = thread.spawn(move || drop(parse(&text))).map(std::thread::JoinHandle::join);
        assert!(matches!(result, Ok(Ok(()))), "{shown}");
    }
}

/// Texts close to valid ones: a token deleted, doubled or inserted, or the rest cut off. None may panic; what is refused
/// must say where.
#[test]
fn mutations_never_panic() {
    let parts = std::thread::available_parallelism().map_or(1, usize::from).min(8);
    std::thread::scope(|scope| {
        for part in 0..parts {
            let mutate = move || (part..100_000).step_by(parts).for_each(never_panics);
            std::thread::Builder::new().stack_size(16 << 20).spawn_scoped(scope, mutate).unwrap();
        }
    });
}

/// The mutation of that number: always the same one.
fn never_panics(number: usize) {
    let seeds: Vec<&str> = include_str!("../syntax/seeds.conn").split("\n---\n").collect();
    let mut random = Random::new(0x5EED + (number as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15));
    let seed = seeds[random.below(seeds.len())];
    let text = mutate(seed, &mut random);
    let (source, parsed) = parse(&text);
    for diagnostic in &parsed.diagnostics {
        assert!(diagnostic.span().is_some_and(|span| span.hi as usize <= source.text().len() + 2), "{text}");
    }
}
