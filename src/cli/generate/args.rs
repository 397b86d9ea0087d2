//! The options of `connrun generate`.

use crate::cli::args::Where;
use crate::import::samples::Separator;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Subcommand, ValueEnum};
use std::path::PathBuf;

#[derive(Debug, Args)]
pub struct Generate {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// The documentation of a connector: how to connect, what it does, every field
    #[command(after_help = DOCS_EXAMPLES)]
    Docs(Docs),
    /// Fields from samples of data: JSON, CSV or XML
    #[command(after_help = SCHEMA_EXAMPLES)]
    Schema(Schema),
    /// Tests: of each action, answered with its sample, or of the last run as it went
    #[command(after_help = TEST_EXAMPLES)]
    Test(Test),
}

pub const EXAMPLES: &str = "\
Example:
  connrun generate schema --json '{\"id\": 7, \"created_at\": \"2024-03-15T12:34:56Z\"}' --conn";

const DOCS_EXAMPLES: &str = "\
Examples:
  connrun generate docs -c connectors/customers.conn
  connrun generate docs -c connectors/customers.conn -o customers.html";

const SCHEMA_EXAMPLES: &str = "\
Examples:
  connrun generate schema --json '{\"id\": 7, \"created_at\": \"2024-03-15T12:34:56Z\"}' --conn
  connrun generate schema --json one.json --json another.json
  connrun generate schema --csv export.csv --col-sep semicolon
  connrun generate schema --cassette run.yaml --only 'GET /v1/customers' --at customers --conn";

const TEST_EXAMPLES: &str = "\
Examples:
  connrun generate test -c connectors/customers.conn -o customers.test.yaml
  connrun generate test get_customer_by_id -c connectors/customers.conn
  connrun generate test --from-run -o customers.test.yaml";

#[derive(Debug, Args)]
pub struct Test {
    /// Only these actions [default: all]
    #[arg(value_name = "ACTION")]
    pub actions: Vec<String>,
    /// Make one test of the last run here: what it was given, what was answered, what came of it
    #[arg(long, conflicts_with = "actions")]
    pub from_run: bool,
    /// Another trace than that of the last run
    #[arg(long, value_name = "FILE", requires = "from_run")]
    pub trace: Option<PathBuf>,
    /// What the test of a run is called
    #[arg(long, value_name = "TEXT", requires = "from_run")]
    pub name: Option<String>,
    /// Write it to this file; one that is there already gets the new tests behind its own
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// The connector file [default: connector.conn, the only *.conn here, or connector.rb]
    #[arg(long, short, value_name = "FILE")]
    pub connector: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct Docs {
    /// Write it to this file; one that ends in .html becomes a page
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// What it is written in
    #[arg(long, value_enum)]
    pub format: Option<DocsFormat>,
    #[command(flatten)]
    pub place: Where,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum DocsFormat {
    Markdown,
    /// One page that needs nothing else
    Html,
}

#[derive(Debug, Args)]
pub struct Schema {
    /// A sample in JSON: a file, inline, or `-`; several are samples of the same kind, and a list is many
    #[arg(long, value_name = "FILE|JSON", required_unless_present_any = ["csv", "xml", "cassette"])]
    pub json: Vec<String>,
    /// A sample in CSV whose first line has the names: a file, or `-`
    #[arg(long, value_name = "FILE", conflicts_with_all = ["json", "xml"])]
    pub csv: Vec<PathBuf>,
    /// A sample in XML: a file, or `-`
    #[arg(long, value_name = "FILE", conflicts_with = "json")]
    pub xml: Vec<PathBuf>,
    /// A recording: the fields of what each kind of request was answered with
    #[arg(long, value_name = "FILE", conflicts_with_all = ["json", "csv", "xml"])]
    pub cassette: Option<PathBuf>,
    /// Of a recording only requests with this text in verb and path: `GET /v1/customers`
    #[arg(long, value_name = "TEXT", requires = "cassette")]
    pub only: Option<String>,
    /// Of a recording what was sent instead of what came back
    #[arg(long, requires = "cassette")]
    pub sent: bool,
    /// Where the records stand in each sample: `data.items`
    #[arg(long, value_name = "PATH")]
    pub at: Option<String>,
    /// What stands between the columns of CSV
    #[arg(long, value_parser = separators(), default_value = "comma", value_name = "NAME")]
    pub col_sep: Separator,
    /// Print the code of a connector instead of JSON
    #[arg(long)]
    pub conn: bool,
    /// Accepted for scripts that give one; nothing is sent anywhere
    #[arg(long, hide = true)]
    pub api_token: Option<String>,
}

/// What may stand between columns, by its name.
fn separators() -> impl TypedValueParser<Value = Separator> {
    PossibleValuesParser::new(Separator::names()).map(|name| Separator::named(&name).unwrap_or_default())
}
