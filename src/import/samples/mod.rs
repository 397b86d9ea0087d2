//! Fields from samples of data: what each value was seen to be, put together over all samples.

mod csv;
mod text;
mod xml;

pub use csv::{Separator, records as csv};
pub use text::typed;
pub use xml::records as xml;

use super::field::{Field, Inside, Kind};
use indexmap::IndexMap;
use serde_json::Value as Json;
use text::Look;

/// Fields, and what could not be told from the samples.
#[derive(Debug, Default)]
pub struct Found {
    pub fields: Vec<Field>,
    pub notes: Vec<String>,
}

/// What was seen at one place of the samples.
#[derive(Debug, Default)]
pub struct Shape {
    /// How often anything but null was there.
    values: usize,
    booleans: usize,
    integers: usize,
    numbers: usize,
    /// What its texts look like, as long as they agree.
    texts: usize,
    look: Option<Look>,
    objects: usize,
    fields: IndexMap<String, Shape>,
    lists: usize,
    items: Option<Box<Shape>>,
}

/// The fields of records. A list stands for its records; several samples are records of one kind.
pub fn fields(samples: &[Json]) -> Result<Found, String> {
    let records = samples.iter().flat_map(|sample| match sample {
        Json::Array(items) => items.iter().collect::<Vec<_>>(),
        other => vec![other],
    });
    let mut shape = Shape::default();
    let mut count = 0;
    for record in records {
        if !record.is_object() {
            return Err(format!("a sample is {}, and only objects have fields", kind_of(record)));
        }
        shape.see(record);
        count += 1;
    }
    if count == 0 {
        return Err("there is no record in the samples".to_owned());
    }
    let mut notes = Vec::new();
    let fields = shape.inside("", count > 1, &mut notes);
    Ok(Found { fields, notes })
}

const fn kind_of(value: &Json) -> &'static str {
    match value {
        Json::Null => "null",
        Json::Bool(_) => "true or false",
        Json::Number(_) => "a number",
        Json::String(_) => "a text",
        Json::Array(_) => "a list",
        Json::Object(_) => "an object",
    }
}

impl Shape {
    /// One more value at this place.
    pub fn see(&mut self, value: &Json) {
        self.values += usize::from(!value.is_null());
        match value {
            Json::Null => {}
            Json::Bool(_) => self.booleans += 1,
            Json::Number(number) if number.is_i64() || number.is_u64() => self.integers += 1,
            Json::Number(number) => {
                let whole = !number.to_string().contains(['.', 'e', 'E']);
                if whole { self.integers += 1 } else { self.numbers += 1 }
            }
            Json::String(text) => {
                self.texts += 1;
                if !text.is_empty() {
                    let look = Look::of(text);
                    self.look = Some(self.look.map_or(look, |before| before.with(look)));
                }
            }
            Json::Array(items) => {
                self.lists += 1;
                let shape = self.items.get_or_insert_default();
                items.iter().for_each(|item| shape.see(item));
            }
            Json::Object(fields) => {
                self.objects += 1;
                for (name, value) in fields {
                    self.fields.entry(name.clone()).or_default().see(value);
                }
            }
        }
    }

    /// The fields of the objects seen here. With several of them it is known which are always there.
    fn inside(&self, path: &str, several: bool, notes: &mut Vec<String>) -> Vec<Field> {
        let one = |(name, shape): (&String, &Self)| {
            let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
            let mut field = shape.field(name, &path, notes);
            field.required = several.then_some(shape.values >= self.objects);
            field
        };
        self.fields.iter().map(one).collect()
    }

    /// The field that holds what was seen here.
    pub fn field(&self, name: &str, path: &str, notes: &mut Vec<String>) -> Field {
        let kind = self.kind(path, notes);
        let mut field = Field::new(name, kind);
        if field.kind == Kind::Text {
            field.control = self.look.and_then(Look::control).or_else(|| secret(name));
        }
        field
    }

    fn kind(&self, path: &str, notes: &mut Vec<String>) -> Kind {
        let seen = [
            (self.booleans, "true or false"),
            (self.integers + self.numbers, "a number"),
            (self.texts, "a text"),
            (self.objects, "an object"),
            (self.lists, "a list"),
        ];
        let different: Vec<&str> = seen.iter().filter(|(times, _)| *times > 0).map(|(_, what)| *what).collect();
        match different.as_slice() {
            [] => {
                notes.push(format!("{path}: always null; taken for text"));
                Kind::Text
            }
            ["true or false"] => Kind::Boolean,
            ["a number"] if self.numbers == 0 => Kind::Integer,
            ["a number"] => Kind::Number,
            ["a text"] => self.look.map_or(Kind::Text, Look::kind),
            ["an object"] => Kind::Object(Inside::Fields(self.inside(path, self.objects > 1, notes))),
            ["a list"] => Kind::List(Box::new(self.item(path, notes))),
            several => {
                notes.push(format!("{path}: {} in different samples; taken for text", several.join(", ")));
                Kind::Text
            }
        }
    }

    fn item(&self, path: &str, notes: &mut Vec<String>) -> Kind {
        let path = format!("{path}[]");
        match self.items.as_deref() {
            Some(items) if items.lists > 0 => {
                notes.push(format!("{path}: a list in a list, which fields cannot describe; taken for text"));
                Kind::Text
            }
            Some(items) if items.values > 0 => items.kind(&path, notes),
            _ => {
                notes.push(format!("{path}: nothing in any sample; taken for text"));
                Kind::Text
            }
        }
    }
}

/// Names of what is not shown while it is typed.
fn secret(name: &str) -> Option<&'static str> {
    const SECRETS: &[&str] = &["password", "passphrase", "secret", "pin"];
    let words = crate::methods::string::label::words(name);
    let last = words.last()?.to_ascii_lowercase();
    SECRETS.contains(&last.as_str()).then_some("password")
}
