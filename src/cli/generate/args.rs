//! The options of `connrun generate`.

use crate::cli::args::Where;
use crate::import::samples::Separator;
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
  connrun generate schema --csv export.csv --col-sep semicolon";

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
    #[arg(long, value_name = "FILE|JSON", required_unless_present_any = ["csv", "xml"])]
    pub json: Vec<String>,
    /// A sample in CSV whose first line has the names: a file, or `-`
    #[arg(long, value_name = "FILE", conflicts_with_all = ["json", "xml"])]
    pub csv: Vec<PathBuf>,
    /// A sample in XML: a file, or `-`
    #[arg(long, value_name = "FILE", conflicts_with = "json")]
    pub xml: Vec<PathBuf>,
    /// What stands between the columns of CSV
    #[arg(long, value_enum, default_value_t = ColSep::Comma, value_name = "NAME")]
    pub col_sep: ColSep,
    /// Print the code of a connector instead of JSON
    #[arg(long)]
    pub conn: bool,
    /// Accepted for scripts that give one; nothing is sent anywhere
    #[arg(long, hide = true)]
    pub api_token: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ColSep {
    Comma,
    Space,
    Tab,
    Colon,
    Semicolon,
    Pipe,
}

impl From<ColSep> for Separator {
    fn from(name: ColSep) -> Self {
        match name {
            ColSep::Comma => Self::Comma,
            ColSep::Space => Self::Space,
            ColSep::Tab => Self::Tab,
            ColSep::Colon => Self::Colon,
            ColSep::Semicolon => Self::Semicolon,
            ColSep::Pipe => Self::Pipe,
        }
    }
}
