//! Executing a lazy request: credentials, sending, renewal of the credentials at most once, handlers of the author.

use super::read;
use crate::connector::authorization::{Authorization, Failure};
use crate::connector::failure::{failed, unanswered};
use crate::connector::run::declared;
use crate::connector::{Run, failure};
use crate::http::{Cause, ErrorKind, Outcome, Request, Response};
use crate::methods::Args;
use crate::methods::request::{Access, LazyRequest};
use crate::value::{ClassId, Proc, Result, Unwind, Value, inspect, is_blank, raise};
use std::rc::Rc;

/// How an attempt failed.
enum Failed {
    /// A status that is no success.
    Status(Box<(Request, Response)>),
    /// No answer; new credentials may help if `curable`.
    NoAnswer { unwind: Box<Unwind>, message: String, curable: bool },
    /// A good status, but the answer says that the credentials are not good.
    Detected { unwind: Box<Unwind>, message: String },
    /// Anything else ends the matter.
    Final(Box<Unwind>),
}

impl From<Box<Unwind>> for Failed {
    fn from(unwind: Box<Unwind>) -> Self {
        Self::Final(unwind)
    }
}

/// A good answer with its body read.
struct Answer {
    response: Response,
    body: Value,
}

impl Run<'_> {
    /// The answer of a lazy request; sent at first use, remembered from then on. Failures are not remembered.
    pub fn answer(&mut self, value: &Value) -> Result<Value> {
        let Some(lazy) = LazyRequest::of(value) else { return Ok(value.clone()) };
        if let Some(answer) = &*lazy.answer.borrow() {
            return Ok(answer.clone());
        }
        self.answer_from(value, lazy, None)
    }

    /// The same, with the outcome of the first attempt where that was sent already.
    pub(super) fn answer_from(&mut self, value: &Value, lazy: &LazyRequest, sent: Option<Sent>) -> Result<Value> {
        if lazy.sending.replace(true) {
            return Err(raise(
                ClassId::SYSTEM_STACK_ERROR,
                "the answer of this request was asked for while the request was being made",
            ));
        }
        let result = self.attempts(value, lazy, sent);
        lazy.sending.set(false);
        let answer = result.map_err(|unwind| located(unwind, lazy))?;
        *lazy.answer.borrow_mut() = Some(answer.clone());
        Ok(answer)
    }

    fn attempts(&mut self, value: &Value, lazy: &LazyRequest, mut sent: Option<Sent>) -> Result<Value> {
        let authorization = self.authorization()?;
        let apply = self.apply_of(lazy, authorization.as_ref());
        let mut first = true;
        loop {
            let settings = apply.as_ref().map(|_| self.session.settings());
            let failure = match self.attempt(value, lazy, authorization.as_ref(), apply.as_ref(), sent.take(), first) {
                Ok(answer) => return self.after_response(lazy, answer),
                Err(failure) => failure,
            };
            let may_renew = std::mem::take(&mut first);
            if may_renew
                && let (Some(authorization), Some(settings)) = (&authorization, &settings)
                && self.renewed(authorization, &failure, settings)?
            {
                continue;
            }
            return self.give_up(lazy, failure);
        }
    }

    /// The lambda that puts the credentials on, where this request gets any.
    fn apply_of(&self, lazy: &LazyRequest, authorization: Option<&Authorization>) -> Option<Value> {
        if lazy.access == Access::Unauthorized { None } else { authorization.and_then(Authorization::apply) }
    }

    /// Puts the credentials on and writes the request that leaves.
    pub(super) fn prepare(&mut self, value: &Value, lazy: &LazyRequest) -> Result<Request> {
        let authorization = self.authorization()?;
        let apply = self.apply_of(lazy, authorization.as_ref());
        self.put_credentials(value, lazy, authorization.as_ref(), apply.as_ref())?;
        self.build(lazy)
    }

    fn put_credentials(
        &mut self,
        value: &Value,
        lazy: &LazyRequest,
        authorization: Option<&Authorization>,
        apply: Option<&Value>,
    ) -> Result<()> {
        let (Some(authorization), Some(apply)) = (authorization, apply) else { return Ok(()) };
        let auth_type = lazy.draft.borrow().auth_type.clone();
        let token = self.session.setting("access_token");
        let second = if authorization.is_oauth2() || is_blank(&auth_type) { token } else { auth_type.clone() };
        let settings = self.session.settings();
        lazy.draft.borrow_mut().applying = true;
        // Requests made in here fetch credentials; with credentials of their own they would never end.
        let result = self.unauthorized(|run| run.invoke(apply, value, &[settings, second, auth_type]));
        lazy.draft.borrow_mut().applying = false;
        result.map(|_| ())
    }

    fn attempt(
        &mut self,
        value: &Value,
        lazy: &LazyRequest,
        authorization: Option<&Authorization>,
        apply: Option<&Value>,
        sent: Option<Sent>,
        first: bool,
    ) -> std::result::Result<Answer, Failed> {
        let Sent { request, outcome } = match sent {
            Some(sent) => sent,
            None => {
                self.put_credentials(value, lazy, authorization, apply)?;
                let mut request = self.build(lazy)?;
                if !first {
                    request.cause = Cause::Renewed;
                }
                let outcome = self.transmit(&mut request)?;
                Sent { request, outcome }
            }
        };
        let mut response = match outcome {
            Ok(response) => response,
            Err(error) => {
                let curable = matches!(error.kind, ErrorKind::Timeout(_) | ErrorKind::Broken);
                let unwind = unanswered(&error, &request);
                return Err(Failed::NoAnswer { unwind, message: error.kind.to_string(), curable });
            }
        };
        if !request.accepts(response.status) {
            return Err(Failed::Status(Box::new((request, response))));
        }
        let format = lazy.draft.borrow().response_format;
        let detects = authorization.is_some_and(|authorization| !authorization.detect_on().is_empty());
        if detects {
            self.detect(authorization, &request, &response, &read::text(&response))?;
        }
        let body = read::body(self.host, &request, &mut response, format, detects)?;
        if detects {
            self.detect(authorization, &request, &response, &body)?;
        }
        Ok(Answer { response, body })
    }

    /// Does a good answer say that the credentials are not good?
    fn detect(
        &mut self,
        authorization: Option<&Authorization>,
        request: &Request,
        response: &Response,
        body: &Value,
    ) -> std::result::Result<(), Failed> {
        for pattern in authorization.map(Authorization::detect_on).unwrap_or_default() {
            let hit = match &pattern {
                Value::Int(code) => *code == i64::from(response.status),
                pattern => self.matches(pattern, body)?,
            };
            if hit {
                let message = match body {
                    Value::Str(text) => text.to_text(),
                    other => inspect(other).to_text(),
                };
                let unwind = failure::unreadable(ClassId::SDK_DETECT_ON_ERROR, message.clone(), request, response);
                return Err(Failed::Detected { unwind, message });
            }
        }
        Ok(())
    }

    /// New credentials, if the failure asks for them and there are any.
    fn renewed(&mut self, authorization: &Authorization, failure: &Failed, settings: &Value) -> Result<bool> {
        match failure {
            Failed::Status(exchange) => {
                let response = &exchange.1;
                let body = failure::body_text(response);
                let message = crate::http::status::message(response.status);
                let failure = Failure { code: Some(response.status), body: Some(&body), message: &message };
                self.renew(authorization, &failure, settings)
            }
            Failed::NoAnswer { message, curable: true, .. } | Failed::Detected { message, .. } => {
                self.renew(authorization, &Failure { code: None, body: None, message }, settings)
            }
            Failed::NoAnswer { .. } | Failed::Final(_) => Ok(false),
        }
    }

    /// The author's handler if it is meant for this failure, else the failure as an error.
    fn give_up(&mut self, lazy: &LazyRequest, failure: Failed) -> Result<Value> {
        let (request, response) = match failure {
            Failed::Status(exchange) => *exchange,
            Failed::NoAnswer { unwind, .. } | Failed::Detected { unwind, .. } | Failed::Final(unwind) => {
                return Err(unwind);
            }
        };
        let handler = lazy.draft.borrow().after_error.clone();
        let message = Value::string(crate::http::status::message(response.status));
        let body = read::text(&response);
        if let Some(handler) = handler
            && self.is_handled(&handler.matchers, response.status, &message, &body)?
        {
            let code = Value::Int(i64::from(response.status));
            let headers = read::headers(&response.headers, false);
            return self.call_back(lazy, &handler.block, &[code, body, headers, message]);
        }
        Err(failed(&request, &response))
    }

    /// Codes, texts and patterns, also inside lists and ranges.
    fn is_handled(&mut self, matchers: &[Value], code: u16, message: &Value, body: &Value) -> Result<bool> {
        for matcher in matchers {
            let hit = match matcher {
                Value::Int(wanted) => *wanted == i64::from(code),
                Value::Str(text) => {
                    let pattern = crate::value::Regexp::new(&text.bytes(), crate::value::RegexpOptions::default())
                        .map_err(|message| raise(ClassId::REGEXP_ERROR, message))?;
                    let pattern = Value::Regexp(Rc::new(pattern));
                    self.matches(&pattern, message)? || self.matches(&pattern, body)?
                }
                Value::Regexp(_) => self.matches(matcher, message)? || self.matches(matcher, body)?,
                Value::Array(inner) => self.is_handled(&inner.to_vec(), code, message, body)?,
                Value::Range(_) => self.send(matcher, "===", &[Value::Int(i64::from(code))])?.truthy(),
                _ => false,
            };
            if hit {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn after_response(&mut self, lazy: &LazyRequest, answer: Answer) -> Result<Value> {
        let Some(block) = lazy.draft.borrow().after_response.clone() else { return Ok(answer.body) };
        let code = Value::Int(i64::from(answer.response.status));
        let headers = read::headers(&answer.response.headers, true);
        self.call_back(lazy, &block, &[code, answer.body, headers])
    }

    /// Runs a handler with the `self` of the lambda that made the request.
    fn call_back(&mut self, lazy: &LazyRequest, block: &Rc<Proc>, args: &[Value]) -> Result<Value> {
        let given = if block.is_lambda { args.get(..declared(block).min(args.len())).unwrap_or(args) } else { args };
        self.host.call_with_receiver(block, lazy.owner.clone(), Args::of(given))
    }
}

/// Errors that came from nowhere in the file point to where the request was made.
fn located(unwind: Box<Unwind>, lazy: &LazyRequest) -> Box<Unwind> {
    if let (Unwind::Raise(exception), Some(span)) = (&*unwind, lazy.span) {
        exception.set_span(span);
    }
    unwind
}

/// A request that has left, and what came of it.
pub(super) struct Sent {
    pub request: Request,
    pub outcome: Outcome,
}
