//! The one door requests leave by.

use std::sync::Arc;

use super::{Error, Request, Response};

/// What a request came to.
pub type Outcome = Result<Response, Error>;

/// Carries a request and brings its answer.
///
/// Any status is an answer; an [`Error`] means there was none. Threads may send through the same transport at once.
/// Decorators are transports that hold another one.
pub trait Transport: Send + Sync {
    fn send(&self, request: &Request) -> Outcome;
}

impl<T: Transport + ?Sized> Transport for Arc<T> {
    fn send(&self, request: &Request) -> Outcome {
        (**self).send(request)
    }
}

impl<T: Transport + ?Sized> Transport for Box<T> {
    fn send(&self, request: &Request) -> Outcome {
        (**self).send(request)
    }
}

impl<T: Transport + ?Sized> Transport for &T {
    fn send(&self, request: &Request) -> Outcome {
        (**self).send(request)
    }
}

/// Makes a transport of a function, for tests and canned answers.
pub struct FromFn<F>(pub F);

impl<F: Fn(&Request) -> Outcome + Send + Sync> Transport for FromFn<F> {
    fn send(&self, request: &Request) -> Outcome {
        (self.0)(request)
    }
}
