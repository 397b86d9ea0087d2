//! A field of a schema, and how it is written: as code of a connector, or as JSON.

use crate::emit::Node;
use crate::methods::string::label::label_of;
use serde_json::{Map, Value as Json};

/// One field.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Field {
    pub name: String,
    /// Where it is other than what the name says.
    pub label: Option<String>,
    pub kind: Kind,
    /// Whether it has to be there; `None` where nobody knows.
    pub required: Option<bool>,
    /// How it is filled in, where the type does not say it.
    pub control: Option<&'static str>,
    pub hint: Option<String>,
    pub default: Option<Json>,
    /// The values it may have.
    pub choices: Vec<Json>,
    /// Forms give texts: the field says what they have to become.
    pub converts: bool,
}

/// What a field holds.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Kind {
    #[default]
    Text,
    Integer,
    Number,
    Boolean,
    Date,
    DateTime,
    Object(Inside),
    List(Box<Kind>),
}

/// The fields of an object.
#[derive(Clone, Debug, PartialEq)]
pub enum Inside {
    Fields(Vec<Field>),
    /// Those of the object definition of that name.
    Shared(String),
}

impl Kind {
    /// The name of the type in connectors.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Text => "string",
            Self::Integer => "integer",
            Self::Number => "number",
            Self::Boolean => "boolean",
            Self::Date => "date",
            Self::DateTime => "date_time",
            Self::Object(_) => "object",
            Self::List(_) => "array",
        }
    }

    /// What lies inside, of an object or of the objects of a list.
    pub fn inside(&self) -> Option<&Inside> {
        match self {
            Self::Object(inside) => Some(inside),
            Self::List(item) => match item.as_ref() {
                Self::Object(inside) => Some(inside),
                _ => None,
            },
            _ => None,
        }
    }

    pub fn inside_mut(&mut self) -> Option<&mut Inside> {
        match self {
            Self::Object(inside) => Some(inside),
            Self::List(item) => match item.as_mut() {
                Self::Object(inside) => Some(inside),
                _ => None,
            },
            _ => None,
        }
    }

    /// How it is filled in.
    const fn control(&self) -> Option<&'static str> {
        match self {
            Self::Text => Some("text"),
            Self::Integer | Self::Number => Some("number"),
            Self::Boolean => Some("checkbox"),
            Self::Date => Some("date"),
            Self::DateTime => Some("date_time"),
            Self::Object(_) | Self::List(_) => None,
        }
    }
}

impl Field {
    pub fn new(name: impl Into<String>, kind: Kind) -> Self {
        Self { name: name.into(), kind, ..Self::default() }
    }

    #[must_use]
    pub fn required(mut self) -> Self {
        self.required = Some(true);
        self
    }

    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// As code: what the reader of a connector would leave out is left out.
    pub fn node(&self) -> Node {
        let mut entries = vec![("name", Node::text(&self.name))];
        if let Some(label) = self.label.as_ref().filter(|label| **label != label_of(&self.name)) {
            entries.push(("label", Node::text(label)));
        }
        if self.kind != Kind::Text {
            entries.push(("type", Node::symbol(self.kind.name())));
        }
        if let Kind::List(item) = &self.kind {
            entries.push(("of", Node::symbol(item.name())));
        }
        let control = if self.choices.is_empty() { self.control } else { Some("select") };
        let control = control.or((self.kind == Kind::Boolean).then_some("checkbox"));
        entries.extend(control.map(|control| ("control_type", Node::text(control))));
        if !self.choices.is_empty() {
            entries.push(("pick_list", self.pick_list()));
        }
        if let Some(required) = self.required {
            entries.push(("optional", Node::code(if required { "false" } else { "true" })));
        }
        entries.extend(self.default.as_ref().map(|value| ("default", Node::json(value))));
        entries.extend(self.converter().map(|name| ("convert_input", Node::text(name))));
        entries.extend(self.hint.as_ref().map(|hint| ("hint", Node::text(hint))));
        if let Some(inside) = self.kind.inside() {
            entries.push(("properties", inside.node()));
        }
        Node::map(entries)
    }

    fn pick_list(&self) -> Node {
        let choice = |value: &Json| {
            let label = value.as_str().map_or_else(|| value.to_string(), label_of);
            Node::List(vec![Node::text(label), Node::json(value)])
        };
        Node::List(self.choices.iter().map(choice).collect())
    }

    const fn converter(&self) -> Option<&'static str> {
        match self.kind {
            Kind::Integer if self.converts => Some("integer_conversion"),
            Kind::Number if self.converts => Some("float_conversion"),
            Kind::Boolean if self.converts => Some("boolean_conversion"),
            _ => None,
        }
    }

    /// As JSON, every key said.
    pub fn json(&self) -> Json {
        let mut out = Map::new();
        let mut put = |key: &str, value: Json| drop(out.insert(key.to_owned(), value));
        put("name", self.name.as_str().into());
        put("label", self.label.clone().unwrap_or_else(|| label_of(&self.name)).into());
        put("type", self.kind.name().into());
        if let Kind::List(item) = &self.kind {
            put("of", item.name().into());
        }
        let control = self.control.or(self.kind.control());
        if let Some(control) = control {
            put("control_type", control.into());
        }
        if let Some(required) = self.required {
            put("optional", (!required).into());
        }
        if let Some(hint) = &self.hint {
            put("hint", hint.as_str().into());
        }
        if let Some(Inside::Fields(fields)) = self.kind.inside() {
            put("properties", fields.iter().map(Self::json).collect());
        }
        Json::Object(out)
    }
}

impl Inside {
    /// As code: a list of fields, or where it stands.
    pub fn node(&self) -> Node {
        match self {
            Self::Fields(fields) => nodes(fields),
            Self::Shared(name) => Node::Code(format!("object_definitions[{}]", crate::emit::text(name))),
        }
    }
}

/// Fields as code.
pub fn nodes(fields: &[Field]) -> Node {
    Node::List(fields.iter().map(Field::node).collect())
}
