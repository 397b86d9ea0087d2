//! The commands and their options.

pub use super::author::{Clock, CoverageTo, Recording, Tape, Test, TestFormat, Trace};
use super::author::{TEST_EXAMPLES, TRACE_EXAMPLES};
use super::connect::args as connect;
use super::durable::args as durable;
use super::generate::args as generate;
use super::serve::args as serve;
use super::settings::args as settings;
use super::{completions, diff, import, new, profile};
use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// Run, check and keep running connectors.
#[derive(Debug, Parser)]
#[command(name = "connrun", version, about, propagate_version = true, max_term_width = 100)]
pub struct Arguments {
    #[command(subcommand)]
    pub command: Command,
    #[command(flatten)]
    pub display: Display,
}

/// How results and reports are shown.
#[derive(Clone, Debug, Default, Args)]
pub struct Display {
    /// When to use colour
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto, help_heading = "Output")]
    pub color: Color,
    /// How errors are written to standard error
    #[arg(long, global = true, value_enum, default_value_t = ErrorFormat::Human, help_heading = "Output")]
    pub error_format: ErrorFormat,
    /// Say only what is wrong
    #[arg(long, short, global = true, help_heading = "Output")]
    pub quiet: bool,
    /// Say what is done: where settings come from, each request on a line
    #[arg(long, short, global = true, conflicts_with = "quiet", help_heading = "Output")]
    pub verbose: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Color {
    #[default]
    Auto,
    Always,
    Never,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum ErrorFormat {
    #[default]
    Human,
    Json,
}

// In the order in which help lists them: running, writing, looking, connecting, keeping on.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run one part of a connector: an action, a trigger, a method, or any dotted path
    #[command(after_help = EXEC_EXAMPLES)]
    Exec(Box<Exec>),
    /// Evaluate an expression in an action's context and print the result as JSON
    #[command(after_help = "Example:\n  connrun eval \"[3, 1, 2].sort.map { |n| n * 2 }\"")]
    Eval(Eval),
    /// Evaluate expressions one after the other, with history and completion
    #[command(after_help = REPL_EXAMPLES)]
    Repl(Box<Repl>),
    /// Show what the last run sent and received
    #[command(after_help = TRACE_EXAMPLES)]
    Trace(Trace),
    /// Start a connector: a folder with one that runs, to be changed into yours
    #[command(after_help = new::EXAMPLES)]
    New(new::New),
    /// Make a connector of a description or of recorded requests: OpenAPI, Postman, HAR, curl
    #[command(after_help = import::EXAMPLES)]
    Import(import::Import),
    /// Make parts of a project from what is there: fields from samples, documentation
    #[command(after_help = generate::EXAMPLES)]
    Generate(generate::Generate),
    /// Check the syntax of connectors and what they mean
    #[command(after_help = CHECK_EXAMPLES)]
    Check(Check),
    /// Format connectors: put their white space in order
    #[command(after_help = FMT_EXAMPLES)]
    Fmt(Fmt),
    /// Run the tests beside connectors, on all cores
    #[command(after_help = TEST_EXAMPLES)]
    Test(Test),
    /// Tell what a new version of a connector breaks for those who use the old one
    #[command(after_help = diff::EXAMPLES)]
    Diff(diff::Diff),
    /// Show what is in a connector
    #[command(after_help = "Example:\n  connrun describe -c connectors/customers.conn")]
    Describe(Describe),
    /// Print what an action or trigger takes and gives as JSON Schema
    #[command(after_help = "Example:\n  connrun schema action get_customer_by_id -c connectors/customers.conn")]
    Schema(Schema),
    /// Explain a method, a key of connectors, or the code of a message
    #[command(after_help = "Example:\n  connrun explain pluck")]
    Explain(Explain),
    /// List the connectors of a folder, by category, with their tags
    #[command(after_help = "Examples:\n  connrun list connectors\n  connrun list connectors --tag webhooks --json")]
    List(List),
    /// Fill in the settings of a connection, log in, test it, and save them
    #[command(after_help = connect::EXAMPLES)]
    Connect(connect::Connect),
    /// Show, set, edit, encrypt or decrypt the settings of connections
    #[command(after_help = SETTINGS_EXAMPLES)]
    Settings(settings::Settings),
    /// Run the built-in demo API on this machine until interrupted
    #[command(after_help = "Example:\n  connrun sandbox --port 8080")]
    Sandbox(Sandbox),
    /// Poll a trigger with state: every new event once, as a JSON line
    #[command(after_help = durable::TRIGGER_EXAMPLES)]
    Trigger(Box<durable::Trigger>),
    /// Copy records into a file or a table, chunk by chunk, and go on where the last run stopped
    #[command(after_help = durable::SYNC_EXAMPLES)]
    Sync(Box<durable::Sync>),
    /// Read a sync's past window by window, and go on where the last run stopped
    #[command(after_help = durable::BACKFILL_EXAMPLES)]
    Backfill(Box<durable::Backfill>),
    /// Keep the triggers and syncs of a project running, with webhooks and an API
    #[command(after_help = serve::EXAMPLES)]
    Serve(Box<serve::Serve>),
    /// Show, set, reset, export or import where triggers and syncs stand
    #[command(after_help = durable::STATE_EXAMPLES)]
    State(durable::State),
    /// List, show, replay or cancel the jobs that events became
    #[command(after_help = durable::RUNS_EXAMPLES)]
    Runs(durable::Runs),
    /// Serve an editor: the language server on standard input and output
    #[command(after_help = "Example:\n  connrun lsp --stdio < /dev/null")]
    Lsp(Lsp),
    /// Print the completions of a shell
    #[command(after_help = "Example:\n  connrun completions bash")]
    Completions(completions::Completions),
}

const EXEC_EXAMPLES: &str = "\
Examples:
  connrun exec action get_customer_by_id -c connectors/customers.conn -i '{\"id\": 1234}' --sandbox
  connrun exec actions.get_customer_by_id.input_fields -c connectors/customers.conn
  connrun exec test -c connectors/customers.conn --set api_token=secret --sandbox";

const CHECK_EXAMPLES: &str = "\
Examples:
  connrun check connectors/customers.conn
  connrun check --format github --deny warnings connectors
  connrun check --diff connectors
  connrun check - < connectors/customers.conn

A `connrun.toml` beside the file or above it says what each code weighs; docs/check.md has the details.

Exit status: 0 nothing of severity error, 1 errors (with `--deny warnings` also warnings, with `--diff` also fixes),
2 a file could not be read.";

const FMT_EXAMPLES: &str = "\
Examples:
  connrun fmt --check connectors
  connrun fmt --diff connectors/customers.conn
  connrun fmt - < connectors/customers.conn

Exit status: 0 done, 1 `--check` or `--diff` found files to format, 2 a file could not be read.";

const SETTINGS_EXAMPLES: &str = "\
Examples:
  connrun settings set subdomain=acme
  connrun settings set api_token -n acme < token.txt
  connrun settings show -n acme";

#[derive(Debug, Args)]
pub struct Schema {
    /// What kind of part it is
    #[arg(value_enum)]
    pub kind: SchemaKind,
    /// Its name
    pub name: String,
    /// The configuration fields that rule which other fields there are
    #[arg(long, value_name = "JSON")]
    pub config_fields: Option<String>,
    #[command(flatten)]
    pub place: Where,
    #[command(flatten)]
    pub network: Network,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum SchemaKind {
    Action,
    Trigger,
}

const REPL_EXAMPLES: &str = "\
Examples:
  connrun repl -c connectors/customers.conn --sandbox
  echo \"[3, 1, 2].sort\" | connrun repl";

/// The connector and its settings.
#[derive(Clone, Debug, Default, Args)]
pub struct Where {
    /// The connector file [default: connector.conn, the only *.conn here, or connector.rb]
    #[arg(long, short, value_name = "FILE", help_heading = "Connector")]
    pub connector: Option<PathBuf>,
    /// Settings: a YAML file or inline JSON [default: settings.yaml]
    #[arg(long, short, value_name = "FILE|JSON", help_heading = "Connector")]
    pub settings: Option<String>,
    /// Which account of a settings file that has several
    #[arg(long, short = 'n', value_name = "NAME", help_heading = "Connector")]
    pub connection: Option<String>,
    /// Override one setting; may be given several times
    #[arg(long = "set", value_name = "KEY=VALUE", help_heading = "Connector")]
    pub set: Vec<String>,
    /// The file with the key of encrypted settings [default: master.key beside them]
    #[arg(long, short, value_name = "FILE", help_heading = "Connector")]
    pub key: Option<PathBuf>,
}

/// Seconds, calls and loop turns, calls within calls, megabytes.
const TIMEOUT: f64 = 180.0;
const MAX_STEPS: u64 = 10_000_000_000;
const MAX_DEPTH: usize = 10_000;
const MAX_MEMORY: usize = 2048;

/// What makes a run repeatable, and how far it may go.
#[derive(Clone, Debug, Args)]
pub struct Run {
    /// Freeze the clock at this instant (and make sleeping free)
    #[arg(long, value_name = "TIME", help_heading = "Repeatable runs")]
    pub now: Option<chrono::DateTime<chrono::Utc>>,
    /// Repeat random numbers and uuids
    #[arg(long, value_name = "N", help_heading = "Repeatable runs")]
    pub seed: Option<u64>,
    /// Skip the waits of retries, reinvocations and throttles
    #[arg(long, help_heading = "Repeatable runs")]
    pub no_wait: bool,
    /// Run the requests of `parallel` one by one
    #[arg(long, help_heading = "Repeatable runs")]
    pub sequential: bool,
    /// Wall time of the whole run, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = TIMEOUT, value_parser = seconds, help_heading = "Limits")]
    pub timeout: f64,
    /// Calls and loop turns
    #[arg(long, value_name = "N", default_value_t = MAX_STEPS, help_heading = "Limits")]
    pub max_steps: u64,
    /// Calls within calls
    #[arg(long, value_name = "N", default_value_t = MAX_DEPTH, help_heading = "Limits")]
    pub max_depth: usize,
    #[arg(skip)]
    pub clock: Clock,
    /// Memory of the run, in megabytes
    #[arg(long, value_name = "MB", default_value_t = MAX_MEMORY, help_heading = "Limits")]
    pub max_memory: usize,
}

/// A number of seconds; some floats are none.
pub fn seconds(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(seconds) if seconds >= 0.0 => Ok(seconds),
        _ => Err("it has to be a number of seconds, such as 30 or 0.5".to_owned()),
    }
}

impl Default for Run {
    fn default() -> Self {
        Self {
            now: None,
            seed: None,
            no_wait: false,
            sequential: false,
            timeout: TIMEOUT,
            max_steps: MAX_STEPS,
            max_depth: MAX_DEPTH,
            max_memory: MAX_MEMORY,
            clock: Clock::Usual,
        }
    }
}

/// Where requests go.
#[derive(Clone, Debug, Default, Args)]
pub struct Network {
    /// Send every request to the built-in demo API
    #[arg(long, conflicts_with_all = ["reroute", "offline"], help_heading = "Network")]
    pub sandbox: bool,
    /// Send every request to this host, path and query kept
    #[arg(long, value_name = "URL", conflicts_with = "offline", help_heading = "Network")]
    pub reroute: Option<String>,
    /// Fail at the first request that would leave
    #[arg(long, help_heading = "Network")]
    pub offline: bool,
    /// Send requests through this proxy
    #[arg(long, value_name = "URL", help_heading = "Network")]
    pub proxy: Option<String>,
    /// Trust the certificates of this PEM file too
    #[arg(long, value_name = "FILE", help_heading = "Network")]
    pub ca_file: Option<PathBuf>,
    /// Do not verify certificates
    #[arg(long, help_heading = "Network")]
    pub insecure: bool,
    /// Print each request and response with its timing to standard error
    #[arg(long, help_heading = "Network")]
    pub trace: bool,
    /// Print each request as a curl command to standard error; secrets are shell variables
    #[arg(long, help_heading = "Network")]
    pub curl: bool,
    /// Write all requests and responses into this HTTP archive
    #[arg(long, value_name = "FILE", help_heading = "Network")]
    pub har: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct Exec {
    /// What to run: `action`, `trigger`, `method`, `pick-list`, `object-definition`, `stream`, `test`, or a dotted path
    #[arg(value_name = "KIND|PATH")]
    pub what: String,
    /// Its name, where a kind is given
    pub name: Option<String>,
    #[command(flatten)]
    pub place: Where,
    #[command(flatten)]
    pub inputs: Inputs,
    #[command(flatten)]
    pub run: Run,
    #[command(flatten)]
    pub network: Network,
    #[command(flatten)]
    pub semantics: Semantics,
    #[command(flatten)]
    pub tape: Tape,
    /// Write the result to this file
    #[arg(long, short, value_name = "FILE", help_heading = "Output")]
    pub output: Option<PathBuf>,
    /// Print the result on one line
    #[arg(long, help_heading = "Output")]
    pub compact: bool,
    /// How bytes are printed
    #[arg(long, value_enum, default_value_t = Binary::Hex, help_heading = "Output")]
    pub binary: Binary,
    /// Tell where the time went, as a table; into a file: .svg a flame graph, .folded stacks
    #[arg(long, value_name = "FILE", value_parser = profile::to, num_args = 0..=1, default_missing_value = "table",
        require_equals = true, help_heading = "Output")]
    pub profile: Option<profile::ProfileTo>,
    /// Run again whenever the connector, its settings or its input is saved, and show what changed
    #[arg(long, conflicts_with_all = ["record", "profile"], help_heading = "Output")]
    pub watch: bool,
    /// When it fails, show also what the error was made of; implies `-v`
    #[arg(long, help_heading = "Output")]
    pub debug: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Binary {
    /// The first 128 bytes as `0x…`
    Hex,
    /// All of them as base64
    Base64,
    /// A text or bytes alone as they are, without quotes: `exec stream NAME --binary raw > file`
    Raw,
}

/// What the part that runs is given: each a JSON file, inline JSON, or `-` for standard input.
#[derive(Clone, Debug, Default, Args)]
pub struct Inputs {
    /// The input
    #[arg(long, short, value_name = "JSON", allow_hyphen_values = true, help_heading = "Input")]
    pub input: Option<String>,
    /// Arguments of a method (array), parameters of a pick list (object)
    #[arg(long, short, value_name = "JSON", allow_hyphen_values = true, help_heading = "Input")]
    pub args: Option<String>,
    /// What the last poll left in `next_poll`
    #[arg(long, value_name = "JSON", allow_hyphen_values = true, help_heading = "Input")]
    pub closure: Option<String>,
    /// `continue` of a multi-step action
    #[arg(long = "continue", value_name = "JSON", allow_hyphen_values = true, help_heading = "Input")]
    pub continue_with: Option<String>,
    /// The configuration fields that rule which other fields there are
    #[arg(long, value_name = "JSON", help_heading = "Input")]
    pub config_fields: Option<String>,
    /// The input fields in force, for a part that runs alone
    #[arg(long, value_name = "JSON", help_heading = "Input")]
    pub extended_input_schema: Option<String>,
    /// The output fields in force, for a part that runs alone
    #[arg(long, value_name = "JSON", help_heading = "Input")]
    pub extended_output_schema: Option<String>,
    /// What a webhook delivered
    #[arg(long, short, value_name = "JSON", help_heading = "Input")]
    pub webhook_payload: Option<String>,
    /// The query of a webhook
    #[arg(long, value_name = "JSON", help_heading = "Input")]
    pub webhook_params: Option<String>,
    /// The headers of a webhook
    #[arg(long, value_name = "JSON", help_heading = "Input")]
    pub webhook_headers: Option<String>,
    /// What `webhook_subscribe` left
    #[arg(long, value_name = "JSON", help_heading = "Input")]
    pub webhook_subscribe_output: Option<String>,
    /// The address that events shall be sent to
    #[arg(long, value_name = "URL", help_heading = "Input")]
    pub webhook_url: Option<String>,
    /// The authorization code for `acquire`
    #[arg(long, alias = "oauth2_code", value_name = "CODE", help_heading = "Input")]
    pub oauth2_code: Option<String>,
    /// The address that the code was sent to
    #[arg(long, value_name = "URL", help_heading = "Input")]
    pub redirect_url: Option<String>,
    /// The verifier that belongs to the code, for logins with PKCE
    #[arg(long, value_name = "TEXT", help_heading = "Input")]
    pub verifier: Option<String>,
    /// The token for `refresh`
    #[arg(long, value_name = "TOKEN", help_heading = "Input")]
    pub refresh_token: Option<String>,
    /// First byte of a stream
    #[arg(long, value_name = "N", help_heading = "Input")]
    pub from: Option<u64>,
    /// Bytes a stream gives at a time
    #[arg(long, value_name = "N", help_heading = "Input")]
    pub frame_size: Option<u64>,
    /// What `execution_context` says the recipe is
    #[arg(long, value_name = "ID", help_heading = "Input")]
    pub recipe_id: Option<String>,
    /// The data a suspended action resumes with
    #[arg(long, value_name = "JSON", help_heading = "Input")]
    pub resume: Option<String>,
    /// Resume a suspended action as if its time had run out
    #[arg(long, help_heading = "Input")]
    pub resume_timeout: bool,
}

/// Switches between the reference SDK's conduct and the platform's.
#[derive(Clone, Copy, Debug, Default, Args)]
pub struct Semantics {
    /// Order polled events as the reference SDK does (newest first) and keep duplicates
    #[arg(long, help_heading = "Semantics")]
    pub gem_order: bool,
    /// Keep duplicate events
    #[arg(long, help_heading = "Semantics")]
    pub no_dedup: bool,
    /// Do not check the input against its fields
    #[arg(long, help_heading = "Semantics")]
    pub no_validate: bool,
    /// Apply the defaults of fields and check nested required ones, as the form does
    #[arg(long, help_heading = "Semantics")]
    pub form: bool,
    /// Send the hash of `delete` as query parameters, as the documentation says
    #[arg(long, help_heading = "Semantics")]
    pub strict_docs: bool,
    /// Enforce the platform's time-outs
    #[arg(long, help_heading = "Semantics")]
    pub simulate_timeouts: bool,
    /// Most pages that one poll fetches
    #[arg(long, value_name = "N", help_heading = "Semantics")]
    pub max_pages: Option<u64>,
    /// What to do with new tokens after a refresh
    #[arg(
        long,
        value_enum,
        num_args = 0..=1,
        default_value_t = SaveSettings::Ask,
        default_missing_value = "yes",
        help_heading = "Semantics"
    )]
    pub save_settings: SaveSettings,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum SaveSettings {
    Yes,
    No,
    #[default]
    Ask,
}

#[derive(Debug, Args)]
pub struct Check {
    /// The files; of a folder all its *.conn; `-` reads standard input
    #[arg(required = true, value_name = "FILE|DIR")]
    pub files: Vec<PathBuf>,
    /// How findings are written
    #[arg(long, value_enum, default_value_t = CheckFormat::Human)]
    pub format: CheckFormat,
    /// Make the fixes that need no thought, whole files at a time, and tell what is left
    #[arg(long)]
    pub fix: bool,
    /// Write nothing; show what `--fix` would change
    #[arg(long)]
    pub diff: bool,
    /// Tell also what only connrun understands, and other runners of connectors do not
    #[arg(long)]
    pub portable: bool,
    /// Fail on warnings too
    #[arg(long, value_parser = ["warnings"])]
    pub deny: Option<String>,
    /// What to call standard input in findings
    #[arg(long, value_name = "NAME", default_value = "stdin.conn")]
    pub stdin_filename: String,
}

#[derive(Debug, Args)]
pub struct Fmt {
    /// The files; of a folder all its *.conn; `-` reads standard input and writes standard output
    #[arg(required = true, value_name = "FILE|DIR")]
    pub files: Vec<PathBuf>,
    /// Write nothing; list the files that would change, and fail if there are any
    #[arg(long)]
    pub check: bool,
    /// Write nothing; show what would change, and fail if anything would
    #[arg(long)]
    pub diff: bool,
    /// Begin lines of a chain with the dot instead of ending them with it
    #[arg(long)]
    pub leading_dots: bool,
    /// What to call standard input in errors
    #[arg(long, value_name = "NAME", default_value = "stdin.conn")]
    pub stdin_filename: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum CheckFormat {
    Human,
    Short,
    Json,
    Sarif,
    Github,
}

#[derive(Debug, Args)]
pub struct Describe {
    #[command(flatten)]
    pub place: Where,
    /// Print JSON instead of a table
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub struct List {
    /// The folder [default: this one]
    pub folder: Option<PathBuf>,
    /// Only those with this tag
    #[arg(long, value_name = "TAG")]
    pub tag: Option<String>,
    /// Only those of this category
    #[arg(long, value_name = "CATEGORY")]
    pub category: Option<String>,
    /// Print JSON instead of a table
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub struct Eval {
    /// The expression: the body of a lambda with `connection` and `input`
    #[arg(allow_hyphen_values = true)]
    pub expression: Option<String>,
    /// Answer each line of standard input, {"id","expr","input"?,"methods"?,"settings"?}, with a line
    #[arg(long, conflicts_with_all = ["record", "replay", "replay_or_record", "dry_run"])]
    pub jsonl: bool,
    /// The action's input: a JSON file, inline JSON, or `-`
    #[arg(long, short, value_name = "JSON", allow_hyphen_values = true)]
    pub input: Option<String>,
    #[command(flatten)]
    pub place: Where,
    #[command(flatten)]
    pub run: Run,
    #[command(flatten)]
    pub network: Network,
    #[command(flatten)]
    pub tape: Tape,
}

#[derive(Debug, Args)]
pub struct Lsp {
    /// Accepted for editors that say it; there is no other way
    #[arg(long)]
    pub stdio: bool,
}

#[derive(Debug, Args)]
pub struct Repl {
    /// What `input` holds: a JSON file, or inline JSON
    #[arg(long, short, value_name = "JSON", allow_hyphen_values = true)]
    pub input: Option<String>,
    #[command(flatten)]
    pub place: Where,
    #[command(flatten)]
    pub run: Run,
    #[command(flatten)]
    pub network: Network,
}

#[derive(Debug, Args)]
pub struct Sandbox {
    /// The port; 0 takes a free one
    #[arg(long, default_value_t = 0)]
    pub port: u16,
    /// Print the address as JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub struct Explain {
    /// The name of the method, the name or path of the key, or the code
    #[arg(required_unless_present = "all")]
    pub name: Option<String>,
    /// Print the whole reference as Markdown
    #[arg(long)]
    pub all: bool,
}
