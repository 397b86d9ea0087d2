//! The SDK's `where`: rows of hashes filtered by conditions, chainable, read when somebody looks.

use super::enumerable::each::to_vec;
use super::{Args, Host, Method, Receiver, Table, ops, sdk};
use crate::value::{Array, ClassId, Hash, Kind, Object, Result, Value, inspect, raise};
use std::any::Any;
use std::cell::RefCell;
use std::rc::Rc;

/// The table of this file. Everything else that a `where` answers to are the rows of Array and Enumerable.
pub static TABLES: &[Table] = &[Table { receiver: Receiver::Kinds(&[Kind::Where]), rows: ROWS }];

const ROWS: &[Method] = &[
    sdk(
        "not",
        "(conditions = {}) -> Where",
        "Keeps the rows for which not all of these conditions hold.",
        "[{'a' => 1}, {'a' => 2}].where.not('a' => 1).to_a => [{\"a\"=>2}]",
        |_, it, args| add(it, &args.get(0), true),
    ),
    sdk(
        "where",
        "(conditions = {}) -> Where",
        "Keeps the rows for which these conditions hold too.",
        "[{'a' => 1}, {'a' => 2}].where('a >' => 0).where('a' => 2).to_a => [{\"a\"=>2}]",
        |_, it, args| add(it, &args.get(0), false),
    ),
];

/// A filter over rows.
struct Where {
    source: Value,
    conditions: RefCell<Vec<(Rc<Hash>, bool)>>,
    found: RefCell<Option<Rc<Array>>>,
}

impl Object for Where {
    fn kind(&self) -> Kind {
        Kind::Where
    }

    fn class(&self) -> ClassId {
        ClassId::ARRAY_WHERE
    }

    fn inspect(&self) -> String {
        match &*self.found.borrow() {
            Some(found) => inspect(&Value::Array(Rc::clone(found))).to_text(),
            None => format!("#<{}>", self.class().name()),
        }
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// `rows.where(conditions)`; nothing is filtered yet. Rows that do not begin with a hash are none.
pub fn new(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let first = super::enumerable::take_first(host, receiver, 1)?.pop();
    let source = if matches!(first, Some(Value::Hash(_))) { receiver.clone() } else { Value::array(Vec::new()) };
    let rows = Where { source, conditions: RefCell::default(), found: RefCell::default() };
    add(&Value::object(rows), &args.get(0), false)
}

fn add(receiver: &Value, conditions: &Value, negated: bool) -> Result<Value> {
    if let (Some(rows), Value::Hash(conditions)) = (receiver.downcast::<Where>(), conditions)
        && !conditions.is_empty()
    {
        rows.conditions.borrow_mut().push((Rc::clone(conditions), negated));
    }
    Ok(receiver.clone())
}

/// The array of rows that a `where` comes to; `None` for any other value.
pub fn rows(host: &mut dyn Host, value: &Value) -> Result<Option<Value>> {
    let Some(filter) = value.downcast::<Where>() else { return Ok(None) };
    if let Some(found) = &*filter.found.borrow() {
        return Ok(Some(Value::Array(Rc::clone(found))));
    }
    let conditions = parse(&filter.conditions.borrow());
    let mut kept = Vec::new();
    for row in to_vec(host, &filter.source)? {
        host.tick()?;
        if holds(host, &conditions, &row)? {
            kept.push(row);
        }
    }
    let kept = Rc::new(Array::from(kept));
    *filter.found.borrow_mut() = Some(Rc::clone(&kept));
    Ok(Some(Value::Array(kept)))
}

/// Does a row meet the conditions of one hash?
pub fn matches(host: &mut dyn Host, conditions: &Rc<Hash>, row: &Value) -> Result<bool> {
    let conditions = parse(&[(Rc::clone(conditions), false)]);
    holds(host, &conditions, row)
}

/// Conditions that must all hold, or, negated, must not all hold.
struct Group {
    conditions: Vec<Condition>,
    negated: bool,
}

struct Condition {
    path: Vec<Value>,
    label: String,
    operator: &'static str,
    wanted: Value,
}

fn parse(groups: &[(Rc<Hash>, bool)]) -> Vec<Group> {
    let group = |(conditions, negated): &(Rc<Hash>, bool)| Group {
        conditions: conditions.to_vec().into_iter().map(|(key, wanted)| Condition::parse(&key, wanted)).collect(),
        negated: *negated,
    };
    groups.iter().map(group).collect()
}

const OPERATORS: &[&str] = &[">=", "<=", "!=", "==", ">", "<", "=", "!"];

impl Condition {
    /// Reads `'a.b >=' => 5`.
    fn parse(key: &Value, wanted: Value) -> Self {
        let text = crate::value::to_s(key).to_text();
        let trimmed = text.trim_end_matches(' ');
        let operator = OPERATORS.iter().find(|operator| trimmed.ends_with(**operator)).copied();
        let name = operator.map_or(&*text, |operator| &trimmed[..trimmed.len() - operator.len()]);
        let parts: Vec<&str> = name.split('.').map(str::trim).filter(|part| !part.is_empty()).collect();
        let is_symbol = matches!(key, Value::Symbol(_));
        let path = parts.iter().map(|part| if is_symbol { Value::symbol(part) } else { Value::str(part) }).collect();
        let operator = operator.unwrap_or(match &wanted {
            Value::Array(_) | Value::Range(_) => "include?",
            Value::Regexp(_) => "match?",
            _ => "==",
        });
        Self { path, label: parts.join("."), operator, wanted }
    }

    fn holds(&self, host: &mut dyn Host, row: &Value) -> Result<bool> {
        let mut found = row.clone();
        for key in &self.path {
            found = step(host, &found, key)?;
        }
        self.compare(host, found)
    }

    fn compare(&self, host: &mut dyn Host, found: Value) -> Result<bool> {
        let (mut left, mut right) = (found, self.wanted.clone());
        if self.operator == "include?" {
            std::mem::swap(&mut left, &mut right);
        }
        if matches!(self.operator, "match?" | "include?") || self.operator.contains(['<', '>']) {
            if left.is_nil() {
                return Err(raise(ClassId::RUNTIME_ERROR, format!("The '{}' is nil", self.label)));
            }
            if right.is_nil() {
                return Err(raise(ClassId::RUNTIME_ERROR, format!("Can't compare '{}' with nil", self.label)));
            }
        }
        if is_number(&left) {
            right = number_of(&right).unwrap_or(right);
        } else if is_number(&right) {
            left = number_of(&left).unwrap_or(left);
        }
        match self.operator {
            "==" | "=" => ops::equals(host, &left, &right),
            "!=" => Ok(!ops::equals(host, &left, &right)?),
            other => Ok(ops::send(host, &left, other, &[right])?.truthy()),
        }
    }
}

/// The value of a key; a row with the other kind of keys is asked with those.
fn step(host: &mut dyn Host, value: &Value, key: &Value) -> Result<Value> {
    match value {
        Value::Nil => Ok(Value::Nil),
        Value::Hash(hash) if !hash.contains(key) => {
            let other = match key {
                Value::Symbol(symbol) => symbol.with(Value::str),
                Value::Str(text) => Value::symbol(&text.to_text()),
                other => other.clone(),
            };
            match hash.get(&other) {
                Some(found) => Ok(found),
                None => ops::send(host, value, "[]", std::slice::from_ref(key)),
            }
        }
        _ => ops::send(host, value, "[]", std::slice::from_ref(key)),
    }
}

const fn is_number(value: &Value) -> bool {
    matches!(value, Value::Int(_) | Value::Float(_) | Value::BigInt(_) | Value::Decimal(_) | Value::Rational(_))
}

/// The number that a text spells, if it spells one.
fn number_of(value: &Value) -> Option<Value> {
    let Value::Str(text) = value else { return None };
    let text = text.to_text();
    let digits = text.trim();
    if !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return digits.parse().ok().map(Value::big);
    }
    let plain = digits.bytes().all(|byte| byte.is_ascii_digit() || b"+-.eE_".contains(&byte));
    let has_digit = digits.bytes().any(|byte| byte.is_ascii_digit());
    if plain && has_digit { digits.replace('_', "").parse().ok().map(Value::float) } else { None }
}

fn holds(host: &mut dyn Host, groups: &[Group], row: &Value) -> Result<bool> {
    for group in groups {
        let mut all = true;
        for condition in &group.conditions {
            if !condition.holds(host, row)? {
                all = false;
                break;
            }
        }
        if all == group.negated {
            return Ok(false);
        }
    }
    Ok(true)
}
