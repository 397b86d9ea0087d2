//! What is known of an API, whatever it was read from; `write` makes a connector of it.

use super::field::{Field, Kind};

/// An API, as far as a connector can use it.
#[derive(Clone, Debug, Default)]
pub struct Api {
    pub title: String,
    /// What is said about it, in a sentence.
    pub about: String,
    pub base: Base,
    /// What goes onto each request; several are all needed.
    pub auth: Vec<Auth>,
    pub operations: Vec<Operation>,
    /// Object definitions by name.
    pub definitions: Vec<(String, Vec<Field>)>,
    /// What could not be translated.
    pub notes: Vec<String>,
}

/// Where it is.
#[derive(Clone, Debug, Default)]
pub struct Base {
    /// Ends with a slash; `None` if nobody knows.
    pub url: Option<Vec<Part>>,
    /// What a person fills in for it.
    pub fields: Vec<Field>,
}

/// A piece of an address.
#[derive(Clone, Debug, PartialEq)]
pub enum Part {
    Text(String),
    /// The value of a field.
    Value(Field),
}

/// How requests get their credentials.
#[derive(Clone, Debug, PartialEq)]
pub enum Auth {
    Basic,
    Bearer,
    Header(String),
    Query(String),
    Cookie(String),
    /// The address to log in at, with the scopes; the address of tokens.
    OAuth2 {
        authorize: String,
        token: String,
        scopes: Vec<String>,
    },
    /// Tokens for the client itself.
    ClientCredentials {
        token: String,
        scopes: Vec<String>,
    },
}

/// One thing it does.
#[derive(Clone, Debug, Default)]
pub struct Operation {
    pub name: String,
    pub title: String,
    pub about: Option<String>,
    /// In small letters.
    pub method: String,
    pub path: Vec<Part>,
    pub params: Vec<Param>,
    pub body: Option<Body>,
    pub answer: Answer,
    pub paging: Option<Paging>,
    pub deprecated: bool,
    /// What could not be translated.
    pub notes: Vec<String>,
}

/// A value outside of path and body.
#[derive(Clone, Debug)]
pub struct Param {
    pub place: Place,
    /// Its name as it is sent.
    pub sent: String,
    pub field: Field,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    Query,
    Header,
}

/// What is sent in a body.
#[derive(Clone, Debug)]
pub struct Body {
    pub form: Form,
    /// An object's fields go into the input; anything else is one field, `body`.
    pub kind: Kind,
    /// Its type, where it is neither JSON nor a form.
    pub media: Option<String>,
    /// Fields that only answers have.
    pub without: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    Json,
    UrlEncoded,
    Multipart,
    Text,
}

/// What comes back.
#[derive(Clone, Debug, Default)]
pub enum Answer {
    #[default]
    Nothing,
    /// An object, or a list, which is put under a name.
    Data(Kind),
    /// Anything else.
    Text,
}

/// How a list goes on.
#[derive(Clone, Debug, PartialEq)]
pub struct Paging {
    pub style: Style,
    /// The list in an answer that is an object.
    pub items: Option<String>,
    /// The parameter that says how long a page is, and the longest one.
    pub size: Option<(String, u64)>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Style {
    /// The address of the next page stands in the `Link` header.
    Link,
    /// The parameter takes the number of a page.
    Number(String),
    /// The parameter takes the number of an item.
    Offset(String),
    /// The parameter takes what stands at that path of the answer before.
    Cursor(String, Vec<String>),
    /// The parameter takes the `id` of the item before; the answer says at that key whether there is more.
    LastId(String, Option<String>),
}

impl Operation {
    /// The fields in its path.
    pub fn path_fields(&self) -> impl Iterator<Item = &Field> {
        self.path.iter().filter_map(|part| match part {
            Part::Value(field) => Some(field),
            Part::Text(_) => None,
        })
    }
}
