//! Actions: the whole pipeline, steps that continue later, retries of failed requests.

use super::Run;
use super::function::{REINVOKE, SUSPEND};
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
    left: i64,
    delay: f64,
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
            left: if responses.is_empty() { 0 } else { most },
            codes: if codes.is_empty() { RETRY_CODES.to_vec() } else { codes },
            matchers,
            verbs: if verbs.is_empty() { vec!["get".to_owned(), "head".to_owned()] } else { verbs },
            delay: FIRST_RETRY_DELAY,
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
        let raw = indifferent(&inputs.input);
        let extended = self.extended_schema(action, &raw)?;
        let input_schema = self.schema(&extended.input)?;
        let output_schema = self.schema(&extended.output)?;
        let all = self.input_schema(action, &input_schema, &raw)?;
        let input = self.apply_input_schema(action, &all, &raw)?;
        self.validate_input(&all, &input)?;
        let args = [input, input_schema.to_value(), output_schema.to_value()];
        let output = self.execute(action, &args, inputs)?;
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
        let lambda = action.get("execute");
        if !lambda.truthy() {
            let exception = Exception::new(
                ClassId::SDK_INVALID_DEFINITION_ERROR,
                "'execute' block is required for action".to_owned(),
            );
            return Err(raised(
                exception.with_help(format!("add `execute: lambda do |connection, input| … end` to '{}'", action.name)),
            ));
        }
        let continued = self.resumed(action, &args[0], inputs)?;
        let mut retries = Retries::of(action);
        loop {
            match self.steps(action, &lambda, args, &continued) {
                Err(unwind) if self.tries_again(&mut retries, &unwind)? => {}
                other => return other,
            }
        }
    }

    /// Runs steps until one ends without asking for another.
    fn steps(&mut self, action: &Operation, lambda: &Value, args: &[Value; 3], continued: &Value) -> Result<Value> {
        let mut continued = continued.clone();
        let mut left = self.session.environment.habits.max_reinvokes;
        loop {
            self.session.begin_step(self.host, seconds(&action.get("timeout")));
            let [input, input_schema, output_schema] = args.clone();
            let args = [self.session.settings(), input, input_schema, output_schema, indifferent(&continued)];
            let unwind = match self.operate(action, lambda, &args) {
                Err(unwind) => unwind,
                result => return result,
            };
            let Unwind::Suspend(step) = &*unwind else { return Err(unwind) };
            continued = at(step, "continue");
            match crate::value::to_s(&at(step, "step")).to_text().as_str() {
                REINVOKE => {
                    if left == 0 {
                        let most = self.session.environment.habits.max_reinvokes;
                        let message = format!("Max number of reinvokes reached. Current limit is {most}");
                        return Err(raise(ClassId::RUNTIME_ERROR, message));
                    }
                    left -= 1;
                    let asked = at(step, "seconds");
                    let seconds = self.session.environment.habits.reinvoke_wait.unwrap_or_else(|| seconds(&asked));
                    self.wait(seconds)?;
                }
                SUSPEND => return self.suspended(action, step),
                _ => return Err(unwind),
            }
        }
    }

    /// Tells the connector that the action waits, and answers with what resuming it takes.
    fn suspended(&mut self, action: &Operation, step: &Value) -> Result<Value> {
        let token: String = (0..4).map(|_| format!("{:016x}", self.host.random())).collect();
        let (continued, expires_at) = (at(step, "continue"), at(step, "expires_at"));
        let before = action.get("before_suspend");
        if before.truthy() {
            let args = [Value::str(&token), expires_at.clone(), continued.clone()];
            self.operate(action, &before, &args)?;
        }
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

    /// Does the failure call for another try, and is there one left? Waits before it says yes.
    fn tries_again(&mut self, retries: &mut Retries, unwind: &Unwind) -> Result<bool> {
        let Unwind::Raise(exception) = unwind else { return Ok(false) };
        if retries.left <= 0 || exception.class != ClassId::SDK_REQUEST_FAILED_ERROR {
            return Ok(false);
        }
        let Some(Value::Int(code)) = exception.attribute("code") else { return Ok(false) };
        let verb = exception.attribute("method").unwrap_or_default();
        let verb = crate::value::to_s(&verb).to_text().to_ascii_lowercase();
        if !retries.codes.contains(&code) || !retries.verbs.contains(&verb) {
            return Ok(false);
        }
        let texts = [Value::string(exception.message()), exception.attribute("response").unwrap_or_default()];
        let mut fits = retries.matchers.is_empty();
        for matcher in &retries.matchers {
            for text in &texts {
                fits = fits || self.matches(matcher, text)?;
            }
        }
        if fits {
            retries.left -= 1;
            let asked = retry_after(exception).and_then(|field| super::pace::asked_seconds(&field, self.host.now().0));
            self.wait(asked.unwrap_or(retries.delay).min(LONGEST_RETRY_DELAY))?;
            retries.delay *= 2.0;
        }
        Ok(fits)
    }
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
