//! Writes connector code from a small tree: what the generators of connrun print. `connrun fmt` finds nothing to change in
//! it.

mod literal;
mod wrap;

pub use literal::{key, text};
pub use wrap::wrap;

/// Longest line that is made of several parts.
const WIDTH: usize = 118;
/// Longest hash or list on one line, its indentation not counted.
const INLINE: usize = 96;

/// A value as it is written.
#[derive(Clone, Debug, PartialEq)]
pub enum Node {
    /// A string.
    Text(String),
    Symbol(String),
    /// An expression as it is: a number, `nil`, a call.
    Code(String),
    List(Vec<Node>),
    Map(Vec<Entry>),
    /// `lambda do |…| … end`; the body's lines stand as deep as they are within it.
    Lambda(Vec<&'static str>, Vec<String>),
    /// The same, whose body is one value.
    Gives(Vec<&'static str>, Box<Node>),
}

/// A key, its value, and what is said above them.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    pub comment: Vec<String>,
    pub key: String,
    pub value: Node,
}

impl Node {
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    pub fn symbol(name: impl Into<String>) -> Self {
        Self::Symbol(name.into())
    }

    pub fn code(code: impl Into<String>) -> Self {
        Self::Code(code.into())
    }

    /// A hash of these pairs, in their order.
    pub fn map(entries: impl IntoIterator<Item = (impl Into<String>, Self)>) -> Self {
        Self::Map(entries.into_iter().map(|(key, value)| Entry::new(key, value)).collect())
    }

    /// A JSON value as a literal.
    pub fn json(value: &serde_json::Value) -> Self {
        match value {
            serde_json::Value::Null => Self::code("nil"),
            serde_json::Value::Bool(_) | serde_json::Value::Number(_) => Self::Code(value.to_string()),
            serde_json::Value::String(text) => Self::text(text),
            serde_json::Value::Array(items) => Self::List(items.iter().map(Self::json).collect()),
            serde_json::Value::Object(fields) => {
                Self::map(fields.iter().map(|(key, value)| (key.clone(), Self::json(value))))
            }
        }
    }

    /// It holds code to run, so it is a part of a connector's structure, where empty lines help.
    fn is_structure(&self) -> bool {
        match self {
            Self::Lambda(..) | Self::Gives(..) => true,
            Self::Map(entries) => entries.iter().any(|entry| entry.value.is_structure() || !entry.comment.is_empty()),
            _ => false,
        }
    }

    /// The value on one line, where it can be.
    fn inline(&self) -> Option<String> {
        match self {
            Self::Text(text) => Some(literal::text(text)),
            Self::Symbol(name) => Some(literal::symbol(name)),
            Self::Code(code) => Some(code.clone()).filter(|code| !code.contains('\n')),
            Self::List(items) => {
                let items: Option<Vec<_>> = items.iter().map(Self::inline).collect();
                items.map(|items| format!("[{}]", items.join(", ")))
            }
            Self::Map(entries) if entries.is_empty() => Some("{}".to_owned()),
            Self::Map(entries) => {
                let one = |entry: &Entry| {
                    let value = entry.value.inline().filter(|_| entry.comment.is_empty())?;
                    Some(format!("{} {value}", literal::key(&entry.key)))
                };
                let pairs: Option<Vec<_>> = entries.iter().map(one).collect();
                pairs.map(|pairs| format!("{{ {} }}", pairs.join(", ")))
            }
            Self::Lambda(..) | Self::Gives(..) => None,
        }
    }
}

impl Entry {
    pub fn new(key: impl Into<String>, value: Node) -> Self {
        Self { comment: Vec::new(), key: key.into(), value }
    }

    /// The same, with lines above it; long ones are wrapped.
    #[must_use]
    pub fn comment(mut self, lines: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.comment.extend(lines.into_iter().map(Into::into));
        self
    }
}

/// A whole file: what is said above it, and its hash.
pub fn file(head: &[String], root: &Node) -> String {
    let mut out = String::new();
    comments(&mut out, head, 0);
    write(&mut out, root, 0);
    out.push('\n');
    out
}

/// A value that stands alone, such as a list of fields.
pub fn value(node: &Node) -> String {
    let mut out = String::new();
    write(&mut out, node, 0);
    out.push('\n');
    out
}

/// A value as lines of a lambda's body.
pub fn lines(node: &Node) -> Vec<String> {
    value(node).lines().map(str::to_owned).collect()
}

/// Writes a value that begins where the text ends; its further lines are indented.
fn write(out: &mut String, node: &Node, depth: usize) {
    let indent = "  ".repeat(depth);
    let most = INLINE.min(WIDTH.saturating_sub(indent.len()));
    let inline = node.inline().filter(|text| !is_open(node) || text.chars().count() <= most);
    if let Some(text) = inline.filter(|_| !node.is_structure()) {
        out.push_str(&text);
        return;
    }
    match node {
        Node::List(items) => write_list(out, items, depth),
        Node::Map(entries) => write_map(out, node, entries, depth),
        Node::Lambda(parameters, body) => {
            open_lambda(out, parameters);
            for line in body {
                out.push_str(format!("{indent}  {line}").trim_end());
                out.push('\n');
            }
            out.push_str(&format!("{indent}end"));
        }
        Node::Gives(parameters, body) => {
            open_lambda(out, parameters);
            out.push_str(&format!("{indent}  "));
            write(out, body, depth + 1);
            out.push_str(&format!("\n{indent}end"));
        }
        Node::Text(_) | Node::Symbol(_) | Node::Code(_) => out.push_str(&node.inline().unwrap_or_default()),
    }
}

/// It can be broken into lines.
const fn is_open(node: &Node) -> bool {
    matches!(node, Node::List(_) | Node::Map(_))
}

fn open_lambda(out: &mut String, parameters: &[&str]) {
    out.push_str("lambda do");
    if !parameters.is_empty() {
        out.push_str(&format!(" |{}|", parameters.join(", ")));
    }
    out.push('\n');
}

fn write_list(out: &mut String, items: &[Node], depth: usize) {
    let indent = "  ".repeat(depth);
    out.push_str("[\n");
    for (at, item) in items.iter().enumerate() {
        out.push_str(&format!("{indent}  "));
        write(out, item, depth + 1);
        out.push_str(if at + 1 < items.len() { ",\n" } else { "\n" });
    }
    out.push_str(&format!("{indent}]"));
}

fn write_map(out: &mut String, node: &Node, entries: &[Entry], depth: usize) {
    let indent = "  ".repeat(depth);
    if entries.is_empty() {
        out.push_str("{}");
        return;
    }
    out.push_str("{\n");
    let spaced = node.is_structure();
    let mut was_block = false;
    for (at, entry) in entries.iter().enumerate() {
        let mut text = String::new();
        comments(&mut text, &entry.comment, depth + 1);
        text.push_str(&format!("{indent}  {} ", literal::key(&entry.key)));
        write(&mut text, &entry.value, depth + 1);
        let is_block = spaced && text.contains('\n');
        if at > 0 && (is_block || was_block) {
            out.push('\n');
        }
        was_block = is_block;
        out.push_str(&text);
        out.push_str(if at + 1 < entries.len() { ",\n" } else { "\n" });
    }
    out.push_str(&format!("{indent}}}"));
}

fn comments(out: &mut String, lines: &[String], depth: usize) {
    let indent = "  ".repeat(depth);
    for line in lines.iter().flat_map(|line| wrap(line, WIDTH - indent.len() - 2)) {
        out.push_str(format!("{indent}# {line}").trim_end());
        out.push('\n');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_reads_like_one_written_by_hand() {
        let fields = Node::List(vec![
            Node::map([("name", Node::text("id")), ("type", Node::symbol("integer"))]),
            Node::map([
                ("name", Node::text("address")),
                ("type", Node::symbol("object")),
                (
                    "properties",
                    Node::List(
                        (1..=4).map(|n| Node::map([("name", Node::Text(format!("a_long_name_{n}")))])).collect(),
                    ),
                ),
            ]),
        ]);
        let root = Node::map([
            ("title", Node::text("Ada's")),
            ("connection", Node::map([("authorization", Node::map([("type", Node::text("none"))]))])),
            (
                "actions",
                Node::Map(vec![
                    Entry::new(
                        "get",
                        Node::map([
                            ("title", Node::text("Get")),
                            ("hint", Node::text("line\nbreak")),
                            (
                                "execute",
                                Node::Lambda(
                                    vec!["_connection", "input"],
                                    vec!["get('x').".to_owned(), "  params(input)".to_owned()],
                                ),
                            ),
                            ("output_fields", Node::Gives(vec![], Box::new(fields))),
                        ]),
                    )
                    .comment(["Does it."]),
                ]),
            ),
        ]);
        insta::assert_snapshot!(file(&["A head.".to_owned()], &root), @r#"
        # A head.
        {
          title: 'Ada\'s',
          connection: { authorization: { type: 'none' } },

          actions: {
            # Does it.
            get: {
              title: 'Get',
              hint: "line\nbreak",

              execute: lambda do |_connection, input|
                get('x').
                  params(input)
              end,

              output_fields: lambda do
                [
                  { name: 'id', type: :integer },
                  {
                    name: 'address',
                    type: :object,
                    properties: [
                      { name: 'a_long_name_1' },
                      { name: 'a_long_name_2' },
                      { name: 'a_long_name_3' },
                      { name: 'a_long_name_4' }
                    ]
                  }
                ]
              end
            }
          }
        }
        "#);
    }
}
