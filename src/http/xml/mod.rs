//! XML as a neutral tree: the layer that knows values turns it into hashes and back.

mod read;
mod write;

pub use read::{MAX_DEPTH, parse, parse_watched};
pub use write::{Writer, of_json};

/// An element with its name as written, prefix included.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Element {
    pub name: String,
    /// In the order written, namespace declarations among them.
    pub attributes: Vec<(String, String)>,
    pub children: Vec<Node>,
}

/// What stands inside an element. Comments and processing instructions are not kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Node {
    Element(Element),
    /// Text with its entities resolved and line ends as `\n`; never next to another one.
    Text(String),
    /// The inside of a CDATA section.
    CData(String),
}

/// A document that is not well-formed. Prints as `1:11: FATAL: Opening and ending tag mismatch: b line 1 and a`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// From 1.
    pub line: usize,
    /// From 1, in bytes, just past what is wrong.
    pub column: usize,
    pub message: String,
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}: FATAL: {}", self.line, self.column, self.message)
    }
}

impl std::error::Error for Error {}

impl Element {
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), ..Self::default() }
    }

    /// The same element with one more child element holding `text`.
    #[must_use]
    pub fn with_text(mut self, name: &str, text: impl Into<String>) -> Self {
        let child = Self { name: name.to_owned(), children: vec![Node::Text(text.into())], ..Self::default() };
        self.children.push(Node::Element(child));
        self
    }

    /// The same element with one more child.
    #[must_use]
    pub fn with(mut self, child: Self) -> Self {
        self.children.push(Node::Element(child));
        self
    }

    /// The child elements of that name.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Self> {
        self.children.iter().filter_map(move |node| match node {
            Node::Element(element) if element.name == name => Some(element),
            _ => None,
        })
    }

    /// All text directly inside, CDATA included.
    pub fn text(&self) -> String {
        self.children
            .iter()
            .map(|node| match node {
                Node::Text(text) | Node::CData(text) => text.as_str(),
                Node::Element(_) => "",
            })
            .collect()
    }

    /// Compact, without a declaration.
    pub fn to_xml(&self) -> String {
        let mut writer = Writer::default();
        writer.element(self);
        writer.finish()
    }
}

/// A name without its namespace prefix.
pub fn local_name(name: &str) -> &str {
    name.split_once(':').map_or(name, |(_, local)| local)
}
