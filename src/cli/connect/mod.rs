//! `connrun connect`: asks for the settings of a connection, logs in, tests it, and saves what it got.

pub mod args;
mod callback;
mod condition;
mod flow;
mod form;
mod login;
mod prompt;
mod visit;

use super::args::{Display, Run, Where};
use super::failure::{Failure, Kind};
use super::open::{Opened, Opening};
use super::secrets::Secrets;
use super::{report, settings};
use crate::connector::Inputs;
use crate::value::{Hash, Value, equal, to_s};
use args::Connect;
use prompt::Prompt;
use visit::Visits;

pub fn run(options: &Connect, display: &Display, secrets: &Secrets) -> Result<u8, Failure> {
    visit::check(options)?;
    let target = settings::Target::of(&options.place)?;
    // An account or a file that is not there yet is made in the end.
    let place = if target.is_new {
        Where { settings: Some("{}".to_owned()), connection: None, ..options.place.clone() }
    } else {
        options.place.clone()
    };
    let run = Run::default();
    let opening = Opening::new(&place, &run, &options.network, display);
    let mut opened = opening.open(secrets)?;
    let mut prompt = Prompt::new(options.non_interactive);
    let title = opened.connector.run("title", &Inputs::default()).map(|title| to_s(&title).to_text());
    if let (Ok(title), false) = (title, options.non_interactive) {
        prompt.say(&format!("Connecting to {title}. Enter keeps what is in brackets.\n"));
    }
    form::fill(&mut opened, &mut prompt, options.network.sandbox)?;
    add_secrets(&opened, secrets);
    let mut visits = Visits::new(options);
    if flow::is_there(&opened) {
        flow::run(&mut opened, &mut prompt, &mut visits, &|opened| add_secrets(opened, secrets))?;
    } else if login::is_needed(&mut opened) {
        login::run(&mut opened, &mut prompt, &mut visits, secrets)?;
        add_secrets(&opened, secrets);
    }
    if !options.no_test {
        test(&mut opened, &mut prompt)?;
    }
    let changes = changes(&opened, &target.known);
    report::remarks(&opened.notes(), display, &secrets.redactor());
    let outcome = if changes.is_empty() {
        "nothing has changed, so nothing was saved".to_owned()
    } else {
        format!("saved in {}", target.save(&options.place, &changes)?)
    };
    let tested = if options.no_test { "" } else { "the connection works; " };
    report::remarks(&[format!("{tested}{outcome}")], display, &secrets.redactor());
    Ok(0)
}

fn add_secrets(opened: &Opened, secrets: &Secrets) {
    if let Value::Hash(all) = opened.connector.session().settings() {
        secrets.add_settings(&all, &opened.fields);
    }
}

/// Runs `test`; a connector without one cannot be tested.
fn test(opened: &mut Opened, prompt: &mut Prompt) -> Result<(), Failure> {
    if opened.connector.session().part(&["test"]).is_nil() {
        prompt.say("The connector has no `test`, so nobody knows whether the connection works.\n");
        return Ok(());
    }
    opened.connector.restart();
    opened.connector.run("test", &Inputs::default()).map(|_| ()).map_err(|unwind| {
        let mut failure = opened.failure(&unwind);
        let more = "the settings were not saved; `--no-test` saves them as they are";
        let help = failure.diagnostic.help.take();
        failure.diagnostic.help = Some(help.map_or(more.to_owned(), |help| format!("{help}\n{more}")));
        failure
    })
}

/// Settings that are other than in the file.
fn changes(opened: &Opened, before: &Hash) -> Vec<(String, Value)> {
    let Value::Hash(all) = opened.connector.session().settings() else { return Vec::new() };
    let pairs = all.to_vec().into_iter().map(|(name, value)| (to_s(&name).to_text(), value));
    let new = |(name, value): &(String, Value)| !before.get_either(name).is_some_and(|old| equal(&old, value));
    pairs.filter(new).filter(|(name, _)| flow::is_kept(name)).collect()
}

/// Who is not let in.
fn refused(message: impl Into<String>) -> Failure {
    Failure::new(Kind::Auth, crate::diagnostic::Diagnostic::error("run::auth", message))
}
