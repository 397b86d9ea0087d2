//! How fast a connector is read: 1 MB, and 20 KB as most are. `cargo bench --bench parse`.
//!
//! The comparison with another Ruby grammar stands apart, in `benches/versus`, so that nobody compiles it by accident.

#[path = "support/connector.rs"]
mod connector;

use std::hint::black_box;

use connrun::syntax;
use connrun::text::Source;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};

fn parse(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("parse");
    group.sample_size(20);
    for (name, bytes) in [("20 KB", 20 << 10), ("1 MB", 1 << 20)] {
        let source = Source::new("generated.conn", connector::generate(bytes));
        assert!(syntax::parse(&source).is_valid());
        group.throughput(Throughput::Bytes(source.text().len() as u64));
        group.bench_function(name, |bencher| bencher.iter(|| syntax::parse(black_box(&source))));
    }
    group.finish();
}

criterion_group!(benches, parse);
criterion_main!(benches);
