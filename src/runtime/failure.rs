//! A run that failed: what is kept of it.

use super::backoff::{after_failure, retry_after};
use super::cycle::{Pace, Trouble};
use crate::store::{Change, ErrorKind, Instance, Millis, Place, Store, StoreError};
use crate::value::Unwind;

/// Keeps what failed and when to try again; everything else stays as it was committed last.
pub(super) fn failed(store: &mut dyn Store, instance: &Instance, by: &Pace<'_>, unwind: Box<Unwind>) -> Trouble {
    let now: Millis = (by.now)();
    let failures = instance.place.failures.saturating_add(1);
    let wait = after_failure(failures, (by.chance)(), retry_after(&unwind));
    let place = Place {
        failures,
        last_error: Some((by.redact)(&said(&unwind))),
        next_due: Some(now.saturating_add(wait)),
        ..instance.place.clone()
    };
    let change = Change { place: Some(place), now, ..Change::default() };
    match store.commit(instance, &change) {
        // Somebody else was quicker: what they wrote is newer.
        Ok(_) | Err(StoreError { kind: ErrorKind::Conflict, .. }) => Trouble::Connector(unwind),
        Err(error) => Trouble::Store(error),
    }
}

/// A failure in one line.
pub(super) fn said(unwind: &Unwind) -> String {
    match unwind {
        Unwind::Raise(exception) => {
            let message = exception.message();
            format!("{}: {}", exception.class.name(), message.lines().next().unwrap_or_default())
        }
        Unwind::Limit { message, .. } => format!("stopped: the run used {message}"),
        Unwind::Suspend(_) => "it suspended itself, which only actions can".to_owned(),
        _ => "it was left by a jump".to_owned(),
    }
}
