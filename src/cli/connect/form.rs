//! The settings as questions: one after the other, each answer checked by its own field before the next one.

use super::condition;
use super::prompt::Prompt;
use crate::cli::failure::Failure;
use crate::cli::open::Opened;
use crate::connector::Inputs;
use crate::http::redact::is_secret_field;
use crate::methods::string::label::label_of;
use crate::text::without_tags;
use crate::value::{Hash, Unwind, Value, to_s};
use std::rc::Rc;

/// Wrong answers in a row after which it is no use to ask again, where no person is there to read why.
const TRIES: usize = 5;

/// One question.
struct Question {
    name: String,
    label: String,
    hint: Option<String>,
    control: String,
    kind: String,
    required: bool,
    secret: bool,
    condition: Option<String>,
    /// Labels and values.
    choices: Vec<(String, Value)>,
    several: Option<String>,
    default: Option<Value>,
    field: Rc<Hash>,
}

/// Asks for every field of the connection, and then for those that the answers bring.
pub fn fill(opened: &mut Opened, prompt: &mut Prompt, sandbox: bool) -> Result<(), Failure> {
    let mut missing = Vec::new();
    let fields = fields(opened, "connection.fields");
    ask_all(opened, prompt, &fields, sandbox, &mut missing)?;
    let ways = ways(opened, prompt)?;
    ask_all(opened, prompt, &ways, sandbox, &mut missing)?;
    if !opened.connector.session().part(&["connection", "extended_fields"]).is_nil() {
        let more =
            fields_of(&opened.connector.run("connection.extended_fields", &Inputs::default()).unwrap_or_default());
        ask_all(opened, prompt, &more, sandbox, &mut missing)?;
    }
    complete(&missing)
}

/// Asks for the fields of one step.
pub fn ask(opened: &mut Opened, prompt: &mut Prompt, fields: &Value, sandbox: bool) -> Result<(), Failure> {
    let mut missing = Vec::new();
    ask_all(opened, prompt, &fields_of(fields), sandbox, &mut missing)?;
    complete(&missing)
}

fn complete(missing: &[String]) -> Result<(), Failure> {
    if missing.is_empty() {
        return Ok(());
    }
    let first = missing.first().cloned().unwrap_or_default();
    let message = format!("the connection needs {}", missing.join(", "));
    Err(Failure::usage("usage::missing-setting", message)
        .help(format!("give each with `--set {first}=…`, in a settings file, or leave `--non-interactive` away")))
}

fn fields(opened: &mut Opened, path: &str) -> Vec<Rc<Hash>> {
    fields_of(&opened.connector.run(path, &Inputs::default()).unwrap_or_default())
}

fn fields_of(value: &Value) -> Vec<Rc<Hash>> {
    let Value::Array(items) = value else { return Vec::new() };
    let hash = |item: Value| match item {
        Value::Hash(field) => Some(field),
        _ => None,
    };
    items.to_vec().into_iter().filter_map(hash).collect()
}

/// The fields of the way to log in, where there are several; the way is asked for if no field does.
fn ways(opened: &mut Opened, prompt: &mut Prompt) -> Result<Vec<Rc<Hash>>, Failure> {
    let options = opened.connector.session().table(&["connection", "authorization", "options"]);
    if options.is_empty() {
        return Ok(Vec::new());
    }
    let names: Vec<String> = options.keys().iter().map(|name| to_s(name).to_text()).collect();
    let chosen = |opened: &mut Opened| {
        opened
            .connector
            .run("connection.authorization.selected", &Inputs::default())
            .ok()
            .map(|way| to_s(&way).to_text())
    };
    let selected = opened.connector.session().part(&["connection", "authorization", "selected"]);
    if selected.is_nil() && opened.connector.session().setting("auth_type").is_nil() && !prompt.silent {
        let field = Hash::new();
        field.insert_str("name", Value::str("auth_type"));
        field.insert_str("label", Value::str("Way to log in"));
        field.insert_str("control_type", Value::str("select"));
        field.insert_str("optional", Value::False);
        let pair = |name: &String| Value::array(vec![Value::str(&label_of(name)), Value::str(name)]);
        field.insert_str("options", Value::array(names.iter().map(pair).collect()));
        ask_all(opened, prompt, &[Rc::new(field)], false, &mut Vec::new())?;
    }
    let way = if selected.is_nil() {
        Some(to_s(&opened.connector.session().setting("auth_type")).to_text())
    } else {
        chosen(opened)
    };
    let way = way.unwrap_or_default();
    Ok(fields_of(&opened.connector.session().part(&["connection", "authorization", "options", &way, "fields"])))
}

fn ask_all(
    opened: &mut Opened,
    prompt: &mut Prompt,
    fields: &[Rc<Hash>],
    sandbox: bool,
    missing: &mut Vec<String>,
) -> Result<(), Failure> {
    for field in fields {
        let Some(mut question) = Question::of(opened, field) else { continue };
        let setting = |name: &str| {
            let value = opened.connector.session().setting(name);
            (!value.is_nil()).then(|| to_s(&value).to_text())
        };
        if question.condition.as_ref().is_some_and(|condition| !condition::holds(condition, &setting)) {
            continue;
        }
        if sandbox && opened.stored().get_either(&question.name).is_none() {
            question.default = Some(Value::str(demo(&question.name)));
            question.secret = false;
        }
        let known = opened.stored().get_either(&question.name).filter(|value| !to_s(value).is_empty());
        let answer = if prompt.silent {
            match known.clone().or_else(|| question.default.clone()) {
                Some(value) => match question.broken(opened, &value) {
                    None => Some(value),
                    Some(message) => {
                        return Err(Failure::usage("usage::setting", message)
                            .help(format!("give another value with `--set {}=…`", question.name)));
                    }
                },
                None => {
                    if question.required {
                        missing.push(question.name.clone());
                    }
                    None
                }
            }
        } else {
            question.ask(opened, prompt, known.as_ref())?
        };
        if let Some(value) = answer {
            let new = Hash::new();
            new.insert_str(&question.name, value);
            opened.connector.session().merge_settings(&new);
        }
    }
    Ok(())
}

/// What the demo API takes.
fn demo(name: &str) -> &'static str {
    match name {
        "client_id" => "demo",
        "client_secret" => "demo-secret",
        _ => "sandbox",
    }
}

impl Question {
    fn of(opened: &mut Opened, field: &Rc<Hash>) -> Option<Self> {
        let text = |key: &str| {
            let value = field.get_either(key).filter(|value| !value.is_nil())?;
            Some(to_s(&value).to_text()).filter(|text| !text.is_empty())
        };
        let name = text("name")?;
        let flag = |key: &str| field.get_either(key).is_some_and(|value| value.truthy());
        let control = text("control_type").unwrap_or_default();
        let optional = field.get_either("optional").is_none_or(|value| value.truthy());
        Some(Self {
            label: text("label").unwrap_or_else(|| label_of(&name)),
            hint: text("hint").map(|hint| without_tags(&hint)),
            kind: text("type").unwrap_or_default(),
            required: !optional && !flag("runtime_optional"),
            secret: control == "password" || flag("secret") || is_secret_field(&name),
            condition: text("ngIf").or_else(|| text("ng_if")),
            choices: choices(opened, field),
            several: (control == "multiselect").then(|| text("delimiter").unwrap_or_else(|| ",".to_owned())),
            default: field.get_either("default").filter(|value| !value.is_nil()),
            field: Rc::clone(field),
            name,
            control,
        })
    }

    /// Asks until the answer will do. `None` where the answer is none.
    fn ask(&self, opened: &mut Opened, prompt: &mut Prompt, known: Option<&Value>) -> Result<Option<Value>, Failure> {
        let usual = known.or(self.default.as_ref());
        let shown = usual.map(|value| if self.secret { "as it is".to_owned() } else { self.shown(value) });
        let mut head = self.label.clone();
        if !self.required {
            head.push_str(" (optional)");
        }
        if let Some(shown) = shown.filter(|shown| !shown.is_empty()) {
            head.push_str(&format!(" [{shown}]"));
        }
        prompt.say(&format!("\n{head}\n"));
        if let Some(hint) = &self.hint {
            prompt.say(&format!("  {hint}\n"));
        }
        for (at, (label, _)) in self.choices.iter().enumerate() {
            prompt.say(&format!("  {}) {label}\n", at + 1));
        }
        for _ in 0..TRIES {
            let given = prompt.answer(&self.label, self.secret)?;
            let value = if given.is_empty() { usual.cloned().map(Ok) } else { Some(self.read(&given)) };
            let complaint = match value {
                None if self.required => format!("'{}' must be present", self.label),
                None => return Ok(None),
                Some(Err(complaint)) => complaint,
                Some(Ok(value)) => match self.broken(opened, &value) {
                    Some(complaint) => complaint,
                    None => return Ok(Some(value)),
                },
            };
            prompt.say(&format!("  {complaint}\n"));
        }
        Err(Failure::usage("usage::setting", format!("'{}' has no answer that will do", self.label))
            .help("what is wrong with each answer stands below it"))
    }

    /// A value as it is asked for.
    fn shown(&self, value: &Value) -> String {
        let text = to_s(value).to_text();
        let choice = self.choices.iter().find(|(_, known)| to_s(known).to_text() == text);
        match (choice, self.is_boolean()) {
            (Some((label, _)), _) => label.clone(),
            (None, true) => if text == "true" { "yes" } else { "no" }.to_owned(),
            _ => text,
        }
    }

    fn is_boolean(&self) -> bool {
        self.control == "checkbox" || self.kind == "boolean"
    }

    /// An answer as the value that it stands for.
    fn read(&self, given: &str) -> Result<Value, String> {
        if let Some(delimiter) = &self.several {
            let values: Result<Vec<String>, String> =
                given.split(',').map(|one| self.choice(one.trim()).map(|value| to_s(&value).to_text())).collect();
            return values.map(|values| Value::string(values.join(delimiter)));
        }
        if !self.choices.is_empty() {
            return self.choice(given);
        }
        if self.is_boolean() {
            return match given.to_ascii_lowercase().as_str() {
                "y" | "yes" | "true" | "1" => Ok(Value::True),
                "n" | "no" | "false" | "0" => Ok(Value::False),
                _ => Err("answer yes or no".to_owned()),
            };
        }
        if self.kind == "integer" || self.control == "integer" {
            return given.parse().map(Value::Int).map_err(|_| format!("'{}' must be a whole number", self.label));
        }
        if self.kind == "number" || self.control == "number" {
            return given.parse().map(Value::float).map_err(|_| format!("'{}' must be a number", self.label));
        }
        if self.control == "subdomain" {
            let plain = given.split("://").last().unwrap_or(given);
            let suffix = self.field.get_either("url").map(|url| to_s(&url).to_text()).unwrap_or_default();
            let plain = plain.split('/').next().unwrap_or(plain);
            let suffix = suffix.trim_start_matches('.');
            return Ok(Value::str(plain.strip_suffix(suffix).unwrap_or(plain).trim_end_matches('.')));
        }
        Ok(Value::str(given))
    }

    /// The choice of that number, label or value.
    fn choice(&self, given: &str) -> Result<Value, String> {
        let by_number = given.parse::<usize>().ok().and_then(|number| self.choices.get(number.checked_sub(1)?));
        let by_text = self
            .choices
            .iter()
            .find(|(label, value)| label.eq_ignore_ascii_case(given) || to_s(value).to_text() == given);
        let found = by_text.or(by_number).map(|(_, value)| value.clone());
        found.ok_or_else(|| format!("choose by number, from 1 to {}, or by name", self.choices.len()))
    }

    /// What the field itself says about a value that it does not take.
    fn broken(&self, opened: &mut Opened, value: &Value) -> Option<String> {
        let values = Hash::new();
        values.insert_str(&self.name, value.clone());
        let checked = opened.connector.enter(|run| run.validate(&[Rc::clone(&self.field)], &values, "settings"));
        match checked {
            Err(unwind) => match *unwind {
                Unwind::Raise(exception) => Some(exception.message()),
                _ => Some("it cannot be checked".to_owned()),
            },
            Ok(()) => None,
        }
    }
}

/// What can be chosen: from the field itself, or from a pick list of the connector.
fn choices(opened: &mut Opened, field: &Hash) -> Vec<(String, Value)> {
    let list = ["options", "pick_list"].iter().find_map(|key| field.get_either(key)).unwrap_or_default();
    let list = match list {
        Value::Array(_) => list,
        Value::Str(_) | Value::Symbol(_) => {
            let args = parameters(opened, field);
            let path = format!("pick_lists.{}", to_s(&list).to_text());
            opened.connector.run(&path, &Inputs { args, ..Inputs::default() }).unwrap_or_default()
        }
        _ => return Vec::new(),
    };
    let Value::Array(items) = list else { return Vec::new() };
    let pair = |item: Value| match item {
        Value::Array(pair) => {
            let label = to_s(&pair.get(0)?).to_text();
            Some((label.clone(), pair.get(1).unwrap_or_else(|| Value::string(label))))
        }
        other => Some((to_s(&other).to_text(), other)),
    };
    items.to_vec().into_iter().filter_map(pair).collect()
}

/// The parameters of a pick list, from the answers so far.
fn parameters(opened: &Opened, field: &Hash) -> Value {
    let out = Hash::new();
    if let Some(Value::Hash(params)) = field.get_either("pick_list_params") {
        for (name, from) in params.to_vec() {
            out.insert_str(&to_s(&name).to_text(), opened.connector.session().setting(&to_s(&from).to_text()));
        }
    }
    Value::hash(out)
}
