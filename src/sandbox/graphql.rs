//! The customers by GraphQL: `customer(id)` and `customers(first, after)` with the fields that are asked for, in one query
//! with variables and aliases. Fragments, directives and mutations are beyond it.

use std::sync::PoisonError;

use serde_json::{Map, Value, json};

use super::World;
use super::customers::authorize;
use super::message::{Asked, Reply};

/// How deep a query may nest.
const DEPTH: usize = 20;
/// Customers on a page, where the query does not say.
const PAGE: u64 = 50;

/// A field that is asked for.
struct Field {
    /// What it is called in the answer.
    alias: String,
    name: String,
    arguments: Vec<(String, Value)>,
    fields: Vec<Field>,
}

/// `POST /graphql`: an answer of 200 whether the query is good or not, as GraphQL has it.
pub(super) fn answer(world: &World, asked: &Asked) -> Reply {
    if let Err((status, message)) = authorize(asked) {
        return Reply::json(status, &json!({ "errors": [{ "message": message }] }));
    }
    match answered(world, asked) {
        Ok(data) => Reply::json(200, &json!({ "data": data })),
        Err(message) => Reply::json(200, &json!({ "data": null, "errors": [{ "message": message }] })),
    }
}

fn answered(world: &World, asked: &Asked) -> Result<Value, String> {
    let body = asked.data()?;
    let query = body["query"].as_str().ok_or("query is missing: the body is { \"query\": …, \"variables\": … }")?;
    let fields = Parser { rest: query, variables: &body["variables"] }.document()?;
    let mut data = Map::new();
    for field in &fields {
        let value = match field.name.as_str() {
            "customer" => one(world, field)?,
            "customers" => page(world, field)?,
            other => return Err(format!("Cannot query field \"{other}\" on type \"Query\".")),
        };
        data.insert(field.alias.clone(), value);
    }
    Ok(Value::Object(data))
}

fn argument<'a>(field: &'a Field, name: &str) -> &'a Value {
    field.arguments.iter().find(|(key, _)| key == name).map_or(&Value::Null, |(_, value)| value)
}

/// Numbers may be given as text.
fn whole(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| value.as_str()?.parse().ok())
}

fn one(world: &World, field: &Field) -> Result<Value, String> {
    let id = argument(field, "id");
    let id = whole(id).ok_or_else(|| format!("customer needs an id, and {id} is none"))?;
    let customers = world.customers.lock().unwrap_or_else(PoisonError::into_inner);
    customers.find(id).map_or(Ok(Value::Null), |customer| selected(&customer_of(customer), field, "Customer"))
}

/// A page after a cursor, which is the id of the customer before it.
fn page(world: &World, field: &Field) -> Result<Value, String> {
    let first = whole(argument(field, "first")).unwrap_or(PAGE).clamp(1, 1000);
    let after = whole(argument(field, "after")).unwrap_or(0);
    let customers = world.customers.lock().unwrap_or_else(PoisonError::into_inner);
    let size = usize::try_from(first).unwrap_or(usize::MAX);
    let mut found: Vec<Value> = customers.after(after).take(size.saturating_add(1)).map(customer_of).collect();
    let has_next = found.len() > size;
    found.truncate(size);
    let last = found.last().map_or(Value::Null, |customer| customer["id"].clone());
    let whole = json!({ "nodes": found, "pageInfo": { "endCursor": last, "hasNextPage": has_next } });
    selected(&whole, field, "CustomerConnection")
}

/// A customer with the names that GraphQL prefers; ids are texts there.
fn customer_of(customer: &Map<String, Value>) -> Value {
    let get = |name: &str| customer.get(name).cloned().unwrap_or_default();
    json!({
        "id": get("id").to_string(),
        "name": get("name"),
        "email": get("email"),
        "address": get("address"),
        "createdAt": get("created_at"),
        "updatedAt": get("updated_at"),
    })
}

/// What a value has of the fields that are asked for.
fn selected(value: &Value, field: &Field, kind: &str) -> Result<Value, String> {
    match value {
        Value::Array(items) => items.iter().map(|item| selected(item, field, kind)).collect(),
        Value::Object(_) if field.fields.is_empty() => {
            Err(format!("Field \"{}\" of type \"{kind}\" must have a selection of subfields.", field.name))
        }
        Value::Object(object) => {
            let mut out = Map::new();
            for inner in &field.fields {
                let Some(found) = object.get(&inner.name) else {
                    return Err(format!("Cannot query field \"{}\" on type \"{kind}\".", inner.name));
                };
                let kind = match inner.name.as_str() {
                    "nodes" => "Customer",
                    "pageInfo" => "PageInfo",
                    _ => "Address",
                };
                out.insert(inner.alias.clone(), selected(found, inner, kind)?);
            }
            Ok(Value::Object(out))
        }
        plain => Ok(plain.clone()),
    }
}

struct Parser<'a> {
    rest: &'a str,
    variables: &'a Value,
}

impl<'a> Parser<'a> {
    fn document(mut self) -> Result<Vec<Field>, String> {
        if self.peek() != Some('{') {
            let kind = self.name()?;
            if kind != "query" {
                return Err(format!("the sandbox answers queries, not a {kind}"));
            }
            if self.peek().is_some_and(|c| c.is_ascii_alphabetic() || c == '_') {
                self.name()?;
            }
            if self.take('(') {
                // Variables are taken as they come; their types are the client's concern.
                let end = self.rest.find(')').ok_or("the variables are not closed")?;
                self.rest = self.rest.get(end + 1..).unwrap_or_default();
            }
        }
        let fields = self.selection(0)?;
        match self.peek() {
            None => Ok(fields),
            Some(c) => Err(format!("Syntax Error: Unexpected {c:?}.")),
        }
    }

    fn selection(&mut self, depth: usize) -> Result<Vec<Field>, String> {
        if depth > DEPTH {
            return Err(format!("a query may nest {DEPTH} levels deep"));
        }
        self.require('{')?;
        let mut fields = Vec::new();
        while !self.take('}') {
            let mut alias = self.name()?.to_owned();
            let mut name = alias.clone();
            if self.take(':') {
                self.name()?.clone_into(&mut name);
            }
            if alias.is_empty() {
                alias.clone_from(&name);
            }
            let mut arguments = Vec::new();
            if self.take('(') {
                while !self.take(')') {
                    let key = self.name()?.to_owned();
                    self.require(':')?;
                    arguments.push((key, self.value()?));
                }
            }
            let fields_inside = if self.peek() == Some('{') { self.selection(depth + 1)? } else { Vec::new() };
            fields.push(Field { alias, name, arguments, fields: fields_inside });
        }
        Ok(fields)
    }

    fn value(&mut self) -> Result<Value, String> {
        if self.take('$') {
            let name = self.name()?;
            return Ok(self.variables[name].clone());
        }
        self.skip();
        let end = match self.rest.strip_prefix('"') {
            Some(text) => text.find('"').map(|end| end + 2),
            None => self.rest.find(|c: char| !c.is_ascii_alphanumeric() && !"-+.".contains(c)).filter(|end| *end > 0),
        };
        let (text, rest) = self.rest.split_at_checked(end.unwrap_or(0)).unwrap_or_default();
        self.rest = rest;
        serde_json::from_str(text).map_err(|_| "Syntax Error: Expected a value.".to_owned())
    }

    fn name(&mut self) -> Result<&'a str, String> {
        self.skip();
        let end = self.rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(self.rest.len());
        let (name, rest) = self.rest.split_at(end);
        if name.is_empty() {
            let found = self.peek().map_or("<EOF>".to_owned(), |c| format!("{c:?}"));
            return Err(format!("Syntax Error: Expected Name, found {found}."));
        }
        self.rest = rest;
        Ok(name)
    }

    /// Commas are white space in GraphQL, and so are comments.
    fn skip(&mut self) {
        loop {
            self.rest = self.rest.trim_start_matches(|c: char| c.is_whitespace() || c == ',' || c == '\u{feff}');
            match self.rest.strip_prefix('#') {
                Some(comment) => self.rest = comment.split_once('\n').map_or("", |(_, rest)| rest),
                None => return,
            }
        }
    }

    fn peek(&mut self) -> Option<char> {
        self.skip();
        self.rest.chars().next()
    }

    fn take(&mut self, wanted: char) -> bool {
        self.skip();
        self.rest.strip_prefix(wanted).map(|rest| self.rest = rest).is_some()
    }

    fn require(&mut self, wanted: char) -> Result<(), String> {
        if self.take(wanted) {
            return Ok(());
        }
        let found = self.peek().map_or("<EOF>".to_owned(), |c| format!("{c:?}"));
        Err(format!("Syntax Error: Expected {wanted:?}, found {found}."))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(query: &str) -> Result<String, String> {
        fn shown(fields: &[Field]) -> String {
            let one = |field: &Field| {
                let inside =
                    if field.fields.is_empty() { String::new() } else { format!("{{{}}}", shown(&field.fields)) };
                let arguments = field.arguments.iter().map(|(key, value)| format!("{key}={value}"));
                let arguments = arguments.collect::<Vec<_>>().join("&");
                format!("{}:{}({arguments}){inside}", field.alias, field.name)
            };
            fields.iter().map(one).collect::<Vec<_>>().join(" ")
        }
        let variables = json!({ "n": 2 });
        Parser { rest: query, variables: &variables }.document().map(|fields| shown(&fields))
    }

    #[test]
    fn queries() {
        for (query, expected) in [
            ("{ customer(id: 7) { id, name } }", Ok("customer:customer(id=7){id:id() name:name()}")),
            (
                "query Q($n: Int = 3) { a: customers(first: $n) { nodes { id } } } # end",
                Ok("a:customers(first=2){nodes:nodes(){id:id()}}"),
            ),
            ("{ customer(id: \"7\") }", Ok("customer:customer(id=\"7\")")),
            ("mutation { x }", Err("the sandbox answers queries, not a mutation")),
            ("{ customer(id: 7) { id ", Err("Syntax Error: Expected Name, found <EOF>.")),
            ("{ a } }", Err("Syntax Error: Unexpected '}'.")),
            ("", Err("Syntax Error: Expected Name, found <EOF>.")),
        ] {
            let found = parsed(query);
            assert_eq!(found.as_deref().map_err(String::as_str), expected, "{query}");
        }
    }
}
