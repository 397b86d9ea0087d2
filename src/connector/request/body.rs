//! The payload as the bytes of a body.

use crate::connector::Run;
use crate::connector::params;
use crate::connector::run::raised;
use crate::http::multipart::{self, File, Part};
use crate::http::query::to_form;
use crate::methods::request::{Draft, RequestFormat};
use crate::value::{ClassId, Exception, Hash, Result, Unwind, Value, is_blank, json, raise, to_s};
use std::rc::Rc;

/// What is sent, and the content type where the form of the body dictates it.
#[derive(Default)]
pub(super) struct Body {
    pub bytes: Option<Vec<u8>>,
    pub content_type: Option<String>,
}

const FORM: &str = "application/x-www-form-urlencoded";

impl Body {
    fn of(bytes: impl Into<Vec<u8>>) -> Self {
        Self { bytes: Some(bytes.into()), content_type: None }
    }
}

impl Run<'_> {
    /// The body of a request; requests inside the payload are executed first.
    pub(super) fn body(&mut self, draft: &Draft) -> Result<Body> {
        if matches!(draft.request_format, RequestFormat::None) {
            return Ok(Body::default());
        }
        let payload = self.resolve(&draft.payload.clone().unwrap_or_default())?;
        match &draft.request_format {
            RequestFormat::None => Ok(Body::default()),
            RequestFormat::Json => json_body(&payload),
            RequestFormat::Xml { root, namespaces } => xml_body(&payload, root, namespaces.as_deref()),
            RequestFormat::Form => Ok(params::to_param(&payload).map(Body::of).unwrap_or_default()),
            RequestFormat::Multipart => self.multipart_body(&payload),
            RequestFormat::Raw => Ok(raw_body(&payload)),
        }
    }

    fn multipart_body(&mut self, payload: &Value) -> Result<Body> {
        let Value::Hash(fields) = payload else {
            if payload.is_nil() {
                return Ok(Body { bytes: Some(Vec::new()), content_type: Some(FORM.to_owned()) });
            }
            let message = format!("a multipart payload has to be a Hash, got {}", payload.class().name());
            return Err(raise(ClassId::SDK_MULTIPART_REQUEST_FORMAT_ERROR, message));
        };
        let mut parts = Vec::new();
        for (key, value) in fields.to_vec() {
            add_part(&to_s(&key).to_text(), &value, &mut parts);
        }
        let boundary = self.boundary();
        Ok(Body {
            bytes: Some(multipart::write(&parts, &boundary)),
            content_type: Some(multipart::content_type(&boundary)),
        })
    }

    /// The prefix and sixteen letters and digits.
    fn boundary(&mut self) -> String {
        const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
        let mut boundary = multipart::BOUNDARY_PREFIX.to_owned();
        for _ in 0..16 {
            let at = (self.host.random() % LETTERS.len() as u64) as usize;
            boundary.extend(LETTERS.get(at).map(|letter| char::from(*letter)));
        }
        boundary
    }
}

fn json_body(payload: &Value) -> Result<Body> {
    if !payload.truthy() {
        return Ok(Body::default());
    }
    match json::to_json(payload, &json::AsJson::default()) {
        Ok(text) => Ok(Body::of(text)),
        Err(unwind) => Err(reworded(unwind, ClassId::SDK_JSON_REQUEST_FORMAT_ERROR)),
    }
}

fn xml_body(payload: &Value, root: &Value, namespaces: Option<&Hash>) -> Result<Body> {
    match payload {
        Value::Nil | Value::False => Ok(Body::default()),
        Value::Hash(payload) => {
            let payload = payload.copy();
            for (key, value) in namespaces.iter().flat_map(|namespaces| namespaces.to_vec()) {
                payload.insert(key, value);
            }
            let text = crate::methods::workato::hash_to_xml(&to_s(root).to_text(), &Rc::new(payload))
                .map_err(|unwind| reworded(unwind, ClassId::SDK_XML_REQUEST_FORMAT_ERROR))?;
            Ok(Body::of(text))
        }
        other => {
            let message = format!("an XML payload has to be a Hash, got {}", other.class().name());
            Err(raise(ClassId::SDK_XML_REQUEST_FORMAT_ERROR, message))
        }
    }
}

/// Text as it is; a hash as a form; nothing else makes a body.
fn raw_body(payload: &Value) -> Body {
    match payload {
        Value::Str(text) => Body::of(text.bytes().to_vec()),
        Value::Hash(fields) => {
            Body { bytes: Some(to_form(&params::pairs(fields)).into_bytes()), content_type: Some(FORM.to_owned()) }
        }
        _ => Body::default(),
    }
}

/// `[data, content_type, file_name]` is a file; without a type only the first item counts. Hashes become `name[key]`, empty
/// ones and empty lists a part without content.
fn add_part(name: &str, value: &Value, parts: &mut Vec<Part>) {
    let Value::Array(items) = value else { return add_field(name, value, parts, 0) };
    let item = |at: usize| items.get(at).unwrap_or_default();
    if is_blank(&item(1)) {
        return add_field(name, &item(0), parts, 0);
    }
    let filename = Some(item(2)).filter(Value::truthy).map(|name| to_s(&name).to_text());
    let file = File {
        content_type: to_s(&item(1)).to_text(),
        filename: Some(filename.unwrap_or_else(|| name.rsplit('/').next().unwrap_or(name).to_owned())),
    };
    parts.push(Part { name: name.to_owned(), data: bytes_of(&item(0)), file: Some(file) });
}

fn add_field(name: &str, value: &Value, parts: &mut Vec<Part>, depth: usize) {
    match value {
        Value::Hash(fields) if depth < 100 && !fields.is_empty() => {
            for (key, value) in fields.to_vec() {
                add_field(&format!("{name}[{}]", to_s(&key).to_text()), &value, parts, depth + 1);
            }
        }
        Value::Array(items) if depth < 100 && !items.is_empty() => {
            for item in items.to_vec() {
                add_field(&format!("{name}[]"), &item, parts, depth + 1);
            }
        }
        Value::Hash(_) | Value::Array(_) => {
            parts.push(Part { name: name.to_owned(), data: Vec::new(), file: None });
        }
        other => parts.push(Part { name: name.to_owned(), data: bytes_of(other), file: None }),
    }
}

fn bytes_of(value: &Value) -> Vec<u8> {
    to_s(value).bytes().to_vec()
}

/// The same failure under the name that says which side of the request it was on.
fn reworded(unwind: Box<Unwind>, class: ClassId) -> Box<Unwind> {
    match *unwind {
        Unwind::Raise(cause) => {
            let exception = Exception::new(class, cause.message());
            *exception.cause.borrow_mut() = Some(cause);
            raised(exception)
        }
        other => Box::new(other),
    }
}
