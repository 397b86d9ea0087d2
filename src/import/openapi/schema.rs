//! Fields from JSON Schema as OpenAPI has it. What is named becomes an object definition; circles are cut.

use super::resolved;
use crate::import::field::{Field, Inside, Kind};
use crate::import::model::{Answer, Operation};
use crate::import::name::{self, Unique};
use serde_json::{Map, Value as Json};
use std::collections::{BTreeMap, BTreeSet};

/// How deep what has no name may nest.
const DEPTH: usize = 8;
/// Choices that a list is made of; more are no list to choose from.
const CHOICES: usize = 100;

/// The schemas of a document, and the definitions that were needed so far.
pub struct Schemas<'a> {
    pub document: &'a Json,
    names: Unique,
    /// Definition names by reference.
    known: BTreeMap<String, String>,
    definitions: Vec<(String, Vec<Field>)>,
    pub notes: Vec<String>,
}

impl<'a> Schemas<'a> {
    pub fn new(document: &'a Json) -> Self {
        Self { document, names: Unique::default(), known: BTreeMap::new(), definitions: Vec::new(), notes: Vec::new() }
    }

    fn note(&mut self, note: String) {
        if !self.notes.contains(&note) {
            self.notes.push(note);
        }
    }

    /// The field of a schema.
    pub fn field(&mut self, name: &str, schema: &Json, depth: usize) -> Field {
        let kind = self.kind(schema, depth);
        let plain = self.plain(schema);
        let mut field = Field::new(name::field(name), kind);
        if field.name != name {
            field.label = Some(name.to_owned());
        }
        field.hint = plain["description"].as_str().map(name::sentence).filter(|hint| !hint.is_empty());
        let is_scalar = !matches!(field.kind, Kind::Object(_) | Kind::List(_));
        if is_scalar {
            field.default = plain.get("default").filter(|value| !value.is_null()).cloned();
            field.choices = choices(&plain);
        }
        if field.kind == Kind::Text {
            field.control = control(&plain);
        }
        field
    }

    /// What a schema describes.
    pub fn kind(&mut self, schema: &Json, depth: usize) -> Kind {
        if let Some(reference) = schema["$ref"].as_str() {
            return self.referred(reference, depth);
        }
        let schema = self.plain(schema);
        match type_of(&schema) {
            "integer" => Kind::Integer,
            "number" => Kind::Number,
            "boolean" => Kind::Boolean,
            "array" => self.list(&schema["items"], depth),
            "object" if depth < DEPTH => Kind::Object(Inside::Fields(self.properties(&schema, depth))),
            "object" => Kind::Object(Inside::Fields(Vec::new())),
            _ => match schema["format"].as_str() {
                Some("date") => Kind::Date,
                Some("date-time") => Kind::DateTime,
                _ => Kind::Text,
            },
        }
    }

    fn list(&mut self, items: &Json, depth: usize) -> Kind {
        let item = self.kind(items, depth + 1);
        if matches!(item, Kind::List(_)) {
            self.note("lists of lists: fields cannot describe them, so they are lists of text".to_owned());
            return Kind::List(Box::new(Kind::Text));
        }
        Kind::List(Box::new(item))
    }

    /// What a reference leads to: a definition, if it is an object.
    fn referred(&mut self, reference: &str, depth: usize) -> Kind {
        let Some(target) = reference.strip_prefix('#').and_then(|at| self.document.pointer(&super::unescaped(at)))
        else {
            self.note(format!("`{reference}`: it is not in this document"));
            return Kind::Object(Inside::Fields(Vec::new()));
        };
        if let Some(name) = self.known.get(reference) {
            return Kind::Object(Inside::Shared(name.clone()));
        }
        if depth > DEPTH * 4 {
            return Kind::Object(Inside::Fields(Vec::new()));
        }
        let document = self.document;
        let target = resolved(document, target);
        if type_of(&self.plain(target)) != "object" {
            return self.kind(target, depth + 1);
        }
        let own = reference.rsplit('/').next().unwrap_or(reference);
        let name = self.names.take(&name::snake(&own.replace("~1", "/")));
        self.known.insert(reference.to_owned(), name.clone());
        let plain = self.plain(target);
        // The place is kept, so that definitions stand in the order in which they are met.
        let at = self.definitions.len();
        self.definitions.push((name.clone(), Vec::new()));
        let fields = self.properties(&plain, 0);
        if let Some(definition) = self.definitions.get_mut(at) {
            definition.1 = fields;
        }
        Kind::Object(Inside::Shared(name))
    }

    /// The fields of an object's schema.
    fn properties(&mut self, schema: &Json, depth: usize) -> Vec<Field> {
        let required: Vec<&str> =
            schema["required"].as_array().into_iter().flatten().filter_map(Json::as_str).collect();
        let mut fields = Vec::new();
        for (name, property) in schema["properties"].as_object().into_iter().flatten() {
            let mut field = self.field(name, property, depth + 1);
            if required.contains(&name.as_str()) {
                field.required = Some(true);
            }
            fields.push(field);
        }
        fields
    }

    /// A schema with what it consists of put together: `allOf` adds, of `oneOf` and `anyOf` everything may be there.
    pub fn plain(&mut self, schema: &Json) -> Json {
        let document = self.document;
        let mut notes = BTreeSet::new();
        let plain = merged(document, schema, 0, &mut notes);
        notes.into_iter().for_each(|note| self.note(note));
        plain
    }

    /// The fields of a definition.
    pub fn fields_of(&self, name: &str) -> Vec<Field> {
        let found = self.definitions.iter().find(|(known, _)| known == name);
        found.map(|(_, fields)| fields.clone()).unwrap_or_default()
    }

    /// Leaves out what was only looked at.
    fn keep_needed(&mut self, operations: &[Operation]) {
        fn named(kind: &Kind, into: &mut BTreeSet<String>) {
            match kind.inside() {
                Some(Inside::Shared(name)) => drop(into.insert(name.clone())),
                Some(Inside::Fields(fields)) => fields.iter().for_each(|field| named(&field.kind, into)),
                None => {}
            }
        }
        let mut needed = BTreeSet::new();
        for operation in operations {
            operation.body.iter().for_each(|body| named(&body.kind, &mut needed));
            if let Answer::Data(kind) = &operation.answer {
                named(kind, &mut needed);
            }
        }
        loop {
            let before = needed.len();
            for (name, fields) in &self.definitions {
                if needed.contains(name) {
                    fields.iter().for_each(|field| named(&field.kind, &mut needed));
                }
            }
            if needed.len() == before {
                break;
            }
        }
        self.definitions.retain(|(name, _)| needed.contains(name));
        let sent: BTreeSet<String> = operations.iter().filter_map(|operation| operation.body.as_ref()).fold(
            BTreeSet::new(),
            |mut sent, body| {
                named(&body.kind, &mut sent);
                sent
            },
        );
        for (name, fields) in &mut self.definitions {
            if sent.contains(name) {
                fields.iter_mut().for_each(crate::import::write::convert);
            }
        }
    }

    /// The definitions that operations need, without circles, and what could not be translated.
    pub fn finish(mut self, operations: &mut [Operation]) -> (Vec<(String, Vec<Field>)>, Vec<String>) {
        let mut cut = Vec::new();
        let names: Vec<String> = self.definitions.iter().map(|(name, _)| name.clone()).collect();
        for name in &names {
            let fields = self.definitions.iter().position(|(known, _)| known == name);
            let Some(at) = fields else { continue };
            let mut own = self.definitions.get_mut(at).map(|(_, fields)| std::mem::take(fields)).unwrap_or_default();
            let reaches = |target: &str| reaches(&self.definitions, target, name, &mut BTreeSet::new());
            cut_circles(&mut own, name, &reaches, &mut cut);
            if let Some(definition) = self.definitions.get_mut(at) {
                definition.1 = own;
            }
        }
        self.notes.extend(cut.iter().map(|path| format!("{path}: it describes itself, so its fields are left out")));
        self.keep_needed(operations);
        // A list answer whose definition has no fields is still a list.
        operations.iter_mut().for_each(|operation| {
            if let Answer::Data(Kind::Object(Inside::Fields(fields))) = &operation.answer
                && fields.is_empty()
            {
                operation.notes.push("the fields of the answer are not described".to_owned());
            }
        });
        (self.definitions, self.notes)
    }
}

/// Whether one definition needs another, at any depth.
fn reaches(definitions: &[(String, Vec<Field>)], from: &str, to: &str, seen: &mut BTreeSet<String>) -> bool {
    fn named<'a>(fields: &'a [Field], into: &mut Vec<&'a str>) {
        for field in fields {
            match field.kind.inside() {
                Some(Inside::Shared(name)) => into.push(name),
                Some(Inside::Fields(fields)) => named(fields, into),
                None => {}
            }
        }
    }
    if from == to {
        return true;
    }
    if !seen.insert(from.to_owned()) {
        return false;
    }
    let mut names = Vec::new();
    if let Some((_, fields)) = definitions.iter().find(|(name, _)| name == from) {
        named(fields, &mut names);
    }
    names.iter().any(|name| reaches(definitions, name, to, seen))
}

/// Takes the fields from every object that leads back to the definition it stands in.
fn cut_circles(fields: &mut [Field], path: &str, leads_back: &dyn Fn(&str) -> bool, cut: &mut Vec<String>) {
    for field in fields {
        let path = format!("{path}.{}", field.name);
        match field.kind.inside_mut() {
            Some(Inside::Shared(name)) if leads_back(name) => {
                if let Some(inside) = field.kind.inside_mut() {
                    *inside = Inside::Fields(Vec::new());
                }
                cut.push(path);
            }
            Some(Inside::Fields(inner)) => cut_circles(inner, &path, leads_back, cut),
            _ => {}
        }
    }
}

fn merged(document: &Json, schema: &Json, depth: usize, notes: &mut BTreeSet<String>) -> Json {
    let schema = resolved(document, schema);
    if depth > DEPTH {
        return schema.clone();
    }
    let Json::Object(own) = schema else { return schema.clone() };
    let mut out = own.clone();
    for part in own.get("allOf").and_then(Json::as_array).into_iter().flatten() {
        let part = merged(document, part, depth + 1, notes);
        add(&mut out, &part, true);
    }
    for key in ["oneOf", "anyOf"] {
        let Some(ways) = own.get(key).and_then(Json::as_array) else { continue };
        let ways: Vec<Json> = ways.iter().map(|way| merged(document, way, depth + 1, notes)).collect();
        let real: Vec<&Json> = ways.iter().filter(|way| type_of(way) != "null").collect();
        match real.as_slice() {
            [one] => add(&mut out, one, true),
            several => {
                if several.iter().any(|way| type_of(way) == "object") {
                    let named = own.get("title").and_then(Json::as_str).unwrap_or("a value");
                    notes
                        .insert(format!("`{key}` of {named}: the fields of all kinds are there, and all are optional"));
                    let objects = several.iter().filter(|way| type_of(way) == "object");
                    objects.for_each(|way| add(&mut out, way, false));
                } else if let Some(first) = several.first() {
                    let same = several.iter().all(|way| type_of(way) == type_of(first));
                    if same { add(&mut out, first, true) } else { drop(out.insert("type".to_owned(), "string".into())) }
                }
            }
        }
    }
    ["allOf", "oneOf", "anyOf"].iter().for_each(|key| drop(out.remove(*key)));
    Json::Object(out)
}

/// Puts another schema's facts into one; what is there already stays.
fn add(out: &mut Map<String, Json>, other: &Json, with_required: bool) {
    for (key, value) in other.as_object().into_iter().flatten() {
        match (key.as_str(), out.get_mut(key)) {
            ("required", _) if !with_required => {}
            ("properties", Some(Json::Object(own))) => {
                for (name, property) in value.as_object().into_iter().flatten() {
                    own.entry(name.clone()).or_insert_with(|| property.clone());
                }
            }
            ("required", Some(Json::Array(own))) => own.extend(value.as_array().into_iter().flatten().cloned()),
            (_, None) => drop(out.insert(key.clone(), value.clone())),
            _ => {}
        }
    }
}

/// The type that is said, or the one that the other facts tell.
pub fn type_of(schema: &Json) -> &str {
    let said = match &schema["type"] {
        Json::String(said) => said.as_str(),
        Json::Array(several) => several.iter().filter_map(Json::as_str).find(|said| *said != "null").unwrap_or("null"),
        _ => "",
    };
    if !said.is_empty() {
        said
    } else if schema["properties"].is_object() || schema["additionalProperties"].is_object() {
        "object"
    } else if schema["items"].is_object() {
        "array"
    } else {
        ""
    }
}

fn choices(schema: &Json) -> Vec<Json> {
    let one = schema.get("const").into_iter();
    let all: Vec<Json> =
        schema["enum"].as_array().into_iter().flatten().chain(one).filter(|v| !v.is_null()).cloned().collect();
    if all.len() > CHOICES { Vec::new() } else { all }
}

fn control(schema: &Json) -> Option<&'static str> {
    match schema["format"].as_str()? {
        "email" => Some("email"),
        "uri" | "url" => Some("url"),
        "password" => Some("password"),
        "phone" => Some("phone"),
        _ => None,
    }
}

/// Names of the fields that a flag is set for, such as `readOnly`.
pub fn flagged(schema: &Json, flag: &str) -> Vec<String> {
    let properties = schema["properties"].as_object().into_iter().flatten();
    properties.filter(|(_, property)| property[flag] == true).map(|(name, _)| name::field(name)).collect()
}
