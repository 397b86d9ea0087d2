//! Writes compact XML.

use super::{Element, Node};

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
    fn trees() {
        let element = Element::new("a").with_text("b", "1 < 2").with(Element::new("c"));
        assert_eq!(element.to_xml(), "<a><b>1 &lt; 2</b><c></c></a>");
    }
}
