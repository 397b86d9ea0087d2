//! What is given at a place, in order: the parameters of a method that is called, and those of a lambda that is being written.

use super::Document;
use super::complete::path_at;
use crate::check::{Connector, Mention, MentionKind, Section, lambda};
use crate::vocabulary;

/// The parameters, and which of them is being written.
#[derive(Debug, PartialEq, Eq)]
pub struct Signature {
    pub label: String,
    pub parameters: Vec<String>,
    pub active: usize,
    /// One sentence, or nothing.
    pub doc: &'static str,
}

/// The parameters of the lambda, or of the method that `call('name', …)` runs, around `offset`.
pub fn signature(document: &Document, offset: usize) -> Option<Signature> {
    let connector = document.connector();
    of_lambda(document, &connector, offset).or_else(|| of_call(document, &connector, offset))
}

/// How lambdas begin, up to their parameters.
const LAMBDAS: [&str; 7] = ["lambda do |", "lambda { |", "lambda {|", "proc do |", "proc { |", "->(", "-> ("];

/// `execute: lambda do |connection, …`: the text decides, for while it is being written nobody can read it.
fn of_lambda(document: &Document, connector: &Connector, offset: usize) -> Option<Signature> {
    let line = document.line_before(offset);
    let start = line.len() - line.trim_start().len();
    let (name, rest) = line.trim_start().split_once(':')?;
    let rest = rest.trim_start();
    let written = LAMBDAS.iter().find_map(|opener| rest.strip_prefix(opener))?;
    if written.contains(['|', ')']) {
        return None;
    }
    let mut path = path_at(connector, offset - line.len() + start);
    // The entry that is being written may have become part of the path.
    if path.last() == Some(&name) && vocabulary::key(&path).is_some_and(|key| !key.args.is_empty()) {
        path.pop();
    }
    let path: Vec<&str> = path.into_iter().chain([name]).collect();
    let key = vocabulary::key(&path).filter(|key| !key.args.is_empty())?;
    let parameters: Vec<String> = key.args.iter().map(|arg| (*arg).to_owned()).collect();
    let label = format!("{name} |{}|", parameters.join(", "));
    Some(Signature { label, parameters, active: top_level_commas(written), doc: key.doc })
}

fn of_call(document: &Document, connector: &Connector, offset: usize) -> Option<Signature> {
    let around = |mention: &Mention| matches!(mention.kind, MentionKind::Call { span, .. } if (span.lo as usize) < offset && offset <= span.hi as usize);
    let mention = connector.mentions().filter(around).max_by_key(|mention| mention.span.lo)?;
    let entry = connector.definition(Section::Methods, mention.name)?;
    let block = lambda(entry.value)?;
    let parameters: Vec<String> =
        block.params.items.iter().map(|param| document.source.slice(param.span).trim().to_owned()).collect();
    let written = document.source.text().get(mention.span.hi as usize..offset)?;
    let active = top_level_commas(written).checked_sub(1)?;
    Some(Signature { label: format!("{}({})", entry.name(), parameters.join(", ")), parameters, active, doc: "" })
}

fn top_level_commas(text: &str) -> usize {
    let (mut depth, mut commas) = (0i32, 0);
    for c in text.chars() {
        match c {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth -= 1,
            ',' if depth == 0 => commas += 1,
            _ => {}
        }
    }
    commas
}
