//! One step of a job: run its action once, and say what comes of it. Pure of storage: what the job takes from step to
//! step is given, and given back.

use super::backoff::retry_after;
use super::failure::said;
use super::notify::time;
use super::task::Task;
use crate::connector::{Connector, Inputs, Operation, Run, is_cancellation, too_often};
use crate::store::{Job, Millis, Status};
use crate::value::json::{self, BinaryForm};
use crate::value::{ClassId, Result, Unwind, Value, raise};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

/// However long a server asks to wait, in seconds.
const LONGEST_WAIT: f64 = 24.0 * 3600.0;
/// A job that suspends itself waits for so long at most, and so often.
const LONGEST_SUSPENSION: Millis = 60 * 24 * 3_600_000;
const MOST_SUSPENSIONS: u32 = 50;

/// What a step comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// The action's output, as JSON.
    Done { output: String },
    /// `reinvoke_after` was called: the action runs again with this carry.
    Reinvoke { after: Millis, carry: String },
    /// `suspend` was called: the action runs again when somebody says the token, or at that time.
    Suspend { until: Millis, carry: String, token: String },
    /// A request failed, and the action asks for another try.
    Retry { after: Millis, carry: String, error: String },
    /// Somebody wanted the job to end, and it did.
    Cancelled,
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
    /// How often `suspend` was called.
    #[serde(skip_serializing_if = "is_zero")]
    suspensions: u32,
    /// What the step that comes next was waited with.
    #[serde(skip_serializing_if = "Option::is_none")]
    token: Option<String>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "as serde calls it")]
fn is_zero(number: &u32) -> bool {
    *number == 0
}

/// What a step needs of who runs it.
pub struct Around<'a> {
    pub now: Millis,
    /// Masks secrets in what is kept of an error.
    pub redact: &'a dyn Fn(&str) -> String,
    /// The token of a job's suspension with that number; the same one each time.
    pub token: &'a dyn Fn(u32) -> String,
}

impl Carry {
    fn of(job: &Job) -> Self {
        job.carry.as_deref().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default()
    }

    fn text(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// The number of the suspension that a job waits in, or would wait in next. One that runs with a token waits no more.
pub(super) fn next_suspension(job: &Job) -> u32 {
    let waits = job.status == Status::Waiting && job.token.is_some();
    Carry::of(job).suspensions + u32::from(!waits)
}

/// Runs one step of a job.
pub fn action_step(connector: &mut Connector, task: &Task, job: &Job, around: &Around<'_>) -> Step {
    let carry = Carry::of(job);
    connector.restart();
    connector.session().set_job(Some(job.id.clone()));
    let step = connector.enter(|run| match output(run, task, job, &carry) {
        Ok(output) => Ok(Step::Done { output }),
        Err(unwind) => after(run, task, &carry, unwind, around),
    });
    connector.session().set_job(None);
    step.unwrap_or_else(|unwind| {
        if is_cancellation(&unwind) {
            return Step::Cancelled;
        }
        Step::Failed { error: (around.redact)(&said(&connector.finish(unwind))) }
    })
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
    if let Some(token) = &carry.token {
        match job.answer.as_ref().filter(|answer| answer.token == *token) {
            Some(answer) => inputs.resume = Some(read(&answer.data)?),
            None => inputs.resume_timeout = true,
        }
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
    around: &Around<'_>,
) -> std::result::Result<Step, Box<Unwind>> {
    if let Some((seconds, continued)) = run.reinvocation(&unwind) {
        let most = run.max_reinvokes();
        if carry.steps >= most {
            return Err(too_often(most));
        }
        let continued = serde_json::from_str(&json::compact(&continued, BinaryForm::Base64)?).unwrap_or_default();
        let carry = Carry { continued, steps: carry.steps + 1, retries: 0, token: None, ..carry.clone() };
        return Ok(Step::Reinvoke { after: millis(seconds), carry: carry.text() });
    }
    let Some(action) = run.action(&task.action) else { return Err(unwind) };
    let unwind = match run.suspension(&unwind) {
        None => unwind,
        Some((continued, expires_at)) => match suspended(run, &action, carry, &continued, &expires_at, around) {
            Ok(step) => return Ok(step),
            Err(unwind) => unwind,
        },
    };
    let Some(delay) = run.retry_delay(&action, &unwind, carry.retries)? else { return Err(unwind) };
    let delay = delay.max(retry_after(&unwind).unwrap_or_default());
    let carry = Carry { retries: carry.retries + 1, ..carry.clone() };
    Ok(Step::Retry { after: millis(delay), carry: carry.text(), error: (around.redact)(&said(&unwind)) })
}

/// Tells the connector how the job is resumed. The token is known before: who answers at once is heard.
fn suspended(
    run: &mut Run<'_>,
    action: &Operation,
    carry: &Carry,
    continued: &Value,
    expires_at: &Value,
    around: &Around<'_>,
) -> Result<Step> {
    let suspensions = carry.suspensions + 1;
    if suspensions > MOST_SUSPENSIONS {
        let message = format!("a job suspends itself {MOST_SUSPENSIONS} times at most");
        return Err(raise(ClassId::RUNTIME_ERROR, message));
    }
    let latest = around.now.saturating_add(LONGEST_SUSPENSION);
    let until = time(expires_at).map_or(latest, |until| until.min(latest));
    let token = (around.token)(suspensions);
    run.before_suspend(action, &token, expires_at, continued)?;
    let continued = serde_json::from_str(&json::compact(continued, BinaryForm::Base64)?).unwrap_or_default();
    let carry = Carry { continued, retries: 0, suspensions, token: Some(token.clone()), ..carry.clone() };
    Ok(Step::Suspend { until, carry: carry.text(), token })
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
