//! The lazy request: made by `get`, `post`…, changed by its option methods, sent when its answer is first looked at.
//!
//! Here it is only written down. Whoever is the `Platform` turns it into an `http::Request`, sends it and keeps the
//! answer in it.

mod options;
mod proxy;
mod response;

pub use options::merge_payload;

use super::{Receiver, Table};
use crate::http::{Method, RedirectPolicy, Tls};
use crate::text::Span;
use crate::value::{ClassId, Hash, Kind, Object, Proc, Value};
use std::any::Any;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// The methods that answer about the request itself; every other one goes to its answer.
pub static TABLES: &[Table] = &[
    Table { receiver: Receiver::Kinds(&[Kind::Request]), rows: options::ROWS },
    Table { receiver: Receiver::Kinds(&[Kind::Request]), rows: proxy::ROWS },
    Table { receiver: Receiver::Kinds(&[Kind::String]), rows: response::ROWS },
];

/// What the connection adds to a request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Access {
    /// Base address and credentials.
    #[default]
    Full,
    /// The base address only: requests that fetch the credentials.
    Unauthorized,
}

/// A request that nobody has needed yet, or its answer.
pub struct LazyRequest {
    pub verb: Method,
    /// As written: a string or URI, resolved against the connection's base address when it is sent.
    pub url: Value,
    /// `self` of the lambda that made it: what `after_response` runs with.
    pub owner: Value,
    pub access: Access,
    /// Where it was made.
    pub span: Option<Span>,
    pub draft: RefCell<Draft>,
    /// What it came to, once sent.
    pub answer: RefCell<Option<Value>>,
    /// It is being sent: looking at its answer now would never end.
    pub sending: Cell<bool>,
}

/// What the option methods change.
#[derive(Clone, Default)]
pub struct Draft {
    /// A query given as text, or whatever else is not a hash.
    pub raw_params: Value,
    pub params: Option<Rc<Hash>>,
    /// `None` until there is a place for one, which the verbs with a body make.
    pub payload: Option<Value>,
    pub request_format: RequestFormat,
    /// What the request format says of the body's type, where the author does not.
    pub content_type: Option<&'static str>,
    pub response_format: ResponseFormat,
    pub accept: Option<&'static str>,
    /// Names as given: symbols become Title-Case, strings stay.
    pub headers: Vec<(Value, Value)>,
    pub exact_headers: Vec<(Value, Value)>,
    pub user: Value,
    pub password: Value,
    pub digest: bool,
    pub redirects: RedirectPolicy,
    pub after_response: Option<Rc<Proc>>,
    pub after_error: Option<ErrorHandler>,
    pub tls: Tls,
    pub auth_type: Value,
    /// `apply` is changing the request: it may not break what the action has set.
    pub applying: bool,
}

/// `after_error_response(*matchers) { … }`
#[derive(Clone)]
pub struct ErrorHandler {
    pub matchers: Vec<Value>,
    pub block: Rc<Proc>,
}

/// How the payload becomes a body.
#[derive(Clone, Default)]
pub enum RequestFormat {
    /// Not at all: verbs without a body.
    #[default]
    None,
    Json,
    Xml {
        root: Value,
        namespaces: Option<Rc<Hash>>,
    },
    Form,
    Multipart,
    /// As it is: `request_body`.
    Raw,
}

/// How the body of the answer becomes a value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ResponseFormat {
    #[default]
    Raw,
    Json,
    Xml {
        strip_namespaces: bool,
    },
}

impl LazyRequest {
    /// A request without any option.
    pub fn new(verb: Method, url: Value, owner: Value, access: Access, span: Option<Span>) -> Self {
        Self {
            verb,
            url,
            owner,
            access,
            span,
            draft: RefCell::default(),
            answer: RefCell::default(),
            sending: Cell::default(),
        }
    }

    /// The same request, not sent yet.
    #[must_use]
    pub fn copy(&self) -> Self {
        let copy = Self::new(self.verb, self.url.clone(), self.owner.clone(), self.access, self.span);
        *copy.draft.borrow_mut() = self.draft.borrow().clone();
        copy
    }

    /// The request behind a value.
    pub fn of(value: &Value) -> Option<&Self> {
        value.downcast()
    }
}

impl Object for LazyRequest {
    fn kind(&self) -> Kind {
        Kind::Request
    }

    fn class(&self) -> ClassId {
        ClassId::REQUEST
    }

    fn inspect(&self) -> String {
        format!("#<{} {} {}>", self.class().name(), self.verb, crate::value::to_s(&self.url).to_text())
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}
