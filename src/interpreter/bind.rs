//! Arguments to parameters.

use super::Interpreter;
use crate::methods::{Args, Host};
use crate::program::{Lambda, Param, ParamKind, Params};
use crate::value::{ClassId, Hash, Result, Value, inspect, raise};
use smallvec::SmallVec;
use std::rc::Rc;

/// Puts a block's values where the slots of its plain parameters will be: what is too much is dropped, one array for
/// several is taken apart.
#[inline]
pub(super) fn push_plain(stack: &mut Vec<Value>, params: &Params, values: &[Value]) {
    match values {
        [Value::Array(array)] if params.spreads() => {
            stack.extend(array.items().iter().take(params.items.len()).cloned());
        }
        [value] if params.items.len() == 1 => stack.push(value.clone()),
        _ => stack.extend(values.iter().take(params.items.len()).cloned()),
    }
}

/// Takes one array apart for a block with several parameters, drops what is too much.
pub(super) fn spread(code: &Lambda, mut args: Args) -> Args {
    let params = &code.params;
    if params.spreads()
        && !args.keywords
        && let [Value::Array(array)] = args.values.as_slice()
    {
        let array = Rc::clone(array);
        args.values = array.items().iter().cloned().collect();
    }
    let keywords = if args.keywords && params.keywords { args.values.pop() } else { None };
    if !params.rest {
        args.values.truncate(usize::from(params.required + params.optional));
    }
    args.keywords = keywords.is_some();
    args.values.extend(keywords);
    args
}

/// A lambda given as a block gets the values as they are; one array for several parameters is taken apart.
pub(super) fn yielded_to_lambda(code: &Lambda, values: &[Value]) -> Args {
    match values {
        [Value::Array(array)] if code.params.required > 1 && array.len() == usize::from(code.params.required) => {
            Args::of(&array.items())
        }
        _ => Args::of(values),
    }
}

/// Puts arguments into the running frame. `strict` counts them, as lambdas do.
pub(super) fn bind(interpreter: &mut Interpreter, code: &Lambda, mut args: Args, strict: bool) -> Result<()> {
    let params = &code.params;
    if params.simple && !args.keywords {
        if strict && args.len() != params.items.len() {
            return Err(count_error(args.len(), params));
        }
        let base = interpreter.base;
        if let Some(slots) = interpreter.stack.get_mut(base..base + params.items.len()) {
            for (slot, value) in slots.iter_mut().zip(args.values) {
                *slot = value;
            }
        }
        return Ok(());
    }
    let keywords = take_keywords(params, &mut args)?;
    if strict {
        check_count(args.len(), params, keywords.as_deref())?;
    }
    bind_positional(interpreter, params, &args)?;
    bind_keywords(interpreter, params, keywords.as_deref(), strict)?;
    bind_block(interpreter, params, &args);
    Ok(())
}

fn take_keywords(params: &Params, args: &mut Args) -> Result<Option<Rc<Hash>>> {
    if params.no_keywords && args.keywords {
        return Err(raise(ClassId::ARGUMENT_ERROR, "no keywords accepted"));
    }
    Ok(if params.keywords { args.take_keywords() } else { None })
}

fn check_count(given: usize, params: &Params, keywords: Option<&Hash>) -> Result<()> {
    let required = usize::from(params.required);
    let most = required + usize::from(params.optional);
    if given >= required && (params.rest || given <= most) {
        return Ok(());
    }
    let missing: Vec<_> = params
        .items
        .iter()
        .filter(|param| matches!(param.kind, ParamKind::Keyword(_)) && keywords.is_none())
        .filter_map(|param| param.name)
        .map(crate::text::Name::as_str)
        .collect();
    if missing.is_empty() {
        return Err(count_error(given, params));
    }
    let plural = if missing.len() > 1 { "keywords" } else { "keyword" };
    Err(raise(
        ClassId::ARGUMENT_ERROR,
        format!(
            "wrong number of arguments (given {given}, expected {}; required {plural}: {})",
            expected(params),
            missing.join(", ")
        ),
    ))
}

#[cold]
fn count_error(given: usize, params: &Params) -> Box<crate::value::Unwind> {
    raise(ClassId::ARGUMENT_ERROR, format!("wrong number of arguments (given {given}, expected {})", expected(params)))
}

fn expected(params: &Params) -> String {
    let required = params.required;
    if params.rest {
        format!("{required}+")
    } else if params.optional > 0 {
        format!("{required}..{}", required + params.optional)
    } else {
        required.to_string()
    }
}

fn bind_positional(interpreter: &mut Interpreter, params: &Params, args: &Args) -> Result<()> {
    let given = args.len();
    let required = usize::from(params.required);
    let mut optional_left = given.saturating_sub(required).min(usize::from(params.optional));
    let rest = given.saturating_sub(required + optional_left);
    let mut at = 0;
    let mut take = |count: usize| {
        at += count;
        at - count
    };
    for param in &params.items {
        match &param.kind {
            ParamKind::Required(place) => {
                let value = args.get(take(1));
                interpreter.set(*place, value);
            }
            ParamKind::Destructure(targets) => {
                let value = args.get(take(1));
                interpreter.destructure(targets, &value)?;
            }
            ParamKind::Optional(place, default) => {
                let value = if optional_left > 0 {
                    optional_left -= 1;
                    args.get(take(1))
                } else {
                    interpreter.eval(default)?
                };
                interpreter.set(*place, value);
            }
            ParamKind::Rest(place) => {
                let from = take(rest);
                let values = args.values.get(from..from + rest).unwrap_or_default().to_vec();
                if let Some(place) = place {
                    interpreter.set(*place, Value::array(values));
                }
            }
            _ => {}
        }
    }
    Ok(())
}

fn bind_keywords(interpreter: &mut Interpreter, params: &Params, given: Option<&Hash>, strict: bool) -> Result<()> {
    if !params.keywords {
        return Ok(());
    }
    let left = given.map_or_else(Hash::new, Hash::copy);
    let mut missing: SmallVec<[&Param; 4]> = SmallVec::new();
    let mut rest = None;
    for param in &params.items {
        let name = param.name.map_or(Value::Nil, |name| Value::Symbol(name.into()));
        match &param.kind {
            ParamKind::Keyword(place) => match left.remove(&name) {
                Some(value) => interpreter.set(*place, value),
                None => missing.push(param),
            },
            ParamKind::KeywordOptional(place, default) => {
                let value = match left.remove(&name) {
                    Some(value) => value,
                    None => interpreter.eval(default)?,
                };
                interpreter.set(*place, value);
            }
            ParamKind::KeywordRest(place) => rest = Some(*place),
            _ => {}
        }
    }
    if !missing.is_empty() {
        return Err(missing_keywords(&missing));
    }
    match rest {
        Some(Some(place)) => interpreter.set(place, Value::hash(left)),
        Some(None) => {}
        None if (strict || given.is_some()) && !left.is_empty() => {
            return Err(unknown_keywords(&left));
        }
        None => {}
    }
    Ok(())
}

#[cold]
fn missing_keywords(missing: &[&Param]) -> Box<crate::value::Unwind> {
    let names: Vec<_> = missing.iter().filter_map(|param| param.name).map(|name| format!(":{name}")).collect();
    let plural = if names.len() > 1 { "s" } else { "" };
    raise(ClassId::ARGUMENT_ERROR, format!("missing keyword{plural}: {}", names.join(", ")))
}

#[cold]
fn unknown_keywords(left: &Hash) -> Box<crate::value::Unwind> {
    let names: Vec<_> = left.keys().iter().map(|key| inspect(key).to_text()).collect();
    let plural = if names.len() > 1 { "s" } else { "" };
    raise(ClassId::ARGUMENT_ERROR, format!("unknown keyword{plural}: {}", names.join(", ")))
}

fn bind_block(interpreter: &mut Interpreter, params: &Params, args: &Args) {
    for param in &params.items {
        if let ParamKind::Block(place) = param.kind {
            let block = args.block.clone().map_or(Value::Nil, Value::Proc);
            interpreter.set(place, block);
        }
    }
}

impl Interpreter {
    /// Takes a value apart over targets, as `(a, b)` does.
    pub(super) fn destructure(&mut self, targets: &[crate::program::TargetNode], value: &Value) -> Result<()> {
        let values = match self.force(value)? {
            Value::Array(array) => array.to_vec(),
            other => vec![other],
        };
        self.assign_each(targets, &values)
    }
}
