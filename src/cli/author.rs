//! The options of an author's loop: record, replay, look at what was sent, test.

use super::profile;
use crate::program::Probes;
use clap::{Args, ValueEnum};
use std::path::PathBuf;

pub const TRACE_EXAMPLES: &str = "\
Examples:
  connrun trace
  connrun trace 3
  connrun trace --curl
  connrun trace --har -o last.har";

pub const TEST_EXAMPLES: &str = "\
Examples:
  connrun test
  connrun test customers.test.yaml \"finds a customer\"
  connrun test --review
  connrun test --coverage
  connrun test --format junit -o results.xml

Exit status: 0 all passed, 1 a test failed, a snapshot is undecided or too little is covered, 2 a file is missing or malformed.";

/// Where exchanges are written to, and where answers come from.
#[derive(Clone, Debug, Default, Args)]
pub struct Recording {
    /// Write what is sent and what comes back into this file, without secrets
    #[arg(long, value_name = "FILE", conflicts_with_all = ["replay", "replay_or_record"], help_heading = "Recording")]
    pub record: Option<PathBuf>,
    /// Answer from this recording, connrun's or VCR's; a request that is not in it is an error
    #[arg(long, value_name = "FILE", conflicts_with = "replay_or_record", help_heading = "Recording")]
    pub replay: Option<PathBuf>,
    /// Answer from this recording what it has, send the rest and add it
    #[arg(long, value_name = "FILE", help_heading = "Recording")]
    pub replay_or_record: Option<PathBuf>,
}

/// What becomes of requests instead of sending them, or besides.
#[derive(Clone, Debug, Default, Args)]
pub struct Tape {
    #[command(flatten)]
    pub recording: Recording,
    /// Send only what reads (GET, HEAD, OPTIONS); show the rest, and answer it from the recording or `sample_output`
    #[arg(long, conflicts_with = "record", help_heading = "Recording")]
    pub dry_run: bool,
}

/// How a frozen clock goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Clock {
    /// It stands still, and sleeping is free.
    #[default]
    Usual,
    /// It is put forward by each sleep, which takes its time.
    Recorded,
    /// It is put forward by each sleep, which is free.
    Replayed,
}

#[derive(Debug, Args)]
pub struct Trace {
    /// Show this request in full
    pub number: Option<usize>,
    /// Print curl commands that send the same; secrets are shell variables
    #[arg(long, conflicts_with_all = ["har", "json"])]
    pub curl: bool,
    /// Print an HTTP archive (HAR 1.2)
    #[arg(long, conflicts_with = "json")]
    pub har: bool,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
    /// Another trace than that of the last run here
    #[arg(long, value_name = "FILE")]
    pub file: Option<PathBuf>,
    /// Write into this file instead
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct Test {
    /// Test files, folders, or a part of the names of the tests that shall run [default: all below here]
    #[arg(value_name = "FILE|DIR|NAME")]
    pub paths: Vec<String>,
    /// The connector of files that do not name one
    #[arg(long, short, value_name = "FILE")]
    pub connector: Option<PathBuf>,
    /// Look through changed snapshots one by one, and accept or reject them
    #[arg(long, conflicts_with_all = ["accept", "format"])]
    pub review: bool,
    /// Take what the tests give now as their snapshots
    #[arg(long)]
    pub accept: bool,
    /// Run again whenever a connector, a test or a recording here is saved
    #[arg(long, conflicts_with = "review")]
    pub watch: bool,
    /// How results are written
    #[arg(long, value_enum, default_value_t = TestFormat::Human)]
    pub format: TestFormat,
    /// Write the results into this file
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Tell which lines, branches, actions and methods the tests reach; `=lcov:FILE` writes a report [FILE: lcov.info]
    #[arg(long, value_name = "lcov[:FILE]", value_parser = CoverageTo::of, num_args = 0..=1,
        default_missing_value = "table", require_equals = true, conflicts_with = "review")]
    pub coverage: Option<CoverageTo>,
    /// Write the coverage into this file, as lcov does
    #[arg(long, value_name = "FILE", conflicts_with = "review")]
    pub lcov: Option<PathBuf>,
    /// Fail when the tests reach less of the lines than this, in percent
    #[arg(long, value_name = "PERCENT", value_parser = percent, conflicts_with = "review")]
    pub fail_under: Option<f64>,
    /// Tell where the time went, as a table; into a file: .svg a flame graph, .folded stacks
    #[arg(long, value_name = "FILE", value_parser = profile::to, num_args = 0..=1, default_missing_value = "table",
        require_equals = true, conflicts_with = "review")]
    pub profile: Option<profile::ProfileTo>,
    /// Run so many tests at a time [default: one for each core]
    #[arg(long, short, value_name = "N")]
    pub jobs: Option<usize>,
}

impl Test {
    /// What the connectors have to tell of themselves.
    pub fn probes(&self) -> Probes {
        let coverage = self.coverage.is_some() || self.lcov.is_some() || self.fail_under.is_some();
        Probes { coverage, calls: self.profile.is_some() }
    }
}

/// What `--coverage` asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CoverageTo {
    Table,
    Lcov(PathBuf),
}

impl CoverageTo {
    fn of(text: &str) -> Result<Self, String> {
        match text.split_once(':') {
            None if text == "table" => Ok(Self::Table),
            None if text == "lcov" => Ok(Self::Lcov("lcov.info".into())),
            Some(("lcov", file)) if !file.is_empty() => Ok(Self::Lcov(file.into())),
            _ => Err("say `--coverage`, `--coverage=lcov` or `--coverage=lcov:FILE`".to_owned()),
        }
    }
}

fn percent(text: &str) -> Result<f64, String> {
    match text.trim_end_matches('%').parse::<f64>() {
        Ok(percent) if (0.0..=100.0).contains(&percent) => Ok(percent),
        _ => Err("it has to be a number from 0 to 100".to_owned()),
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum TestFormat {
    Human,
    Tap,
    Junit,
}
