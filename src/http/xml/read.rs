//! Reads XML strictly. Messages are worded as the common C library words them, since connectors show them to people.
//!
//! Nothing is fetched or expanded: a document type may stand there, but entities it declares are not known.

use encoding_rs::Encoding;
use quick_xml::events::attributes::AttrError;
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

use super::{Element, Error, Node};

/// Elements may be nested this deep, as in the common C library.
pub const MAX_DEPTH: usize = 256;

/// The root element of a document in UTF-8, UTF-16 with a byte order mark, or the encoding it declares.
///
/// Errors: the first place where it is not well-formed; also nesting past [`MAX_DEPTH`].
pub fn parse(bytes: &[u8]) -> Result<Element, Error> {
    parse_watched(bytes, &mut || true)
}

/// The same, asking every thousand tags whether to go on: a few bytes of text may take many of memory.
pub fn parse_watched(bytes: &[u8], go_on: &mut dyn FnMut() -> bool) -> Result<Element, Error> {
    let text = decoded(bytes)?;
    Parse { text: &text, open: Vec::new(), root: None, go_on, tags: 0 }.run()
}

/// Tags between two questions.
const STRIDE: usize = 1000;

/// More than any document has; the common C library counts them, too.
const MAX_ATTRIBUTES: usize = 10_000;

fn decoded(bytes: &[u8]) -> Result<String, Error> {
    let (encoding, start) = Encoding::for_bom(bytes)
        .or_else(|| declared(bytes).map(|encoding| (encoding, 0)))
        .unwrap_or((encoding_rs::UTF_8, 0));
    let bytes = bytes.get(start..).unwrap_or_default();
    if let Some(text) = encoding.decode_without_bom_handling_and_without_replacement(bytes) {
        return Ok(text.into_owned());
    }
    let valid = std::str::from_utf8(bytes).map_or_else(|error| error.valid_up_to(), str::len);
    let before = String::from_utf8_lossy(bytes.get(..valid).unwrap_or_default()).into_owned();
    Err(at(&before, before.len(), "Input is not proper UTF-8, indicate encoding !".to_owned()))
}

/// The encoding that `<?xml … encoding="…"?>` names; the declaration itself is ASCII.
fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = String::from_utf8_lossy(bytes.get(..bytes.len().min(200))?).into_owned();
    let declaration = head.strip_prefix("<?xml")?.split("?>").next()?;
    let (_, value) = declaration.split_once("encoding")?;
    let value = value.trim_start().strip_prefix('=')?.trim_start();
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let label = value.get(1..)?.split(quote).next()?;
    // Bytes that are read as ASCII here cannot be UTF-16 after all.
    Encoding::for_label(label.as_bytes()).filter(|encoding| encoding.is_ascii_compatible())
}

fn at(text: &str, offset: usize, message: String) -> Error {
    let before = text.as_bytes().get(..offset).unwrap_or(text.as_bytes());
    let lines = before.split(|&byte| byte == b'\n');
    Error { line: lines.clone().count(), column: lines.clone().next_back().map_or(0, <[u8]>::len) + 1, message }
}

struct Parse<'a> {
    text: &'a str,
    /// Elements not yet closed, and where each began.
    open: Vec<(Element, usize)>,
    root: Option<Element>,
    go_on: &'a mut dyn FnMut() -> bool,
    tags: usize,
}

impl Parse<'_> {
    fn run(mut self) -> Result<Element, Error> {
        let mut reader = Reader::from_str(self.text);
        let config = reader.config_mut();
        config.check_end_names = false;
        config.allow_unmatched_ends = true;
        config.check_comments = true;
        loop {
            let start = reader.buffer_position() as usize;
            let event = reader.read_event();
            let end = reader.buffer_position() as usize;
            match event {
                Ok(Event::Start(tag)) => {
                    let element = self.element(&tag, start)?;
                    if self.open.len() >= MAX_DEPTH {
                        let message = format!("Excessive depth in document: {MAX_DEPTH} use XML_PARSE_HUGE option");
                        return self.fail(end, message);
                    }
                    self.open.push((element, start));
                }
                Ok(Event::Empty(tag)) => {
                    let element = self.element(&tag, start)?;
                    self.add(element);
                }
                Ok(Event::End(tag)) => self.close(tag.name().as_ref(), start, end)?,
                Ok(Event::Text(text)) => self.text(&text.xml10_content(), start)?,
                Ok(Event::CData(text)) if self.open.is_empty() => self.text(&text.xml10_content(), start)?,
                Ok(Event::CData(text)) => self.push(Node::CData(text.xml10_content().into_owned())),
                Ok(Event::GeneralRef(name)) => {
                    let text = self.reference(&name, start, end)?;
                    self.text(&text, start)?;
                }
                Ok(Event::Decl(_)) if start > 0 => {
                    let message = "XML declaration allowed only at the start of the document".to_owned();
                    return self.fail(start + 5, message);
                }
                Ok(Event::Decl(_) | Event::PI(_) | Event::Comment(_) | Event::DocType(_)) => {}
                Ok(Event::Eof) => return self.finish(),
                Err(error) => return self.broken(&error, start, reader.error_position() as usize),
            }
        }
    }

    fn fail<T>(&self, offset: usize, message: String) -> Result<T, Error> {
        Err(at(self.text, offset, message))
    }

    /// An element from its tag, `start` being where the `<` is.
    fn element(&mut self, tag: &BytesStart, start: usize) -> Result<Element, Error> {
        self.tags += 1;
        if self.tags.is_multiple_of(STRIDE) && !(self.go_on)() {
            return self.fail(start, "stopped".to_owned());
        }
        let name = tag.name().as_ref().to_owned();
        if !name.starts_with(|c: char| c.is_alphabetic() || c == '_' || c == ':') {
            return self.fail(start + 1, "StartTag: invalid element name".to_owned());
        }
        if self.root.is_some() {
            return self.fail(start, "Extra content at the end of the document".to_owned());
        }
        let mut element = Element::new(name);
        for attribute in tag.attributes() {
            let attribute = attribute.map_err(|error| self.bad_attribute(&error, start + 1))?;
            if attribute.value.contains('<') {
                let message = "Unescaped '<' not allowed in attributes values".to_owned();
                return self.fail(self.end_of_tag(start), message);
            }
            let value = attribute
                .normalized_value(XmlVersion::Implicit1_0)
                .map_err(|error| at(self.text, self.end_of_tag(start), entity_problem(&error)))?;
            if element.attributes.len() >= MAX_ATTRIBUTES {
                return self.fail(start, format!("more than {MAX_ATTRIBUTES} attributes"));
            }
            element.attributes.push((attribute.key.as_ref().to_owned(), value.into_owned()));
        }
        Ok(element)
    }

    fn end_of_tag(&self, start: usize) -> usize {
        self.text.get(start..).and_then(|rest| rest.find('>')).map_or(self.text.len(), |length| start + length)
    }

    fn bad_attribute(&self, error: &AttrError, inside: usize) -> Error {
        let name_at = |offset: usize| {
            let rest = self.text.get(inside + offset..).unwrap_or_default();
            let end = rest.find(|c: char| c == '=' || c == '>' || c == '/' || c.is_whitespace()).unwrap_or(rest.len());
            rest.get(..end).unwrap_or_default().to_owned()
        };
        let (offset, message) = match error {
            AttrError::ExpectedEq(offset) => {
                let before = self.text.get(inside..inside + offset).unwrap_or_default();
                let name = before.split_whitespace().next_back().unwrap_or_default().to_owned();
                (*offset, format!("Specification mandates value for attribute {name}"))
            }
            AttrError::ExpectedValue(offset) | AttrError::UnquotedValue(offset) => {
                (*offset, "AttValue: \" or ' expected".to_owned())
            }
            AttrError::ExpectedQuote(offset, _) => (*offset, "AttValue: ' expected".to_owned()),
            AttrError::Duplicated(offset, _) => (*offset, format!("Attribute {} redefined", name_at(*offset))),
        };
        at(self.text, inside + offset, message)
    }

    /// Text outside of the root may only be blank.
    fn text(&mut self, text: &str, start: usize) -> Result<(), Error> {
        if self.open.is_empty() {
            let Some(visible) = text.find(|c: char| !c.is_ascii_whitespace()) else { return Ok(()) };
            let message = match self.root {
                Some(_) => "Extra content at the end of the document",
                None => "Document is empty",
            };
            return self.fail(start + visible, message.to_owned());
        }
        if let Some((offset, c)) = text.char_indices().find(|(_, c)| c.is_control() && !"\t\n\r\u{85}".contains(*c)) {
            return self.fail(start + offset, format!("PCDATA invalid Char value {}", u32::from(c)));
        }
        if let Some(offset) = text.find("]]>") {
            return self.fail(start + offset, "Sequence ']]>' not allowed in content".to_owned());
        }
        if let Some(Node::Text(before)) = self.open.last_mut().and_then(|(parent, _)| parent.children.last_mut()) {
            before.push_str(text);
        } else {
            self.push(Node::Text(text.to_owned()));
        }
        Ok(())
    }

    fn push(&mut self, node: Node) {
        if let Some((parent, _)) = self.open.last_mut() {
            parent.children.push(node);
        }
    }

    fn add(&mut self, element: Element) {
        match self.open.last_mut() {
            Some((parent, _)) => parent.children.push(Node::Element(element)),
            None => self.root = Some(element),
        }
    }

    fn close(&mut self, name: &str, start: usize, end: usize) -> Result<(), Error> {
        let Some((element, began)) = self.open.pop() else {
            let (offset, message) = match self.root {
                Some(_) => (start, "Extra content at the end of the document"),
                None => (start + 1, "StartTag: invalid element name"),
            };
            return self.fail(offset, message.to_owned());
        };
        if element.name != name {
            let line = at(self.text, began, String::new()).line;
            let message = format!("Opening and ending tag mismatch: {} line {line} and {name}", element.name);
            return self.fail(end, message);
        }
        self.add(element);
        Ok(())
    }

    /// What `&name;` stands for: the five of XML itself, and characters by number.
    fn reference(&self, name: &quick_xml::events::BytesRef, start: usize, end: usize) -> Result<String, Error> {
        if self.open.is_empty() {
            return Ok(self.text.get(start..end).unwrap_or("&").to_owned());
        }
        let character = match name.resolve_char_ref() {
            Ok(Some(c)) if u32::from(c) >= 0x20 || "\t\n\r".contains(c) => return Ok(c.to_string()),
            Ok(None) => quick_xml::escape::resolve_xml_entity(name),
            Ok(Some(_)) | Err(_) => {
                let number = name.trim_start_matches(['#', 'x']);
                return self.fail(end, format!("xmlParseCharRef: invalid xmlChar value {number}"));
            }
        };
        match character {
            Some(text) => Ok(text.to_owned()),
            None => self.fail(end, format!("Entity '{}' not defined", &**name)),
        }
    }

    fn finish(mut self) -> Result<Element, Error> {
        let end = self.text.len();
        if let Some((element, began)) = self.open.pop() {
            let line = at(self.text, began, String::new()).line;
            return self.fail(end, format!("Premature end of data in tag {} line {line}", element.name));
        }
        match self.root.take() {
            Some(root) => Ok(root),
            None if self.text.is_empty() => self.fail(0, "Extra content at the end of the document".to_owned()),
            None => self.fail(end, "Document is empty".to_owned()),
        }
    }

    /// Markup that never ends, and ampersands that stand alone.
    fn broken<T>(&self, error: &quick_xml::Error, start: usize, offset: usize) -> Result<T, Error> {
        use quick_xml::Error as E;
        use quick_xml::errors::{IllFormedError, SyntaxError};
        let end = self.text.len();
        let rest = self.text.get(start..).unwrap_or_default();
        match error {
            E::Syntax(SyntaxError::UnclosedComment) => self.fail(end, "Comment not terminated".to_owned()),
            E::Syntax(SyntaxError::UnclosedCData) => self.fail(end, "CData section not finished".to_owned()),
            E::Syntax(SyntaxError::UnclosedDoctype) => self.fail(end, "DOCTYPE improperly terminated".to_owned()),
            E::Syntax(SyntaxError::UnclosedPI | SyntaxError::UnclosedXmlDecl) => {
                self.fail(end, "PI not terminated".to_owned())
            }
            E::Syntax(SyntaxError::InvalidBangMarkup) => {
                self.fail(start + 1, "StartTag: invalid element name".to_owned())
            }
            E::Syntax(_) => {
                let name: String =
                    rest.chars().skip(1).take_while(|c| c.is_alphanumeric() || "-_.:".contains(*c)).collect();
                if name.is_empty() {
                    return self.fail(start + 1, "StartTag: invalid element name".to_owned());
                }
                let line = at(self.text, start, String::new()).line;
                self.fail(end, format!("Couldn't find end of Start Tag {name} line {line}"))
            }
            E::IllFormed(IllFormedError::UnclosedReference) if self.open.is_empty() => {
                self.fail(start, "Document is empty".to_owned())
            }
            E::IllFormed(IllFormedError::UnclosedReference) => {
                let name = rest.chars().skip(1).take_while(|c| c.is_alphanumeric() || "-_.:".contains(*c)).count();
                let message = if name == 0 { "xmlParseEntityRef: no name" } else { "EntityRef: expecting ';'" };
                self.fail(start + 1 + name, message.to_owned())
            }
            E::IllFormed(IllFormedError::DoubleHyphenInComment) => {
                self.fail(offset, "Double hyphen within comment".to_owned())
            }
            other => self.fail(offset, other.to_string()),
        }
    }
}

/// What is wrong with a reference inside an attribute.
fn entity_problem(error: &quick_xml::Error) -> String {
    use quick_xml::escape::EscapeError;
    match error {
        quick_xml::Error::Escape(EscapeError::UnrecognizedEntity(_, name)) => format!("Entity '{name}' not defined"),
        quick_xml::Error::Escape(EscapeError::UnterminatedEntity(_)) => "EntityRef: expecting ';'".to_owned(),
        quick_xml::Error::Escape(EscapeError::InvalidCharRef(_)) => "xmlParseCharRef: invalid xmlChar value".to_owned(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::*;

    fn shown(node: &Node) -> String {
        match node {
            Node::Text(text) => format!("{text:?}"),
            Node::CData(text) => format!("cdata {text:?}"),
            Node::Element(element) => {
                let attributes: Vec<_> = element.attributes.iter().map(|(k, v)| format!(" {k}={v:?}")).collect();
                let children: Vec<String> = element.children.iter().map(shown).collect();
                format!("{}{}({})", element.name, attributes.concat(), children.join(" "))
            }
        }
    }

    #[test]
    fn trees() {
        let mut table = String::new();
        for xml in [
            "<a/>",
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE a>\n<!-- c -->\n<a>\r\n <b/>\n</a>\n",
            "<n:a xmlns:n='u' n:x=\"1 &amp; 2\ty\" z=''>t&lt;&#65;&#x42;<![CDATA[x<&y]]><!-- c --><?p i?>u</n:a>",
            "<a>&quot;é</a>",
        ] {
            let root = parse(xml.as_bytes()).unwrap();
            writeln!(table, "{xml:?}\n  {}", shown(&Node::Element(root))).unwrap();
        }
        insta::assert_snapshot!(table, @r#"
        "<a/>"
          a()
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE a>\n<!-- c -->\n<a>\r\n <b/>\n</a>\n"
          a("\n " b() "\n")
        "<n:a xmlns:n='u' n:x=\"1 &amp; 2\ty\" z=''>t&lt;&#65;&#x42;<![CDATA[x<&y]]><!-- c --><?p i?>u</n:a>"
          n:a xmlns:n="u" n:x="1 & 2 y" z=""("t<AB" cdata "x<&y" "u")
        "<a>&quot;é</a>"
          a("\"é")
        "#);
    }

    #[test]
    fn encodings() {
        let latin = b"<?xml version='1.0' encoding='ISO-8859-1'?><a>\xe9</a>";
        let utf16: Vec<u8> = "\u{feff}<a>é</a>".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let marked = "\u{feff}<a>é</a>".as_bytes();
        for bytes in [&latin[..], &utf16, marked] {
            assert_eq!(parse(bytes).unwrap().text(), "é");
        }
        let error = parse(b"<a>\n\xff</a>").unwrap_err();
        assert_eq!(error.to_string(), "2:1: FATAL: Input is not proper UTF-8, indicate encoding !");
    }

    #[test]
    fn what_is_wrong_and_where() {
        let mut table = String::new();
        for xml in [
            "",
            "  ",
            "not xml",
            "{\"a\":1}",
            "<a><b></a>",
            "<a>\n <b>\n</a>",
            "<a>\n<b>x</c></b></a>",
            "<a>",
            "<a></a><b/>",
            "<a/>x",
            "</a>",
            "<1a/>",
            "<a><",
            "<a",
            "<a x=\"1",
            "<a b/>",
            "<a x=1/>",
            "<a x=\"1\" x=\"2\"/>",
            "<a x=\"<\"/>",
            "<a x=\"&nope;\"/>",
            "<a>&nope;</a>",
            "<a>&</a>",
            "<a>& b</a>",
            "<a>&amp</a>",
            "<a>&#0;</a>",
            "<a>\u{1}</a>",
            "<a>]]></a>",
            "<a>a < b</a>",
            "<a><!-- x</a>",
            "<a><![CDATA[x</a>",
            " <?xml version=\"1.0\"?><a/>",
            "<!DOCTYPE a [<!ENTITY x \"y\">]><a>&x;</a>",
            "<html><br></html>",
            "&amp;",
        ] {
            let error = parse(xml.as_bytes()).unwrap_err();
            writeln!(table, "{:44} {error}", format!("{xml:?}")).unwrap();
        }
        insta::assert_snapshot!(table, @r#"
        ""                                           1:1: FATAL: Extra content at the end of the document
        "  "                                         1:3: FATAL: Document is empty
        "not xml"                                    1:1: FATAL: Document is empty
        "{\"a\":1}"                                  1:1: FATAL: Document is empty
        "<a><b></a>"                                 1:11: FATAL: Opening and ending tag mismatch: b line 1 and a
        "<a>\n <b>\n</a>"                            3:5: FATAL: Opening and ending tag mismatch: b line 2 and a
        "<a>\n<b>x</c></b></a>"                      2:9: FATAL: Opening and ending tag mismatch: b line 2 and c
        "<a>"                                        1:4: FATAL: Premature end of data in tag a line 1
        "<a></a><b/>"                                1:8: FATAL: Extra content at the end of the document
        "<a/>x"                                      1:5: FATAL: Extra content at the end of the document
        "</a>"                                       1:2: FATAL: StartTag: invalid element name
        "<1a/>"                                      1:2: FATAL: StartTag: invalid element name
        "<a><"                                       1:5: FATAL: StartTag: invalid element name
        "<a"                                         1:3: FATAL: Couldn't find end of Start Tag a line 1
        "<a x=\"1"                                   1:8: FATAL: Couldn't find end of Start Tag a line 1
        "<a b/>"                                     1:5: FATAL: Specification mandates value for attribute b
        "<a x=1/>"                                   1:6: FATAL: AttValue: " or ' expected
        "<a x=\"1\" x=\"2\"/>"                       1:10: FATAL: Attribute x redefined
        "<a x=\"<\"/>"                               1:10: FATAL: Unescaped '<' not allowed in attributes values
        "<a x=\"&nope;\"/>"                          1:15: FATAL: Entity 'nope' not defined
        "<a>&nope;</a>"                              1:10: FATAL: Entity 'nope' not defined
        "<a>&</a>"                                   1:5: FATAL: xmlParseEntityRef: no name
        "<a>& b</a>"                                 1:5: FATAL: xmlParseEntityRef: no name
        "<a>&amp</a>"                                1:8: FATAL: EntityRef: expecting ';'
        "<a>&#0;</a>"                                1:8: FATAL: xmlParseCharRef: invalid xmlChar value 0
        "<a>\u{1}</a>"                               1:4: FATAL: PCDATA invalid Char value 1
        "<a>]]></a>"                                 1:4: FATAL: Sequence ']]>' not allowed in content
        "<a>a < b</a>"                               1:7: FATAL: StartTag: invalid element name
        "<a><!-- x</a>"                              1:14: FATAL: Comment not terminated
        "<a><![CDATA[x</a>"                          1:18: FATAL: CData section not finished
        " <?xml version=\"1.0\"?><a/>"               1:7: FATAL: XML declaration allowed only at the start of the document
        "<!DOCTYPE a [<!ENTITY x \"y\">]><a>&x;</a>" 1:37: FATAL: Entity 'x' not defined
        "<html><br></html>"                          1:18: FATAL: Opening and ending tag mismatch: br line 1 and html
        "&amp;"                                      1:1: FATAL: Document is empty
        "#);
    }

    #[test]
    fn nesting_ends_at_the_limit() {
        let nested = |depth: usize| "<a>".repeat(depth) + &"</a>".repeat(depth);
        assert!(parse(nested(MAX_DEPTH).as_bytes()).is_ok());
        let error = parse(nested(100_000).as_bytes()).unwrap_err();
        assert_eq!(error.message, "Excessive depth in document: 256 use XML_PARSE_HUGE option");
    }
}
