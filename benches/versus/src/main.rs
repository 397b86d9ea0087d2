//! Reads one generated connector of 1 MB with both parsers in turn, and resolves it: `cargo run --release` prints the
//! medians.

#[path = "../../support/connector.rs"]
mod connector;

use std::hint::black_box;
use std::time::Instant;

use connrun::{program, syntax};
use connrun::text::Source;

const ROUNDS: usize = 31;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let source = Source::new("generated.conn", connector::generate(1 << 20));
    let mut parser = tree_sitter::Parser::new();
    parser.set_language(&tree_sitter_ruby::LANGUAGE.into())?;
    let (mut ours, mut theirs, mut resolved) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let start = Instant::now();
        let parsed = black_box(syntax::parse(&source));
        ours.push(start.elapsed());
        assert!(parsed.is_valid());
        let start = Instant::now();
        black_box(program::build(&parsed.file, &source));
        resolved.push(start.elapsed());
        let start = Instant::now();
        let tree = black_box(parser.parse(source.text(), None));
        theirs.push(start.elapsed());
        assert!(tree.is_some_and(|tree| !tree.root_node().has_error()));
    }
    let rate = |times: &mut Vec<std::time::Duration>| {
        times.sort();
        source.text().len() as f64 / 1e6 / times[ROUNDS / 2].as_secs_f64()
    };
    let (ours, theirs, resolved) = (rate(&mut ours), rate(&mut theirs), rate(&mut resolved));
    println!("connrun {ours:.2} MB/s, tree-sitter-ruby {theirs:.2} MB/s, ratio {:.2}", ours / theirs);
    println!("connrun resolves the tree at {resolved:.2} MB/s");
    Ok(())
}
