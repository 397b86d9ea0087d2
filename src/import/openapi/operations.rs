//! The operations of a description: what goes in, how it is sent, what comes back.

use super::schema::{Schemas, flagged, type_of};
use super::{Only, paging, resolved};
use crate::import::field::{Field, Inside, Kind};
use crate::import::model::{Answer, Body, Form, Operation, Param, Part, Place};
use crate::import::name::{self, Unique};
use serde_json::Value as Json;

const METHODS: &[&str] = &["get", "post", "put", "patch", "delete"];

pub fn all<'a>(document: &'a Json, schemas: &mut Schemas<'a>, only: &Only) -> Vec<Operation> {
    let (mut operations, mut names) = (Vec::new(), Unique::default());
    for (path, item) in document["paths"].as_object().into_iter().flatten() {
        let item = resolved(document, item);
        for method in METHODS {
            let described = &item[*method];
            if !described.is_object() {
                continue;
            }
            let own = described["operationId"].as_str().map_or_else(|| format!("{method} {path}"), str::to_owned);
            let own = name::snake(&own);
            if !only.is_empty() && !only.iter().any(|text| own.contains(text.as_str()) || path.contains(text.as_str()))
            {
                continue;
            }
            let name = names.take(&own);
            operations.push(Reader { document, schemas, item, described }.operation(name, method, path));
        }
        for method in ["head", "options", "trace"].iter().filter(|method| item[**method].is_object()) {
            let note =
                format!("{} {path}: only GET, POST, PUT, PATCH and DELETE become actions", method.to_uppercase());
            schemas.notes.push(note);
        }
    }
    operations
}

struct Reader<'a, 'b> {
    document: &'a Json,
    schemas: &'b mut Schemas<'a>,
    item: &'a Json,
    described: &'a Json,
}

impl Reader<'_, '_> {
    fn operation(mut self, name: String, method: &str, path: &str) -> Operation {
        let summary = self.described["summary"].as_str().map(name::sentence).filter(|text| !text.is_empty());
        let about = self.described["description"].as_str().map(name::sentence).filter(|text| !text.is_empty());
        let title = summary.map_or_else(|| name::title(&name), |text| text.trim_end_matches('.').to_owned());
        let mut operation = Operation { name, title, about, method: method.to_owned(), ..Operation::default() };
        operation.deprecated = self.described["deprecated"] == true;
        let mut values = Vec::new();
        for param in self.parameters() {
            match param["in"].as_str() {
                Some("path") => values.push(self.field(&param)),
                Some("query") => self.param(&mut operation, &param, Place::Query),
                Some("header") => self.param(&mut operation, &param, Place::Header),
                Some(place) => operation.notes.push(format!("the {place} parameter `{}`", name_of(&param))),
                None => {}
            }
        }
        operation.path = parts(path, values);
        operation.body = self.body(&mut operation.notes);
        self.answer(&mut operation);
        operation
    }

    /// Those of the path and its own, which win.
    fn parameters(&self) -> Vec<Json> {
        let list = |value: &Json| -> Vec<Json> {
            value.as_array().into_iter().flatten().map(|param| resolved(self.document, param).clone()).collect()
        };
        let own = list(&self.described["parameters"]);
        let same = |one: &Json, other: &Json| one["name"] == other["name"] && one["in"] == other["in"];
        let mut all: Vec<Json> =
            list(&self.item["parameters"]).into_iter().filter(|param| !own.iter().any(|o| same(o, param))).collect();
        all.extend(own);
        all
    }

    fn field(&mut self, param: &Json) -> Field {
        let media = param["content"].as_object().and_then(|content| content.values().next());
        let schema = media.map_or(&param["schema"], |media| &media["schema"]);
        let mut field = self.schemas.field(name_of(param), schema, 0);
        if let Some(about) = param["description"].as_str() {
            field.hint = Some(name::sentence(about)).filter(|hint| !hint.is_empty());
        }
        if param["required"] == true {
            field.required = Some(true);
        }
        field
    }

    fn param(&mut self, operation: &mut Operation, param: &Json, place: Place) {
        let sent = name_of(param).to_owned();
        // These are what bodies and authorization say.
        let implied = ["accept", "content-type", "authorization"];
        if place == Place::Header && implied.contains(&sent.to_ascii_lowercase().as_str()) {
            return;
        }
        let mut field = self.field(param);
        match &field.kind {
            Kind::List(_) => {
                field.kind = Kind::Text;
                let more = "Several values are separated by commas.";
                field.hint = Some(field.hint.map_or(more.to_owned(), |hint| format!("{hint} {more}")));
                if param["explode"] == true {
                    operation.notes.push(format!("`{sent}` repeated for each value; its values go out with commas"));
                }
            }
            Kind::Object(_) => {
                operation.notes.push(format!("the parameter `{sent}`, an object"));
                return;
            }
            _ => {}
        }
        operation.params.push(Param { place, sent, field });
    }

    fn body(&mut self, notes: &mut Vec<String>) -> Option<Body> {
        let body = resolved(self.document, &self.described["requestBody"]);
        let content = body["content"].as_object()?;
        let rank = |kind: &str| match crate::http::content_type::essence(kind).as_str() {
            "application/json" => 0,
            kind if kind.ends_with("+json") => 1,
            "application/x-www-form-urlencoded" => 2,
            "multipart/form-data" => 3,
            _ => 4,
        };
        let (kind, media) = content.iter().min_by_key(|(kind, _)| rank(kind))?;
        let form = match rank(kind) {
            0 | 1 => Form::Json,
            2 => Form::UrlEncoded,
            3 => Form::Multipart,
            _ => Form::Text,
        };
        if form == Form::Text {
            notes.push(format!("a body of {kind}: it is sent as it is given"));
            return Some(Body { form, kind: Kind::Text, media: Some(kind.clone()), without: Vec::new() });
        }
        let plain = self.schemas.plain(&media["schema"]);
        let without = flagged(&plain, "readOnly");
        let mut kind = self.schemas.kind(&media["schema"], 0);
        if let Kind::Object(Inside::Fields(fields)) = &mut kind {
            fields.retain(|field| !without.contains(&field.name));
        }
        Some(Body { form, kind, media: None, without })
    }

    /// The first good answer.
    fn answer(&mut self, operation: &mut Operation) {
        let responses = self.described["responses"].as_object();
        let good = |code: &str| code.starts_with('2') || code == "default";
        let Some((_, response)) = responses.into_iter().flatten().find(|(code, _)| good(code)) else { return };
        let response = resolved(self.document, response);
        let content = response["content"].as_object();
        let is_json = |kind: &str| kind.contains("json") || kind == "*/*";
        let media = content.into_iter().flatten().find(|(kind, _)| is_json(kind));
        operation.answer = match media {
            Some((_, media)) => {
                let schema = &media["schema"];
                let plain = self.schemas.plain(schema);
                operation.paging = paging::guess(operation, &plain, response, self.document);
                if type_of(&plain) == "object" || type_of(&plain) == "array" {
                    Answer::Data(self.schemas.kind(schema, 0))
                } else {
                    Answer::Text
                }
            }
            None if content.is_some_and(|content| !content.is_empty()) => Answer::Text,
            None => Answer::Nothing,
        };
        if let Some(paging) = &operation.paging {
            let turning = paging::parameters(paging);
            operation.params.retain(|param| !turning.contains(&param.sent));
            self.unfold(operation);
        }
    }

    /// A list that is read page by page comes alone, so the object around it is not needed as a whole.
    fn unfold(&mut self, operation: &mut Operation) {
        let Some(items) = operation.paging.as_ref().and_then(|paging| paging.items.clone()) else { return };
        let Answer::Data(Kind::Object(inside)) = &operation.answer else { return };
        if let Inside::Shared(name) = inside {
            let fields = self.schemas.fields_of(name);
            let only = fields.into_iter().filter(|field| field.name == items).collect();
            operation.answer = Answer::Data(Kind::Object(Inside::Fields(only)));
        }
    }
}

fn name_of(param: &Json) -> &str {
    param["name"].as_str().unwrap_or("value")
}

/// A path with its values; it begins without a slash, since it is seen from the base address.
fn parts(path: &str, mut values: Vec<Field>) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut rest = path.trim_start_matches('/');
    while let Some((before, after)) = rest.split_once('{') {
        let Some((variable, after)) = after.split_once('}') else { break };
        if !before.is_empty() {
            parts.push(Part::Text(before.to_owned()));
        }
        let wanted = name::field(variable);
        let at = values.iter().position(|field| field.name == wanted);
        let field = at.map_or_else(|| Field::new(wanted, Kind::Text), |at| values.remove(at));
        parts.push(Part::Value(field.required()));
        rest = after;
    }
    if !rest.is_empty() || parts.is_empty() {
        parts.push(Part::Text(rest.to_owned()));
    }
    parts
}
