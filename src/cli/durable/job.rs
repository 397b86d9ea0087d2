//! A job as programs read it: in the lines of `connrun runs`, and in the answers of the server.

use super::file::shown;
use crate::store::{Job, Status};
use serde_json::{Map, Value as Json, json};

/// The job's object; `whose` are fields that say what it belongs to.
pub fn job_object(job: &Job, whose: &[(&str, Option<&str>)]) -> Json {
    let mut object = Map::new();
    let mut put = |name: &str, value: Json| drop(object.insert(name.to_owned(), value));
    put("id", job.id.as_str().into());
    whose.iter().for_each(|(name, value)| put(name, json!(value)));
    put("dedup", json!(job.key));
    put("event", serde_json::from_str(&job.event).unwrap_or_default());
    put("status", job.status.name().into());
    put("attempts", job.attempts.into());
    put("created_at", shown(job.created_at).into());
    put("finished_at", json!(job.finished_at.map(shown)));
    let mut put_some = |name: &str, value: Option<String>| {
        if let Some(value) = value {
            put(name, value.into());
        }
    };
    put_some("error", job.error.clone());
    put_some("due", job.due.map(shown));
    put_some("resume_token", job.token.clone().filter(|_| job.status == Status::Waiting));
    Json::Object(object)
}
