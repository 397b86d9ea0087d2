//! XML documents as the hashes that connectors know: of answers in XML, and of `String#from_xml`.

use crate::http::xml::{Element, Error, Node, parse_watched};
use crate::value::{Array, Hash, Value};
use std::rc::Rc;

/// A document as a hash: an element is an array under its name, attributes are keys with `@` before them, text is
/// under `content!`. The outermost hash is a plain one, all others are indifferent. Asks now and then whether to go on.
pub fn watched_document(bytes: &[u8], strip_namespaces: bool, go_on: &mut dyn FnMut() -> bool) -> Result<Value, Error> {
    let root = parse_watched(bytes, go_on)?;
    let top = Hash::new();
    add_element(&top, root, strip_namespaces);
    Ok(Value::hash(top))
}

/// Takes the element apart, so that a large document is not there twice.
fn add_element(parent: &Hash, mut element: Element, strip: bool) {
    let name = std::mem::take(&mut element.name);
    let name = if strip { local(&name) } else { &name };
    let item = Value::hash(contents(element, strip));
    match parent.get_str(name) {
        Some(Value::Array(siblings)) => siblings.push(item),
        _ => parent.insert_str(name, Value::Array(Rc::new(Array::from(vec![item])))),
    }
}

fn contents(element: Element, strip: bool) -> Hash {
    const TEXT: &str = "content!";
    let hash = Hash::indifferent();
    for (name, value) in element.attributes {
        let name = if name.starts_with("xmlns:") { &name } else { local(&name) };
        hash.insert_str(&format!("@{name}"), Value::string(value));
    }
    let mut joined = String::new();
    for child in element.children {
        match child {
            Node::Element(child) => add_element(&hash, child, strip),
            // What only lays the document out is no text.
            Node::Text(text) if text.trim_matches([' ', '\t', '\r', '\n']).is_empty() => {}
            Node::Text(text) | Node::CData(text) => {
                if joined.is_empty() {
                    // Its place among the keys is that of its first piece.
                    hash.insert_str(TEXT, Value::Nil);
                    joined = text;
                } else {
                    joined.push_str(&text);
                }
            }
        }
    }
    if hash.get_str(TEXT).is_some() {
        hash.insert_str(TEXT, Value::string(joined));
    }
    hash
}

fn local(name: &str) -> &str {
    name.rsplit(':').next().unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::watched_document;
    use crate::value::inspect;

    #[test]
    fn documents() {
        for (xml, strip, expected) in [
            ("<a/>", false, r#"{"a"=>[{}]}"#),
            ("<a>t</a>", false, r#"{"a"=>[{"content!"=>"t"}]}"#),
            (
                "<a x=\"1\"><b>1</b> <b>2</b></a>",
                false,
                r#"{"a"=>[{"@x"=>"1", "b"=>[{"content!"=>"1"}, {"content!"=>"2"}]}]}"#,
            ),
            ("<a>x <b/> y<![CDATA[ z]]></a>", false, r#"{"a"=>[{"content!"=>"x  y z", "b"=>[{}]}]}"#),
            (
                "<n:a xmlns:n=\"u\" n:k=\"v\"><n:b/></n:a>",
                false,
                r#"{"n:a"=>[{"@xmlns:n"=>"u", "@k"=>"v", "n:b"=>[{}]}]}"#,
            ),
            ("<n:a xmlns:n=\"u\"><n:b/></n:a>", true, r#"{"a"=>[{"@xmlns:n"=>"u", "b"=>[{}]}]}"#),
        ] {
            let found = watched_document(xml.as_bytes(), strip, &mut || true).map(|value| inspect(&value).to_text());
            assert_eq!(found.as_deref(), Ok(expected), "{xml}");
        }
        assert!(watched_document(b"<a><b></a>", false, &mut || true).is_err());
    }
}
