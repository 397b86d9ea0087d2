//! `connrun generate schema`: fields from samples.

use crate::support::command::connrun;
use connrun::emit;
use connrun::import::field;
use connrun::import::samples::{self, Separator};

/// The fields as code without line breaks, then the remarks.
fn shown(records: &[serde_json::Value]) -> String {
    match samples::fields(records) {
        Ok(found) => {
            let code = emit::value(&field::nodes(&found.fields));
            let code = code.split_whitespace().collect::<Vec<_>>().join(" ");
            let code = code.replace("[ {", "[{").replace("} ]", "}]");
            let notes: Vec<_> = found.notes.iter().map(|note| format!(" # {note}")).collect();
            code + &notes.concat()
        }
        Err(message) => message,
    }
}

fn json(sample: &str) -> String {
    shown(&[serde_json::from_str(sample).unwrap()])
}

#[test]
fn samples_in_json() {
    for (sample, expected) in [
        (r#"{"id":7}"#, "[{ name: 'id', type: :integer }]"),
        (r#"{"price":9.5}"#, "[{ name: 'price', type: :number }]"),
        (r#"{"n":1e3}"#, "[{ name: 'n', type: :number }]"),
        (r#"{"big":123456789012345678901234567890}"#, "[{ name: 'big', type: :integer }]"),
        (r#"{"name":"Ada"}"#, "[{ name: 'name' }]"),
        (r#"{"open":true}"#, "[{ name: 'open', type: :boolean, control_type: 'checkbox' }]"),
        (r#"{"day":"2024-02-29"}"#, "[{ name: 'day', type: :date }]"),
        (r#"{"day":"2023-02-29"}"#, "[{ name: 'day' }]"),
        (r#"{"at":"2024-03-15T12:34:56Z"}"#, "[{ name: 'at', type: :date_time }]"),
        (r#"{"at":"2024-03-15T12:34:56.789+05:30"}"#, "[{ name: 'at', type: :date_time }]"),
        (r#"{"at":"2024-03-15 12:34:56"}"#, "[{ name: 'at', type: :date_time }]"),
        (r#"{"at":"2024-03-15 12:34:56 UTC"}"#, "[{ name: 'at', type: :date_time }]"),
        (r#"{"at":"Fri, 15 Mar 2024 12:34:56 GMT"}"#, "[{ name: 'at', type: :date_time }]"),
        (r#"{"mail":"ada@example.com"}"#, "[{ name: 'mail', control_type: 'email' }]"),
        (r#"{"site":"https://example.com/a"}"#, "[{ name: 'site', control_type: 'url' }]"),
        (r#"{"phone":"+49 30 1234567"}"#, "[{ name: 'phone', control_type: 'phone' }]"),
        (r#"{"text":"one\ntwo"}"#, "[{ name: 'text', control_type: 'text-area' }]"),
        (r#"{"clientSecret":"x"}"#, "[{ name: 'clientSecret', control_type: 'password' }]"),
        (r#"{"zip":"0123"}"#, "[{ name: 'zip' }]"),
        (r#"{"tags":["a","b"]}"#, "[{ name: 'tags', type: :array, of: :string }]"),
        (r#"{"counts":[1,2.5]}"#, "[{ name: 'counts', type: :array, of: :number }]"),
        (
            r#"{"address":{"city":"Berlin","zip":10115}}"#,
            "[{ name: 'address', type: :object, properties: [{ name: 'city' }, { name: 'zip', type: :integer }] }]",
        ),
        (
            r#"{"lines":[{"n":1,"note":"x"},{"n":2}]}"#,
            "[{ name: 'lines', type: :array, of: :object, properties: [{ name: 'n', type: :integer, optional: false }, \
             { name: 'note', optional: true }] }]",
        ),
        (
            r#"[{"id":1,"name":"a"},{"id":2.5,"name":null}]"#,
            "[{ name: 'id', type: :number, optional: false }, { name: 'name', optional: true }]",
        ),
        (r#"{"x":null}"#, "[{ name: 'x' }] # x: always null; taken for text"),
        (
            r#"{"list":[]}"#,
            "[{ name: 'list', type: :array, of: :string }] # list[]: nothing in any sample; taken for text",
        ),
        (
            r#"[{"x":1},{"x":"a"}]"#,
            "[{ name: 'x', optional: false }] # x: a number, a text in different samples; taken for text",
        ),
        (
            r#"{"m":[[1],[2]]}"#,
            "[{ name: 'm', type: :array, of: :string }] # m[]: a list in a list, which fields cannot describe; taken for text",
        ),
        (r#"[{"d":"2024-01-01"},{"d":"2024-01-01T10:00:00Z"}]"#, "[{ name: 'd', type: :date_time, optional: false }]"),
        (r#"[{"d":"2024-01-01"},{"d":"soon"}]"#, "[{ name: 'd', optional: false }]"),
        (r#"[{"e":""},{"e":"a@b.io"}]"#, "[{ name: 'e', control_type: 'email', optional: false }]"),
        (r#"{"it's":1}"#, "[{ name: 'it\\'s', type: :integer }]"),
        (r"{}", "[]"),
        (r"[]", "there is no record in the samples"),
        (r"[1]", "a sample is a number, and only objects have fields"),
    ] {
        assert_eq!(json(sample), expected, "{sample}");
    }
}

#[test]
fn samples_in_csv() {
    for (sample, separator, expected) in [
        (
            "id,name,price,born,open\n1,Ada,9.50,1815-12-10,true\n2,,3,1816-01-01,false\n",
            Separator::Comma,
            "[{ name: 'id', type: :integer, optional: false }, { name: 'name', optional: true }, { name: 'price', type: \
             :number, optional: false }, { name: 'born', type: :date, optional: false }, { name: 'open', type: :boolean, \
             control_type: 'checkbox', optional: false }]",
        ),
        ("a;b\n1;2\n", Separator::Semicolon, "[{ name: 'a', type: :integer }, { name: 'b', type: :integer }]"),
        ("zip\n007\n", Separator::Comma, "[{ name: 'zip' }]"),
        (
            "\u{feff}\"a, b\",c\n\"x\ny\",-1\n",
            Separator::Comma,
            "[{ name: 'a, b', control_type: 'text-area' }, { name: 'c', type: :integer }]",
        ),
        (
            "a,a,\n1,2,3\n",
            Separator::Comma,
            "[{ name: 'a', type: :integer }, { name: 'a_2', type: :integer }, { name: 'column_3', type: :integer }]",
        ),
        ("a|b\n", Separator::Pipe, "[{ name: 'a' }, { name: 'b' }]"),
        (
            "name\tamount\nAda\t-3.25\nBob\t4\n",
            Separator::Tab,
            "[{ name: 'name', optional: false }, { name: 'amount', type: :number, optional: false }]",
        ),
        (
            "d\n2024-01-01\n2024-01-02T10:00:00Z\n",
            Separator::Comma,
            "[{ name: 'd', type: :date_time, optional: false }]",
        ),
        (
            "open\nTRUE\nfalse\n",
            Separator::Comma,
            "[{ name: 'open', type: :boolean, control_type: 'checkbox', optional: false }]",
        ),
        (
            "a,b\n1\n2,x\n",
            Separator::Comma,
            "[{ name: 'a', type: :integer, optional: false }, { name: 'b', optional: true }]",
        ),
    ] {
        let (records, _) = samples::csv(sample, separator).unwrap();
        assert_eq!(shown(&records), expected, "{sample}");
    }
    let (_, notes) = samples::csv("a;b\n1;2\n", Separator::Comma).unwrap();
    assert_eq!(notes, ["there is one column only; `--col-sep semicolon` makes several of them"]);
    assert_eq!(samples::csv("", Separator::Comma).unwrap_err(), "the first line has no names");
}

#[test]
fn samples_in_xml() {
    for (sample, expected) in [
        ("<c><id>7</id><name>Ada</name></c>", "[{ name: 'id', type: :integer }, { name: 'name' }]"),
        (
            "<c id=\"7\" xmlns:x=\"u\"><x:day>2024-03-15</x:day></c>",
            "[{ name: 'id', type: :integer }, { name: 'day', type: :date }]",
        ),
        (
            "<i><line n=\"1\">a</line><line n=\"2\">b</line></i>",
            "[{ name: 'n', type: :integer, optional: false }, { name: 'content', optional: false }]",
        ),
        ("<i><tag>a</tag><tag>b</tag></i>", "[{ name: 'tag', type: :array, of: :string }]"),
        (
            "<i><no>1</no><line><n>1</n></line><line><n>2</n></line></i>",
            "[{ name: 'no', type: :integer }, { name: 'line', type: :array, of: :object, properties: [{ name: 'n', type: \
             :integer, optional: false }] }]",
        ),
        ("<n>5</n>", "[{ name: 'n', type: :integer }]"),
        ("<o><note><![CDATA[a < b]]></note></o>", "[{ name: 'note' }]"),
        (
            "<o><customer><name>Ada</name><since>2024-01-01</since></customer></o>",
            "[{ name: 'customer', type: :object, properties: [{ name: 'name' }, { name: 'since', type: :date }] }]",
        ),
        (
            "<o><empty/><id>1</id></o>",
            "[{ name: 'empty' }, { name: 'id', type: :integer }] # empty: always null; taken for text",
        ),
        (
            "<r><item><id>1</id><tag>a</tag><tag>b</tag></item><item><id>2</id><tag>c</tag></item></r>",
            "[{ name: 'id', type: :integer, optional: false }, { name: 'tag', type: :array, of: :string, optional: false }]",
        ),
    ] {
        assert_eq!(shown(&samples::xml(sample).unwrap()), expected, "{sample}");
    }
    assert_eq!(samples::xml("<a><b></a>").unwrap_err().split(':').next(), Some("line 1, column 11"));
}

#[test]
fn what_is_printed() {
    let sample = r#"{"id": 7, "created_at": "2024-03-15T12:34:56Z", "address": {"city": "Berlin"}, "tags": ["a"]}"#;
    let all = [
        connrun("generate schema --conn --json").arg(sample).transcript(),
        connrun("generate schema --json").arg(sample).transcript(),
        connrun("generate schema --conn --json a.json --json b.json")
            .file("a.json", r#"{"id": 1}"#)
            .file("b.json", r#"{"id": 2, "note": "x"}"#)
            .transcript(),
        connrun("generate schema --csv a.csv --conn").file("a.csv", "a;b\n1;2\n").transcript(),
        connrun("generate schema --xml - --conn").stdin("<c><id>7</id></c>").transcript(),
        connrun("generate schema --json a.json").file("a.json", "{\"id\": 7,}").transcript(),
        connrun("generate schema --json [1]").transcript(),
        connrun("generate schema --csv nowhere.csv").transcript(),
        connrun("generate schema --xml a.xml").file("a.xml", "<a><b></a>").transcript(),
        connrun("generate schema").transcript(),
    ];
    crate::support::command::snapshot("generate_schema", &all.join("\n"));
}

const RECORDED: &str = "\
exchanges:
- request: GET https://api.example.com/v1/orders/7
  response: { json: { order: { id: 7, placed_at: '2024-03-15T12:34:56Z', total: 9.5 } } }
- request: GET https://api.example.com/v1/orders/8
  response: { json: { order: { id: 8, placed_at: '2024-03-16T12:34:56Z', total: 9, note: x } } }
- request: { method: POST, url: 'https://api.example.com/v1/orders', json: { sku: A1, quantity: 2 } }
  response: 204
- request: { method: POST, url: 'https://api.example.com/v1/login', headers: { Content-Type: application/x-www-form-urlencoded }, text: user=ada&times=3 }
  response: { headers: { Content-Type: text/xml }, text: '<session id=\"5\"><open>true</open></session>' }
- request: GET https://api.example.com/v1/export
  response: { headers: { Content-Type: text/csv }, text: \"id,born\\n1,1815-12-10\\n\" }
- request: GET https://api.example.com/v1/orders/9
  response: { status: 404, json: { error: none } }
";

#[test]
fn fields_of_a_recording() {
    let all: Vec<String> = [
        "--conn",
        "--only orders/",
        "--only orders --at order --conn",
        "--sent --conn",
        "--only nothing",
        "--only orders/ --at nothing",
        "--sent --only export",
    ]
    .iter()
    .map(|more| connrun(&format!("generate schema --cassette r.yaml {more}")).file("r.yaml", RECORDED).transcript())
    .collect();
    crate::support::command::snapshot("generate_schema_cassette", &all.join("\n"));
}
