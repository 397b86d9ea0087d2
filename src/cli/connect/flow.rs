//! The steps of `connection.flow`: questions, requests, pages to visit and words to read, one after the other.
//!
//! What a step returns becomes part of the settings, where later steps and the connector find it.

use super::form;
use super::login::{destination, with_query};
use super::prompt::Prompt;
use super::refused;
use super::visit::{self, Visits};
use crate::cli::failure::{Failure, Kind as FailureKind};
use crate::cli::open::Opened;
use crate::connector::flow::{returned, wanted};
use crate::diagnostic::Diagnostic;
use crate::http::query;
use crate::runtime::filled;
use crate::text::nearest;
use crate::value::{Hash, Unwind, Value, to_s};
use crate::vocabulary::FLOW_KEYS;
use std::time::{Duration, Instant};

/// The kinds of steps, by the key that each has.
const KINDS: &[(&str, Kind)] =
    &[("form", Kind::Form), ("http", Kind::Http), ("redirect", Kind::Redirect), ("display", Kind::Display)];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Fields to fill in.
    Form,
    /// A request; its answer returns something.
    Http,
    /// A page that the browser goes to, and comes back from with parameters.
    Redirect,
    /// Words for whoever connects.
    Display,
}

struct Step {
    /// From 1.
    number: usize,
    kind: Kind,
    value: Value,
    /// Names of settings, and where their values stand in what comes back.
    returns: Vec<(String, String)>,
    /// Seconds from one try to the next, until all that is wanted has come.
    every: Option<f64>,
}

/// Whether there are such steps.
pub fn is_there(opened: &Opened) -> bool {
    !opened.connector.session().part(&["connection", "flow"]).is_nil()
}

/// Names that begin with an underscore are of use on the way only.
pub fn is_kept(name: &str) -> bool {
    !name.starts_with('_')
}

/// Goes all steps. `after` is told of each, for what came of it may be secret.
pub fn run(
    opened: &mut Opened,
    prompt: &mut Prompt,
    visits: &mut Visits<'_>,
    after: &dyn Fn(&Opened),
) -> Result<(), Failure> {
    for step in steps(opened)? {
        if prompt.silent && step.is_done(opened) {
            continue;
        }
        opened.connector.restart();
        let came = match step.kind {
            Kind::Form => step.ask(opened, prompt, visits)?,
            Kind::Http => step.request(opened, prompt, visits.options.wait)?,
            Kind::Redirect => step.visit(opened, prompt, visits)?,
            Kind::Display => step.show(opened, prompt)?,
        };
        opened.connector.session().merge_settings(&came);
        after(opened);
    }
    Ok(())
}

fn steps(opened: &Opened) -> Result<Vec<Step>, Failure> {
    let Value::Array(items) = opened.connector.session().part(&["connection", "flow"]) else {
        return Err(mistake("`flow` has to be a list of steps"));
    };
    items.to_vec().iter().enumerate().map(|(at, item)| Step::of(at + 1, item)).collect()
}

impl Step {
    fn of(number: usize, item: &Value) -> Result<Self, Failure> {
        let Value::Hash(step) = item else { return Err(mistake(format!("step {number} of `flow` is no hash"))) };
        let names: Vec<String> = step.keys().iter().map(|key| to_s(key).to_text()).collect();
        let known = || KINDS.iter().map(|(name, _)| *name).chain(FLOW_KEYS.iter().copied());
        if let Some(name) = names.iter().find(|name| !known().any(|known| known == name.as_str())) {
            let near = nearest(name, known()).map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
            return Err(mistake(format!("step {number} of `flow` has no key `{name}`{near}")));
        }
        let mut kinds = KINDS.iter().filter(|(name, _)| names.iter().any(|given| given == name));
        let (Some((name, kind)), None) = (kinds.next(), kinds.next()) else {
            let listed = KINDS.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
            return Err(mistake(format!("step {number} of `flow` has to have one of {listed}")));
        };
        let returns = wanted(&step.get_either("returns").unwrap_or_default()).ok_or_else(|| {
            mistake(format!("`returns` of step {number} has to be a list of names, or names with their places"))
        })?;
        let every = match step.get_either("every").unwrap_or_default() {
            Value::Nil => None,
            Value::Int(seconds) if seconds > 0 => Some(seconds as f64),
            Value::Float(seconds) if seconds.get() > 0.0 => Some(seconds.get()),
            _ => return Err(mistake(format!("`every` of step {number} has to be a number of seconds"))),
        };
        Ok(Self { number, kind: *kind, value: step.get_either(name).unwrap_or_default(), returns, every })
    }

    /// Everything that it would bring is known.
    fn is_done(&self, opened: &Opened) -> bool {
        let kept = self.returns.iter().filter(|(name, _)| is_kept(name));
        let all = kept.clone().all(|(name, _)| !opened.connector.session().setting(name).is_nil());
        self.kind == Kind::Display || (kept.count() > 0 && all)
    }

    /// The value of the step as it is written, or as its lambda makes it.
    fn written(&self, opened: &mut Opened) -> Result<Value, Failure> {
        let value = opened.connector.enter(|run| run.flow_value(&self.value));
        value.map_err(|unwind| self.failed(opened, unwind))
    }

    /// The same with what is known filled in.
    fn filled(&self, opened: &mut Opened) -> Result<Value, Failure> {
        let value = self.written(opened)?;
        Ok(filled(&value, &opened.connector.session().settings()))
    }

    fn ask(&self, opened: &mut Opened, prompt: &mut Prompt, visits: &Visits<'_>) -> Result<Hash, Failure> {
        let fields = self.filled(opened)?;
        form::ask(opened, prompt, &fields, visits.options.network.sandbox)?;
        Ok(Hash::new())
    }

    fn request(&self, opened: &mut Opened, prompt: &mut Prompt, most: u64) -> Result<Hash, Failure> {
        let until = Instant::now() + Duration::from_secs(most);
        if self.every.is_some() {
            prompt.say("\nWaiting until it is done.\n");
        }
        loop {
            opened.connector.restart();
            let request = match &self.value {
                lambda @ Value::Proc(_) => lambda.clone(),
                data => filled(data, &opened.connector.session().settings()),
            };
            let answer = opened.connector.enter(|run| run.flow_request(&request));
            let missing = match answer {
                Ok(answer) => match returned(&answer, &self.returns) {
                    (found, missing) if missing.is_empty() => return Ok(found),
                    (_, missing) => missing,
                },
                Err(unwind) if self.every.is_some() && is_pending(&unwind) => Vec::new(),
                Err(unwind) => return Err(self.failed(opened, unwind)),
            };
            let Some(pause) = self.every else {
                let message = format!("the answer to step {} of `flow` has no {}", self.number, missing.join(", "));
                return Err(refused(message)
                    .help("`returns` says what is taken from it: names, or `{ setting: 'place.in.the.answer' }`"));
            };
            let pause = Duration::try_from_secs_f64(pause).unwrap_or(Duration::MAX);
            if Instant::now().checked_add(pause).is_none_or(|next| next > until) {
                return Err(refused(format!("step {} of `flow` was not done within {most} seconds", self.number))
                    .help("run it again; `--wait` gives more time"));
            }
            std::thread::sleep(pause);
        }
    }

    fn visit(&self, opened: &mut Opened, prompt: &mut Prompt, visits: &mut Visits<'_>) -> Result<Hash, Failure> {
        if !visits.is_possible(prompt) {
            let names: Vec<&str> = self.returns.iter().map(|(name, _)| name.as_str()).collect();
            let message = format!("nobody is here to go to a page: the settings have no {}", names.join(", "));
            return Err(refused(message)
                .help("run `connrun connect` without `--non-interactive` once, and take the settings that it saves"));
        }
        visits.open(prompt)?;
        let state = visit::new_state()?;
        let written = self.written(opened)?;
        let own = to_s(&written).to_text();
        let address = filled(&written, &with_visit(&opened.connector.session().settings(), &visits.redirect, &state));
        let mut address = destination(&to_s(&address).to_text(), &format!("`redirect` in step {}", self.number))?;
        let mut pairs: Vec<(String, String)> = address.query.as_deref().map(query::parse).unwrap_or_default();
        for (name, value) in [("redirect_uri", &visits.redirect), ("state", &state)] {
            if !own.contains(&format!("{{{{{name}}}}}")) && !pairs.iter().any(|(known, _)| known == name) {
                pairs.push((name.to_owned(), value.clone()));
            }
        }
        address = with_query(address, &pairs);
        let answer = visits.fetch(opened, prompt, &address)?;
        let brought = match (visit::parameters(&answer, &state)?, self.returns.as_slice()) {
            (Some(pairs), _) => pairs,
            (None, [(_, place)]) => vec![(place.clone(), answer)],
            (None, _) => {
                return Err(
                    refused("what was pasted is no address").help("paste the whole address that the browser ended at")
                );
            }
        };
        let found = Hash::new();
        for (name, place) in &self.returns {
            let value = brought.iter().find(|(known, _)| known == place).map(|(_, value)| value);
            let value = value.ok_or_else(|| {
                refused(format!("the browser came back without `{place}`"))
                    .help(format!("`returns` of step {} of `flow` wants it", self.number))
            })?;
            found.insert_str(name, Value::str(value));
        }
        Ok(found)
    }

    /// The failure of this step; a request that is written as data stands at no line that was run.
    fn failed(&self, opened: &mut Opened, unwind: Box<Unwind>) -> Failure {
        let unwind = opened.connector.finish(unwind);
        let mut failure = opened.failure(&unwind);
        if !matches!(self.value, Value::Proc(_)) {
            failure.diagnostic.labels.clear();
            failure.diagnostic.message = format!("step {} of `flow`: {}", self.number, failure.diagnostic.message);
        }
        failure
    }

    fn show(&self, opened: &mut Opened, prompt: &mut Prompt) -> Result<Hash, Failure> {
        let text = to_s(&self.filled(opened)?).to_text();
        prompt.say(&format!("\n{}\n", text.trim_end()));
        Ok(Hash::new())
    }
}

/// The settings, and what an address may spell in its own way.
fn with_visit(settings: &Value, redirect: &str, state: &str) -> Value {
    let all = match settings {
        Value::Hash(settings) => settings.copy(),
        _ => Hash::new(),
    };
    all.insert_str("redirect_uri", Value::str(redirect));
    all.insert_str("state", Value::str(state));
    Value::hash(all)
}

/// Services say in this way that somebody has not agreed yet.
fn is_pending(unwind: &Unwind) -> bool {
    let Unwind::Raise(exception) = unwind else { return false };
    let said = exception.attribute("failed_response").map(|body| to_s(&body).to_text()).unwrap_or_default();
    let said = said + &exception.message();
    ["authorization_pending", "slow_down"].iter().any(|word| said.contains(word))
}

fn mistake(message: impl Into<String>) -> Failure {
    Failure::new(FailureKind::Connector, Diagnostic::error("run::error", message.into())).help(
        "a step is a hash such as `{ redirect: 'https://…', returns: ['code'] }`; docs/connect.md shows all kinds",
    )
}
