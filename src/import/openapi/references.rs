//! References that lead nowhere: what they were to bring is missing from the connector.

use super::unescaped;
use serde_json::Value as Json;
use std::collections::BTreeMap;

/// So many are named.
const NAMED: usize = 5;
/// Documents nest less deeply.
const DEPTH: usize = 200;

/// A note for each reference that leads nowhere, or into another file.
pub fn broken(document: &Json) -> Vec<String> {
    let mut found = BTreeMap::new();
    collect(document, document, 0, &mut found);
    let count = found.len();
    let mut notes: Vec<String> = found
        .into_iter()
        .take(NAMED)
        .map(|(reference, times)| {
            let times = if times == 1 { String::new() } else { format!(" ({times} times)") };
            if reference.starts_with('#') {
                format!("the reference {reference} leads nowhere{times}")
            } else {
                format!("the reference {reference} leads into another file{times}: put all into one document first")
            }
        })
        .collect();
    if count > NAMED {
        notes.push(format!("{} more references that lead nowhere", count - NAMED));
    }
    notes
}

fn collect<'a>(document: &Json, value: &'a Json, depth: usize, found: &mut BTreeMap<&'a str, usize>) {
    if depth > DEPTH {
        return;
    }
    match value {
        Json::Array(items) => items.iter().for_each(|item| collect(document, item, depth + 1, found)),
        Json::Object(fields) => {
            if let Some(reference) = fields.get("$ref").and_then(Json::as_str) {
                let known = reference.strip_prefix('#').is_some_and(|at| document.pointer(&unescaped(at)).is_some());
                if !known {
                    *found.entry(reference).or_default() += 1;
                }
            }
            // What is shown there is data, which may call anything so.
            let described =
                fields.iter().filter(|(name, _)| !["example", "examples", "default"].contains(&name.as_str()));
            described.for_each(|(_, value)| collect(document, value, depth + 1, found));
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::broken;

    #[test]
    fn references_that_lead_nowhere() {
        let document = serde_json::json!({
            "a": { "$ref": "#/components/none" },
            "b": [{ "$ref": "#/components/none" }, { "$ref": "#/components/some" }, { "$ref": "other.yaml#/x" }],
            "components": { "some": { "example": { "$ref": "#/whatever" } } }
        });
        assert_eq!(
            broken(&document),
            [
                "the reference #/components/none leads nowhere (2 times)",
                "the reference other.yaml#/x leads into another file: put all into one document first"
            ]
        );
    }
}
