//! The options of `connrun settings`.

use crate::cli::args::Where;
use clap::{Args, Subcommand};

#[derive(Debug, Args)]
pub struct Settings {
    #[command(subcommand)]
    pub command: SettingsCommand,
}

#[derive(Debug, Subcommand)]
pub enum SettingsCommand {
    /// Print them as JSON, secrets masked
    Show {
        #[command(flatten)]
        place: Where,
        /// Print secrets, too
        #[arg(long)]
        show_secrets: bool,
    },
    /// Set some and leave the rest of the file as it is
    Set {
        /// `KEY=VALUE`; the value of a lone `KEY` is read from standard input
        #[arg(required = true, value_name = "KEY=VALUE")]
        pairs: Vec<String>,
        #[command(flatten)]
        place: Where,
    },
    /// Open them in an editor, decrypted if they are encrypted
    Edit {
        #[command(flatten)]
        place: Where,
    },
    /// Make settings.yaml.enc of settings.yaml
    Encrypt {
        #[command(flatten)]
        place: Where,
        /// Keep the file in the clear
        #[arg(long)]
        keep: bool,
    },
    /// Make settings.yaml of settings.yaml.enc
    Decrypt {
        #[command(flatten)]
        place: Where,
        /// Keep the encrypted file
        #[arg(long)]
        keep: bool,
    },
}
