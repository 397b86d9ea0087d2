//! `connrun import`: what comes of descriptions is sound, formatted, and runs against a service made from the same document.

use crate::support::command::{connrun, snapshot};
use crate::support::mock::{ITEMS, Mock};
use connrun::import::document;
use serde_json::{Map, Value, json};

const DOCUMENTS: &[(&str, &str)] = &[
    ("shelter.yaml", include_str!("../fixtures/import/shelter.yaml")),
    ("forge.json", include_str!("../fixtures/import/forge.json")),
    ("payments.yaml", include_str!("../fixtures/import/payments.yaml")),
    ("library.yaml", include_str!("../fixtures/import/library.yaml")),
    ("alarms.yaml", include_str!("../fixtures/import/alarms.yaml")),
];

/// The connector that a document becomes, and what is said about it.
fn imported(kind: &str, name: &str, text: &str) -> (String, String) {
    let printed = connrun(&format!("import {kind} {name}")).file(name, text).run();
    assert_eq!(printed.status, 0, "{name}\n{printed}");
    (printed.stdout, printed.stderr)
}

fn is_sound(name: &str, text: &str) {
    let check = connrun("check --deny warnings c.conn").file("c.conn", text).run();
    assert_eq!(check.status, 0, "{name}\n{check}\n{text}");
    let format = connrun("fmt --diff c.conn").file("c.conn", text).run();
    assert_eq!(format.status, 0, "{name}\n{format}");
}

/// A value for a field, as a person might give it.
fn value(field: &Value) -> Value {
    if let Some(choice) = field["pick_list"].get(0) {
        return choice[1].clone();
    }
    let inside = || {
        let fields = field["properties"].as_array().into_iter().flatten();
        fields.map(|field| (field["name"].as_str().unwrap().to_owned(), value(field))).collect::<Map<_, _>>()
    };
    match (field["type"].as_str().unwrap_or("string"), field["of"].as_str()) {
        ("integer", _) => json!("7"),
        ("number", _) => json!("1.5"),
        ("boolean", _) => json!("true"),
        ("date", _) => json!("2024-03-15"),
        ("date_time", _) => json!("2024-03-15T12:34:56Z"),
        ("object", _) => Value::Object(inside()),
        ("array", Some("object")) => json!([inside()]),
        ("array", _) => json!(["a"]),
        _ => json!("a b"),
    }
}

#[test]
fn descriptions_become_connectors_that_run() {
    for (name, text) in DOCUMENTS {
        let (connector, _) = imported("openapi", name, text);
        is_sound(name, &connector);
        let mock = Mock::start(document::read(text).unwrap());
        let settings =
            "-s {\"username\":\"u\",\"password\":\"p\",\"api_key\":\"k\",\"api_token\":\"t\",\"access_token\":\"a\"}";
        let description = connrun("describe --json").file("c.conn", &connector).run();
        let description: Value = serde_json::from_str(&description.stdout).unwrap();
        for (action, described) in description["actions"].as_object().unwrap() {
            let fields = described["input_fields"].as_array().into_iter().flatten();
            let mut input: Map<String, Value> =
                fields.map(|field| (field["name"].as_str().unwrap().to_owned(), value(field))).collect();
            input.entry("limit").and_modify(|limit| *limit = json!(100));
            let run = connrun(&format!("exec action {action} --compact --reroute {} {settings} -i", mock.base))
                .arg(&Value::Object(input).to_string())
                .file("c.conn", &connector)
                .run();
            assert_eq!(run.status, 0, "{name} {action}\n{run}\n{:?}", mock.requests());
        }
        let test = connrun(&format!("exec test --reroute {} {settings}", mock.base)).file("c.conn", &connector).run();
        assert_eq!(test.status, 0, "{name}\n{test}");
    }
}

/// Whichever way a list is paged, all of it comes, or as much as is asked for.
#[test]
fn every_page_is_turned() {
    for (name, action, input, expected) in [
        ("forge.json", "tickets_list_for_repo", json!({ "owner": "o", "repo": "r" }), "tickets"),
        ("payments.yaml", "get_customers", json!({}), "data"),
        ("library.yaml", "list_books", json!({}), "items"),
    ] {
        let text = DOCUMENTS.iter().find(|(known, _)| *known == name).unwrap().1;
        let (connector, _) = imported("openapi", name, text);
        let mock = Mock::start(document::read(text).unwrap());
        let settings = "-s {\"username\":\"u\",\"password\":\"p\",\"api_token\":\"t\",\"access_token\":\"a\"}";
        for limit in [100, 3] {
            let mut input = input.clone();
            input["limit"] = limit.into();
            let run = connrun(&format!("exec action {action} --compact --reroute {} {settings} -i", mock.base))
                .arg(&input.to_string())
                .file("c.conn", &connector)
                .run();
            let output: Value = serde_json::from_str(&run.stdout).unwrap_or_else(|_| panic!("{name}\n{run}"));
            assert_eq!(output[expected].as_array().unwrap().len(), ITEMS.min(limit), "{name} {run}");
            assert_eq!(mock.requests().len(), if limit == 3 { 2 } else { 3 }, "{name}");
        }
    }
}

#[test]
fn what_requests_look_like() {
    let text = DOCUMENTS[0].1;
    let (connector, _) = imported("openapi", "shelter.yaml", text);
    let mock = Mock::start(document::read(text).unwrap());
    let mut all = String::new();
    for (action, input) in [
        ("find_animals", r#"{"status":"waiting","tags":"a,b"}"#),
        ("add_animal", r#"{"name":"Mia","id":9,"photos":["https://x.y/z"]}"#),
        ("rename_animal", r#"{"animalId":"7","name":"Ben","shy":"yes"}"#),
        ("remove_animal", r#"{"animalId":7,"x_reason":"moved"}"#),
    ] {
        let run = connrun(&format!("exec action {action} --reroute {} --set api_key=k -i", mock.base))
            .arg(input)
            .file("c.conn", &connector)
            .run();
        assert_eq!(run.status, 0, "{run}");
        all += &format!("{action} {input}\n  {}\n", mock.requests().join("\n  "));
    }
    insta::assert_snapshot!(all, @r#"
    find_animals {"status":"waiting","tags":"a,b"}
      get /v2/animals?status=waiting&tags=a%2Cb  
    add_animal {"name":"Mia","id":9,"photos":["https://x.y/z"]}
      post /v2/animals application/json {"name":"Mia","photos":["https://x.y/z"]}
    rename_animal {"animalId":"7","name":"Ben","shy":"yes"}
      post /v2/animals/7 application/x-www-form-urlencoded name=Ben&shy=true
    remove_animal {"animalId":7,"x_reason":"moved"}
      delete /v2/animals/7 application/json
    "#);
}

#[test]
fn whole_connectors() {
    for (name, text) in [DOCUMENTS[1], DOCUMENTS[4]] {
        let (connector, notes) = imported("openapi", name, text);
        snapshot(&format!("import_{}", name.split('.').next().unwrap()), &format!("{connector}--- stderr\n{notes}"));
    }
}

const CURL: &str = "# An order, and a new one.
curl 'https://api.shop.example/v1/orders/1042?expand=lines' -H 'Authorization: Bearer secret-token' -H 'X-Shop: north'
curl https://api.shop.example/v1/orders -H 'Authorization: Bearer secret-token' \\
  --json '{\"customer\": {\"email\": \"ada@example.com\"}, \"lines\": [{\"sku\": \"A1\", \"quantity\": 2}], \"gift\": false}'
curl -X DELETE https://api.shop.example/v1/orders/1042 -u user:password
";

const HAR: &str = r#"{"log": {"entries": [
  {"request": {"method": "GET", "url": "https://shop.example/logo.png", "headers": []}, "response": {"status": 200, "content": {"mimeType": "image/png"}}},
  {"request": {"method": "GET", "url": "https://api.shop.example/orders?page=2&api_key=secret-key", "headers": [{"name": "Accept", "value": "*/*"}]},
   "response": {"status": 200, "content": {"mimeType": "application/json", "text": "[{\"id\": 7, \"placed_at\": \"2024-03-15T12:34:56Z\", \"total\": 9.5}]"}}},
  {"request": {"method": "GET", "url": "https://api.shop.example/orders/7", "headers": []},
   "response": {"status": 200, "content": {"mimeType": "application/json", "text": "eyJpZCI6IDcsICJ0b3RhbCI6IDF9", "encoding": "base64"}}},
  {"request": {"method": "GET", "url": "https://api.shop.example/orders/8", "headers": []},
   "response": {"status": 200, "content": {"mimeType": "application/json", "text": "{\"id\": 8, \"total\": 1.5, \"note\": null}"}}},
  {"request": {"method": "POST", "url": "https://api.shop.example/session", "headers": [],
               "postData": {"mimeType": "application/x-www-form-urlencoded", "text": "user=ada&password=secret-word"}},
   "response": {"status": 204, "content": {"mimeType": ""}}}
]}}"#;

const POSTMAN: &str = r#"{
  "info": {"name": "Shop", "schema": "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"},
  "variable": [{"key": "base", "value": "https://api.shop.example/v1"}],
  "auth": {"type": "apikey", "apikey": [{"key": "key", "value": "X-Shop-Key"}, {"key": "value", "value": "secret-key"}]},
  "item": [{"name": "Orders", "item": [
    {"name": "Get order", "request": {"method": "GET", "url": {"raw": "{{base}}/orders/:orderId"}, "description": "Gets an order. Or not."},
     "response": [{"code": 200, "body": "{\"id\": 7, \"open\": true}"}]},
    {"name": "Create order", "request": {"method": "POST", "url": "{{base}}/orders",
     "header": [{"key": "Content-Type", "value": "application/json"}], "body": {"mode": "raw", "raw": "{\"sku\": \"A1\"}"}}, "response": []},
    {"name": "Upload", "request": {"method": "POST", "url": "{{base}}/files",
     "body": {"mode": "formdata", "formdata": [{"key": "file", "type": "file"}, {"key": "note", "value": "x"}]}}, "response": []}
  ]}]
}"#;

#[test]
fn recorded_requests_become_connectors() {
    for (kind, name, text) in [("curl", "shop.sh", CURL), ("har", "shop.har", HAR), ("postman", "shop.json", POSTMAN)] {
        let (connector, notes) = imported(kind, name, text);
        is_sound(name, &connector);
        for secret in ["secret-token", "secret-key", "secret-word", "user:password"] {
            assert!(!connector.contains(secret) && !notes.contains(secret), "{name}: {secret}\n{connector}");
        }
        snapshot(&format!("import_{kind}"), &format!("{connector}--- stderr\n{notes}"));
    }
}

/// References into the void, into another file, and in a circle.
const LOST: &str = r##"{"openapi": "3.0.0", "info": {"title": "Lost"}, "servers": [{"url": "https://lost.example"}],
  "paths": {"/a": {"get": {"operationId": "a", "parameters": [{"$ref": "#/components/parameters/none"}, {"$ref": "other.yaml#/x"}],
    "responses": {"200": {"$ref": "#/components/responses/r"}}}}},
  "components": {"responses": {"r": {"$ref": "#/components/responses/r"}}}}"##;

#[test]
fn what_cannot_be_imported() {
    let all = [
        connrun("import openapi a.yaml").file("a.yaml", "openapi: 3.0.0\npaths: {}\n").transcript(),
        connrun("import openapi a.json").file("a.json", "{\"info\": }").transcript(),
        connrun("import openapi a.yaml").file("a.yaml", "a: [1\nb: 2\n").transcript(),
        connrun("import openapi shop.json").file("shop.json", POSTMAN).transcript(),
        connrun("import openapi nowhere.yaml").transcript(),
        connrun("import openapi forge.json --only nothing").file("forge.json", DOCUMENTS[1].1).transcript(),
        connrun("import har shop.har").file("shop.har", "{\"log\": {\"entries\": []}}").transcript(),
        connrun("import curl").arg("curl 'https://x.example").transcript(),
        connrun("import openapi forge.json --only star -o c.conn").file("forge.json", DOCUMENTS[1].1).transcript(),
        connrun("import openapi forge.json -o c.conn")
            .file("c.conn", "mine")
            .file("forge.json", DOCUMENTS[1].1)
            .transcript(),
        connrun("import swagger a.yaml").transcript(),
        connrun("import openapi a.yaml").file("a.yaml", "\n").transcript(),
        connrun("import har shop.har").file("shop.har", "{}").transcript(),
        connrun("import openapi lost.json -o c.conn").file("lost.json", LOST).transcript(),
    ];
    snapshot("import_errors", &all.join("\n"));
}
