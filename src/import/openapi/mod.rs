//! An API from its description in OpenAPI 3.0 or 3.1, or in Swagger 2.

mod operations;
mod paging;
mod references;
mod schema;
mod security;
mod swagger2;

use super::field::{Field, Kind};
use super::model::{Api, Base, Part};
use super::name;
use schema::Schemas;
use serde_json::Value as Json;

/// Which operations are wanted: those whose name or path has one of these texts in it; all, where there is none.
pub type Only = [String];

/// The API. Errors: it is no such document, or nothing of it is wanted.
pub fn api(document: &Json, only: &Only) -> Result<Api, String> {
    let broken = references::broken(document);
    let upgraded;
    let document = if document["swagger"].as_str().is_some_and(|version| version.starts_with('2')) {
        upgraded = swagger2::upgraded(document);
        &upgraded
    } else {
        document
    };
    if !document["openapi"].as_str().is_some_and(|version| version.starts_with("3.")) {
        return Err("it has neither `openapi: 3.…` nor `swagger: \"2.0\"` at its top".to_owned());
    }
    let mut schemas = Schemas::new(document);
    let mut api = Api {
        title: document["info"]["title"].as_str().map_or_else(|| "My API".to_owned(), str::to_owned),
        about: document["info"]["description"].as_str().map(name::sentence).unwrap_or_default(),
        base: base(document),
        ..Api::default()
    };
    api.auth = security::auth(document, &mut api.notes);
    api.operations = operations::all(document, &mut schemas, only);
    if api.operations.is_empty() {
        return Err(if only.is_empty() {
            "it describes no operation (`paths` is empty)".to_owned()
        } else {
            format!("no operation has {} in its name or path", only.join(" or "))
        });
    }
    let (definitions, notes) = schemas.finish(&mut api.operations);
    api.definitions = definitions;
    api.notes.extend(notes);
    api.notes.extend(broken);
    Ok(api)
}

/// Where the first server is; its variables become fields of the connection.
fn base(document: &Json) -> Base {
    let server = &document["servers"][0];
    let Some(url) = server["url"].as_str().filter(|url| url.contains("://")) else { return Base::default() };
    let (mut parts, mut fields) = (Vec::new(), Vec::new());
    let mut rest = url.trim_end_matches('/');
    while let Some((before, after)) = rest.split_once('{') {
        let Some((variable, after)) = after.split_once('}') else { break };
        parts.push(Part::Text(before.to_owned()));
        let about = &server["variables"][variable];
        let mut field = Field::new(name::field(variable), Kind::Text);
        field.default =
            about.get("default").filter(|value| value.as_str().is_some_and(|text| !text.is_empty())).cloned();
        field.hint = about["description"].as_str().map(name::sentence);
        field.required = Some(field.default.is_none());
        field.choices = about["enum"].as_array().cloned().unwrap_or_default();
        parts.push(Part::Value(field.clone()));
        fields.push(field);
        rest = after;
    }
    parts.push(Part::Text(format!("{rest}/")));
    parts.retain(|part| *part != Part::Text(String::new()));
    Base { url: Some(parts), fields }
}

/// What a `$ref` points at, or the value itself; as deep as documents chain them.
fn resolved<'a>(document: &'a Json, value: &'a Json) -> &'a Json {
    let mut value = value;
    for _ in 0..20 {
        match value["$ref"].as_str().and_then(|reference| reference.strip_prefix('#')) {
            Some(pointer) => value = document.pointer(&unescaped(pointer)).unwrap_or(&Json::Null),
            None => return value,
        }
    }
    &Json::Null
}

/// Addresses inside of a document are percent-encoded.
fn unescaped(pointer: &str) -> String {
    crate::http::query::unescape(&pointer.replace('+', "%2B"))
}
