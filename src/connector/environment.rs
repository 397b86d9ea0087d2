//! What a run gets from outside besides the program: the way to the network, settings, the account's tables, habits.

use super::{Pace, Turns};
use crate::http::{Timeouts, Transport};
use crate::value::Value;
use std::sync::Arc;

/// The surroundings of a run. Nothing below the rims reads files or variables, so they are all here.
pub struct Environment {
    pub transport: Arc<dyn Transport>,
    /// The connection's settings: a hash.
    pub settings: Value,
    /// Names and values of `account_property`.
    pub account_properties: Vec<(String, String)>,
    /// `{ name => { id, rows } }`; `None` where no file gave any.
    pub lookup_tables: Option<Value>,
    /// `{ id => schema }`; `None` where no file gave any.
    pub schemas: Option<Value>,
    /// 64 hexadecimal digits.
    pub recipe_id: String,
    /// Stable over the steps and attempts of one job, where there is a job.
    pub job_id: Option<String>,
    pub timeouts: Timeouts,
    /// The keys that sign for Amazon's role based access, where the account has them.
    pub amazon: AmazonRole,
    /// Shared by everything that uses the connection at the same time.
    pub turns: Arc<dyn Turns>,
    pub habits: Habits,
}

/// Credentials of the account that assumes roles.
#[derive(Clone, Debug, Default)]
pub struct AmazonRole {
    pub account_id: Option<String>,
    pub key: Option<String>,
    pub secret: Option<String>,
}

/// How a run behaves where there is a choice.
#[derive(Clone, Debug)]
pub struct Habits {
    /// Retries, reinvocations and throttles do not wait.
    pub no_wait: bool,
    /// `parallel` sends one request after the other.
    pub sequential: bool,
    /// Events of a poll newest first, nothing dropped: as the reference does it.
    pub gem_order: bool,
    /// Drop events that were seen before in the same run.
    pub dedup: bool,
    /// Required fields have to be there, and values have to be what their fields say: bounds, patterns, formats.
    pub validate: bool,
    /// Apply defaults and check required fields at every depth, as a form does.
    pub form: bool,
    /// `checkpoint!` really ends a step that has taken long.
    pub simulate_timeouts: bool,
    /// Hashes given to `delete` become its query.
    pub strict_docs: bool,
    /// How often `reinvoke_after` may start an action again.
    pub max_reinvokes: u32,
    /// Seconds to wait instead of what `reinvoke_after` asks for.
    pub reinvoke_wait: Option<f64>,
    /// How many pages one poll may read.
    pub max_pages: usize,
    /// The zone of times without offset in inputs and outputs; Pacific where not set.
    pub time_zone: Option<String>,
}

impl Default for Habits {
    fn default() -> Self {
        Self {
            no_wait: false,
            sequential: false,
            gem_order: false,
            dedup: true,
            validate: true,
            form: false,
            simulate_timeouts: false,
            strict_docs: false,
            max_reinvokes: 100,
            reinvoke_wait: None,
            max_pages: 1_000,
            time_zone: None,
        }
    }
}

impl Environment {
    /// Surroundings with nothing in them but a way to the network and settings.
    pub fn new(transport: Arc<dyn Transport>, settings: Value) -> Self {
        Self {
            transport,
            settings,
            account_properties: Vec::new(),
            lookup_tables: None,
            schemas: None,
            recipe_id: "0".repeat(64),
            job_id: None,
            timeouts: Timeouts::default(),
            amazon: AmazonRole::default(),
            turns: Arc::new(Pace::default()),
            habits: Habits::default(),
        }
    }
}
