//! Any text is read without a panic, and every complaint lies within it.
//!
//! `cargo +nightly fuzz run parse ../tests/syntax`
#![no_main]

use connrun::syntax;
use connrun::text::Source;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let source = Source::new("fuzz.conn", text);
    let parsed = syntax::parse(&source);
    let _ = syntax::dump(&parsed.file.statements);
    for diagnostic in &parsed.diagnostics {
        assert!(diagnostic.span().is_some());
    }
});
