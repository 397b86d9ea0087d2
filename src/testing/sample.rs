//! Values that people might fill in, for fields that must not be empty.

use serde_json::{Map, Value as Json, json};

/// An object with a value for each field that has to have one.
pub fn input(fields: &Json) -> Map<String, Json> {
    object(fields, required)
}

fn required(field: &Json) -> bool {
    field["optional"] == Json::Bool(false) || field["optional"] == "false"
}

fn object(fields: &Json, wanted: fn(&Json) -> bool) -> Map<String, Json> {
    let mut out = Map::new();
    for field in fields.as_array().into_iter().flatten().filter(|field| wanted(field)) {
        if let Some(name) = field["name"].as_str() {
            out.insert(name.to_owned(), value(field, name));
        }
    }
    out
}

/// What is filled in already, what can be chosen, what suits the type, what the name promises.
fn value(field: &Json, name: &str) -> Json {
    if !field["default"].is_null() {
        return field["default"].clone();
    }
    if let Some(choice) = field["pick_list"].as_array().and_then(|choices| choices.first()) {
        return choice.get(1).unwrap_or(choice).clone();
    }
    let text = |key: &str| field[key].as_str().unwrap_or_default();
    match (text("type"), text("control_type")) {
        ("integer", _) | (_, "integer") => json!(1),
        ("number", _) | (_, "number") => json!(1.5),
        ("boolean", _) | (_, "checkbox") => json!(true),
        ("date", _) | (_, "date") => json!("2025-01-01"),
        ("date_time" | "timestamp", _) | (_, "date_time") => json!("2025-01-01T12:00:00Z"),
        ("object", _) => nested(field).into(),
        ("array", _) if text("of") == "object" => json!([nested(field)]),
        ("array", _) => json!(["sample"]),
        (_, "email") => json!("ada@example.com"),
        (_, "phone") => json!("+1 555 0100"),
        (_, "url") => json!("https://example.com"),
        _ => named(&name.to_ascii_lowercase()),
    }
}

/// What has to be in it; all of it where nothing has to.
fn nested(field: &Json) -> Map<String, Json> {
    let fields = &field["properties"];
    let needed = object(fields, required);
    if needed.is_empty() { object(fields, |_| true) } else { needed }
}

fn named(name: &str) -> Json {
    const KNOWN: &[(&str, &str)] = &[
        ("email", "ada@example.com"),
        ("url", "https://example.com"),
        ("phone", "+1 555 0100"),
        ("country", "US"),
        ("currency", "USD"),
        ("name", "Ada Lovelace"),
    ];
    if name == "id" || name.ends_with("_id") {
        return json!("1");
    }
    KNOWN.iter().find(|(part, _)| name.contains(part)).map_or(json!("sample"), |(_, value)| json!(value))
}

/// How much of a sample an output has: its values that are the same at the same place, and all that there are.
pub fn likeness(sample: &Json, output: &Json) -> (usize, usize) {
    match (sample, output) {
        (Json::Object(sample), output) => {
            sample.iter().map(|(key, value)| likeness(value, &output[key])).fold((0, 0), sum)
        }
        (Json::Array(sample), output) => {
            sample.iter().enumerate().map(|(at, value)| likeness(value, &output[at])).fold((0, 0), sum)
        }
        (sample, output) => (usize::from(sample == output), 1),
    }
}

fn sum(a: (usize, usize), b: (usize, usize)) -> (usize, usize) {
    (a.0 + b.0, a.1 + b.1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn required_fields_get_what_suits_them() {
        let fields = json!([
            { "name": "id", "type": "integer", "optional": false },
            { "name": "note" },
            { "name": "size", "optional": false, "pick_list": [["Small", "s"], ["Large", "l"]] },
            { "name": "work_email", "optional": false },
            { "name": "lines", "type": "array", "of": "object", "optional": false,
              "properties": [{ "name": "count", "type": "integer" }, { "name": "text" }] },
        ]);
        let given = Json::from(input(&fields)).to_string();
        insta::assert_snapshot!(given, @r#"{"id":1,"size":"s","work_email":"ada@example.com","lines":[{"count":1,"text":"sample"}]}"#);
    }

    #[test]
    fn likeness_counts_values_in_place() {
        let sample = json!({ "id": 1, "tags": ["a", "b"], "owner": { "name": "Ada" } });
        assert_eq!(likeness(&sample, &sample), (4, 4));
        assert_eq!(likeness(&sample, &json!({ "id": 1, "tags": ["b"], "owner": null })), (1, 4));
        assert_eq!(likeness(&sample, &Json::Null), (0, 4));
    }
}
