//! The options of the commands that work with a state file.

use crate::cli::args::{Network, Recording, Run, Semantics, Where};
use clap::{Args, Subcommand, ValueEnum};
use std::path::PathBuf;

/// Where state is kept unless said otherwise.
pub const STATE: &str = ".connrun/state.db";

/// The state file.
#[derive(Clone, Debug, Args)]
pub struct Kept {
    /// The file that keeps cursors, seen events and jobs
    #[arg(long, value_name = "FILE", env = "CONNRUN_STATE", default_value = STATE, help_heading = "State")]
    pub state: PathBuf,
}

/// What every run that keeps state is given.
#[derive(Debug, Args)]
pub struct Given {
    /// Its input: a JSON file, inline JSON, or `-`
    #[arg(long, short, value_name = "JSON", allow_hyphen_values = true)]
    pub input: Option<String>,
    #[command(flatten)]
    pub kept: Kept,
    #[command(flatten)]
    pub place: Where,
    #[command(flatten)]
    pub run: Run,
    #[command(flatten)]
    pub network: Network,
    #[command(flatten)]
    pub semantics: Semantics,
}

/// How records are copied.
#[derive(Clone, Copy, Debug, Args)]
pub struct Copying {
    /// What to do with new columns and values of another type
    #[arg(long, value_enum, value_name = "MODE", default_value_t = OnDrift::Evolve)]
    pub on_drift: OnDrift,
    /// Begin anew instead of going on
    #[arg(long)]
    pub full: bool,
    /// Stop after so many chunks; the next run goes on
    #[arg(long, value_name = "N")]
    pub max_chunks: Option<u64>,
}

#[derive(Debug, Args)]
pub struct Trigger {
    /// The trigger's name
    pub name: Option<String>,
    /// Poll once and end (the default)
    #[arg(long, conflicts_with = "follow")]
    pub once: bool,
    /// Poll again and again until interrupted
    #[arg(long, conflicts_with_all = ["record", "replay", "replay_or_record"])]
    pub follow: bool,
    /// Tell for each event whether it would fire, and keep nothing
    #[arg(long, conflicts_with = "follow")]
    pub dry_run: bool,
    /// Seconds from one poll to the next [default: the trigger's poll_interval, or 300]
    #[arg(long, value_name = "SECONDS", requires = "follow", value_parser = crate::cli::args::seconds)]
    pub interval: Option<f64>,
    /// Days for which seen events are remembered; 0 for ever
    #[arg(long, value_name = "DAYS", default_value_t = 30, help_heading = "State")]
    pub retention: u32,
    #[command(flatten)]
    pub given: Given,
    #[command(flatten)]
    pub recording: Recording,
}

pub const TRIGGER_EXAMPLES: &str = "\
Examples:
  connrun trigger new_customer_ascending -c connectors/customers.conn -i '{\"created_since\": \"2017-01-01T00:00:00Z\"}' --sandbox
  connrun trigger new_customer_descending -c connectors/customers.conn -i '{\"created_since\": \"2017-01-04\"}' --sandbox --dry-run
  connrun trigger new_customer_ascending -c connectors/customers.conn -i input.json --follow --interval 60";

#[derive(Debug, Args)]
pub struct Sync {
    /// The sync's name
    pub name: Option<String>,
    /// Where records go: FILE.jsonl, FILE.csv or FILE.db (SQLite) [default: JSON lines on standard output]
    #[arg(long, value_name = "FILE")]
    pub to: Option<PathBuf>,
    /// The table of an SQLite file [default: the sync's name]
    #[arg(long, value_name = "NAME", requires = "to")]
    pub table: Option<String>,
    #[command(flatten)]
    pub copying: Copying,
    #[command(flatten)]
    pub given: Given,
    #[command(flatten)]
    pub recording: Recording,
}

#[derive(Debug, Args)]
pub struct Backfill {
    /// The sync's name
    pub name: Option<String>,
    /// The first moment: a date, or a time [default: the sync's backfill.from]
    #[arg(long, value_name = "TIME")]
    pub from: Option<String>,
    /// The first moment that is not read any more [default: now]
    #[arg(long, value_name = "TIME")]
    pub to: Option<String>,
    /// What one window spans: 6h, 1d, 2w, 1mo [default: the sync's backfill.window, or 1d]
    #[arg(long, value_name = "SPAN")]
    pub window: Option<String>,
    /// The time zone whose days and months they are
    #[arg(long, value_name = "ZONE", default_value = "UTC")]
    pub timezone: String,
    /// Show the windows, and read nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Where records go: FILE.jsonl, FILE.csv or FILE.db (SQLite) [default: JSON lines on standard output]
    #[arg(long, value_name = "FILE")]
    pub into: Option<PathBuf>,
    /// The table of an SQLite file [default: the sync's name]
    #[arg(long, value_name = "NAME", requires = "into")]
    pub table: Option<String>,
    #[command(flatten)]
    pub copying: Copying,
    #[command(flatten)]
    pub given: Given,
}

pub const BACKFILL_EXAMPLES: &str = "\
Examples:
  connrun backfill customers -c connectors/customers.conn --sandbox --from 2017-01-01 --to 2017-01-05 --dry-run
  connrun backfill customers -c connectors/customers.conn --sandbox --from 2017-01-01 --to 2017-01-05 --into customers.db";

/// What to do with a record that does not look like the ones before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum OnDrift {
    /// Add new columns; stop at a value of another type
    Evolve,
    /// Stop
    Freeze,
    /// Drop the record
    DiscardRow,
    /// Drop the value
    DiscardValue,
}

pub const SYNC_EXAMPLES: &str = "\
Examples:
  connrun sync customers -c connectors/customers.conn --sandbox --to customers.db
  connrun sync customers -c connectors/customers.conn --sandbox --to customers.jsonl";

#[derive(Debug, Args)]
pub struct State {
    #[command(subcommand)]
    pub command: StateCommand,
}

/// Which trigger or sync is meant, where the state knows several.
#[derive(Clone, Debug, Args)]
pub struct Which {
    /// Its name; all of them where none is given
    pub name: Option<String>,
    /// Only of this connection
    #[arg(long, short = 'n', value_name = "NAME")]
    pub connection: Option<String>,
    /// The number that `connrun state show` gives it
    #[arg(long, value_name = "NUMBER")]
    pub id: Option<i64>,
    #[command(flatten)]
    pub kept: Kept,
}

#[derive(Debug, Subcommand)]
pub enum StateCommand {
    /// Show where triggers and syncs stand
    Show {
        #[command(flatten)]
        which: Which,
        /// Print one JSON object a line
        #[arg(long)]
        json: bool,
    },
    /// Change where one stands, after showing what changes
    Set {
        #[command(flatten)]
        which: Which,
        /// The closure of the next poll, or a sync's state, as JSON; `null` begins anew
        #[arg(long, value_name = "JSON")]
        cursor: Option<String>,
        /// The highest rank seen, as JSON; `null` forgets it
        #[arg(long, value_name = "JSON")]
        high_water: Option<String>,
        /// Poll no more until it is resumed
        #[arg(long, conflicts_with = "resume")]
        pause: bool,
        /// Poll again
        #[arg(long)]
        resume: bool,
        /// Do not ask
        #[arg(long, short)]
        yes: bool,
    },
    /// Forget the cursor and every seen event, so that it begins anew
    Reset {
        #[command(flatten)]
        which: Which,
        /// Keep the keys of seen events: only the cursor is forgotten
        #[arg(long)]
        keep_seen: bool,
        /// Do not ask
        #[arg(long, short)]
        yes: bool,
    },
    /// Print cursors and seen keys as JSON lines, for `import`
    Export {
        #[command(flatten)]
        which: Which,
    },
    /// Take what `export` printed, from a file or standard input
    Import {
        /// The file; `-` is standard input
        file: PathBuf,
        #[command(flatten)]
        kept: Kept,
        /// Do not ask
        #[arg(long, short)]
        yes: bool,
    },
}

pub const STATE_EXAMPLES: &str = "\
Examples:
  connrun state show
  connrun state set new_customer_ascending --cursor '\"2024-03-15T00:00:00Z\"' --yes
  connrun state export > backup.jsonl";

#[derive(Debug, Args)]
pub struct Runs {
    #[command(subcommand)]
    pub command: Option<RunsCommand>,
}

#[derive(Debug, Subcommand)]
pub enum RunsCommand {
    /// List jobs, oldest first
    List(RunsList),
    /// Show one job with its event
    Show {
        /// The job's id
        id: String,
        #[command(flatten)]
        kept: Kept,
    },
    /// Hand a job's event out once more
    Replay {
        /// The jobs' ids
        #[arg(required_unless_present = "notifications", value_name = "ID")]
        ids: Vec<String>,
        /// Every notification of a failure that could not be sent
        #[arg(long, conflicts_with = "ids")]
        notifications: bool,
        #[command(flatten)]
        kept: Kept,
    },
    /// Give up a job; one that runs ends before its next request
    Cancel {
        /// The job's id
        id: String,
        #[command(flatten)]
        kept: Kept,
    },
    /// List requests of webhooks that were given up
    Webhooks {
        /// Have them tried again, with the trigger's next request or run
        #[arg(long)]
        again: bool,
        #[command(flatten)]
        kept: Kept,
    },
    /// Go on with a job that suspended itself
    Resume {
        /// The job's id
        id: String,
        /// What `before_resume` gets: a JSON file, inline JSON, or `-`
        #[arg(long, value_name = "JSON")]
        data: Option<String>,
        #[command(flatten)]
        kept: Kept,
    },
}

#[derive(Clone, Debug, Args)]
pub struct RunsList {
    /// Only of this trigger
    #[arg(long, value_name = "NAME")]
    pub trigger: Option<String>,
    /// Only of this connection
    #[arg(long, short = 'n', value_name = "NAME")]
    pub connection: Option<String>,
    /// Only with this status
    #[arg(long, value_name = "STATUS", value_parser = clap::builder::PossibleValuesParser::new(crate::store::Status::names()))]
    pub status: Option<String>,
    /// Only those that tell of failures (`on_failure`)
    #[arg(long)]
    pub notifications: bool,
    /// Only the newest
    #[arg(long, value_name = "N")]
    pub last: Option<u64>,
    /// Print one JSON object a line
    #[arg(long)]
    pub json: bool,
    #[command(flatten)]
    pub kept: Kept,
}

pub const RUNS_EXAMPLES: &str = "\
Examples:
  connrun runs list --last 20
  connrun runs list --json --trigger new_customer_ascending
  connrun runs list --notifications --status failed
  connrun runs replay --notifications";
