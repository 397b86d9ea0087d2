//! Swagger 2 as OpenAPI 3: what is written elsewhere or under another name is put where it belongs.

use serde_json::{Map, Value as Json, json};

pub fn upgraded(document: &Json) -> Json {
    let mut paths = document["paths"].clone();
    for item in paths.as_object_mut().into_iter().flatten().map(|(_, item)| item) {
        let shared = item["parameters"].clone();
        for (name, operation) in item.as_object_mut().into_iter().flatten() {
            if operation.is_object() && name != "parameters" {
                operation_of(operation, &shared, document);
            }
        }
        if let Some(item) = item.as_object_mut() {
            item.remove("parameters");
        }
    }
    let mut upgraded = json!({
        "openapi": "3.0.0",
        "info": document["info"],
        "servers": [{ "url": server(document) }],
        "security": document["security"],
        "paths": paths,
        "components": {
            "schemas": document["definitions"],
            "securitySchemes": schemes(&document["securityDefinitions"]),
        },
    });
    rename(&mut upgraded);
    upgraded
}

fn server(document: &Json) -> String {
    let schemes: Vec<&str> = document["schemes"].as_array().into_iter().flatten().filter_map(Json::as_str).collect();
    let scheme = if schemes.contains(&"https") || schemes.is_empty() { "https" } else { "http" };
    let path = document["basePath"].as_str().unwrap_or("/");
    document["host"].as_str().map(|host| format!("{scheme}://{host}{path}")).unwrap_or_default()
}

/// References to shared parts are followed, for those parts change their shape.
fn followed<'a>(document: &'a Json, value: &'a Json) -> &'a Json {
    let pointer = value["$ref"].as_str().and_then(|reference| reference.strip_prefix('#'));
    pointer.and_then(|pointer| document.pointer(pointer)).unwrap_or(value)
}

fn operation_of(operation: &mut Json, shared: &Json, document: &Json) {
    let both = [shared, &operation["parameters"]];
    let all = both.into_iter().filter_map(Json::as_array).flatten().map(|param| followed(document, param));
    let (mut params, mut fields, mut required) = (Vec::new(), Map::new(), Vec::new());
    let (mut body, mut has_file) = (Json::Null, false);
    for param in all {
        match param["in"].as_str() {
            Some("body") => body = param["schema"].clone(),
            Some("formData") => {
                has_file |= param["type"] == "file";
                let name = param["name"].as_str().unwrap_or("value").to_owned();
                if param["required"] == true {
                    required.push(Json::from(name.clone()));
                }
                fields.insert(name, facts(param));
            }
            _ => {
                let mut upgraded = param.clone();
                upgraded["schema"] = facts(param);
                upgraded["explode"] = (param["collectionFormat"] == "multi").into();
                params.push(upgraded);
            }
        }
    }
    operation["parameters"] = params.into();
    let kinds = |own: &Json, all: &Json, usual: &str| -> String {
        let first = |list: &Json| list[0].as_str().map(str::to_owned);
        first(own).or_else(|| first(all)).unwrap_or_else(|| usual.to_owned())
    };
    let consumes = kinds(&operation["consumes"], &document["consumes"], "application/json");
    if !body.is_null() {
        operation["requestBody"] = json!({ "content": { consumes: { "schema": body } } });
    } else if !fields.is_empty() {
        let kind = if has_file || consumes == "multipart/form-data" {
            "multipart/form-data"
        } else {
            "application/x-www-form-urlencoded"
        };
        let schema = json!({ "type": "object", "properties": fields, "required": required });
        operation["requestBody"] = json!({ "content": { kind: { "schema": schema } } });
    }
    let produces = kinds(&operation["produces"], &document["produces"], "application/json");
    for (_, response) in operation["responses"].as_object_mut().into_iter().flatten() {
        *response = followed(document, response).clone();
        let schema = response["schema"].clone();
        if !schema.is_null() {
            response["content"] = json!({ produces.as_str(): { "schema": schema } });
        }
    }
}

/// What a parameter says of its values.
fn facts(param: &Json) -> Json {
    let facts = ["type", "format", "items", "enum", "default", "description"];
    facts.iter().filter_map(|key| Some(((*key).to_owned(), param.get(*key)?.clone()))).collect::<Map<_, _>>().into()
}

fn schemes(definitions: &Json) -> Json {
    let upgraded = definitions.as_object().into_iter().flatten().map(|(name, scheme)| {
        let upgraded = match scheme["type"].as_str() {
            Some("basic") => json!({ "type": "http", "scheme": "basic" }),
            Some("oauth2") => {
                let flow = match scheme["flow"].as_str() {
                    Some("accessCode") => "authorizationCode",
                    Some("application") => "clientCredentials",
                    _ => "other",
                };
                json!({ "type": "oauth2", "flows": { flow: {
                    "authorizationUrl": scheme["authorizationUrl"],
                    "tokenUrl": scheme["tokenUrl"],
                    "scopes": scheme["scopes"],
                } } })
            }
            _ => scheme.clone(),
        };
        (name.clone(), upgraded)
    });
    Json::Object(upgraded.collect())
}

/// `#/definitions/…` lies in `#/components/schemas/…` now.
fn rename(value: &mut Json) {
    match value {
        Json::Object(fields) => {
            if let Some(Json::String(reference)) = fields.get_mut("$ref")
                && let Some(name) = reference.strip_prefix("#/definitions/")
            {
                *reference = format!("#/components/schemas/{name}");
            }
            fields.values_mut().for_each(rename);
        }
        Json::Array(items) => items.iter_mut().for_each(rename),
        _ => {}
    }
}
