//! What changed between two versions of a connector, for whoever uses it: recipes hold the names of actions, triggers and
//! fields, so what takes one of them away breaks recipes. Works on descriptions, as `connrun describe --json` prints them.

use crate::text::nearest;
use serde_json::Value as Json;

/// How much a change matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// Nobody has to do anything.
    Patch,
    /// Something is new.
    Minor,
    /// What worked before may not work now.
    Major,
}

impl Weight {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Patch => "patch",
            Self::Minor => "minor",
            Self::Major => "major",
        }
    }
}

/// One change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    pub weight: Weight,
    /// Where: `actions.get_customer.input.id`.
    pub path: String,
    pub message: String,
}

/// Which way values go through fields.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    In,
    Out,
}

/// The changes, weighty ones first, otherwise in the order of the file.
pub fn changes(old: &Json, new: &Json) -> Vec<Change> {
    let mut found = Vec::new();
    if old["title"] != new["title"] {
        found.push(change(Weight::Patch, "title", format!("is called {} now", quoted(&new["title"]))));
    }
    connection(&old["connection"], &new["connection"], &mut found);
    for (kind, word) in [("actions", "action"), ("triggers", "trigger")] {
        operations(kind, word, &old[kind], &new[kind], &mut found);
    }
    found.sort_by_key(|change| std::cmp::Reverse(change.weight));
    found
}

/// The step of the version that the changes ask for; `None` where there are none.
pub fn step(changes: &[Change]) -> Option<Weight> {
    changes.iter().map(|change| change.weight).max()
}

fn change(weight: Weight, path: impl Into<String>, message: impl Into<String>) -> Change {
    Change { weight, path: path.into(), message: message.into() }
}

fn quoted(value: &Json) -> String {
    value.as_str().map_or_else(|| value.to_string(), |text| format!("\"{text}\""))
}

fn connection(old: &Json, new: &Json, found: &mut Vec<Change>) {
    let kind = |connection: &Json| connection["authorization"]["type"].as_str().unwrap_or("none").to_owned();
    if kind(old) != kind(new) {
        let message = format!("was {}, is {}: everybody has to connect anew", kind(old), kind(new));
        found.push(change(Weight::Major, "connection.authorization", message));
    }
    fields("connection", &old["fields"], &new["fields"], Way::In, found);
}

fn operations(kind: &str, word: &str, old: &Json, new: &Json, found: &mut Vec<Change>) {
    let names =
        |all: &Json| -> Vec<String> { all.as_object().into_iter().flatten().map(|(name, _)| name.clone()).collect() };
    let added: Vec<String> = names(new).into_iter().filter(|name| old.get(name).is_none()).collect();
    for (name, before) in old.as_object().into_iter().flatten() {
        let path = format!("{kind}.{name}");
        match new.get(name) {
            None => {
                let near = nearest(name, added.iter().map(String::as_str));
                let hint = near.map(|near| format!("; is it `{near}` now?")).unwrap_or_default();
                found.push(change(Weight::Major, path, format!("the {word} is gone{hint}")));
            }
            Some(after) => operation(&path, before, after, found),
        }
    }
    found.extend(added.iter().map(|name| change(Weight::Minor, format!("{kind}.{name}"), format!("a new {word}"))));
}

fn operation(path: &str, old: &Json, new: &Json, found: &mut Vec<Change>) {
    for key in ["title", "subtitle", "description"] {
        if old[key] != new[key] {
            found.push(change(Weight::Patch, format!("{path}.{key}"), "other words"));
        }
    }
    if new["deprecated"] == true && old["deprecated"] != true {
        found.push(change(Weight::Minor, path, "is deprecated"));
    }
    if old["runs_by"] != new["runs_by"] {
        let list =
            |by: &Json| by.as_array().into_iter().flatten().filter_map(Json::as_str).collect::<Vec<_>>().join(", ");
        let message = format!("was run by {}, is run by {}", list(&old["runs_by"]), list(&new["runs_by"]));
        found.push(change(Weight::Major, path, message));
    }
    for (key, short, way) in [
        ("config_fields", "config", Way::In),
        ("input_fields", "input", Way::In),
        ("output_fields", "output", Way::Out),
    ] {
        fields(&format!("{path}.{short}"), &old[key], &new[key], way, found);
    }
}

fn fields(path: &str, old: &Json, new: &Json, way: Way, found: &mut Vec<Change>) {
    let dynamic = |fields: &Json| fields["dynamic"].is_string();
    if dynamic(old) || dynamic(new) {
        if dynamic(old) != dynamic(new) {
            let message =
                if dynamic(new) { "the fields depend on the account now" } else { "the fields are fixed now" };
            found.push(change(Weight::Minor, path, message));
        }
        return;
    }
    let list = |fields: &Json| fields.as_array().cloned().unwrap_or_default();
    let (old, new) = (list(old), list(new));
    let name = |field: &Json| field["name"].as_str().unwrap_or_default().to_owned();
    let added: Vec<&Json> = new.iter().filter(|field| !old.iter().any(|known| name(known) == name(field))).collect();
    for before in &old {
        let path = format!("{path}.{}", name(before));
        match new.iter().find(|field| name(field) == name(before)) {
            None => {
                let names: Vec<String> = added.iter().map(|field| name(field)).collect();
                let near = nearest(&name(before), names.iter().map(String::as_str));
                let hint = near.map(|near| format!("; is it `{near}` now?")).unwrap_or_default();
                found.push(change(Weight::Major, path, format!("the field is gone{hint}")));
            }
            Some(after) => field(&path, before, after, way, found),
        }
    }
    for field in added {
        let path = format!("{path}.{}", name(field));
        found.push(if way == Way::In && field["optional"] == false {
            change(Weight::Major, path, "a new field that has to be filled in")
        } else {
            change(Weight::Minor, path, "a new field")
        });
    }
}

fn kind(field: &Json) -> String {
    let kind = field["type"].as_str().unwrap_or("string");
    match field["of"].as_str() {
        Some(of) if kind == "array" => format!("array of {of}"),
        _ if kind == "timestamp" => "date_time".to_owned(),
        _ => kind.to_owned(),
    }
}

fn field(path: &str, old: &Json, new: &Json, way: Way, found: &mut Vec<Change>) {
    if kind(old) != kind(new) {
        let message = format!("was {}, is {}", kind(old), kind(new));
        found.push(change(Weight::Major, path, message));
    }
    let required = |field: &Json| field["optional"] == false && field["runtime_optional"] != true;
    if way == Way::In && required(old) != required(new) {
        found.push(if required(new) {
            change(Weight::Major, path, "was optional, has to be filled in now")
        } else {
            change(Weight::Minor, path, "is optional now")
        });
    }
    choices(path, old, new, found);
    for key in ["label", "hint"] {
        if old[key] != new[key] {
            found.push(change(Weight::Patch, format!("{path}.{key}"), "other words"));
        }
    }
    let secret = |field: &Json| field["control_type"] == "password" || field["secret"] == true;
    if secret(old) != secret(new) {
        found.push(change(Weight::Patch, path, if secret(new) { "is a secret now" } else { "is no secret any more" }));
    }
    if kind(old) == kind(new) && (old["properties"].is_array() || new["properties"].is_array()) {
        fields(path, &old["properties"], &new["properties"], way, found);
    }
}

/// Choices that stand in the field itself.
fn choices(path: &str, old: &Json, new: &Json, found: &mut Vec<Change>) {
    let values = |field: &Json| -> Option<Vec<Json>> {
        let list = ["pick_list", "options", "enum"].iter().find_map(|key| field[*key].as_array())?;
        Some(list.iter().map(|choice| choice.get(1).unwrap_or(choice).clone()).collect())
    };
    let (Some(before), Some(after)) = (values(old), values(new)) else { return };
    let text = |gone: &[&Json]| gone.iter().map(|value| quoted(value)).collect::<Vec<_>>().join(", ");
    let gone: Vec<&Json> = before.iter().filter(|value| !after.contains(value)).collect();
    let come: Vec<&Json> = after.iter().filter(|value| !before.contains(value)).collect();
    if !gone.is_empty() {
        found.push(change(Weight::Major, path, format!("cannot be {} any more", text(&gone))));
    }
    if !come.is_empty() {
        found.push(change(Weight::Minor, path, format!("can be {}, too", text(&come))));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn described(old: &Json, new: &Json) -> Vec<String> {
        let changes = changes(old, new);
        changes.iter().map(|change| format!("{} {}: {}", change.weight.name(), change.path, change.message)).collect()
    }

    fn action(input: Json, output: Json) -> Json {
        json!({ "actions": { "get": { "title": "Get", "input_fields": input, "output_fields": output } } })
    }

    #[test]
    fn what_breaks_and_what_does_not() {
        let none = || json!([]);
        for (old, new, expected) in [
            (action(none(), none()), action(none(), none()), vec![]),
            (
                action(json!([{"name": "a"}]), none()),
                action(none(), none()),
                vec!["major actions.get.input.a: the field is gone"],
            ),
            (
                action(json!([{"name": "customer_id"}]), none()),
                action(json!([{"name": "customerid"}]), none()),
                vec![
                    "major actions.get.input.customer_id: the field is gone; is it `customerid` now?",
                    "minor actions.get.input.customerid: a new field",
                ],
            ),
            (
                action(none(), none()),
                action(json!([{"name": "a", "optional": false}]), json!([{"name": "b", "optional": false}])),
                vec![
                    "major actions.get.input.a: a new field that has to be filled in",
                    "minor actions.get.output.b: a new field",
                ],
            ),
            (
                action(json!([{"name": "a"}]), none()),
                action(json!([{"name": "a", "optional": false}]), none()),
                vec!["major actions.get.input.a: was optional, has to be filled in now"],
            ),
            (
                action(json!([{"name": "a", "optional": false}]), none()),
                action(json!([{"name": "a"}]), none()),
                vec!["minor actions.get.input.a: is optional now"],
            ),
            (
                action(
                    none(),
                    json!([{"name": "o", "type": "object", "properties": [{"name": "x", "type": "integer"}]}]),
                ),
                action(none(), json!([{"name": "o", "type": "object", "properties": [{"name": "x"}]}])),
                vec!["major actions.get.output.o.x: was integer, is string"],
            ),
            (
                action(json!([{"name": "s", "pick_list": [["A", "a"], ["B", "b"]]}]), none()),
                action(json!([{"name": "s", "pick_list": [["A", "a"], ["C", "c"]]}]), none()),
                vec![
                    "major actions.get.input.s: cannot be \"b\" any more",
                    "minor actions.get.input.s: can be \"c\", too",
                ],
            ),
            (
                action(none(), none()),
                json!({ "actions": { "gets": {} } }),
                vec!["major actions.get: the action is gone; is it `gets` now?", "minor actions.gets: a new action"],
            ),
            (
                json!({ "connection": { "authorization": { "type": "api_key" } } }),
                json!({ "connection": { "authorization": { "type": "oauth2" } } }),
                vec!["major connection.authorization: was api_key, is oauth2: everybody has to connect anew"],
            ),
            (
                action(json!([{"name": "a", "hint": "x"}]), none()),
                action(json!([{"name": "a", "hint": "y"}]), none()),
                vec!["patch actions.get.input.a.hint: other words"],
            ),
            (
                action(json!({"dynamic": "asks"}), none()),
                action(json!([{"name": "a"}]), none()),
                vec!["minor actions.get.input: the fields are fixed now"],
            ),
        ] {
            assert_eq!(described(&old, &new), expected, "{old} {new}");
        }
    }
}
