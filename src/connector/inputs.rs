//! What a run is given besides the connector: the input, and the arguments of the less common lambdas.

use crate::value::{Hash, Value};

/// Bytes that a stream hands out at a time unless asked otherwise.
pub const FRAME_SIZE: i64 = 10 << 20;

/// Arguments by name, as the command line and the tests give them.
#[derive(Clone)]
pub struct Inputs {
    pub input: Value,
    /// Of a method: a list of positional arguments, or one hash; of a pick list: its parameters.
    pub args: Value,
    pub extended_input_schema: Value,
    pub extended_output_schema: Value,
    pub config_fields: Value,
    pub closure: Value,
    /// The first `continue` of a long action.
    pub continued: Value,
    pub webhook_payload: Value,
    pub webhook_params: Value,
    pub webhook_headers: Value,
    pub webhook_subscribe_output: Value,
    pub webhook_url: Option<String>,
    pub oauth2_code: Value,
    pub redirect_url: Value,
    pub verifier: Value,
    pub refresh_token: Value,
    /// The first byte of a stream that is wanted.
    pub from: i64,
    pub frame_size: i64,
    /// What somebody resumes a suspended action with.
    pub resume: Option<Value>,
    /// The suspended action has waited too long.
    pub resume_timeout: bool,
}

impl Default for Inputs {
    fn default() -> Self {
        let empty = || Value::hash(Hash::new());
        Self {
            input: empty(),
            args: Value::array(Vec::new()),
            extended_input_schema: Value::array(Vec::new()),
            extended_output_schema: Value::array(Vec::new()),
            config_fields: empty(),
            closure: Value::Nil,
            continued: empty(),
            webhook_payload: empty(),
            webhook_params: empty(),
            webhook_headers: empty(),
            webhook_subscribe_output: empty(),
            webhook_url: None,
            oauth2_code: Value::Nil,
            redirect_url: Value::Nil,
            verifier: Value::Nil,
            refresh_token: Value::Nil,
            from: 0,
            frame_size: FRAME_SIZE,
            resume: None,
            resume_timeout: false,
        }
    }
}

impl Inputs {
    /// An input and nothing else.
    pub fn of(input: Value) -> Self {
        Self { input, ..Self::default() }
    }
}
