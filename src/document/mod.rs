//! The documentation of a connector, from its description: how to connect, what it does, every field. As Markdown, or as
//! one page of HTML that needs nothing else.

mod html;
mod markdown;

pub use html::html;
pub use markdown::markdown;

use crate::methods::string::label::label_of;
use crate::text::without_tags;
use serde_json::{Map, Value as Json, json};

/// A page.
pub struct Page {
    pub title: String,
    pub about: String,
    pub sections: Vec<Section>,
}

/// A part with a heading: 2 for chapters, 3 for what is in them.
pub struct Section {
    pub level: u8,
    pub id: String,
    pub title: String,
    pub blocks: Vec<Block>,
}

pub enum Block {
    Text(String),
    /// What stands in it is shown as it is.
    Code(&'static str, String),
    Table(Vec<Row>),
    /// A heading of a table.
    Caption(&'static str),
}

/// A field of a table.
pub struct Row {
    pub depth: usize,
    pub name: String,
    pub label: String,
    pub kind: String,
    pub required: bool,
    pub about: String,
}

/// The page of a description, as `connrun describe --json` prints it. `file` is what the connector lies in.
pub fn page(description: &Json, file: &str) -> Page {
    let title = text(description, "title").unwrap_or("Connector").to_owned();
    let about = text(description, "description").map(plain).unwrap_or_default();
    let mut sections = vec![connecting(description, &title)];
    for (key, title, word) in [("actions", "Actions", "action"), ("triggers", "Triggers", "trigger")] {
        let all = description[key].as_object();
        if all.is_none_or(Map::is_empty) {
            continue;
        }
        sections.push(Section { level: 2, id: key.to_owned(), title: title.to_owned(), blocks: Vec::new() });
        sections.extend(all.into_iter().flatten().map(|(name, operation)| described(word, name, operation, file)));
    }
    Page { title, about, sections }
}

fn text<'a>(object: &'a Json, key: &str) -> Option<&'a str> {
    object[key].as_str().filter(|text| !text.is_empty())
}

/// A text without the tags that forms understand, on one line.
fn plain(text: &str) -> String {
    without_tags(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

fn connecting(description: &Json, title: &str) -> Section {
    let connection = &description["connection"];
    let kind = connection["authorization"]["type"].as_str().unwrap_or("none");
    let mut blocks = vec![Block::Text(way_in(kind, title, connection))];
    let rows = rows(&connection["fields"], 0);
    if let Some(reason) = connection["fields"]["dynamic"].as_str() {
        blocks.push(Block::Text(format!("The settings cannot be told beforehand: {reason}.")));
    }
    if !rows.is_empty() {
        let settings: String =
            rows.iter().map(|row| format!("{}: {}\n", row.name, if row.required { "…" } else { "" })).collect();
        let settings = settings.lines().map(|line| format!("{}\n", line.trim_end())).collect();
        blocks.push(Block::Table(rows));
        blocks.push(Block::Text("`connrun connect` asks for these settings and tests them. By hand they stand in `settings.yaml`, which belongs into no version control:".to_owned()));
        blocks.push(Block::Code("yaml", settings));
        blocks.push(Block::Text(
            "`connrun settings encrypt` encrypts the file; `connrun exec test` says whether the connection works."
                .to_owned(),
        ));
    }
    Section { level: 2, id: "connecting".to_owned(), title: "Connecting".to_owned(), blocks }
}

/// How one is let in, in words.
fn way_in(kind: &str, title: &str, connection: &Json) -> String {
    let options = connection["authorization"]["options"].as_array();
    match kind {
        "none" | "no_auth" => format!("{title} lets everybody in: there are no credentials to fill in."),
        "basic_auth" | "basic" => "Requests carry a user name and a password.".to_owned(),
        "api_key" => format!("Requests carry a key, which {title} gives out."),
        "multi" => {
            let ways: Vec<String> = options
                .into_iter()
                .flatten()
                .filter_map(Json::as_str)
                .map(|way| format!("{} (`{way}`)", label_of(way)))
                .collect();
            format!("There are several ways to log in: {}.", ways.join(", "))
        }
        kind if kind.to_ascii_lowercase().contains("oauth2") => format!(
            "{title} uses OAuth 2: register an application there, with `http://localhost:45555/oauth/callback` as the address to \
             come back to, and log in with `connrun connect`. Tokens are renewed by themselves."
        ),
        _ => "Credentials are put on each request by the connector.".to_owned(),
    }
}

fn described(word: &str, name: &str, operation: &Json, file: &str) -> Section {
    let mut blocks = Vec::new();
    let by: Vec<&str> = operation["runs_by"].as_array().into_iter().flatten().filter_map(Json::as_str).collect();
    let by = if by.is_empty() { String::new() } else { format!(" by {}", by.join(" and ")) };
    blocks.push(Block::Text(format!("`{name}`, {} {word}{by}", if word == "action" { "an" } else { "a" })));
    if operation["deprecated"] == true {
        blocks.push(Block::Text("**Deprecated:** it is kept for those who use it already.".to_owned()));
    }
    blocks.extend(text(operation, "description").map(|about| Block::Text(plain(about))));
    let mut input = Map::new();
    for (key, caption) in [("config_fields", "Configuration"), ("input_fields", "Input"), ("output_fields", "Output")] {
        let fields = &operation[key];
        if let Some(reason) = fields["dynamic"].as_str() {
            blocks.push(Block::Caption(caption));
            blocks.push(Block::Text(format!("The fields depend on the account: {reason}.")));
        }
        let rows = rows(fields, 0);
        if key != "output_fields" {
            let required = fields.as_array().into_iter().flatten().filter(|field| field["optional"] == false);
            input.extend(required.filter_map(|field| Some((text(field, "name")?.to_owned(), example(field)))));
        }
        if !rows.is_empty() {
            blocks.push(Block::Caption(caption));
            blocks.push(Block::Table(rows));
        }
    }
    let given = if input.is_empty() { String::new() } else { format!(" -i '{}'", Json::Object(input)) };
    blocks.push(Block::Code("sh", format!("connrun exec {word} {name} -c {file}{given}\n")));
    let title = text(operation, "title").unwrap_or(name).to_owned();
    Section { level: 3, id: format!("{word}-{name}"), title, blocks }
}

/// A value that shows what goes in.
fn example(field: &Json) -> Json {
    if let Some(choice) = ["pick_list", "options"].iter().find_map(|key| field[*key].get(0)) {
        return choice.get(1).unwrap_or(choice).clone();
    }
    match field["type"].as_str().unwrap_or("string") {
        "integer" => json!(1),
        "number" => json!(1.5),
        "boolean" => json!(true),
        "date" => json!("2024-03-15"),
        "date_time" | "timestamp" => json!("2024-03-15T12:34:56Z"),
        "object" => json!({}),
        "array" => json!([]),
        _ => json!("…"),
    }
}

/// The fields as rows, what is inside of them below.
fn rows(fields: &Json, depth: usize) -> Vec<Row> {
    let mut rows = Vec::new();
    for field in fields.as_array().into_iter().flatten() {
        let Some(name) = text(field, "name") else { continue };
        let mut about: Vec<String> = text(field, "hint").map(plain).into_iter().collect();
        if let Some(usual) = field.get("default").filter(|value| !value.is_null()) {
            about.push(format!("Usually {}.", usual.as_str().map_or_else(|| usual.to_string(), str::to_owned)));
        }
        let choices = ["pick_list", "options"].iter().find_map(|key| field[*key].as_array());
        if let Some(choices) = choices {
            let labels: Vec<&str> =
                choices.iter().filter_map(|choice| choice[0].as_str().or(choice.as_str())).take(12).collect();
            about.push(format!("One of {}.", labels.join(", ")));
        }
        rows.push(Row {
            depth,
            name: name.to_owned(),
            label: text(field, "label").map_or_else(|| label_of(name), str::to_owned),
            kind: kind(field),
            required: field["optional"] == false,
            about: about.join(" "),
        });
        rows.extend(self::rows(&field["properties"], depth + 1));
    }
    rows
}

/// What it holds, in words.
fn kind(field: &Json) -> String {
    let kind = text(field, "type").unwrap_or("string");
    match (kind, text(field, "of"), text(field, "control_type")) {
        ("array", None | Some("object"), _) => "list of objects".to_owned(),
        ("array", Some("string"), _) => "list of texts".to_owned(),
        ("array", Some(of), _) => format!("list of {of}"),
        ("string", _, Some("password")) => "secret".to_owned(),
        ("string", _, Some(control @ ("email" | "url" | "phone" | "select" | "multiselect"))) => control.to_owned(),
        ("string", ..) => "text".to_owned(),
        ("date_time" | "timestamp", ..) => "date and time".to_owned(),
        (kind, ..) => kind.to_owned(),
    }
}
