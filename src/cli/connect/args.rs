//! The options of `connrun connect`.

use crate::cli::args::{Network, Where};
use clap::Args;

pub const EXAMPLES: &str = "\
Examples:
  connrun connect
  connrun connect -n acme --set subdomain=acme
  connrun connect --non-interactive --set api_token=secret

Exit status: 0 connected and saved, 1 the API or the connector failed, 2 wrong use or a setting is missing, 3 the login or
the credentials were refused. Nothing is saved but after a test that went well.";

#[derive(Debug, Args)]
pub struct Connect {
    /// Ask nothing: settings come from files, the environment and `--set`
    #[arg(long)]
    pub non_interactive: bool,
    /// The port that a login in the browser comes back to
    #[arg(long, default_value_t = 45555, value_name = "N")]
    pub port: u16,
    /// Open no browser; print the address only
    #[arg(long)]
    pub no_browser: bool,
    /// How long to wait for the login, in seconds
    #[arg(long, default_value_t = 300, value_name = "SECONDS")]
    pub wait: u64,
    /// Where the provider sends the browser back to [default: http://localhost:PORT/oauth/callback]
    #[arg(long, value_name = "URL")]
    pub redirect_url: Option<String>,
    /// Save without running the connection test
    #[arg(long)]
    pub no_test: bool,
    #[command(flatten)]
    pub place: Where,
    #[command(flatten)]
    pub network: Network,
}
