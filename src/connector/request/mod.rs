//! From a lazy request to its answer: address, headers and body; sending with credentials and their renewal; reading
//! what came back.

mod body;
mod build;
mod parallel;
mod read;
mod send;

use crate::http::Response;
use crate::value::Value;

/// Code, body and headers of an answer, as lambdas get them.
pub(super) fn described(response: &Response) -> (Value, Value, Value) {
    (Value::Int(i64::from(response.status)), read::text(response), read::headers(&response.headers, false))
}
