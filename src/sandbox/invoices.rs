//! A billing service that speaks XML, and takes files as multipart forms.

use std::collections::BTreeMap;
use std::sync::PoisonError;

use bigdecimal::BigDecimal;
use sha2::{Digest as _, Sha256};

use super::World;
use super::message::{Asked, Format, Reply};
use crate::http::content_type;
use crate::http::xml::{self, Element, Node};

/// Invoices and files a sandbox keeps.
const MOST: usize = 10_000;

/// What was written, by number.
#[derive(Default)]
pub(super) struct Book {
    invoices: BTreeMap<String, Element>,
    files: usize,
}

fn document(status: u16, root: &Element) -> Reply {
    let body = format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{}", root.to_xml());
    Reply::text(status, "application/xml; charset=utf-8", body)
}

fn refused(status: u16, message: impl Into<String>) -> Reply {
    Reply::error(status, Format::Xml, message)
}

/// `None` if a key is there; the refusal otherwise.
fn without_key(asked: &Asked) -> Option<Reply> {
    let given = asked.headers.get("X-Api-Key").is_some_and(|key| !key.trim().is_empty());
    (!given).then(|| refused(401, "the header X-Api-Key is missing: any value will do"))
}

fn attribute<'a>(element: &'a Element, name: &str) -> Option<&'a str> {
    element.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
}

/// `POST /billing/invoices.xml`
pub(super) fn create(world: &World, asked: &Asked) -> Reply {
    if let Some(refusal) = without_key(asked) {
        return refusal;
    }
    let invoice = match xml::parse(&asked.body) {
        Ok(root) if root.name == "invoice" => root,
        Ok(root) => return refused(422, format!("the root has to be <invoice>, not <{}>", root.name)),
        Err(error) => return refused(400, format!("the XML body: {error}")),
    };
    let total = match total(&invoice) {
        Ok(total) => total,
        Err(message) => return refused(422, message),
    };
    let mut book = world.invoices.lock().unwrap_or_else(PoisonError::into_inner);
    if book.invoices.len() >= MOST {
        return refused(429, "the sandbox has all the invoices it keeps; start another one");
    }
    let number = format!("INV-{}", book.invoices.len() + 1001);
    let mut stored = Element::new("invoice");
    stored.attributes.push(("number".to_owned(), number.clone()));
    stored.attributes.push(("currency".to_owned(), attribute(&invoice, "currency").unwrap_or("EUR").to_owned()));
    stored.children = invoice.children;
    let stored = stored.with_text("total", total.to_string());
    let reply = document(201, &stored).header("Location", format!("/billing/invoices/{number}.xml"));
    book.invoices.insert(number, stored);
    reply
}

/// The sum of quantity × price over the lines.
fn total(invoice: &Element) -> Result<BigDecimal, String> {
    let mut sum = BigDecimal::from(0).with_scale(2);
    let mut lines = 0;
    for line in invoice.all("line") {
        lines += 1;
        let number = |name: &str| {
            let text = attribute(line, name).filter(|text| text.len() <= 20);
            text.and_then(|text| text.parse::<BigDecimal>().ok())
                .ok_or_else(|| format!("line {lines}: the attribute {name} has to be a number"))
        };
        sum += number("quantity")? * number("price")?;
    }
    if lines == 0 {
        return Err("an invoice needs at least one <line quantity=\"1\" price=\"9.50\">".to_owned());
    }
    Ok(sum.with_scale(2))
}

/// `GET /billing/invoices.xml`
pub(super) fn list(world: &World, asked: &Asked) -> Reply {
    if let Some(refusal) = without_key(asked) {
        return refusal;
    }
    let book = world.invoices.lock().unwrap_or_else(PoisonError::into_inner);
    document(200, &book.invoices.values().cloned().fold(Element::new("invoices"), Element::with))
}

/// `GET /billing/invoices/:number.xml`
pub(super) fn show(world: &World, asked: &Asked) -> Reply {
    if let Some(refusal) = without_key(asked) {
        return refusal;
    }
    let book = world.invoices.lock().unwrap_or_else(PoisonError::into_inner);
    match book.invoices.get(asked.capture("number")) {
        Some(invoice) => document(200, invoice),
        None => refused(404, format!("there is no invoice {}", asked.capture("number"))),
    }
}

/// `POST /billing/files.xml`: what arrived, part by part.
pub(super) fn upload(world: &World, asked: &Asked) -> Reply {
    if let Some(refusal) = without_key(asked) {
        return refusal;
    }
    let boundary = asked.headers.get("Content-Type").and_then(|field| content_type::parameter(field, "boundary"));
    let parts = match boundary.and_then(|boundary| parts(&asked.body, boundary)) {
        Some(parts) if !parts.is_empty() => parts,
        _ => return refused(400, "the body has to be multipart/form-data with its boundary"),
    };
    let mut book = world.invoices.lock().unwrap_or_else(PoisonError::into_inner);
    book.files += 1;
    let mut stored = Element::new("upload");
    stored.attributes.push(("id".to_owned(), book.files.to_string()));
    for part in &parts {
        let mut element = Element::new(if part.filename.is_some() { "file" } else { "field" });
        element.attributes.push(("name".to_owned(), part.name.clone()));
        match &part.filename {
            Some(filename) => {
                let media_type = part.media_type.clone().unwrap_or_default();
                element.attributes.extend([("filename".to_owned(), filename.clone()), ("type".to_owned(), media_type)]);
                element = element
                    .with_text("size", part.data.len().to_string())
                    .with_text("sha256", hex::encode(Sha256::digest(part.data)));
            }
            None => element.children.push(Node::Text(String::from_utf8_lossy(part.data).into_owned())),
        }
        stored.children.push(Node::Element(element));
    }
    document(201, &stored)
}

/// A part of a form: a file if it has a filename.
struct Part<'a> {
    name: String,
    filename: Option<String>,
    media_type: Option<String>,
    data: &'a [u8],
}

/// The parts between the boundaries; `None` if one is malformed or the last boundary is missing.
fn parts<'a>(body: &'a [u8], boundary: &str) -> Option<Vec<Part<'a>>> {
    let (first, between) = (format!("--{boundary}"), format!("\r\n--{boundary}"));
    let mut rest = body.strip_prefix(first.as_bytes())?;
    let mut found = Vec::new();
    while let Some(part) = rest.strip_prefix(b"\r\n") {
        let end = memchr::memmem::find(part, between.as_bytes())?;
        let (part, after) = part.split_at_checked(end)?;
        found.push(part_of(part)?);
        rest = after.get(between.len()..)?;
    }
    rest.starts_with(b"--").then_some(found)
}

fn part_of(part: &[u8]) -> Option<Part<'_>> {
    let end = memchr::memmem::find(part, b"\r\n\r\n")?;
    let (head, data) = (String::from_utf8_lossy(part.get(..end)?).into_owned(), part.get(end + 4..)?);
    let field = |name: &str| {
        head.lines().find_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.trim().eq_ignore_ascii_case(name).then(|| value.trim().to_owned())
        })
    };
    let disposition = field("Content-Disposition")?;
    Some(Part {
        name: content_type::parameter(&disposition, "name")?.to_owned(),
        filename: content_type::parameter(&disposition, "filename").map(str::to_owned),
        media_type: field("Content-Type"),
        data,
    })
}
