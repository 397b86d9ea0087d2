//! Writes compact XML.

use super::{Element, Node};
use serde_json::Value as Json;

/// Writes element by element; what is opened has to be closed by the caller.
#[derive(Debug, Default)]
pub struct Writer(String);

impl Writer {
    /// `<name a="b">`
    pub fn open<'a>(&mut self, name: &str, attributes: impl IntoIterator<Item = (&'a str, &'a str)>) {
        self.tag(name, attributes);
        self.0.push('>');
    }

    /// `<name a="b"/>`
    pub fn empty<'a>(&mut self, name: &str, attributes: impl IntoIterator<Item = (&'a str, &'a str)>) {
        self.tag(name, attributes);
        self.0.push_str("/>");
    }

    /// `</name>`
    pub fn close(&mut self, name: &str) {
        self.0.extend(["</", name, ">"]);
    }

    /// Text with `& < > "` as entities.
    pub fn text(&mut self, text: &str) {
        escape_into(text, &mut self.0);
    }

    /// Text as it is, for what already is XML.
    pub fn raw(&mut self, xml: &str) {
        self.0.push_str(xml);
    }

    /// A whole tree. An element without children has a start and an end tag.
    pub fn element(&mut self, element: &Element) {
        self.open(&element.name, element.attributes.iter().map(|(name, value)| (name.as_str(), value.as_str())));
        for child in &element.children {
            match child {
                Node::Element(child) => self.element(child),
                Node::Text(text) | Node::CData(text) => self.text(text),
            }
        }
        self.close(&element.name);
    }

    pub fn finish(self) -> String {
        self.0
    }

    fn tag<'a>(&mut self, name: &str, attributes: impl IntoIterator<Item = (&'a str, &'a str)>) {
        self.0.extend(["<", name]);
        for (name, value) in attributes {
            self.0.extend([" ", name, "=\""]);
            escape_into(value, &mut self.0);
            self.0.push('"');
        }
    }
}

/// Data as an element of that name: `@name` is an attribute, `content!` the text, a list the same element again and again.
pub fn of_json(name: &str, value: &Json) -> String {
    let mut writer = Writer::default();
    writer.data(name, value);
    writer.finish()
}

impl Writer {
    fn data(&mut self, name: &str, value: &Json) {
        let plain = |c: char| if c.is_alphanumeric() || "_-.:".contains(c) { c } else { '_' };
        let mut tag: String = name.chars().map(plain).collect();
        if !tag.starts_with(|c: char| c.is_alphabetic() || c == '_') {
            tag.insert(0, '_');
        }
        match value {
            Json::Array(items) => items.iter().for_each(|item| self.data(name, item)),
            Json::Null => self.empty(&tag, []),
            Json::Object(fields) => {
                let attributes: Vec<(&str, String)> =
                    fields.iter().filter_map(|(key, value)| Some((key.strip_prefix('@')?, said(value)))).collect();
                self.open(&tag, attributes.iter().map(|(key, value)| (*key, value.as_str())));
                for (key, value) in fields.iter().filter(|(key, _)| !key.starts_with('@')) {
                    if key == "content!" { self.text(&said(value)) } else { self.data(key, value) }
                }
                self.close(&tag);
            }
            value => {
                self.open(&tag, []);
                self.text(&said(value));
                self.close(&tag);
            }
        }
    }
}

fn said(value: &Json) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn escape_into(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c => out.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces() {
        let mut writer = Writer::default();
        writer.open("r", [("id", "a\"<&"), ("n", "")]);
        writer.empty("b", [("xsi:nil", "true")]);
        writer.text("<t> & \"q\" 'a'");
        writer.raw("<i/>");
        writer.close("r");
        assert_eq!(
            writer.finish(),
            r#"<r id="a&quot;&lt;&amp;" n=""><b xsi:nil="true"/>&lt;t&gt; &amp; &quot;q&quot; 'a'<i/></r>"#
        );
    }

    #[test]
    fn data() {
        let sample = serde_json::json!({
            "@id": 7, "name": "Ada & Co", "tags": ["a", "b"], "address": { "city": "Köln", "content!": "x" }, "2 b": null
        });
        assert_eq!(
            of_json("customer", &sample),
            "<customer id=\"7\"><name>Ada &amp; Co</name><tags>a</tags><tags>b</tags>\
             <address><city>Köln</city>x</address><_2_b/></customer>"
        );
    }

    #[test]
    fn trees() {
        let element = Element::new("a").with_text("b", "1 < 2").with(Element::new("c"));
        assert_eq!(element.to_xml(), "<a><b>1 &lt; 2</b><c></c></a>");
    }
}
