//! How fast and how often requests leave: `rate_limit` and `retry` of the connection.

use super::Run;
use super::failure::{failed, unanswered};
use super::function::CANCELLED;
use super::run::{at, hash_of};
use crate::http::{Cause, ErrorKind, Outcome, Request, Response, Timeouts};
use crate::value::{Result, Unwind, Value};
use std::sync::{Mutex, PoisonError};

/// Who says when requests of a connection may leave, and whether what sends them may go on.
pub trait Turns: Send + Sync {
    /// Takes the next turn, where turns lie `apart`: how long to wait for it. Times are seconds, `now` since 1970.
    fn take(&self, now: f64, apart: f64) -> f64;

    /// Whether somebody wants that job to end.
    fn is_cancelled(&self, _job: &str) -> bool {
        false
    }
}

/// The turns of everything that uses a connection in this process.
#[derive(Debug, Default)]
pub struct Pace {
    /// When the next turn is, and when the last one was taken.
    next: Mutex<(f64, f64)>,
}

/// What `retry` says, or nothing.
struct Retry {
    max: i64,
    delay: f64,
    factor: f64,
    jitter: f64,
    max_delay: f64,
}

impl Turns for Pace {
    fn take(&self, now: f64, apart: f64) -> f64 {
        let mut known = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        let (next, at) = *known;
        // A clock that was put back makes nobody wait longer than was asked.
        let turn = if at > now { now + (next - at).max(0.0) } else { next.max(now) };
        *known = (turn + apart, now);
        turn - now
    }
}

impl Retry {
    fn of(connection: &Value) -> Option<Self> {
        let retry = at(connection, "retry");
        let number = |key: &str, default: f64| match at(&retry, key) {
            Value::Int(number) => number as f64,
            Value::Float(number) => number.get(),
            Value::True => 0.5,
            _ => default,
        };
        matches!(retry, Value::Hash(_)).then(|| Self {
            max: number("max", 3.0) as i64,
            delay: number("initial", 1.0),
            factor: number("factor", 2.0).max(1.0),
            jitter: number("jitter", 0.0).clamp(0.0, 1.0),
            max_delay: number("max_delay", 60.0),
        })
    }
}

impl Run<'_> {
    /// Sends a request when its turn has come, and again where the connection asks for it.
    pub fn transmit(&mut self, request: &mut Request) -> Result<Outcome> {
        let connection = &self.session.connection.whole;
        let Some(mut retry) = Retry::of(connection) else { return self.send_in_turn(request, connection) };
        let mut attempt = 1;
        loop {
            let outcome = self.send_in_turn(request, connection)?;
            if attempt > retry.max || !self.calls_for_retry(connection, request, &outcome, attempt)? {
                return Ok(outcome);
            }
            let spread = 1.0 - retry.jitter * (self.host.random() % 1000) as f64 / 1000.0;
            let field = outcome.as_ref().ok().and_then(|response| response.headers.get("Retry-After"));
            let asked = field.and_then(|field| asked_seconds(field, self.host.now().0));
            self.wait(asked.unwrap_or(retry.delay * spread).min(retry.max_delay))?;
            retry.delay *= retry.factor;
            attempt += 1;
            request.cause = Cause::Retry;
        }
    }

    /// The answer to a request for credentials, which waits for no turn and is sent once.
    pub fn fetch(&mut self, mut request: Request) -> Result<Response> {
        request.cause = Cause::Credentials;
        match self.send_in_time(&mut request)? {
            Ok(response) if request.accepts(response.status) => Ok(response),
            Ok(response) => Err(failed(&request, &response)),
            Err(error) => Err(unanswered(&error, &request)),
        }
    }

    fn send_in_turn(&mut self, request: &mut Request, connection: &Value) -> Result<Outcome> {
        self.wait_for_turn(connection)?;
        self.send_in_time(request)
    }

    /// Ends the run where somebody wants its job to end: before a request, and at `checkpoint!`. No `rescue` sees that.
    pub fn check_cancelled(&self) -> Result<()> {
        match self.session.job() {
            Some(job) if self.session.turns().is_cancelled(&job) => {
                Err(Box::new(Unwind::Suspend(hash_of([("step", Value::str(CANCELLED))]))))
            }
            _ => Ok(()),
        }
    }

    /// How long a request that leaves now may take: as the action and the surroundings say, and no longer than the run.
    pub fn timeouts(&self) -> Timeouts {
        self.session.timeouts().within(self.host.time_left())
    }

    fn send_in_time(&mut self, request: &mut Request) -> Result<Outcome> {
        request.timeouts = self.timeouts();
        let outcome = self.session.environment.transport.send(request);
        if matches!(&outcome, Err(error) if matches!(error.kind, ErrorKind::Timeout(_))) {
            // It may be the time of the whole run that is over.
            self.host.check_limits()?;
        }
        Ok(outcome)
    }

    /// Waits as `rate_limit` of the connection says; the run may end here.
    pub fn wait_for_turn(&mut self, connection: &Value) -> Result<()> {
        let limit = at(connection, "rate_limit");
        let number = |key: &str| match at(&limit, key) {
            Value::Int(number) => Some(number as f64),
            Value::Float(number) => Some(number.get()),
            Value::Duration(duration) => match duration.seconds {
                Value::Int(number) => Some(number as f64),
                _ => None,
            },
            _ => None,
        };
        let Some(requests) = number("requests").filter(|requests| *requests > 0.0) else {
            return self.check_cancelled();
        };
        let interval = number("per").unwrap_or(60.0) / requests;
        let (seconds, nanos) = self.host.now();
        let now = seconds as f64 + f64::from(nanos) / 1e9;
        let wait = self.session.turns().take(now, interval);
        self.wait(wait)?;
        self.check_cancelled()
    }

    /// `retry_if` decides; without it, overload and, where sending twice does no harm, broken connections.
    fn calls_for_retry(
        &mut self,
        connection: &Value,
        request: &Request,
        outcome: &Outcome,
        attempt: i64,
    ) -> Result<bool> {
        let retry_if = at(connection, "retry_if");
        match outcome {
            Ok(response) if retry_if.truthy() => {
                let (code, body, headers) = super::request::described(response);
                let context = super::run::context(crate::value::ClassId::WITH_DSL);
                let args = [code, body, headers, Value::Int(attempt)];
                Ok(self.invoke(&retry_if, &context, &args)?.truthy())
            }
            Ok(response) => Ok(match response.status {
                429 | 503 => true,
                502 | 504 => request.method.is_idempotent(),
                _ => false,
            }),
            Err(error) => Ok(request.method.is_idempotent()
                && matches!(error.kind, ErrorKind::Timeout(_) | ErrorKind::Broken | ErrorKind::Refused { .. })),
        }
    }
}

/// Seconds that a server asks to wait with `Retry-After`: a number of them, or a date.
pub(super) fn asked_seconds(field: &str, now: i64) -> Option<f64> {
    let field = field.trim();
    let date = || chrono::DateTime::parse_from_rfc2822(field).ok().map(|date| (date.timestamp() - now) as f64);
    field.parse().ok().or_else(date).filter(|seconds: &f64| seconds.is_finite()).map(|seconds| seconds.max(0.0))
}
