//! Pick lists: lambdas that take their parameters as keywords.

use super::Run;
use super::run::{context, expect_lambda};
use crate::methods::Args;
use crate::value::{ClassId, Hash, Proc, Result, Unwind, Value, indifferent, is_blank, to_s};

impl Run<'_> {
    /// The entries of a pick list; `parameters` are its keywords.
    pub fn pick_list(&mut self, list: &Value, parameters: &Value) -> Result<Value> {
        if !matches!(list, Value::Proc(_)) {
            return Ok(list.clone());
        }
        let lambda = expect_lambda(list)?.clone();
        let count = lambda.code.parameters().iter().filter(|(kind, _)| *kind != "block").count();
        let mut args = Args::none();
        if count >= 1 {
            args.values.push(self.session.settings());
        }
        if count >= 2 {
            let keywords = symbol_keyed(parameters);
            if !keywords.is_empty() {
                args.values.push(Value::hash(keywords));
                args.keywords = true;
            }
        }
        let receiver = context(ClassId::CONTEXT);
        let value = self.with_streams(false, |run| run.host.call_with_receiver(&lambda, receiver, args));
        let value = value.inspect_err(|unwind| explain(unwind, &lambda))?;
        let resolved = self.resolve(&value)?;
        Ok(indifferent(&resolved))
    }
}

/// Says which parameters there are where they were not the right ones.
fn explain(unwind: &Unwind, list: &Proc) {
    let Unwind::Raise(exception) = unwind else { return };
    let of_keywords = ["missing keyword", "unknown keyword"].iter().any(|start| exception.message().starts_with(start));
    if exception.class != ClassId::ARGUMENT_ERROR || !of_keywords || exception.help.borrow().is_some() {
        return;
    }
    let parameters = list.code.parameters();
    let keywords = parameters.iter().filter(|(kind, _)| kind.starts_with("key"));
    let listed: Vec<String> = keywords.filter_map(|(_, name)| *name).map(|name| format!("\"{name}\": …")).collect();
    *exception.help.borrow_mut() = Some(format!("its parameters are given by `--args '{{{}}}'`", listed.join(", ")));
}

fn symbol_keyed(parameters: &Value) -> Hash {
    let keywords = Hash::new();
    if is_blank(parameters) {
        return keywords;
    }
    if let Value::Hash(given) = parameters {
        for (key, value) in given.to_vec() {
            keywords.insert(super::function::symbol(&to_s(&key).to_text()), indifferent(&value));
        }
    }
    keywords
}
