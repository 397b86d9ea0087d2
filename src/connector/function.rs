//! Bare calls that the connector serves: requests, `call`, `error`, tables of the account, steps of long actions.

use super::Run;
use super::run::{at, hash_of, raised};
use crate::http::Method;
use crate::methods::Args;
use crate::methods::args::describe;
use crate::methods::request::{Draft, LazyRequest, RequestFormat, ResponseFormat, merge_payload};
use crate::value::{ClassId, Exception, Hash, Kind, Proc, Result, Symbol, Unwind, Value, indifferent, raise, to_s};
use std::rc::Rc;

/// The reason that unwinds to whoever runs the action: the `step` of the hash that is carried.
pub const REINVOKE: &str = "reinvoke";
pub const SUSPEND: &str = "suspend";
/// Somebody wants the job to end.
pub const CANCELLED: &str = "cancelled";

impl Run<'_> {
    /// Serves a bare call; `None` if the connector knows no such function.
    pub fn function(&mut self, name: &str, args: &Args) -> Option<Result<Value>> {
        Some(match name {
            "account_property" => Ok(self.account_property(&args.text(0))),
            "aws" => Ok(Value::object(super::aws::Aws)),
            "aws_account_id" => Ok(self.aws_account_id()),
            "aws_external_id" => Ok(self.aws_external_id()),
            "aws_signature" => self.aws_signature(args),
            "call" => self.call_method(args),
            "checkpoint!" => self.checkpoint(args),
            "current_url" => self.current_url(&args.get(0)),
            "error" => Err(raised(Exception::with_value(ClassId::SDK_RUNTIME_ERROR, args.get(0)))),
            "execution_context" => Ok(self.execution_context()),
            "lookup" => self.lookup(args),
            "parallel" => self.parallel(args),
            "recipe_id!" => Ok(self.recipe_id()),
            "reinvoke_after" => self.reinvoke_after(args),
            "stream_in" => self.stream_in(args),
            "stream_out" => self.stream_out(args),
            "suspend" => suspend(args),
            "workato_schema" => self.workato_schema(&args.text(0)),
            verb => self.new_request(verb.parse().ok().filter(|_| is_verb(verb))?, args),
        })
    }

    /// `get(url, params)` and the like, `post(url, payload)` and the like.
    fn new_request(&mut self, verb: Method, args: &Args) -> Result<Value> {
        self.refuse_outside_of_actions(&verb.as_str().to_ascii_lowercase())?;
        // In `apply` self is a request; what it makes belongs to whoever that request belongs to.
        let receiver = self.host.receiver();
        let owner = LazyRequest::of(&receiver).map_or_else(|| receiver.clone(), |request| request.owner.clone());
        let access = self.session.scope().access;
        let request = LazyRequest::new(verb, args.get(0), owner, access, self.host.span());
        let with_params = verb.is_safe() || (verb == Method::Delete && self.session.environment.habits.strict_docs);
        if with_params {
            let mut draft = request.draft.borrow_mut();
            expect_json(&mut draft);
            match self.host.force(&args.get(1))? {
                Value::Hash(params) => draft.params = Some(indifferent_copy(&params)),
                other => draft.raw_params = other,
            }
        } else {
            merge_payload(&request, &args.get(1))?;
            let mut draft = request.draft.borrow_mut();
            expect_json(&mut draft);
            draft.content_type = Some("application/json");
            draft.request_format = RequestFormat::Json;
        }
        Ok(Value::object(request))
    }

    /// Lambdas that only compute (`base_uri`, `webhook_notification`, `dedup` …) send nothing and call no method.
    fn refuse_outside_of_actions(&mut self, name: &str) -> Result<()> {
        let receiver = self.host.receiver();
        if receiver.kind() != Kind::Context || receiver.class() != ClassId::WITH_DSL {
            return Ok(());
        }
        let message = format!("undefined method `{name}' for #<{}>", ClassId::WITH_DSL.name());
        let help = "this lambda can only compute: requests and `call` are for actions, triggers, `test`, pick lists and \
                    object definitions; workato.* helpers work here";
        Err(raised(Exception::new(ClassId::NO_METHOD_ERROR, message).with_help(help)))
    }

    /// `call(name, *args)`: arguments are counted as a lambda counts them.
    fn call_method(&mut self, args: &Args) -> Result<Value> {
        self.refuse_outside_of_actions("call")?;
        let name = args.text(0);
        let methods = self.session.table(&["methods"]);
        let method = match methods.get_either(&name) {
            Some(Value::Proc(method)) => method,
            None | Some(Value::Nil | Value::False) => {
                let known: Vec<String> = methods.keys().iter().map(|key| to_s(key).to_text()).collect();
                let exception =
                    Exception::new(ClassId::SDK_NO_SUCH_METHOD_ERROR, format!("Method '{name}' does not exists"));
                let near = crate::text::nearest(&name, known.iter().map(String::as_str));
                return Err(raised(match near {
                    Some(near) => exception.with_help(format!("did you mean '{near}'?")),
                    None => exception,
                }));
            }
            Some(other) => {
                let class = other.class().name();
                return Err(raise(
                    ClassId::SDK_UNEXPECTED_METHOD_DEFINITION_ERROR,
                    format!("Expected lambda for method '{name}' definition, got: {class}"),
                ));
            }
        };
        let mut given = Args::of(args.values.get(1..).unwrap_or_default());
        given.keywords = args.keywords && !given.is_empty();
        take_hash_for_keywords(&method, &mut given);
        let receiver = self.host.receiver();
        self.host.call_with_receiver(&method, receiver, given)
    }

    fn current_url(&mut self, request: &Value) -> Result<Value> {
        let Some(lazy) = LazyRequest::of(request) else { return Ok(Value::Nil) };
        let draft = lazy.draft.borrow().clone();
        Ok(Value::string(self.address(lazy, &draft, crate::http::url::merge)?.to_string()))
    }

    fn account_property(&self, name: &str) -> Value {
        let properties = &self.session.environment.account_properties;
        properties.iter().rev().find(|(known, _)| known == name).map(|(_, value)| Value::str(value)).into()
    }

    /// What a running recipe sees as its id: that of the subscription, written backwards.
    fn recipe_id(&self) -> Value {
        Value::string(self.session.environment.recipe_id.chars().rev().collect())
    }

    fn execution_context(&self) -> Value {
        let context = Hash::new();
        context.insert(Value::symbol("recipe_id"), self.recipe_id());
        if let Some(job) = self.session.job() {
            context.insert_str("job_id", Value::str(&job));
            context.insert(Value::symbol("job_id"), Value::str(&job));
        }
        Value::hash(context)
    }

    fn workato_schema(&self, id: &str) -> Result<Value> {
        let Some(schemas) = &self.session.environment.schemas else {
            let message = "Workato Schemas are not initialized. Init data by calling WorkatoSchemas.from_json \
                           or WorkatoSchemas.load_data";
            let exception = Exception::new(ClassId::RUNTIME_ERROR, message.to_owned());
            return Err(raised(exception.with_help("put the schemas into workato_schemas.json beside the connector")));
        };
        match schemas {
            Value::Hash(schemas) if schemas.get_either(id).is_some() => {
                Ok(indifferent(&schemas.get_either(id).unwrap_or_default()))
            }
            _ => Err(raise(ClassId::KEY_ERROR, format!("key not found: {id:?}"))),
        }
    }

    /// `lookup(table, conditions)`: the first row that fits; an empty hash where there is no such table or row.
    fn lookup(&mut self, args: &Args) -> Result<Value> {
        let Some(tables) = self.session.environment.lookup_tables.clone() else {
            let message = "Lookup Tables are not initialized. Init data by calling LookupTable.from_file \
                           or LookupTable.load_data";
            let exception = Exception::new(ClassId::RUNTIME_ERROR, message.to_owned());
            return Err(raised(exception.with_help("put the tables into lookup_tables.yaml beside the connector")));
        };
        let empty = Value::hash(Hash::new());
        let Some(rows) = find_table(&tables, &args.get(0)) else { return Ok(empty) };
        let condition = args.clone().take_options().map_or_else(|| Value::hash(Hash::new()), Value::Hash);
        let found = self.send(&rows, "where", &[condition])?;
        let row = self.send(&found, "first", &[])?;
        Ok(if row.truthy() { indifferent(&row) } else { empty })
    }

    /// `reinvoke_after`: leaves the lambda; whoever runs the action starts it again.
    fn reinvoke_after(&mut self, args: &Args) -> Result<Value> {
        let [seconds, continued, _] = args.clone().known_keywords(["seconds", "continue", "temp_output"], 2)?;
        let (seconds, continued) = (seconds.unwrap_or_default(), expect_continue(continued)?);
        if !matches!(seconds, Value::Int(_) | Value::Float(_)) {
            let message = format!("'seconds' has to be an Integer or a Float, got {}", describe(&seconds));
            return Err(raise(ClassId::TYPE_ERROR, message));
        }
        if crate::value::compare(&seconds, &Value::Int(60)) == Some(std::cmp::Ordering::Less) {
            self.session.note("reinvoke_after: the platform waits at least 60 seconds, whatever is asked for");
        }
        Err(step(REINVOKE, [("seconds", seconds), ("continue", continued)]))
    }

    /// `checkpoint!` ends the step only where long steps are being simulated.
    fn checkpoint(&mut self, args: &Args) -> Result<Value> {
        let [continued, _] = args.clone().known_keywords(["continue", "temp_output"], 1)?;
        let continued = expect_continue(continued)?;
        self.check_cancelled()?;
        if self.session.environment.habits.simulate_timeouts && self.session.step_seconds(self.host) > 120.0 {
            return Err(step(REINVOKE, [("seconds", Value::Int(0)), ("continue", continued)]));
        }
        Ok(Value::Nil)
    }
}

fn is_verb(name: &str) -> bool {
    name.bytes().all(|byte| byte.is_ascii_lowercase())
}

fn expect_json(draft: &mut Draft) {
    draft.accept = Some("application/json");
    draft.response_format = ResponseFormat::Json;
}

fn indifferent_copy(params: &Hash) -> Rc<Hash> {
    let copy = Hash::indifferent();
    for (key, value) in params.to_vec() {
        copy.insert(key, indifferent(&value));
    }
    Rc::new(copy)
}

/// A trailing hash stands for the keywords of a method that takes any, as it did before keywords were set apart.
pub fn take_hash_for_keywords(method: &Proc, args: &mut Args) {
    let parameters = method.code.parameters();
    let takes_keywords = parameters.iter().any(|(kind, _)| matches!(*kind, "key" | "keyreq" | "keyrest"));
    let required = parameters.iter().filter(|(kind, _)| *kind == "req").count();
    if args.keywords || !takes_keywords || args.len() <= required {
        return;
    }
    let Some(Value::Hash(hash)) = args.values.last() else { return };
    if hash.is_indifferent() || !hash.all(|key, _| matches!(key, Value::Symbol(_))) {
        return;
    }
    args.keywords = true;
}

fn expect_continue(value: Option<Value>) -> Result<Value> {
    match value.unwrap_or_default() {
        Value::Hash(hash) => Ok(indifferent(&Value::Hash(hash))),
        other => {
            let message = format!("'continue' has to be a Hash, got {}", describe(&other));
            Err(raise(ClassId::TYPE_ERROR, message))
        }
    }
}

/// `suspend`: leaves the lambda until the job is resumed.
fn suspend(args: &Args) -> Result<Value> {
    let [continued, expires_at] = args.clone().known_keywords(["continue", "expires_at"], 2)?;
    let continued = expect_continue(continued)?;
    Err(step(SUSPEND, [("continue", continued), ("expires_at", expires_at.unwrap_or_default())]))
}

/// What unwinds to the runner of the action.
fn step<const N: usize>(kind: &'static str, pairs: [(&'static str, Value); N]) -> Box<Unwind> {
    Box::new(Unwind::Suspend(hash_of([("step", Value::str(kind))].into_iter().chain(pairs))))
}

/// A table by its id, where the name is a number, else by its name.
fn find_table(tables: &Value, wanted: &Value) -> Option<Value> {
    let Value::Hash(tables) = tables else { return None };
    let name = to_s(wanted).to_text();
    let rows = |table: &Value| Some(at(table, "rows")).filter(|rows| !rows.is_nil());
    let is_number = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_digit());
    if is_number {
        let id = |table: &Value| to_s(&at(table, "id")).to_text();
        if let Some((_, table)) = tables.to_vec().iter().find(|(_, table)| id(table) == name) {
            return rows(table);
        }
    }
    tables.get_either(&name).as_ref().and_then(rows)
}

/// The symbol of a name, for hashes with symbol keys.
pub fn symbol(name: &str) -> Value {
    Value::Symbol(Symbol::new(name))
}
