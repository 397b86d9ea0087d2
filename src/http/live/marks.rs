//! When the parts of an exchange were over, noted by the connection as it goes along. An exchange stays on its thread.

use std::cell::Cell;
use std::time::{Duration, Instant};

use crate::http::Timing;

#[derive(Clone, Copy, Default)]
struct Marks {
    opened: u32,
    lookup: Duration,
    opening: Option<Instant>,
    connected: Option<Instant>,
    secured: Option<Instant>,
    sent: Option<Instant>,
    answered: Option<Instant>,
}

thread_local! {
    static MARKS: Cell<Marks> = const {
        Cell::new(Marks {
            opened: 0,
            lookup: Duration::ZERO,
            opening: None,
            connected: None,
            secured: None,
            sent: None,
            answered: None,
        })
    };
}

fn mark(change: impl FnOnce(&mut Marks, Instant)) {
    let mut marks = MARKS.get();
    change(&mut marks, Instant::now());
    MARKS.set(marks);
}

/// An exchange begins on this thread.
pub(super) fn begin() {
    MARKS.set(Marks::default());
}

/// A connection is about to be opened, for no kept one serves.
pub(super) fn opening() {
    mark(|marks, now| {
        marks.opened += 1;
        marks.opening = Some(now);
    });
}

pub(super) fn connected() {
    mark(|marks, now| marks.connected = Some(now));
}

pub(super) fn secured() {
    mark(|marks, now| marks.secured = Some(now));
}

/// Bytes have left; the last ones count.
pub(super) fn sent() {
    mark(|marks, now| {
        marks.sent = Some(now);
        marks.answered = None;
    });
}

/// Bytes have come; the first ones count.
pub(super) fn answered() {
    if MARKS.get().answered.is_none() {
        mark(|marks, now| marks.answered = Some(now));
    }
}

/// A name was looked up, and that took so long.
pub(super) fn looked_up(took: Duration) {
    mark(|marks, _| marks.lookup += took);
}

/// How many connections the exchange has opened; none means that it used a kept one.
pub(super) fn connections() -> u32 {
    MARKS.get().opened
}

/// The parts of an exchange that began and ended then.
pub(super) fn timing(began: Instant, ended: Instant) -> Timing {
    let marks = MARKS.get();
    let between = |from: Option<Instant>, to: Option<Instant>| match (from, to) {
        (Some(from), Some(to)) => to.saturating_duration_since(from),
        _ => Duration::ZERO,
    };
    let ready = marks.secured.or(marks.connected).or(Some(began));
    Timing {
        lookup: marks.lookup,
        connect: between(marks.opening, marks.connected),
        tls: between(marks.connected, marks.secured),
        send: between(ready, marks.sent),
        wait: between(marks.sent, marks.answered),
        receive: between(marks.answered, Some(ended)),
    }
}
