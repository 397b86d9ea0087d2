//! Tests of connectors: what a test file says, whether an outcome is what was expected, and reports for other programs.
//!
//! Nothing here runs a connector or touches a file.

pub mod coverage;
pub mod draft;
mod judge;
pub mod report;
pub mod sample;
mod suite;

pub use judge::{Complaint, failed, judge, judge_snapshot};
pub use suite::{Expect, ExpectedError, LOOKUPS, Suite, Test, read};

use crate::http::Request;
use serde_json::{Value as Json, json};

/// What a test came to.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// What the part gave, where it did not fail.
    pub output: Option<Json>,
    pub error: Option<Failed>,
    /// What was sent, without secrets.
    pub requests: Vec<Request>,
    /// What `puts` printed.
    pub printed: String,
}

#[derive(Clone, Debug, Default)]
pub struct Failed {
    /// As `rescue` sees it.
    pub class: String,
    pub message: String,
    /// `file:line:column`.
    pub place: Option<String>,
    /// A request had no answer: that is no outcome to keep.
    pub unanswered: bool,
}

impl Outcome {
    /// What a snapshot keeps.
    pub fn snapshot(&self) -> Json {
        let requests: Vec<Json> = self.requests.iter().map(sent).collect();
        let mut kept = match &self.error {
            Some(error) => json!({ "error": { "class": error.class, "message": error.message } }),
            None => json!({ "output": self.output }),
        };
        if !requests.is_empty() {
            kept["requests"] = requests.into();
        }
        kept
    }
}

/// A line for a request, or the line with its body.
pub fn sent(request: &Request) -> Json {
    let line = format!("{} {}", request.method, request.url);
    let Some(body) = request.body.as_deref().filter(|body| !body.is_empty()) else { return line.into() };
    let text = String::from_utf8_lossy(body);
    let body = serde_json::from_str::<Json>(&text).unwrap_or_else(|_| text.into());
    json!({ line: body })
}
