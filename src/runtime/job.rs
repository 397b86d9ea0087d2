//! One step of a job: run its action once, and say what comes of it. Pure of storage: what the job takes from step to
//! step is given, and given back.

use super::backoff::retry_after;
use super::failure::said;
use super::task::Task;
use crate::connector::{Connector, Inputs, Run, too_often};
use crate::store::{Job, Millis};
use crate::value::json::{self, BinaryForm};
use crate::value::{ClassId, Result, Unwind, Value, raise};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

/// However long a server asks to wait, in seconds.
const LONGEST_WAIT: f64 = 24.0 * 3600.0;

/// What a step comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// The action's output, as JSON.
    Done { output: String },
    /// `reinvoke_after` was called: the action runs again with this carry.
    Reinvoke { after: Millis, carry: String },
    /// A request failed, and the action asks for another try.
    Retry { after: Millis, carry: String, error: String },
    /// For good.
    Failed { error: String },
}

/// What a job takes from one step to the next.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct Carry {
    /// The `continue` of the next step.
    #[serde(rename = "continue", skip_serializing_if = "Json::is_null")]
    continued: Json,
    /// Steps that `reinvoke_after` asked for.
    steps: u32,
    /// Retries since the last of them.
    retries: u32,
}

impl Carry {
    fn text(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// Runs one step of a job. `redact` masks secrets in what is kept of an error.
pub fn action_step(
    connector: &mut Connector,
    task: &Task,
    job: &Job,
    carry: Option<&str>,
    redact: &dyn Fn(&str) -> String,
) -> Step {
    let carry: Carry = carry.and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
    connector.restart();
    connector.session().set_job(Some(job.id.clone()));
    let step = connector.enter(|run| match output(run, task, job, &carry) {
        Ok(output) => Ok(Step::Done { output }),
        Err(unwind) => after(run, task, &carry, unwind, redact),
    });
    connector.session().set_job(None);
    step.unwrap_or_else(|unwind| Step::Failed { error: redact(&said(&connector.finish(unwind))) })
}

fn output(run: &mut Run<'_>, task: &Task, job: &Job, carry: &Carry) -> Result<String> {
    let Some(action) = run.action(&task.action) else {
        return Err(raise(ClassId::KEY_ERROR, format!("there is no action '{}'", task.action)));
    };
    let event = read(&job.event)?;
    let input = task.input(run, &event)?;
    if !matches!(input, Value::Hash(_)) {
        let message = format!("the input of '{}' has to be a Hash, got {}", task.action, input.class().name());
        return Err(raise(ClassId::TYPE_ERROR, message));
    }
    let mut inputs = Inputs::of(input);
    if !carry.continued.is_null() {
        inputs.continued = read(&carry.continued.to_string())?;
    }
    json::compact(&run.step_action(&action, &inputs)?, BinaryForm::Base64)
}

fn read(text: &str) -> Result<Value> {
    json::parse(text.as_bytes()).map_err(|error| {
        raise(ClassId::ARGUMENT_ERROR, format!("what the state keeps of the job is no JSON: {}", error.message))
    })
}

/// What follows a step that did not end well; an error where nothing does.
fn after(
    run: &mut Run<'_>,
    task: &Task,
    carry: &Carry,
    unwind: Box<Unwind>,
    redact: &dyn Fn(&str) -> String,
) -> std::result::Result<Step, Box<Unwind>> {
    if let Some((seconds, continued)) = run.reinvocation(&unwind) {
        let most = run.max_reinvokes();
        if carry.steps >= most {
            return Err(too_often(most));
        }
        let continued = serde_json::from_str(&json::compact(&continued, BinaryForm::Base64)?).unwrap_or_default();
        let carry = Carry { continued, steps: carry.steps + 1, retries: 0 };
        return Ok(Step::Reinvoke { after: millis(seconds), carry: carry.text() });
    }
    let Some(action) = run.action(&task.action) else { return Err(unwind) };
    let Some(delay) = run.retry_delay(&action, &unwind, carry.retries)? else { return Err(unwind) };
    let delay = delay.max(retry_after(&unwind).unwrap_or_default());
    let carry = Carry { retries: carry.retries + 1, ..carry.clone() };
    Ok(Step::Retry { after: millis(delay), carry: carry.text(), error: redact(&said(&unwind)) })
}

fn millis(seconds: f64) -> Millis {
    (seconds.clamp(0.0, LONGEST_WAIT * 60.0) * 1000.0) as Millis
}

/// What an `on_failure` task gets as its event.
pub fn failure_event(job: &Job, name: &str, connector: &str, error: &str) -> String {
    let event: Json = serde_json::from_str(&job.event).unwrap_or_default();
    json!({
        "job": job.id,
        "trigger": name,
        "connector": connector,
        "error": error,
        "attempts": job.attempts,
        "event": event,
    })
    .to_string()
}
