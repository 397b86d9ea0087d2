//! `Timeout`: the block simply runs, since a run has limits of its own.

use crate::methods::{Method, ruby};
use crate::value::Value;

pub(super) const ROWS: &[Method] = &[ruby(
    "timeout",
    "(seconds, klass = nil, message = nil) { |seconds| … } -> Object",
    "Runs the block; requests and the run have limits of their own.",
    "Timeout.timeout(5) { 1 } => 1",
    |host, _, args| {
        let block = args.need_block()?;
        let seconds: Value = args.get(0);
        host.yield_block(&block, &[seconds])
    },
)];
