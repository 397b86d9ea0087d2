//! What a project says of findings: how much each code weighs, and whether the connector has to run elsewhere, too.

use crate::diagnostic::{CODES, Diagnostic, Severity, code};
use crate::text::{Span, nearest};
use toml::de::{DeTable, DeValue};

/// The `[check]` table of a `connrun.toml`.
#[derive(Clone, Debug, Default)]
pub struct Config {
    pub levels: Vec<(&'static str, Level)>,
    /// Tell what only connrun understands.
    pub portable: bool,
}

/// How much a finding weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    Off,
    Told(Severity),
}

/// What is wrong with a configuration, and where.
#[derive(Clone, Debug)]
pub struct ConfigError {
    pub message: String,
    pub span: Span,
    pub help: String,
}

const LEVELS: [(&str, Level); 4] = [
    ("off", Level::Off),
    ("hint", Level::Told(Severity::Hint)),
    ("warning", Level::Told(Severity::Warning)),
    ("error", Level::Told(Severity::Error)),
];

impl Config {
    /// Reads `[check]`; other tables are for others.
    pub fn parse(text: &str) -> Result<Self, ConfigError> {
        let table = DeTable::parse(text).map_err(|error| ConfigError {
            message: format!("this is not TOML: {}", error.message()),
            span: error.span().map_or(Span::at(0), |range| Span::new(range.start as u32, range.end as u32)),
            help: "a line is `key = \"value\"`, or the name of a table in `[ ]`".into(),
        })?;
        let mut config = Self::default();
        let Some(check) = table.get_ref().get("check") else { return Ok(config) };
        let span = |range: std::ops::Range<usize>| Span::new(range.start as u32, range.end as u32);
        let DeValue::Table(check_table) = check.get_ref() else {
            let message = "`check` is a table".to_owned();
            return Err(ConfigError { message, span: span(check.span()), help: "write `[check]`".into() });
        };
        for (key, value) in check_table {
            config.set(key.get_ref(), value.get_ref(), span(key.span()), span(value.span()))?;
        }
        Ok(config)
    }

    fn set(&mut self, key: &str, value: &DeValue<'_>, key_span: Span, span: Span) -> Result<(), ConfigError> {
        if key == "portable" {
            let DeValue::Boolean(portable) = value else {
                let message = "`portable` is true or false".to_owned();
                return Err(ConfigError { message, span, help: "write `portable = true`".into() });
            };
            self.portable = *portable;
            return Ok(());
        }
        let Some(row) = code(key).filter(|row| !row.code.starts_with("syntax::")) else {
            return Err(unknown(key, key_span));
        };
        let text = match value {
            DeValue::String(text) => text.as_ref(),
            _ => "",
        };
        let Some((_, level)) = LEVELS.iter().find(|(name, _)| *name == text) else {
            return Err(ConfigError {
                message: format!("`{key}` is \"off\", \"hint\", \"warning\" or \"error\""),
                span,
                help: format!("write `{key} = \"off\"`"),
            });
        };
        self.levels.retain(|(known, _)| *known != row.code);
        self.levels.push((row.code, *level));
        Ok(())
    }

    /// Gives each finding its weight and drops those that are off.
    pub fn weigh(&self, findings: &mut Vec<Diagnostic>) {
        findings.retain_mut(|finding| match self.levels.iter().find(|(code, _)| *code == finding.code) {
            Some((_, Level::Off)) => false,
            Some((_, Level::Told(severity))) => {
                finding.severity = *severity;
                true
            }
            None => true,
        });
    }
}

fn unknown(key: &str, span: Span) -> ConfigError {
    let message = match code(key) {
        Some(_) => format!("`{key}` is an error of syntax and stays one"),
        None => format!("there is no code `{key}`"),
    };
    ConfigError { message, span, help: suggestion(key) }
}

/// What may be meant by an unknown code.
pub fn suggestion(name: &str) -> String {
    match near(name) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "docs/diagnostics.md lists all codes".to_owned(),
    }
}

/// The nearest code, without what stands before `::` unless that was written.
pub fn near(name: &str) -> Option<&'static str> {
    let whole = name.contains("::");
    let known = CODES.iter().map(|row| row.code).filter(|code| !code.starts_with("syntax::"));
    nearest(name, known.map(|code| if whole { code } else { code.rsplit("::").next().unwrap_or(code) }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_can_be_wrong_is_said() {
        for (text, expected) in [
            (
                "[check]\nunused-variable = \"off\"\n\"check::unknown-key\" = 'error'\nportable = true\n[serve]\nx = 1\n",
                "",
            ),
            ("", ""),
            ("check = 1", "`check` is a table"),
            ("[check]\nunused-varable = \"off\"", "there is no code `unused-varable`: did you mean `unused-variable`?"),
            ("[check]\nmissing-comma = \"off\"", "`missing-comma` is an error of syntax and stays one"),
            ("[check]\nunknown-key = \"loud\"", "`unknown-key` is \"off\", \"hint\", \"warning\" or \"error\""),
            ("[check]\nunknown-key = 1", "`unknown-key` is \"off\""),
            ("[check", "this is not TOML"),
        ] {
            let said = Config::parse(text).err().map(|error| format!("{}: {}", error.message, error.help));
            let said = said.unwrap_or_default();
            assert!(said.starts_with(expected) && said.is_empty() == expected.is_empty(), "{text}: {said}");
        }
    }
}
