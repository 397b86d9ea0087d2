//! One action: its input, its request, its output.

use super::paging;
use crate::emit::{self, Entry, Node};
use crate::import::field::{Field, Inside, Kind, nodes};
use crate::import::model::{Answer, Api, Body, Form, Operation, Param, Part, Place};

/// The input of a list that is read page by page.
pub const LIMIT: &str = "limit";

pub fn node(operation: &Operation, api: &Api) -> Node {
    let mut entries = vec![Entry::new("title", Node::text(&operation.title))];
    if let Some(about) = operation.about.as_ref().filter(|about| **about != operation.title) {
        entries.push(Entry::new("description", Node::text(about)));
    }
    if operation.deprecated {
        entries.push(Entry::new("deprecated", Node::code("true")));
    }
    if let Some(input) = input(operation) {
        entries.push(Entry::new("input_fields", input));
    }
    let lines = execute(operation, api);
    let uses = lines.iter().any(|line| line.contains("input"));
    entries
        .push(Entry::new("execute", Node::Lambda(vec!["_connection", if uses { "input" } else { "_input" }], lines)));
    let output = output(operation);
    let empty = matches!(&output, Node::List(fields) if fields.is_empty());
    if !empty {
        entries.push(Entry::new("output_fields", gives(output)));
    }
    Node::Map(entries)
}

/// A lambda that gives fields, with the parameter that they need.
fn gives(fields: Node) -> Node {
    let needs = emit::value(&fields).contains("object_definitions[");
    Node::Gives(if needs { vec!["object_definitions"] } else { vec![] }, Box::new(fields))
}

/// What is asked for: the path's values, the parameters, and the body.
fn input(operation: &Operation) -> Option<Node> {
    let mut own: Vec<Field> = operation.path_fields().cloned().collect();
    own.extend(operation.params.iter().map(|param| param.field.clone()));
    if operation.paging.is_some() {
        own.push(Field::new(LIMIT, Kind::Integer).hint("At most this many; 100 if empty."));
    }
    own.iter_mut().for_each(convert);
    let Some(body) = &operation.body else { return (!own.is_empty()).then(|| gives(nodes(&own))) };
    match &body.kind {
        Kind::Object(Inside::Fields(fields)) if spread(operation, body).is_some() => {
            let mut fields = fields.clone();
            fields.iter_mut().for_each(convert);
            own.extend(fields);
            Some(gives(nodes(&own)))
        }
        Kind::Object(Inside::Shared(name)) if spread(operation, body).is_some() => {
            let mut shared = format!("object_definitions[{}]", emit::text(name));
            if !body.without.is_empty() {
                let names: Vec<_> = body.without.iter().map(|name| emit::text(name)).collect();
                shared.push_str(&format!(".ignored({})", names.join(", ")));
            }
            if own.is_empty() {
                return Some(gives(Node::Code(shared)));
            }
            let mut lines = emit::lines(&nodes(&own));
            if let Some(last) = lines.last_mut() {
                last.push_str(&format!(".concat({shared})"));
            }
            Some(Node::Lambda(vec!["object_definitions"], lines))
        }
        kind => {
            own.push(Field::new("body", kind.clone()).required());
            Some(gives(nodes(&own)))
        }
    }
}

/// Forms give texts; what is sent as JSON has to be what it is.
pub fn convert(field: &mut Field) {
    field.converts = true;
    if let Some(Inside::Fields(fields)) = field.kind.inside_mut() {
        fields.iter_mut().for_each(convert);
    }
}

/// The body in terms of the input, where its fields stand beside the others; `None` where it is a field of its own.
fn spread(operation: &Operation, body: &Body) -> Option<String> {
    let Kind::Object(inside) = &body.kind else { return None };
    let others: Vec<&str> = operation
        .path_fields()
        .map(|field| field.name.as_str())
        .chain(operation.params.iter().map(|param| param.field.name.as_str()))
        .collect();
    if let Inside::Fields(fields) = inside {
        if fields.is_empty() || fields.iter().any(|field| others.contains(&field.name.as_str())) {
            return None;
        }
    } else if body.without.is_empty() && !others.is_empty() && others.contains(&"id") {
        // The fields of a definition are not known here by name; an `id` of the path is the usual clash.
        return None;
    }
    if others.is_empty() {
        return Some("input".to_owned());
    }
    let names: Vec<_> = others.iter().map(|name| emit::text(name)).collect();
    Some(format!("input.except({})", names.join(", ")))
}

/// The path as a string literal.
pub fn path(operation: &Operation) -> String {
    interpolated(&operation.path, |field| {
        let value = format!("input[{}]", emit::text(&field.name));
        if field.kind == Kind::Text { format!("{value}.to_s.encode_url") } else { value }
    })
}

/// Texts and values as one string literal.
pub fn interpolated(parts: &[Part], value: impl Fn(&Field) -> String) -> String {
    if let [Part::Text(text)] = parts {
        return emit::text(text);
    }
    let mut out = String::from("\"");
    for part in parts {
        match part {
            Part::Text(text) => out.push_str(&text.replace('\\', "\\\\").replace('"', "\\\"").replace('#', "\\#")),
            Part::Value(field) => out.push_str(&format!("#{{{}}}", value(field))),
        }
    }
    out.push('"');
    out
}

/// The hash of the parameters at a place; `None` where there are none.
pub fn params(operation: &Operation, place: Place) -> Option<String> {
    let here: Vec<&Param> = operation.params.iter().filter(|param| param.place == place).collect();
    if here.is_empty() {
        return None;
    }
    let names: Vec<_> = here.iter().map(|param| emit::text(&param.field.name)).collect();
    if here.iter().all(|param| param.sent == param.field.name) {
        return Some(format!("input.slice({})", names.join(", ")));
    }
    let pairs =
        here.iter().map(|param| format!("{} => input[{}]", emit::text(&param.sent), emit::text(&param.field.name)));
    Some(format!("{{ {} }}.compact", pairs.collect::<Vec<_>>().join(", ")))
}

fn execute(operation: &Operation, api: &Api) -> Vec<String> {
    if let Some(paging) = &operation.paging {
        return paging::execute(operation, paging, api);
    }
    let mut lines = vec![format!("{}({})", operation.method, path(operation))];
    let mut chain = |link: String| {
        if let Some(last) = lines.last_mut() {
            last.push('.');
        }
        lines.push(format!("  {link}"));
    };
    if let Some(query) = params(operation, Place::Query) {
        chain(format!("params({query})"));
    }
    if let Some(headers) = params(operation, Place::Header) {
        chain(format!("headers({headers})"));
    }
    if let Some(body) = &operation.body {
        let value = spread(operation, body).unwrap_or_else(|| "input['body']".to_owned());
        match body.form {
            Form::Text => {
                if let Some(media) = &body.media {
                    chain(format!("headers('Content-Type' => {})", emit::text(media)));
                }
                chain(format!("request_body({value})"));
            }
            _ => chain(format!("payload({value})")),
        }
        match body.form {
            Form::UrlEncoded => chain("request_format_www_form_urlencoded".to_owned()),
            Form::Multipart => chain("request_format_multipart_form".to_owned()),
            Form::Json | Form::Text => {}
        }
    }
    match &operation.answer {
        Answer::Data(Kind::Object(_)) => join(lines),
        Answer::Data(_) => under(lines, &list_name(operation)),
        Answer::Text => {
            chain("response_format_raw".to_owned());
            under(lines, "content")
        }
        Answer::Nothing => {
            chain("response_format_raw".to_owned());
            chain("after_response do |code, _body, _headers|".to_owned());
            lines.extend(["    { status: code }".to_owned(), "  end".to_owned()]);
            lines
        }
    }
}

/// One line where it is short.
fn join(lines: Vec<String>) -> Vec<String> {
    const SHORT: usize = 90;
    let one: String = lines.iter().map(|line| line.trim()).collect();
    if one.chars().count() <= SHORT { vec![one] } else { lines }
}

/// The value under a name.
fn under(lines: Vec<String>, name: &str) -> Vec<String> {
    let lines = join(lines);
    let key = emit::key(name);
    match lines.as_slice() {
        [one] => vec![format!("{{ {key} {one} }}")],
        [first, rest @ ..] => {
            let mut out = vec![format!("answer = {first}")];
            out.extend(rest.iter().map(|line| format!("       {line}")));
            out.extend([String::new(), format!("{{ {key} answer }}")]);
            out
        }
        [] => Vec::new(),
    }
}

/// What a list is called in the output: as the path ends.
pub fn list_name(operation: &Operation) -> String {
    let last = operation.path.iter().rev().find_map(|part| match part {
        Part::Text(text) => text.rsplit('/').find(|segment| !segment.is_empty()).map(crate::import::name::snake),
        Part::Value(_) => None,
    });
    last.unwrap_or_else(|| "items".to_owned())
}

fn output(operation: &Operation) -> Node {
    match &operation.answer {
        Answer::Nothing => nodes(&[Field::new("status", Kind::Integer)]),
        Answer::Text => nodes(&[Field::new("content", Kind::Text)]),
        Answer::Data(Kind::Object(inside)) => match (&operation.paging, inside) {
            (Some(paging), Inside::Fields(fields)) if paging.items.is_some() => {
                let items = fields.iter().filter(|field| Some(&field.name) == paging.items.as_ref()).cloned();
                nodes(&items.collect::<Vec<_>>())
            }
            _ => inside.node(),
        },
        Answer::Data(kind) => nodes(&[Field::new(list_name(operation), kind.clone())]),
    }
}
