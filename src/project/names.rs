//! Whether what a project names is there: files, accounts, and the triggers, syncs and actions of its connectors.

use super::given::{Checker, Given};
use super::model::{Part, Project, Settings};
use crate::check;
use crate::diagnostic::{Diagnostic, Severity};
use crate::syntax;
use crate::text::{Source, nearest};
use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// The kinds of parts that a project names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Kind {
    Trigger,
    Sync,
    Action,
}

impl Kind {
    const fn name(self) -> &'static str {
        match self {
            Self::Trigger => "trigger",
            Self::Sync => "sync",
            Self::Action => "action",
        }
    }

    const fn section(self) -> &'static str {
        match self {
            Self::Trigger => "triggers",
            Self::Sync => "syncs",
            Self::Action => "actions",
        }
    }
}

/// The names in a connector's file; `None` in place of those that a file makes up while it runs.
struct Names(HashMap<&'static str, Vec<String>>);

/// Everything that the project names and that is not there.
pub fn check(project: &Project) -> Vec<Diagnostic> {
    let mut names = Look {
        project,
        checker: Checker { source: &project.source, findings: Vec::new() },
        connectors: HashMap::new(),
    };
    for account in &project.accounts {
        if let Some(Settings::File(path)) = &account.settings {
            names.settings(path);
        }
    }
    for trigger in &project.triggers {
        names.part(&trigger.part, Kind::Trigger);
        for action in std::iter::successors(trigger.action.as_ref(), |action| action.on_failure.as_deref()) {
            names.part(&action.part, Kind::Action);
        }
    }
    for sync in &project.syncs {
        names.part(&sync.part, Kind::Sync);
    }
    names.twice();
    names.checker.findings
}

struct Look<'a> {
    project: &'a Project,
    checker: Checker<'a>,
    /// `None` of a file that cannot be read, which was said.
    connectors: HashMap<PathBuf, Option<Names>>,
}

impl Look<'_> {
    fn part(&mut self, part: &Part, kind: Kind) {
        if let Some(account) = &part.account {
            self.account(account);
        }
        let path = &part.connector.value;
        if !self.connectors.contains_key(path) {
            let names = self.connector(&part.connector);
            self.connectors.insert(path.clone(), names);
        }
        let Some(Some(Names(sections))) = self.connectors.get(path) else { return };
        let known = sections.get(kind.section()).map(Vec::as_slice).unwrap_or_default();
        if known.contains(&part.name.value) {
            return;
        }
        let what = kind.name();
        let help = if known.is_empty() {
            format!("the connector has no {}", kind.section())
        } else {
            let near = nearest(&part.name.value, known.iter().map(String::as_str));
            let near = near.map(|near| format!("did you mean `{near}`? ")).unwrap_or_default();
            format!("{near}there is: {}", known.join(", "))
        };
        let message = format!("{} has no {what} `{}`", shown(path), part.name.value);
        self.checker.push("project::unknown-name", message, part.name.span, &format!("this {what}"), help);
    }

    fn account(&mut self, account: &Given<String>) {
        if self.project.account(&account.value).is_some() {
            return;
        }
        let known: Vec<&str> = self.project.accounts.iter().map(|account| account.name.as_str()).collect();
        let near = nearest(&account.value, known.iter().copied()).map(|near| format!("did you mean `{near}`? "));
        let near = near.unwrap_or_default();
        let help = if known.is_empty() {
            format!("write `[accounts.{}]` with its `settings`", account.value)
        } else {
            format!("{near}there is: {}", known.join(", "))
        };
        let message = format!("there is no account `{}`", account.value);
        self.checker.push("project::unknown-name", message, account.span, "this account", help);
    }

    fn connector(&mut self, given: &Given<PathBuf>) -> Option<Names> {
        let path = &given.value;
        let Ok(text) = std::fs::read_to_string(path) else {
            self.missing(given);
            return None;
        };
        let source = Source::new(shown(path), text);
        let parsed = syntax::parse(&source);
        let (_, found) = crate::program::build(&parsed.file, &source);
        let errors = parsed.diagnostics.iter().chain(&found).filter(|it| it.severity == Severity::Error);
        let errors: Vec<_> = errors.cloned().collect();
        if !errors.is_empty() {
            self.checker.findings.extend(errors);
            return None;
        }
        let connector = check::Connector::of(&source, &parsed, &mut check::Known::default());
        let mut sections: HashMap<&'static str, Vec<String>> = HashMap::new();
        for entry in &connector.entries {
            if let [section, name] = entry.path.as_slice() {
                sections.entry(section).or_default().push((*name).to_owned());
            }
        }
        Some(Names(sections))
    }

    fn missing(&mut self, given: &Given<PathBuf>) {
        let path = &given.value;
        let message = format!("there is no file {}", shown(path));
        let near = path.parent().zip(path.file_name().and_then(|name| name.to_str())).and_then(|(folder, name)| {
            let entries = std::fs::read_dir(folder).ok()?;
            let names: Vec<_> = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok()).collect();
            nearest(name, names.iter().map(String::as_str)).map(str::to_owned)
        });
        let help = near
            .map_or("paths are seen from the folder of this file".to_owned(), |near| format!("did you mean `{near}`?"));
        self.checker.push("project::no-file", message, given.span, "this file", help);
    }

    fn settings(&mut self, path: &Path) {
        if path.exists() {
            return;
        }
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        // The path's text stands in the file as it was written.
        let at = self.project.source.text().find(name).unwrap_or_default() as u32;
        let place = crate::text::Span::new(at, at + name.len() as u32);
        let help = "`connrun settings set KEY=VALUE -s FILE` makes one".to_owned();
        let message = format!("there is no file {}", shown(path));
        self.checker.push("project::no-file", message, place, "this file", help);
    }

    /// Two entries with the same connector, part, account and input would share one place in the state.
    fn twice(&mut self) {
        type Identity<'a> = (&'a Path, &'a str, Option<&'a str>, String);
        let mut seen: HashMap<Identity<'_>, &str> = HashMap::new();
        for trigger in &self.project.triggers {
            let part = &trigger.part;
            let account = part.account.as_ref().map(|account| account.value.as_str());
            let input = serde_json::Value::Object(trigger.input.clone()).to_string();
            let identity = (part.connector.value.as_path(), part.name.value.as_str(), account, input);
            if let Some(first) = seen.insert(identity, &trigger.name.value) {
                let message = format!("`{}` is the same as `{first}`", trigger.name.value);
                let help = "two triggers differ by connector, trigger, account or input; leave one away".to_owned();
                self.checker.push("project::twice", message, trigger.name.span, "this trigger", help);
            }
        }
    }
}

/// What a connector is called in addresses: its file's name without the ending.
pub fn stem(connector: &Path) -> String {
    connector.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default()
}

fn shown(path: &Path) -> String {
    path.strip_prefix(".").unwrap_or(path).display().to_string()
}
