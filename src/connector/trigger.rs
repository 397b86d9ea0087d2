//! Triggers that poll: one page, all pages of a poll, whole cycles of descending pages; keys by which events are told
//! apart.

use super::Run;
use super::inputs::Inputs;
use super::operation::Operation;
use super::run::{at, context, hash_of, presence, raised, wrap_array};
use super::schema::Schema;
use crate::value::{
    ClassId, Exception, Hash, Result, Value, compare, equal, indifferent, indifferent_hash, raise, to_s,
};
use std::cmp::Ordering;
use std::collections::HashSet;
use std::rc::Rc;

/// How a trigger hands out events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Polling {
    /// `poll(connection, input, closure)`: oldest first, with a cursor.
    Classic,
    /// `type: :paging_desc`: newest first, page by page, from the start each time.
    PagingDesc,
}

/// One answer of `poll`.
pub struct PollPage {
    /// As the connector returned them.
    pub events: Vec<Value>,
    /// Classic: the next closure; the old one where the connector gave none.
    pub next_poll: Value,
    /// Paging: the next page; nil on the last one.
    pub next_page: Value,
    pub can_poll_more: bool,
    pub polling: Polling,
    /// All that the connector returned.
    output: Rc<Hash>,
}

/// What polling has to know besides the closure: the input as lambdas get it.
pub struct PollArgs {
    pub input: Value,
    pub input_schema: Value,
    pub output_schema: Value,
}

impl Run<'_> {
    /// The trigger of that name; `None` if there is none.
    pub fn trigger(&self, name: &str) -> Option<Operation> {
        match self.session.part(&["triggers", name]) {
            Value::Hash(definition) => Some(Operation::new(name, definition, ClassId::TRIGGER)),
            _ => None,
        }
    }

    /// The arguments of a direct call: everything as given.
    pub fn direct_poll_args(inputs: &Inputs) -> PollArgs {
        let schema = |value: &Value| Value::array(wrap_array(&indifferent(value)));
        PollArgs {
            input: Value::Hash(indifferent_hash(&inputs.input)),
            input_schema: schema(&inputs.extended_input_schema),
            output_schema: schema(&inputs.extended_output_schema),
        }
    }

    /// The arguments of a whole run: input trimmed and converted; and the schema that events are converted by.
    pub fn converted_poll_args(&mut self, trigger: &Operation, input: &Value) -> Result<(PollArgs, Schema)> {
        let raw = indifferent(input);
        let extended = self.extended_schema(trigger, &raw)?;
        let input_schema = self.schema(&extended.input)?;
        let output_schema = self.schema(&extended.output)?;
        let all = self.input_schema(trigger, &input_schema, &raw)?;
        let input = self.apply_input_schema(trigger, &all, &raw)?;
        self.validate_input(&all, &input)?;
        let args = PollArgs { input, input_schema: input_schema.to_value(), output_schema: output_schema.to_value() };
        Ok((args, output_schema))
    }

    /// One call of `poll`; `cursor` is the closure, or the page of a paging trigger.
    pub fn poll_page(&mut self, trigger: &Operation, args: &PollArgs, cursor: &Value) -> Result<PollPage> {
        let poll = trigger.get("poll");
        if !poll.truthy() {
            let exception = Exception::new(
                ClassId::SDK_INVALID_DEFINITION_ERROR,
                format!("'poll' block is required for trigger '{}'", trigger.name),
            );
            return Err(raised(exception.with_help("a trigger without poll is run by its webhooks")));
        }
        let lambda_args = [
            self.session.settings(),
            args.input.clone(),
            indifferent(cursor),
            args.input_schema.clone(),
            args.output_schema.clone(),
        ];
        let output = self.operate(trigger, &poll, &lambda_args)?;
        let output = match output {
            Value::Nil | Value::False => Rc::new(Hash::indifferent()),
            Value::Hash(output) => output,
            _ => return Err(invalid_output()),
        };
        let whole = Rc::clone(&output);
        let output = Value::Hash(output);
        let (next_poll, next_page) = (presence(at(&output, "next_poll")), at(&output, "next_page"));
        let polling = self.polling(trigger, &output);
        Ok(PollPage {
            events: wrap_array(&at(&output, "events")),
            next_poll: next_poll.unwrap_or_else(|| indifferent(cursor)),
            next_page: presence(next_page).unwrap_or_default(),
            can_poll_more: at(&output, "can_poll_more").truthy(),
            polling,
            output: whole,
        })
    }

    /// The declared kind; what an answer shows decides where it contradicts.
    fn polling(&self, trigger: &Operation, output: &Value) -> Polling {
        let has = |key: &str| !at(output, key).is_nil();
        let declared = declared_polling(trigger);
        match declared {
            Polling::PagingDesc if has("next_poll") && !has("next_page") => Polling::Classic,
            Polling::Classic if has("next_page") && !has("next_poll") => {
                let name = &trigger.name;
                self.session.note(format!("trigger '{name}' returns next_page: add `type: :paging_desc` to say so"));
                Polling::PagingDesc
            }
            declared => declared,
        }
    }

    /// `poll` until there is no more, as one run does it.
    pub fn poll(&mut self, trigger: &Operation, args: &PollArgs, closure: &Value) -> Result<Value> {
        let mut cursor = closure.clone();
        let mut pages: Vec<Vec<Value>> = Vec::new();
        let paging = declared_polling(trigger) == Polling::PagingDesc;
        if paging {
            cursor = Value::Nil;
        }
        let mut polling = if paging { Polling::PagingDesc } else { Polling::Classic };
        for _ in 0..self.session.environment.habits.max_pages {
            let page = self.poll_page(trigger, args, &cursor)?;
            polling = page.polling;
            let seen_before =
                polling == Polling::PagingDesc && pages.iter().any(|known| same_events(known, &page.events));
            let more = match polling {
                Polling::Classic => page.can_poll_more,
                Polling::PagingDesc => page.next_page.truthy() && !seen_before,
            };
            cursor = if polling == Polling::Classic { page.next_poll } else { page.next_page };
            if !seen_before {
                pages.push(page.events);
            }
            if !more {
                break;
            }
        }
        let events = self.in_order(trigger, pages, polling)?;
        Ok(match polling {
            Polling::Classic => {
                hash_of([("events", Value::array(events)), ("can_poll_more", Value::False), ("next_poll", cursor)])
            }
            Polling::PagingDesc => hash_of([("events", Value::array(events)), ("next_page", Value::Nil)]),
        })
    }

    /// Oldest first without repetitions; newest first and as they came where the reference's order is wanted.
    fn in_order(&mut self, trigger: &Operation, pages: Vec<Vec<Value>>, polling: Polling) -> Result<Vec<Value>> {
        let habits = self.session.environment.habits.clone();
        let mut events: Vec<Value> = pages.into_iter().flatten().collect();
        if habits.gem_order {
            if polling == Polling::Classic {
                events.reverse();
            }
            return Ok(events);
        }
        if polling == Polling::PagingDesc {
            events.reverse();
            events = self.sorted(trigger, events)?;
        }
        if habits.dedup { self.without_repetitions(trigger, events) } else { Ok(events) }
    }

    /// Stably by `sort_by`, where the trigger has it and its values can be compared.
    pub fn sorted(&mut self, trigger: &Operation, events: Vec<Value>) -> Result<Vec<Value>> {
        let mut keyed = Vec::with_capacity(events.len());
        for event in events {
            keyed.push((self.sort_key(trigger, &event)?, event));
        }
        let comparable = keyed.windows(2).all(|pair| match pair {
            [(a, _), (b, _)] => !a.is_nil() && compare(a, b).is_some(),
            _ => true,
        });
        if comparable {
            keyed.sort_by(|(a, _), (b, _)| compare(a, b).unwrap_or(Ordering::Equal));
        }
        Ok(keyed.into_iter().map(|(_, event)| event).collect())
    }

    fn without_repetitions(&mut self, trigger: &Operation, events: Vec<Value>) -> Result<Vec<Value>> {
        let mut seen = HashSet::new();
        let mut kept = Vec::with_capacity(events.len());
        for event in events {
            let key = self.dedup_key(trigger, &event)?;
            if key.is_none_or(|key| seen.insert(key)) {
                kept.push(event);
            }
        }
        Ok(kept)
    }

    /// What tells one event from another; `None` where the trigger has no way to tell, or the key is empty.
    pub fn dedup_key(&mut self, trigger: &Operation, event: &Value) -> Result<Option<String>> {
        let key = if trigger.has("dedup") {
            to_s(&self.dedup(trigger, event)?).to_text()
        } else if declared_polling(trigger) == Polling::PagingDesc {
            let id = to_s(&self.document_id(trigger, event)?).to_text();
            let rank = to_s(&self.sort_key(trigger, event)?).to_text();
            if id.is_empty() { String::new() } else { format!("{id}@{rank}") }
        } else {
            return Ok(None);
        };
        if key.is_empty() {
            self.session.note(format!("trigger '{}': an event has an empty dedup key and is kept", trigger.name));
        }
        Ok(Some(key).filter(|key| !key.is_empty()))
    }

    /// `dedup(event)` as it is.
    pub fn dedup(&mut self, trigger: &Operation, event: &Value) -> Result<Value> {
        self.event_lambda(trigger, "dedup", event)
    }

    /// `document_id(event)`, else the event's id.
    pub fn document_id(&mut self, trigger: &Operation, event: &Value) -> Result<Value> {
        if trigger.has("document_id") {
            return self.event_lambda(trigger, "document_id", event);
        }
        let Value::Hash(event) = event else { return Ok(Value::Nil) };
        let id = event.to_vec().into_iter().find(|(key, _)| to_s(key).to_text().eq_ignore_ascii_case("id"));
        Ok(id.map_or(Value::Nil, |(_, id)| id))
    }

    /// `sort_by(event)`; nil where there is none.
    pub fn sort_key(&mut self, trigger: &Operation, event: &Value) -> Result<Value> {
        if trigger.has("sort_by") { self.event_lambda(trigger, "sort_by", event) } else { Ok(Value::Nil) }
    }

    fn event_lambda(&mut self, trigger: &Operation, key: &str, event: &Value) -> Result<Value> {
        let lambda = trigger.get(key);
        let value = self.invoke(&lambda, &context(ClassId::WITH_DSL), &[indifferent(event)])?;
        self.resolve(&value)
    }

    /// Converts events as the whole pipeline does.
    pub fn convert_events(&mut self, trigger: &Operation, schema: &Schema, output: &Value) -> Result<()> {
        let Value::Array(events) = at(output, "events") else { return Ok(()) };
        for (index, event) in events.to_vec().iter().enumerate() {
            if !matches!(event, Value::Hash(_)) {
                let message =
                    format!("an event of trigger '{}' has to be a Hash, got {}", trigger.name, event.class().name());
                return Err(raise(ClassId::TYPE_ERROR, message));
            }
            let converted = self.apply_output_schema(trigger, schema, event)?;
            if let Some(place) = events.items_mut().get_mut(index) {
                *place = converted;
            }
        }
        Ok(())
    }
}

/// An API that starts over at its first page says the same again.
fn same_events(a: &[Value], b: &[Value]) -> bool {
    !a.is_empty() && a.len() == b.len() && a.iter().zip(b).all(|(a, b)| equal(a, b))
}

/// What the trigger says of itself.
pub fn declared_polling(trigger: &Operation) -> Polling {
    let kind = to_s(&trigger.get("type")).to_text();
    if kind == "paging_desc" { Polling::PagingDesc } else { Polling::Classic }
}

impl PollPage {
    /// The page as a hash, in the order of events that is wanted.
    pub fn to_value(&self, newest_first: bool) -> Value {
        let mut events = self.events.clone();
        if newest_first == (self.polling == Polling::Classic) {
            events.reverse();
        }
        let events = Value::Array(Rc::new(events.into()));
        match self.polling {
            Polling::Classic => {
                let page = self.output.copy();
                page.insert_str("events", events);
                page.insert_str("next_poll", self.next_poll.clone());
                Value::hash(page)
            }
            Polling::PagingDesc => hash_of([("events", events), ("next_page", self.next_page.clone())]),
        }
    }
}

fn invalid_output() -> Box<crate::value::Unwind> {
    let message = "Invalid output from trigger poll lambda.\n\
                   See SDK documentation: \
                   https://docs.workato.com/developing-connectors/sdk/sdk-reference/triggers.html#poll";
    let exception = Exception::new(ClassId::SDK_INVALID_POLL_OUTPUT_ERROR, message.to_owned());
    raised(exception.with_help("poll has to return { events: [...], next_poll: ..., can_poll_more: true or false }"))
}
