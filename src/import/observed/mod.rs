//! An API from requests that were made to it: what they have in common becomes actions.

mod build;
pub mod curl;
pub mod har;
pub mod postman;

pub use build::{api, template};

/// A request, and the answer to it where it is known.
#[derive(Clone, Debug, Default)]
pub struct Observed {
    /// What somebody called it.
    pub name: Option<String>,
    pub about: Option<String>,
    /// In capitals.
    pub method: String,
    pub url: String,
    pub headers: Vec<(String, String)>,
    pub body: Payload,
    /// The JSON that came back.
    pub answer: Option<serde_json::Value>,
    /// The answer was something else.
    pub other_answer: bool,
    /// How it was allowed in, where that was said apart from its headers.
    pub auth: Option<super::model::Auth>,
}

/// What was sent.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Payload {
    #[default]
    None,
    Json(serde_json::Value),
    Form(Vec<(String, String)>),
    /// Names, values, and whether it is a file.
    Multipart(Vec<(String, String, bool)>),
    Text(String),
}

impl Payload {
    /// What a text is, by the type that was said for it.
    pub fn of(content_type: &str, text: &str) -> Self {
        if text.is_empty() {
            return Self::None;
        }
        let kind = crate::http::content_type::essence(content_type);
        let json = || serde_json::from_str(text).ok();
        match kind.as_str() {
            "application/x-www-form-urlencoded" => {
                json().map_or_else(|| Self::Form(crate::http::query::parse(text)), Self::Json)
            }
            kind if kind.contains("json") || kind.is_empty() => {
                json().map_or_else(|| Self::Text(text.to_owned()), Self::Json)
            }
            _ => Self::Text(text.to_owned()),
        }
    }
}
