//! `parallel`: several requests at the same time, answers in the order of the requests.

use super::send::Sent;
use crate::connector::Run;
use crate::http::{Request, Transport};
use crate::methods::Args;
use crate::methods::request::LazyRequest;
use crate::value::{ClassId, Result, Unwind, Value, inspect, raise};
use std::sync::Mutex;

/// More threads than this are not used, whatever is asked for.
const MOST_THREADS: usize = 20;

/// How fast requests may leave: `requests` in each `period` of seconds.
#[derive(Clone, Copy)]
struct Throttle {
    requests: usize,
    period: f64,
}

impl Run<'_> {
    /// `parallel(requests, threads:, rpm:, requests_per_period:, period:)`
    pub fn parallel(&mut self, args: &Args) -> Result<Value> {
        let mut args = args.clone();
        let [threads, rpm, per_period, period] =
            args.known_keywords(["threads", "rpm", "requests_per_period", "period"], 0)?;
        let requests = match args.get(0) {
            Value::Nil if args.is_empty() => Vec::new(),
            other => match self.host.force(&other)? {
                Value::Array(items) => items.to_vec(),
                other => {
                    let message = format!("undefined method `each' for {}", described(&other));
                    return Err(raise(ClassId::NO_METHOD_ERROR, message));
                }
            },
        };
        let number = |value: Option<Value>| value.as_ref().and_then(as_number).filter(|number| *number > 0.0);
        let threads = number(threads).map_or(1, |threads| threads as usize).min(MOST_THREADS);
        let throttle = match (number(rpm), number(per_period)) {
            (_, Some(requests)) => {
                Some(Throttle { requests: requests as usize, period: number(period).unwrap_or(60.0) })
            }
            (Some(rpm), None) => Some(Throttle { requests: rpm as usize, period: 60.0 }),
            (None, None) => None,
        };
        self.answers(&requests, threads, throttle)
    }

    fn answers(&mut self, requests: &[Value], threads: usize, throttle: Option<Throttle>) -> Result<Value> {
        let at_once = if self.session.environment.habits.sequential { 1 } else { threads };
        let (mut results, mut errors) = (Vec::new(), Vec::new());
        let batch = throttle.map_or(usize::MAX, |throttle| throttle.requests.max(1));
        for (number, batch) in requests.chunks(batch.min(requests.len().max(1))).enumerate() {
            if let Some(throttle) = throttle.filter(|_| number > 0) {
                self.wait(throttle.period)?;
            }
            let sent = if at_once > 1 { self.send_together(batch, at_once)? } else { Vec::new() };
            let mut sent = sent.into_iter();
            for request in batch {
                match self.one_answer(request, sent.next().flatten()) {
                    Ok(answer) => {
                        results.push(answer);
                        errors.push(Value::Nil);
                    }
                    Err(unwind) => {
                        results.push(Value::Nil);
                        errors.push(Value::string(message_of(unwind)?));
                    }
                }
            }
        }
        let all_ok = errors.iter().all(Value::is_nil);
        Ok(Value::array(vec![Value::bool(all_ok), Value::array(results), Value::array(errors)]))
    }

    fn one_answer(&mut self, value: &Value, sent: Option<Result<Sent>>) -> Result<Value> {
        let Some(lazy) = LazyRequest::of(value) else {
            let message = format!("undefined method `response!' for {}", described(value));
            return Err(raise(ClassId::NO_METHOD_ERROR, message));
        };
        if let Some(answer) = &*lazy.answer.borrow() {
            return Ok(answer.clone());
        }
        let answer = self.answer_from(value, lazy, sent.transpose()?)?;
        self.host.force(&answer)
    }

    /// The first attempts of all requests that have not been sent yet; errors of writing one are its own.
    fn send_together(&mut self, values: &[Value], threads: usize) -> Result<Vec<Option<Result<Sent>>>> {
        let mut prepared: Vec<Option<Result<Request>>> = Vec::with_capacity(values.len());
        for value in values {
            let request = match LazyRequest::of(value) {
                Some(lazy) if lazy.answer.borrow().is_none() => Some(self.prepare(value, lazy)),
                _ => None,
            };
            // A request that stops the whole run is no failure of one request.
            prepared.push(match request {
                Some(Err(unwind)) if !matches!(*unwind, Unwind::Raise(_)) => return Err(unwind),
                other => other,
            });
        }
        for _ in prepared.iter().flatten() {
            self.wait_for_turn(&self.session.connection.whole)?;
        }
        let requests: Vec<Option<&Request>> =
            prepared.iter().map(|request| request.as_ref().and_then(|request| request.as_ref().ok())).collect();
        let outcomes = send_all(&*self.session.environment.transport, &requests, threads);
        Ok(prepared
            .into_iter()
            .zip(outcomes)
            .map(|(request, outcome)| match (request?, outcome) {
                (Ok(request), Some(outcome)) => Some(Ok(Sent { request, outcome })),
                (Ok(_), None) => None,
                (Err(unwind), _) => Some(Err(unwind)),
            })
            .collect())
    }
}

/// Sends from a few threads; outcomes stand where their requests stood.
fn send_all(
    transport: &dyn Transport,
    requests: &[Option<&Request>],
    threads: usize,
) -> Vec<Option<crate::http::Outcome>> {
    let next = Mutex::new(requests.iter().enumerate());
    let outcomes = Mutex::new(requests.iter().map(|_| None).collect::<Vec<_>>());
    std::thread::scope(|scope| {
        for _ in 0..threads.min(requests.len()) {
            scope.spawn(|| {
                while let Some((at, request)) = next.lock().ok().and_then(|mut next| next.next()) {
                    let outcome = request.map(|request| transport.send(request));
                    if let Ok(mut outcomes) = outcomes.lock()
                        && let Some(place) = outcomes.get_mut(at)
                    {
                        *place = outcome;
                    }
                }
            });
        }
    });
    outcomes.into_inner().unwrap_or_default()
}

/// The message of an error; whatever ends the run is passed on.
fn message_of(unwind: Box<Unwind>) -> Result<String> {
    match *unwind {
        Unwind::Raise(exception) => Ok(exception.message()),
        other => Err(Box::new(other)),
    }
}

fn described(value: &Value) -> String {
    format!("{}:{}", inspect(value).to_text(), value.class().name())
}

fn as_number(value: &Value) -> Option<f64> {
    match value {
        Value::Int(number) => Some(*number as f64),
        Value::Float(number) => Some(number.get()),
        Value::Duration(duration) => as_number(&duration.seconds),
        _ => None,
    }
}
