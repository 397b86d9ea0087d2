//! Connectors and fields from what a service is known by: its description, recorded requests, samples of its data.

pub mod document;
pub mod field;
mod model;
mod name;
mod observed;
mod openapi;
pub mod samples;
mod write;

pub use field::{Field, Inside, Kind};
pub use observed::template;

use serde_json::Value as Json;

/// A connector, and what could not be translated.
#[derive(Debug)]
pub struct Imported {
    pub text: String,
    /// How many actions it has.
    pub actions: usize,
    pub notes: Vec<String>,
}

/// A connector from a description in OpenAPI 3 or Swagger 2. `only` are texts of which a name or path has to have one.
pub fn openapi(document: &Json, only: &[String]) -> Result<Imported, String> {
    let version = ["openapi", "swagger"].iter().find_map(|key| document[*key].as_str()).unwrap_or_default();
    let origin = if version.starts_with('2') { "its Swagger description" } else { "its OpenAPI description" };
    openapi::api(document, only).map(|api| imported(&api, origin))
}

/// A connector from a collection of Postman.
pub fn postman(document: &Json) -> Result<Imported, String> {
    let (title, requests) = observed::postman::requests(document)?;
    observed::api(&title, &requests).map(|api| imported(&api, "a collection of Postman"))
}

/// A connector from an HTTP archive.
pub fn har(document: &Json, title: &str) -> Result<Imported, String> {
    let requests = observed::har::requests(document)?;
    observed::api(title, &requests).map(|api| imported(&api, "recorded requests"))
}

/// A connector from command lines of curl.
pub fn curl(text: &str, title: &str) -> Result<Imported, String> {
    let requests = observed::curl::requests(text)?;
    observed::api(title, &requests).map(|api| imported(&api, "command lines of curl"))
}

fn imported(api: &model::Api, origin: &str) -> Imported {
    let mut notes = api.notes.clone();
    for operation in &api.operations {
        notes.extend(operation.notes.iter().map(|note| format!("{}: {note}", operation.name)));
    }
    Imported { text: write::connector(api, origin), actions: api.operations.len(), notes }
}
