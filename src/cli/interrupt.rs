//! SIGINT and SIGTERM while a connector runs: its requests are cut off and its sleep ends, so that what it renewed can
//! still be kept. What runs for long is asked gently instead: it finishes the page it is at. A second signal ends the
//! process at once.

use crate::http::live::Live;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Condvar, Mutex, OnceLock, PoisonError, Weak};
use std::time::Duration;

/// As shells count a process that SIGINT ended.
pub const STATUS: u8 = 130;

#[derive(Default)]
struct State {
    asked: Mutex<bool>,
    /// Nothing is cut off: whoever runs looks at `asked` between two pages.
    gentle: AtomicBool,
    changed: Condvar,
    carriers: Mutex<Vec<Weak<Live>>>,
}

static STATE: OnceLock<State> = OnceLock::new();

/// Listens from now on. Where signals cannot be listened to, they end the process as ever.
pub fn watch() {
    let mut first = false;
    let state = STATE.get_or_init(|| {
        first = true;
        State::default()
    });
    if first {
        let _ = ctrlc::set_handler(|| state.ask());
    }
}

/// Listens from now on; what runs when a signal comes is left to finish its page.
pub fn watch_gently() {
    watch();
    if let Some(state) = STATE.get() {
        state.gentle.store(true, Ordering::Relaxed);
    }
}

impl State {
    fn ask(&self) {
        if std::mem::replace(&mut *self.asked.lock().unwrap_or_else(PoisonError::into_inner), true) {
            std::process::exit(i32::from(STATUS));
        }
        self.changed.notify_all();
        if self.gentle.load(Ordering::Relaxed) {
            return;
        }
        for carrier in self.carriers.lock().unwrap_or_else(PoisonError::into_inner).iter().filter_map(Weak::upgrade) {
            carrier.stop();
        }
    }
}

/// Cuts this carrier's requests off when a signal comes.
pub fn stops(carrier: Weak<Live>) {
    if let Some(state) = STATE.get() {
        state.carriers.lock().unwrap_or_else(PoisonError::into_inner).push(carrier);
    }
}

/// Has a signal come?
pub fn asked() -> bool {
    STATE.get().is_some_and(|state| *state.asked.lock().unwrap_or_else(PoisonError::into_inner))
}

/// Has a signal come that ends even what is being done?
pub fn cut() -> bool {
    asked() && STATE.get().is_some_and(|state| !state.gentle.load(Ordering::Relaxed))
}

/// Waits that long, or until a signal comes.
pub fn sleep(duration: Duration) {
    match STATE.get() {
        None => std::thread::sleep(duration),
        Some(state) => {
            let asked = state.asked.lock().unwrap_or_else(PoisonError::into_inner);
            // Either way the wait is over.
            let _ = state.changed.wait_timeout_while(asked, duration, |asked| !*asked);
        }
    }
}
