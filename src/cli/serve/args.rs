//! The options of `connrun serve`.

use crate::cli::args::Network;
use clap::Args;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub struct Serve {
    /// The project [default: the connrun.toml here, or in a folder above]
    #[arg(long, short = 'f', value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Address and port to listen on, whatever the project says
    #[arg(long, value_name = "ADDRESS:PORT")]
    pub listen: Option<String>,
    /// Say only what is wrong with the project
    #[arg(long)]
    pub check: bool,
    /// The state file, whatever the project says
    #[arg(long, value_name = "FILE", env = "CONNRUN_STATE", help_heading = "State")]
    pub state: Option<PathBuf>,
    #[command(flatten)]
    pub network: Network,
}

pub const EXAMPLES: &str = "\
Examples:
  connrun serve
  connrun serve --check
  connrun serve -f project/connrun.toml --listen 127.0.0.1:0

A connrun.toml of four lines is enough:
  [triggers.new_customers]
  connector = \"connectors/customers.conn\"
  trigger = \"new_customer_ascending\"
  input = { created_since = \"2017-01-01T00:00:00Z\" }";
