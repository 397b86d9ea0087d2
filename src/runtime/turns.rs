//! Turns of a connection that hold across jobs and processes: they are kept in the state.

use crate::connector::{Pace, Turns};
use crate::store::Store;
use std::sync::{Arc, Mutex, PoisonError};

/// The turns of one connection in a store that others use, too.
pub struct KeptTurns<S> {
    store: Arc<Mutex<S>>,
    connection: String,
    /// Where the store is in trouble: that is told with the next commit.
    own: Pace,
}

impl<S: Store> KeptTurns<S> {
    /// `connection` is the connector's file as an identity names it, and the account.
    pub fn new(store: Arc<Mutex<S>>, connector: &str, account: &str) -> Self {
        let connection = format!("{connector} {account}").trim_end().to_owned();
        Self { store, connection, own: Pace::default() }
    }
}

impl<S: Store + Send> Turns for KeptTurns<S> {
    fn take(&self, now: f64, apart: f64) -> f64 {
        let micros = |seconds: f64| (seconds * 1e6) as i64;
        let mut store = self.store.lock().unwrap_or_else(PoisonError::into_inner);
        match store.take_turn(&self.connection, micros(now), micros(apart)) {
            Ok(wait) => wait as f64 / 1e6,
            Err(_) => self.own.take(now, apart),
        }
    }

    fn is_cancelled(&self, job: &str) -> bool {
        let mut store = self.store.lock().unwrap_or_else(PoisonError::into_inner);
        store.job(job).is_ok_and(|job| job.is_some_and(|job| job.cancelled))
    }
}
