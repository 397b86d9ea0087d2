//! The table of routes as OpenAPI describes an API.

use super::routes::{Guard, ROUTES, Route};
use serde_json::{Map, Value as Json, json};

pub fn description() -> Json {
    let mut paths = Map::new();
    for route in ROUTES {
        let path = paths.entry(route.path).or_insert_with(|| json!({}));
        let methods: &[&str] = if route.method == "*" { &["get", "post"] } else { &[route.method] };
        for method in methods {
            path[method.to_ascii_lowercase()] = operation(route, method);
        }
    }
    json!({
        "openapi": "3.1.0",
        "info": { "title": "connrun", "version": env!("CARGO_PKG_VERSION"), "description": "What `connrun serve` keeps running." },
        "paths": paths,
        "components": {
            "securitySchemes": { "token": { "type": "http", "scheme": "bearer" } },
            "schemas": { "Error": error_schema() },
        },
    })
}

fn operation(route: &Route, method: &str) -> Json {
    let in_path = route.path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
    let mut parameters: Vec<Json> = in_path
        .map(|name| json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string" } }))
        .collect();
    parameters.extend(route.query.iter().map(
        |(name, about)| json!({ "name": name, "in": "query", "description": about, "schema": { "type": "string" } }),
    ));
    let content = match route.path {
        "/metrics" => json!({ "text/plain": { "schema": { "type": "string" } } }),
        _ => json!({ "application/json": { "schema": { "type": "object" } } }),
    };
    let error = json!({
        "description": "What is wrong, and what to do about it.",
        "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Error" } } },
    });
    let mut operation = json!({
        "operationId": identifier(route, method),
        "summary": route.doc,
        "parameters": parameters,
        "responses": { route.status.to_string(): { "description": "Done.", "content": content }, "default": error },
    });
    if route.guard == Guard::Token {
        // A server without a token asks for none.
        operation["security"] = json!([{ "token": [] }, {}]);
    }
    operation
}

/// `post_triggers_name_run`
fn identifier(route: &Route, method: &str) -> String {
    let path = route.path.replace(['{', '}'], "").replace(['/', '.'], "_");
    format!("{}{}", method.to_ascii_lowercase(), if path == "_" { "_index" } else { &path })
}

fn error_schema() -> Json {
    json!({
        "type": "object",
        "required": ["error"],
        "properties": { "error": {
            "type": "object",
            "required": ["status", "reason", "message"],
            "properties": {
                "status": { "type": "integer" },
                "reason": { "type": "string" },
                "message": { "type": "string" },
                "help": { "type": "string" },
            },
        } },
    })
}
