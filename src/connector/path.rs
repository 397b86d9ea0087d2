//! Dotted paths: which part of the connector runs, with which of the inputs.

use super::Run;
use super::authorization::unauthorized;
use super::inputs::Inputs;
use super::operation::Operation;
use super::run::{context, hash_of, raised, wrap_array};
use super::summarize::summarize;
use super::trigger::Polling;
use super::webhook::Notification;
use crate::methods::Args;
use crate::text::{Name, nearest_several};
use crate::value::{ClassId, Exception, Hash, Result, Unwind, Value, deep_copy, indifferent, is_blank, raise, to_s};

/// The attribute of errors that are the caller's: a part that is not there.
pub const USAGE: &str = "usage";

/// Parts of an action, besides itself.
const ACTION_PARTS: &[&str] = &[
    "config_fields",
    "description",
    "execute",
    "extended_schema",
    "help",
    "input_fields",
    "json_schema",
    "output_fields",
    "sample_output",
    "summarize_input",
    "summarize_output",
];
/// Parts of a trigger, besides itself.
const TRIGGER_PARTS: &[&str] = &[
    "config_fields",
    "dedup",
    "description",
    "document_id",
    "extended_schema",
    "help",
    "input_fields",
    "json_schema",
    "output_fields",
    "poll",
    "poll_page",
    "sample_output",
    "sort_by",
    "summarize_input",
    "summarize_output",
    "webhook_key",
    "webhook_notification",
    "webhook_refresh",
    "webhook_subscribe",
    "webhook_unsubscribe",
];
const AUTHORIZATION_PARTS: &[&str] = &[
    "acquire",
    "authorization_url",
    "client_id",
    "client_secret",
    "detect_on",
    "identity",
    "pkce",
    "refresh",
    "refresh_on",
    "token_url",
    "type",
];
const CONNECTION_PARTS: &[&str] = &["authorization", "base_uri", "extended_fields", "fields"];
/// What a path can start with.
const ROOTS: &[&str] = &[
    "actions",
    "connection",
    "methods",
    "object_definitions",
    "pick_lists",
    "streams",
    "syncs",
    "test",
    "title",
    "triggers",
    "webhook_keys",
];

impl Run<'_> {
    /// Runs the part at a path.
    pub fn at_path(&mut self, path: &str, inputs: &Inputs) -> Result<Value> {
        let steps: Vec<&str> = path.split('.').collect();
        match steps.as_slice() {
            ["title"] => Ok(self.session.part(&["title"])),
            ["test"] => self.test(inputs),
            ["webhook_keys"] => self.webhook_keys(&Notification::of(inputs)),
            ["actions", name, rest @ ..] => {
                let action = self.named_operation("actions", name, rest.is_empty())?;
                self.action_part(&action, rest, inputs)
            }
            ["triggers", name, rest @ ..] => {
                let trigger = self.named_operation("triggers", name, rest.is_empty())?;
                self.trigger_part(&trigger, rest, inputs)
            }
            ["methods", name] => self.run_method(name, inputs),
            ["pick_lists", name] => {
                let list = self.named("pick_lists", name, true)?;
                self.pick_list(&list, &first_hash(&inputs.args))
            }
            ["object_definitions", name] | ["object_definitions", name, "fields"] => {
                self.named("object_definitions", name, false)?;
                self.definition_fields(name, &inputs.config_fields)
            }
            ["syncs", name] | ["syncs", name, "fetch"] => {
                self.named("syncs", name, true)?;
                Ok(self.fetch_chunk(name, &inputs.input, &inputs.closure)?.to_value())
            }
            ["streams", name] => self.run_stream(name, inputs),
            ["connection", rest @ ..] => self.connection_part(rest, inputs),
            [root, ..] if ROOTS.contains(root) => Err(self.missing_name(root)),
            [root, rest @ ..] => Err(unknown("part of a connector", root, ROOTS.iter().copied(), rest.is_empty())),
            [] => Err(unknown("part of a connector", "", ROOTS.iter().copied(), true)),
        }
    }

    /// `test(connection)`
    fn test(&mut self, inputs: &Inputs) -> Result<Value> {
        let test = self.session.part(&["test"]);
        if !test.truthy() {
            let message = "'execute' block is required for action".to_owned();
            let exception = Exception::new(ClassId::SDK_INVALID_DEFINITION_ERROR, message);
            let misplaced = self.session.part(&["connection", "test"]).truthy();
            return Err(raised(exception.with_help(if misplaced {
                "`test` stands in `connection`, where it is not run: move it to the top, beside `connection`"
            } else {
                "the connector has no `test: lambda do |connection| … end`"
            })));
        }
        let args = [self.session.settings(), indifferent(&inputs.input)];
        self.with_streams(false, |run| run.invoke_resolved(&test, &context(ClassId::CONTEXT), &args))
    }

    fn action_part(&mut self, action: &Operation, rest: &[&str], inputs: &Inputs) -> Result<Value> {
        match rest {
            [] => self.run_action(action, inputs),
            ["execute"] => self.run_execute(action, inputs),
            rest => self.operation_part(action, rest, inputs, "action", ACTION_PARTS),
        }
    }

    fn trigger_part(&mut self, trigger: &Operation, rest: &[&str], inputs: &Inputs) -> Result<Value> {
        let input = &inputs.input;
        match rest {
            [] if trigger.has("webhook_notification") => self.run_webhook(trigger, inputs),
            [] => {
                let (args, schema) = self.converted_poll_args(trigger, input)?;
                let output = self.poll(trigger, &args, &Value::Nil)?;
                self.convert_events(trigger, &schema, &output)?;
                Ok(output)
            }
            ["poll"] => self.poll(trigger, &Self::direct_poll_args(inputs), &inputs.closure),
            ["poll_page"] => {
                let page = self.poll_page(trigger, &Self::direct_poll_args(inputs), &inputs.closure)?;
                let gem_order = self.session.environment.habits.gem_order;
                Ok(page.to_value(gem_order || page.polling == Polling::PagingDesc))
            }
            ["dedup"] => self.dedup(trigger, input),
            ["document_id"] => self.document_id(trigger, &indifferent(input)),
            ["sort_by"] => self.sort_key(trigger, &indifferent(input)),
            ["webhook_notification"] => self.run_notification(trigger, inputs),
            ["webhook_subscribe"] => {
                let Some(url) = &inputs.webhook_url else {
                    let message = "webhook_subscribe needs the address that events shall be sent to".to_owned();
                    let exception = Exception::new(ClassId::TYPE_ERROR, message);
                    return Err(raised(exception.with_help("give it with --webhook-url")));
                };
                self.subscribe(trigger, url, input)
            }
            ["webhook_refresh"] => self.refresh_subscription(trigger, &inputs.webhook_subscribe_output),
            ["webhook_unsubscribe"] => self.unsubscribe(trigger, &inputs.webhook_subscribe_output),
            ["webhook_key"] => self.webhook_key(trigger, input),
            rest => self.operation_part(trigger, rest, inputs, "trigger", TRIGGER_PARTS),
        }
    }

    /// What actions and triggers have in common.
    fn operation_part(
        &mut self,
        operation: &Operation,
        rest: &[&str],
        inputs: &Inputs,
        kind: &str,
        parts: &[&'static str],
    ) -> Result<Value> {
        match rest {
            ["input_fields"] => self.fields(operation, "input_fields", &inputs.config_fields),
            ["output_fields"] => self.fields(operation, "output_fields", &inputs.config_fields),
            ["config_fields"] => self.config_fields(operation, &inputs.config_fields),
            ["extended_schema"] => {
                let extended = self.extended_schema(operation, &inputs.config_fields)?;
                Ok(hash_of([("input", extended.input), ("output", extended.output)]))
            }
            ["json_schema"] => {
                let config = self.config_fields(operation, &inputs.config_fields)?;
                let extended = self.extended_schema(operation, &inputs.config_fields)?;
                Ok(super::json_schema::of(&extended, &config))
            }
            ["sample_output"] => self.sample_output(operation, &inputs.input),
            ["summarize_input" | "summarize_output"] => {
                let paths = wrap_array(&operation.get(rest.first().copied().unwrap_or_default()));
                summarize(&indifferent(&inputs.input), &paths)
            }
            ["description" | "help"] => {
                let key = rest.first().copied().unwrap_or_default();
                self.help_text(operation, key, inputs)
            }
            [part, more @ ..] => Err(unknown(
                &format!("part of {kind} '{}'", operation.name),
                part,
                parts.iter().copied(),
                more.is_empty(),
            )),
            [] => Ok(Value::Nil),
        }
    }

    /// A text, or what the lambda in its place makes of input and labels.
    fn help_text(&mut self, operation: &Operation, key: &str, inputs: &Inputs) -> Result<Value> {
        let text = operation.get(key);
        if !matches!(text, Value::Proc(_)) {
            return Ok(text);
        }
        let url = inputs.webhook_url.as_deref().map(Value::str).unwrap_or_default();
        let args = [indifferent(&inputs.input), Value::hash(Hash::indifferent()), self.session.settings(), url];
        self.operate(operation, &text, &args)
    }

    /// `methods.m`: a list holds positional arguments, a hash is one.
    fn run_method(&mut self, name: &str, inputs: &Inputs) -> Result<Value> {
        self.named("methods", name, true)?;
        let mut args = Args::one(Value::str(name));
        match &inputs.args {
            Value::Array(items) => args.values.extend(items.to_vec()),
            Value::Nil => {}
            other => args.values.push(other.clone()),
        }
        let receiver = context(ClassId::CONTEXT);
        // The method is called as any lambda would call it: with a context as self.
        let value = self.with_streams(true, |run| run.call_as(&receiver, args))?;
        let resolved = self.resolve(&value)?;
        Ok(indifferent(&resolved))
    }

    /// `call(name, *args)` with that `self`.
    fn call_as(&mut self, receiver: &Value, args: Args) -> Result<Value> {
        let name = args.text(0);
        match self.session.part(&["methods", &name]) {
            Value::Proc(method) => {
                let mut given = Args::of(args.values.get(1..).unwrap_or_default());
                super::function::take_hash_for_keywords(&method, &mut given);
                self.host.call_with_receiver(&method, receiver.clone(), given)
            }
            other => {
                let class = other.class().name();
                let message = format!("Expected lambda for method '{name}' definition, got: {class}");
                Err(raise(ClassId::SDK_UNEXPECTED_METHOD_DEFINITION_ERROR, message))
            }
        }
    }

    /// `streams.s` is one chunk, `streams.s!` the whole in one piece.
    fn run_stream(&mut self, name: &str, inputs: &Inputs) -> Result<Value> {
        if let Some(name) = name.strip_suffix('!') {
            let mut whole = Value::Nil;
            self.read_stream(name, inputs, &mut |run, data| {
                whole = if whole.is_nil() { data } else { run.send(&whole, "+", &[data])? };
                Ok(())
            })?;
            return Ok(whole);
        }
        let lambda = self.known_stream(name)?;
        let to = inputs.from + inputs.frame_size - 1;
        let (data, eof) = self.chunk(&lambda, &inputs.input, [inputs.from, to, inputs.frame_size])?;
        Ok(Value::array(vec![data, Value::bool(eof)]))
    }

    /// The lambda of a stream; a name that is not there is an error with the names that are.
    pub(super) fn known_stream(&self, name: &str) -> Result<Value> {
        self.stream(name).ok_or_else(|| {
            let known = self.stream_names();
            unknown("stream", name, known.iter().map(String::as_str), true)
        })
    }

    fn connection_part(&mut self, rest: &[&str], inputs: &Inputs) -> Result<Value> {
        match rest {
            ["base_uri"] => Ok(self.base_uri()?.map(Value::string).unwrap_or_default()),
            ["fields"] => {
                let fields = self.session.part(&["connection", "fields"]);
                self.connection_lambda(fields)
            }
            ["extended_fields"] => {
                let fields = self.session.part(&["connection", "extended_fields"]);
                self.connection_lambda(fields)
            }
            ["authorization", part] => self.authorization_part(part, inputs),
            [part, more @ ..] => {
                Err(unknown("part of the connection", part, CONNECTION_PARTS.iter().copied(), more.is_empty()))
            }
            [] => Err(self.missing_name("connection")),
        }
    }

    /// Data, or a lambda of the settings that makes it.
    fn connection_lambda(&mut self, value: Value) -> Result<Value> {
        if !matches!(value, Value::Proc(_)) {
            return Ok(deep_copy(&value));
        }
        let settings = self.session.settings();
        self.invoke_resolved(&value, &context(ClassId::OPERATION), &[settings])
    }

    fn authorization_part(&mut self, part: &str, inputs: &Inputs) -> Result<Value> {
        match part {
            "type" => Ok(Value::string(self.expect_authorization()?.kind())),
            "refresh_on" => Ok(Value::array(self.expect_authorization()?.refresh_on())),
            "detect_on" => Ok(Value::array(self.expect_authorization()?.detect_on())),
            "client_id" | "client_secret" | "authorization_url" | "token_url" => self.authorization_text(part),
            "acquire" => {
                let [code, url] = [&inputs.oauth2_code, &inputs.redirect_url].map(Clone::clone);
                self.acquire(code, url, inputs.verifier.clone()).map_err(unauthorized)
            }
            "refresh" => {
                let token = if is_blank(&inputs.refresh_token) {
                    self.session.setting("refresh_token")
                } else {
                    inputs.refresh_token.clone()
                };
                self.refresh(token).map_err(unauthorized)
            }
            "pkce" => self.proof_key(),
            "identity" => {
                let identity = self.expect_authorization()?.get("identity");
                self.connection_lambda(identity)
            }
            part => Err(unknown("part of the authorization", part, AUTHORIZATION_PARTS.iter().copied(), true)),
        }
    }

    fn named_operation(&mut self, kind: &'static str, name: &str, is_last: bool) -> Result<Operation> {
        let operation = if kind == "actions" { self.action(name) } else { self.trigger(name) };
        match operation {
            Some(operation) => Ok(operation),
            None => Err(self.unknown_name(kind, name, is_last)),
        }
    }

    fn named(&mut self, kind: &'static str, name: &str, is_last: bool) -> Result<Value> {
        match self.session.table(&[kind]).get_either(name) {
            Some(value) => Ok(value),
            None => Err(self.unknown_name(kind, name, is_last)),
        }
    }

    fn unknown_name(&self, kind: &str, name: &str, is_last: bool) -> Box<Unwind> {
        let known: Vec<String> = self.session.table(&[kind]).keys().iter().map(|key| to_s(key).to_text()).collect();
        let what = kind.strip_suffix('s').unwrap_or(kind).replace('_', " ");
        unknown(&what, name, known.iter().map(String::as_str), is_last)
    }

    fn missing_name(&self, root: &str) -> Box<Unwind> {
        let known: Vec<String> = self.session.table(&[root]).keys().iter().map(|key| to_s(key).to_text()).collect();
        let message = format!("'{root}' alone cannot be run");
        let help = format!("name one: {root}.{}", known.first().map_or("name", String::as_str));
        raised(Exception::new(ClassId::NO_METHOD_ERROR, message).with_attribute(USAGE, Value::True).with_help(help))
    }
}

/// Nothing has that name. The class says, as the reference's does, whether it was the last step of a path.
fn unknown<'a>(what: &str, name: &str, known: impl Iterator<Item = &'a str>, is_last: bool) -> Box<Unwind> {
    let known: Vec<&str> = known.collect();
    let near = nearest_several(name, known.iter().copied(), 3);
    let class = if is_last { ClassId::NAME_ERROR } else { ClassId::NO_METHOD_ERROR };
    let mut help = match near.as_slice() {
        [] => String::new(),
        near => {
            format!("did you mean {}? ", near.iter().map(|name| format!("'{name}'")).collect::<Vec<_>>().join(" or "))
        }
    };
    help.push_str(&if known.is_empty() {
        format!("the connector has no {what}")
    } else {
        format!("there is: {}", known.join(", "))
    });
    let message = match what.strip_prefix("part of ") {
        Some(whole) => format!("{whole} has no part '{name}'"),
        None => format!("there is no {what} '{name}'"),
    };
    let exception = Exception::new(class, message)
        .with_attribute(USAGE, Value::True)
        .with_attribute("name", Value::Symbol(Name::new(name).into()));
    raised(exception.with_help(help))
}

/// The parameters of a pick list: a hash, or the first item of a list.
fn first_hash(args: &Value) -> Value {
    match args {
        Value::Array(items) => items.get(0).unwrap_or_default(),
        other => other.clone(),
    }
}
