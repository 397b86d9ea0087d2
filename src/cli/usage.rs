//! Wrong use of the command line itself: unknown commands and options, missing values.

use super::args::{Color, Display, ErrorFormat};
use super::failure::Failure;
use super::report;
use crate::http::redact::Redactor;
use clap::error::{ContextKind, ErrorKind};
use std::ffi::OsString;

/// Reports what clap found, in the form that was asked for, and gives the exit status. Help and version are found, too.
pub fn report(error: &clap::Error, arguments: &[OsString]) -> u8 {
    let is_help = matches!(
        error.kind(),
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand
    );
    if is_help || !wants_json(arguments) {
        // Help and version go to standard output with status 0, wrong use to standard error with status 2.
        let _ = error.print();
        return u8::try_from(error.exit_code()).unwrap_or(2);
    }
    let text = error.render().to_string();
    let message = text.lines().next().unwrap_or_default().trim_start_matches("error: ").to_owned();
    let suggested = [ContextKind::SuggestedArg, ContextKind::SuggestedSubcommand, ContextKind::SuggestedValue];
    let near = suggested.into_iter().find_map(|kind| error.get(kind)).map(|near| format!("did you mean `{near}`?"));
    let mut failure = Failure::usage("usage::arguments", message);
    failure.diagnostic.help = near.or_else(|| Some("`connrun --help` lists commands and options".to_owned()));
    let display = Display { color: Color::Never, error_format: ErrorFormat::Json, quiet: false, verbose: false };
    report::failure(failure, &display, &Redactor::default())
}

/// The options could not be read, so they are searched.
fn wants_json(arguments: &[OsString]) -> bool {
    arguments.iter().any(|argument| argument == "--error-format=json")
        || arguments
            .windows(2)
            .any(|pair| matches!(pair, [option, format] if option == "--error-format" && format == "json"))
}
