//! What people write that the definition of options cannot say: underscores for dashes, a file behind `--profile`.

use std::ffi::OsString;

/// Option names may be written with underscores, too: `--config_fields` is `--config-fields`.
pub fn with_dashes(arguments: impl Iterator<Item = OsString>) -> Vec<OsString> {
    let mut out: Vec<OsString> = Vec::new();
    for argument in arguments {
        if out.last().is_some_and(|last| last == "--profile") && is_profile(&argument) {
            // Its value may be left out, so that it would have to be joined; such an ending is nothing else's.
            if let Some(last) = out.last_mut() {
                last.push("=");
                last.push(&argument);
            }
            continue;
        }
        let literal = out.iter().any(|earlier| earlier == "--");
        let name = argument.to_str().and_then(|text| text.strip_prefix("--")).filter(|_| !literal);
        out.push(
            match name.map(|text| text.split_once('=').map_or((text, None), |(name, value)| (name, Some(value)))) {
                Some((name, value))
                    if name.contains('_') && name.bytes().all(|b| b == b'_' || b.is_ascii_lowercase()) =>
                {
                    let value = value.map(|value| format!("={value}")).unwrap_or_default();
                    format!("--{}{value}", name.replace('_', "-")).into()
                }
                _ => argument,
            },
        );
    }
    out
}

fn is_profile(argument: &OsString) -> bool {
    let ending = std::path::Path::new(argument).extension();
    ending.is_some_and(|ending| ending == "svg" || ending == "folded")
}

#[cfg(test)]
mod tests {
    use super::with_dashes;
    use crate::cli::args::Arguments;
    use clap::{CommandFactory, Parser};

    #[test]
    fn the_definition_is_sound() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn underscores_are_dashes() {
        let given = ["connrun", "exec", "a_b", "--config_fields", "{\"a_b\":1}", "--set=a_b=c_d", "--webhook_url=x_y"];
        let expected =
            ["connrun", "exec", "a_b", "--config-fields", "{\"a_b\":1}", "--set=a_b=c_d", "--webhook-url=x_y"];
        let arguments = with_dashes(given.into_iter().map(Into::into));
        assert_eq!(arguments, expected);
        assert!(Arguments::try_parse_from(arguments).is_ok());
        let given = ["connrun", "exec", "test", "--profile", "a.svg"].into_iter().map(Into::into);
        assert_eq!(with_dashes(given), ["connrun", "exec", "test", "--profile=a.svg"]);
        let given = ["connrun", "test", "--profile", "a.test.yaml"].into_iter().map(Into::into);
        assert_eq!(with_dashes(given), ["connrun", "test", "--profile", "a.test.yaml"]);
        let literal = with_dashes(["--", "--a_b"].into_iter().map(Into::into));
        assert_eq!(literal, ["--", "--a_b"]);
    }
}
