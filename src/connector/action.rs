//! Actions: the whole pipeline, steps that continue later, retries of failed requests.

use super::Run;
use super::function::{CANCELLED, REINVOKE, SUSPEND};
use super::inputs::Inputs;
use super::operation::Operation;
use super::run::{at, hash_of, raised, wrap_array};
use crate::value::{
    ClassId, Exception, Hash, Result, Unwind, Value, indifferent, indifferent_hash, is_blank, raise, to_s,
};
use std::rc::Rc;

/// Codes that are worth another try unless the action says otherwise.
const RETRY_CODES: &[i64] = &[429, 500, 502, 503, 504, 507];
const MOST_RETRIES: i64 = 3;
const FIRST_RETRY_DELAY: f64 = 5.0;
/// However long a server asks to wait.
const LONGEST_RETRY_DELAY: f64 = 60.0;

/// What an action says about trying again.
struct Retries {
    codes: Vec<i64>,
    matchers: Vec<Value>,
    verbs: Vec<String>,
    most: u32,
}

impl Retries {
    /// None at all unless the action names responses.
    fn of(action: &Operation) -> Self {
        let responses = wrap_array(&action.get("retry_on_response"));
        let codes: Vec<i64> = responses
            .iter()
            .filter_map(|response| match response {
                Value::Int(code) => Some(*code),
                _ => None,
            })
            .collect();
        let matchers = responses.iter().filter(|response| !matches!(response, Value::Int(_))).cloned().collect();
        let requests = wrap_array(&action.get("retry_on_request"));
        let verbs: Vec<String> =
            requests.iter().map(|verb| crate::value::to_s(verb).to_text().to_ascii_lowercase()).collect();
        let most = match action.get("max_retries") {
            Value::Int(most) => most.clamp(0, MOST_RETRIES),
            _ => MOST_RETRIES,
        };
        Self {
            most: if responses.is_empty() { 0 } else { most as u32 },
            codes: if codes.is_empty() { RETRY_CODES.to_vec() } else { codes },
            matchers,
            verbs: if verbs.is_empty() { vec!["get".to_owned(), "head".to_owned()] } else { verbs },
        }
    }
}

impl Run<'_> {
    /// The action of that name; `None` if there is none.
    pub fn action(&self, name: &str) -> Option<Operation> {
        match self.session.part(&["actions", name]) {
            Value::Hash(definition) => Some(Operation::new(name, definition, ClassId::CONTEXT)),
            _ => None,
        }
    }

    /// The whole pipeline: fields, input trimmed and converted, `execute`, output converted.
    pub fn run_action(&mut self, action: &Operation, inputs: &Inputs) -> Result<Value> {
        self.pipeline(action, inputs, |run, args| run.execute(action, args, inputs))
    }

    /// The same pipeline around one step of `execute`: what would wait leaves as it is, `reinvoke_after` and `suspend` as
    /// `Unwind::Suspend`, a failed request as its error. For whoever keeps jobs and their timers.
    pub fn step_action(&mut self, action: &Operation, inputs: &Inputs) -> Result<Value> {
        self.pipeline(action, inputs, |run, args| {
            let lambda = executable(action)?;
            let continued = run.resumed(action, &args[0], inputs)?;
            run.step(action, &lambda, args, &continued)
        })
    }

    fn pipeline(
        &mut self,
        action: &Operation,
        inputs: &Inputs,
        execute: impl FnOnce(&mut Self, &[Value; 3]) -> Result<Value>,
    ) -> Result<Value> {
        let raw = indifferent(&inputs.input);
        let extended = self.extended_schema(action, &raw)?;
        let input_schema = self.schema(&extended.input)?;
        let output_schema = self.schema(&extended.output)?;
        let all = self.input_schema(action, &input_schema, &raw)?;
        let input = self.apply_input_schema(action, &all, &raw)?;
        self.validate_input(&all, &input)?;
        let args = [input, input_schema.to_value(), output_schema.to_value()];
        let output = execute(self, &args)?;
        let output = match output {
            Value::Hash(_) => output,
            Value::Nil => {
                self.session.note(format!("execute of '{}' returned nil: taken as an empty output", action.name));
                Value::hash(Hash::indifferent())
            }
            other => return Err(not_a_hash(action, &other)),
        };
        self.apply_output_schema(action, &output_schema, &output)
    }

    /// `execute` by itself: input and schemas as they are.
    pub fn run_execute(&mut self, action: &Operation, inputs: &Inputs) -> Result<Value> {
        let schema = |value: &Value| Value::array(wrap_array(&indifferent(value)));
        let args = [
            Value::Hash(indifferent_hash(&inputs.input)),
            schema(&inputs.extended_input_schema),
            schema(&inputs.extended_output_schema),
        ];
        self.execute(action, &args, inputs)
    }

    /// `execute(connection, input, extended_input_schema, extended_output_schema, continue)`, tried again where the
    /// action asks for it.
    fn execute(&mut self, action: &Operation, args: &[Value; 3], inputs: &Inputs) -> Result<Value> {
        let lambda = executable(action)?;
        let continued = self.resumed(action, &args[0], inputs)?;
        let mut taken = 0;
        loop {
            let unwind = match self.steps(action, &lambda, args, &continued) {
                Err(unwind) => unwind,
                result => return result,
            };
            let Some(delay) = self.retry_delay(action, &unwind, taken)? else { return Err(unwind) };
            self.wait(delay.min(LONGEST_RETRY_DELAY))?;
            taken += 1;
        }
    }

    fn step(&mut self, action: &Operation, lambda: &Value, args: &[Value; 3], continued: &Value) -> Result<Value> {
        self.session.begin_step(self.host, seconds(&action.get("timeout")));
        let [input, input_schema, output_schema] = args.clone();
        let args = [self.session.settings(), input, input_schema, output_schema, indifferent(continued)];
        self.operate(action, lambda, &args)
    }

    /// Runs steps until one ends without asking for another.
    fn steps(&mut self, action: &Operation, lambda: &Value, args: &[Value; 3], continued: &Value) -> Result<Value> {
        let mut continued = continued.clone();
        let mut left = self.session.environment.habits.max_reinvokes;
        loop {
            let unwind = match self.step(action, lambda, args, &continued) {
                Err(unwind) => unwind,
                result => return result,
            };
            if let Some((seconds, next)) = self.reinvocation(&unwind) {
                if left == 0 {
                    return Err(too_often(self.session.environment.habits.max_reinvokes));
                }
                left -= 1;
                self.wait(seconds)?;
                continued = next;
                continue;
            }
            return match &*unwind {
                Unwind::Suspend(step) if named(step) == SUSPEND => self.suspended(action, step),
                _ => Err(unwind),
            };
        }
    }

    /// How often `reinvoke_after` may start an action again.
    pub fn max_reinvokes(&self) -> u32 {
        self.session.environment.habits.max_reinvokes
    }

    /// What a step that called `reinvoke_after` asks for: the seconds until the next one, and its `continue`.
    pub fn reinvocation(&self, unwind: &Unwind) -> Option<(f64, Value)> {
        let Unwind::Suspend(step) = unwind else { return None };
        let wait = || self.session.environment.habits.reinvoke_wait.unwrap_or_else(|| seconds(&at(step, "seconds")));
        (named(step) == REINVOKE).then(|| (wait(), at(step, "continue")))
    }

    /// What a step that called `suspend` asks for: its `continue`, and when it has waited for long enough.
    pub fn suspension(&self, unwind: &Unwind) -> Option<(Value, Value)> {
        let Unwind::Suspend(step) = unwind else { return None };
        (named(step) == SUSPEND).then(|| (at(step, "continue"), at(step, "expires_at")))
    }

    /// Tells the connector by what token the action is resumed.
    pub fn before_suspend(
        &mut self,
        action: &Operation,
        token: &str,
        expires_at: &Value,
        continued: &Value,
    ) -> Result<()> {
        let before = action.get("before_suspend");
        if before.truthy() {
            self.operate(action, &before, &[Value::str(token), expires_at.clone(), continued.clone()])?;
        }
        Ok(())
    }

    /// Tells the connector that the action waits, and answers with what resuming it takes.
    fn suspended(&mut self, action: &Operation, step: &Value) -> Result<Value> {
        let token: String = (0..4).map(|_| format!("{:016x}", self.host.random())).collect();
        let (continued, expires_at) = (at(step, "continue"), at(step, "expires_at"));
        self.before_suspend(action, &token, &expires_at, &continued)?;
        self.session.note(format!(
            "'{}' waits; it goes on with `--continue` and what is printed here, and `--resume JSON` or `--resume-timeout`",
            action.name
        ));
        Err(Box::new(Unwind::Suspend(hash_of([
            ("step", Value::str(SUSPEND)),
            ("resume_token", Value::string(token)),
            ("expires_at", expires_at),
            ("continue", continued),
        ]))))
    }

    /// The `continue` of the first step: as given, or as the resuming lambdas leave it.
    fn resumed(&mut self, action: &Operation, input: &Value, inputs: &Inputs) -> Result<Value> {
        // What a suspended run has printed is taken as it is, too.
        let printed = to_s(&at(&inputs.continued, "step")).to_text() == SUSPEND;
        let kept = if printed { at(&inputs.continued, "continue") } else { inputs.continued.clone() };
        let continued = Value::Hash(Rc::new(indifferent_hash(&kept).copy()));
        let (lambda, args) = if let Some(data) = &inputs.resume {
            (action.get("before_resume"), vec![indifferent(data), input.clone(), continued.clone()])
        } else if inputs.resume_timeout {
            (action.get("before_timeout_resume"), vec![input.clone(), continued.clone()])
        } else {
            return Ok(continued);
        };
        if lambda.truthy() {
            self.operate(action, &lambda, &args)?;
        }
        Ok(continued)
    }

    /// The seconds to wait before another try, if the failure calls for one and not all of them are taken: what the
    /// server asks for, else 5, 10, 20.
    pub fn retry_delay(&mut self, action: &Operation, unwind: &Unwind, taken: u32) -> Result<Option<f64>> {
        let Unwind::Raise(exception) = unwind else { return Ok(None) };
        let retries = Retries::of(action);
        if taken >= retries.most || exception.class != ClassId::SDK_REQUEST_FAILED_ERROR {
            return Ok(None);
        }
        let Some(Value::Int(code)) = exception.attribute("code") else { return Ok(None) };
        let verb = exception.attribute("method").unwrap_or_default();
        let verb = crate::value::to_s(&verb).to_text().to_ascii_lowercase();
        if !retries.codes.contains(&code) || !retries.verbs.contains(&verb) {
            return Ok(None);
        }
        let texts = [Value::string(exception.message()), exception.attribute("response").unwrap_or_default()];
        let mut fits = retries.matchers.is_empty();
        for matcher in &retries.matchers {
            for text in &texts {
                fits = fits || self.matches(matcher, text)?;
            }
        }
        let asked = retry_after(exception).and_then(|field| super::pace::asked_seconds(&field, self.host.now().0));
        Ok(fits.then(|| asked.unwrap_or(FIRST_RETRY_DELAY * 2_f64.powi(taken as i32))))
    }
}

/// An action began more steps than it may.
pub fn too_often(most: u32) -> Box<Unwind> {
    raise(ClassId::RUNTIME_ERROR, format!("Max number of reinvokes reached. Current limit is {most}"))
}

/// Whether a run ended because somebody wanted its job to end.
pub fn is_cancellation(unwind: &Unwind) -> bool {
    matches!(unwind, Unwind::Suspend(step) if named(step) == CANCELLED)
}

/// The reason that a step left early for.
fn named(step: &Value) -> String {
    to_s(&at(step, "step")).to_text()
}

/// The lambda that does an action's work.
fn executable(action: &Operation) -> Result<Value> {
    let lambda = action.get("execute");
    if lambda.truthy() {
        return Ok(lambda);
    }
    let exception =
        Exception::new(ClassId::SDK_INVALID_DEFINITION_ERROR, "'execute' block is required for action".to_owned());
    Err(raised(exception.with_help(format!("add `execute: lambda do |connection, input| … end` to '{}'", action.name))))
}

/// The field of the failed answer that says when to come again.
fn retry_after(exception: &Exception) -> Option<String> {
    let response = exception.attribute(super::failure::RESPONSE)?;
    let Value::Hash(headers) = at(&response, "headers") else { return None };
    let fields = headers.to_vec().into_iter().map(|(name, value)| (crate::value::to_s(&name).to_text(), value));
    let found = fields.into_iter().find(|(name, _)| name.eq_ignore_ascii_case("Retry-After"));
    found.map(|(_, value)| crate::value::to_s(&value).to_text())
}

fn seconds(value: &Value) -> f64 {
    match value {
        Value::Int(seconds) => *seconds as f64,
        Value::Float(seconds) => seconds.get(),
        _ => 0.0,
    }
}

fn not_a_hash(action: &Operation, output: &Value) -> Box<Unwind> {
    let message = format!("execute of '{}' has to return a Hash, got {}", action.name, output.class().name());
    let exception = Exception::new(ClassId::TYPE_ERROR, message);
    let help = match output {
        Value::Array(_) => "wrap the list: { items: list }",
        value if is_blank(value) => "return {} where there is nothing to say",
        _ => "wrap the value: { result: value }",
    };
    raised(exception.with_help(help))
}
