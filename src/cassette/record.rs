//! The transport that remembers what goes through it.

use super::{Answer, Interaction, failure_name};
use crate::http::{Outcome, Request, Transport};
use std::sync::{Arc, Mutex, PoisonError};

/// What went through, in the order in which it left. It holds secrets until it is written.
#[derive(Default)]
pub struct Tape(Mutex<Vec<Option<Interaction>>>);

/// Sends on, and keeps request and outcome.
pub struct Recording<T> {
    inner: T,
    tape: Arc<Tape>,
}

impl<T: Transport> Recording<T> {
    pub fn new(inner: T) -> Self {
        Self { inner, tape: Arc::default() }
    }

    /// Shared with whoever writes it at the end.
    pub fn tape(&self) -> Arc<Tape> {
        Arc::clone(&self.tape)
    }
}

impl Tape {
    /// Takes what there is so far.
    pub fn take(&self) -> Vec<Interaction> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner)).into_iter().flatten().collect()
    }
}

impl<T: Transport> Transport for Recording<T> {
    fn send(&self, request: &Request) -> Outcome {
        let place = {
            let mut tape = self.tape.0.lock().unwrap_or_else(PoisonError::into_inner);
            tape.push(None);
            tape.len() - 1
        };
        let outcome = self.inner.send(request);
        let answer = match &outcome {
            Ok(response) => Some(Answer::Response {
                status: response.status,
                headers: response.headers.clone(),
                body: response.body.clone(),
            }),
            Err(error) => failure_name(&error.kind).map(|_| Answer::Failure(error.kind.clone())),
        };
        let mut tape = self.tape.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let (Some(slot), Some(answer)) = (tape.get_mut(place), answer) {
            *slot = Some(Interaction::of(request, answer));
        }
        drop(tape);
        outcome
    }
}
