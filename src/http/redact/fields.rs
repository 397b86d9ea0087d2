//! Masking by field: what stands under a telling name in a form, in JSON or in XML.

use super::{MASK, Redactor, is_secret_field, may_tell};
use crate::http::{query, xml};
use serde_json::Value as Json;

impl Redactor {
    /// A query or form body with the values of telling fields masked.
    pub(super) fn form(&self, text: &str) -> String {
        let masked = text.split('&').map(|pair| match pair.split_once('=') {
            Some((key, value)) if !value.is_empty() && is_secret_field(&query::unescape(key)) => {
                format!("{key}={}", self.of_field(&query::unescape(key), value))
            }
            _ => pair.to_owned(),
        });
        masked.collect::<Vec<_>>().join("&")
    }

    /// JSON with the values of telling fields masked; `None` when there are none, so that the text stays as it was.
    pub(super) fn json(&self, text: &str) -> Option<String> {
        // A name may be written with escapes.
        if !may_tell(text) && !text.contains('\\') {
            return None;
        }
        let Ok(mut value) = serde_json::from_str(text) else { return Some(self.loose_json(text)) };
        self.mask_json(&mut value).then(|| value.to_string())
    }

    fn mask_json(&self, value: &mut Json) -> bool {
        match value {
            Json::Array(items) => items.iter_mut().filter_map(|item| self.mask_json(item).then_some(())).count() > 0,
            Json::Object(fields) => fields.iter_mut().fold(false, |any, (name, value)| {
                if is_secret_field(name) && !matches!(value, Json::Null | Json::Bool(_)) {
                    *value = self.of_field(name, value.as_str().unwrap_or_default()).into();
                    return true;
                }
                self.mask_json(value) || any
            }),
            _ => false,
        }
    }

    /// JSON with every secret in it masked, by value and by field, that has the shape it had: a connector that reads it
    /// finds a text where a text was.
    pub fn shaped_json(&self, value: &mut Json) {
        self.shape(value, false, true);
    }

    /// The same by value alone: what stands under a telling name may be no secret of this run.
    pub fn known_in_json(&self, value: &mut Json) {
        self.shape(value, false, false);
    }

    fn shape(&self, value: &mut Json, secret: bool, by_field: bool) {
        match value {
            Json::String(text) if secret && !text.is_empty() => MASK.clone_into(text),
            Json::String(text) => *text = self.text(text),
            Json::Number(number) => {
                let text = number.to_string();
                let masked = self.text(&text);
                if masked != text {
                    *value = masked.into();
                }
            }
            Json::Array(items) => items.iter_mut().for_each(|item| self.shape(item, secret, by_field)),
            Json::Object(fields) => {
                let old = std::mem::take(fields);
                fields.extend(old.into_iter().map(|(name, mut value)| {
                    self.shape(&mut value, secret || (by_field && is_secret_field(&name)), by_field);
                    (self.text(&name), value)
                }));
            }
            Json::Null | Json::Bool(_) => {}
        }
    }

    /// The same for what only looks like JSON, such as an answer that was cut: strings after telling names.
    fn loose_json(&self, text: &str) -> String {
        let mut out = String::new();
        let mut rest = text;
        let mut name = "";
        while let Some((before, quoted)) = rest.split_once('"') {
            let escaped =
                |at: usize| quoted.as_bytes().iter().take(at).rev().take_while(|&&byte| byte == b'\\').count() % 2 == 1;
            let end = quoted.match_indices('"').map(|(at, _)| at).find(|&at| !escaped(at)).unwrap_or(quoted.len());
            let (string, after) = quoted.split_at(end);
            let is_value = before.trim_end().ends_with(':') && is_secret_field(name);
            out.extend([before, "\""]);
            if is_value {
                out.push_str(&self.of_field(name, string));
            } else {
                out.push_str(string);
            }
            name = string;
            rest = after.strip_prefix('"').map_or("", |after| {
                out.push('"');
                after
            });
        }
        out + rest
    }

    /// XML with the text of telling elements and attributes masked; `None` when there are none.
    pub(super) fn markup(&self, text: &str) -> Option<String> {
        if !may_tell(text) {
            return None;
        }
        let mut root = xml::parse(text.as_bytes()).ok()?;
        self.mask_xml(&mut root).then(|| root.to_xml())
    }

    fn mask_xml(&self, element: &mut xml::Element) -> bool {
        let mut any = false;
        for (name, value) in &mut element.attributes {
            if is_secret_field(xml::local_name(name)) {
                *value = self.of_field(xml::local_name(name), value);
                any = true;
            }
        }
        if is_secret_field(xml::local_name(&element.name)) && !element.children.is_empty() {
            element.children = vec![xml::Node::Text(self.of_field(xml::local_name(&element.name), ""))];
            return true;
        }
        element.children.iter_mut().fold(any, |any, node| match node {
            xml::Node::Element(child) => self.mask_xml(child) || any,
            _ => any,
        })
    }
}
