//! Opening a connector for a command: its text, settings, surroundings and the way to the network, put together.

use super::args::{Display, Network, Run, SaveSettings, Semantics, Where};
use super::failure::{Failure, Kind};
use super::network::{self, Route};
use super::observe::Observer;
use super::secrets::{Field, Secrets};
use super::settings::{self, Settings};
use super::tape::Player;
use super::trace::Recorder;
use super::world::{Output, SystemWorld};
use super::{files, lookups, report};
use crate::connector::failure::{REQUEST, RESPONSE, attribute};
use crate::connector::{AmazonRole, Connector, Environment, Habits, Inputs, Pace, Turns};
use crate::diagnostic::Severity;
use crate::interpreter::Limits;
use crate::program::{self, Probes, Program};
use crate::syntax;
use crate::text::Source;
use crate::value::{ClassId, Hash, Unwind, Value, equal, to_s};
use std::path::Path;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

/// What a required connection field gets in the sandbox where no setting fills it.
const SANDBOX_SETTING: &str = "sandbox";

/// Where the settings of a command are written.
const WRITTEN: &str = "`--set NAME=…`, or `NAME: …` in settings.yaml";

/// A connector ready to run.
pub struct Opened {
    pub connector: Connector,
    pub source: Source,
    /// The labels of required connection fields without a setting, by their names.
    missing: Vec<(String, String)>,
    /// Where people write a setting.
    written: &'static str,
    /// What people fill in.
    pub fields: Vec<Field>,
    /// As they were before the run.
    settings: Settings,
    pub route: Arc<Route>,
}

/// What several connectors that run at the same time have in common.
#[derive(Clone)]
pub struct Shared {
    pub route: Arc<Route>,
    /// Whose turn it is among all that use one account.
    pub turns: Arc<dyn Turns>,
    /// Where people write a setting, with `NAME` for its name.
    pub written: &'static str,
}

/// How a command wants its connector.
pub struct Opening<'a> {
    pub place: &'a Where,
    pub run: &'a Run,
    pub network: &'a Network,
    pub semantics: Semantics,
    pub recipe_id: Option<&'a str>,
    pub display: &'a Display,
    /// What the run is called in its trace; without a name none is kept.
    pub title: String,
    /// What stands before the network.
    pub tape: Option<&'a Player>,
    /// Who listens to the run.
    pub observer: Observer,
}

impl<'a> Opening<'a> {
    /// As these options say; the rest as usual.
    pub fn new(place: &'a Where, run: &'a Run, network: &'a Network, display: &'a Display) -> Self {
        let semantics = Semantics::default();
        let (title, observer) = (String::new(), Observer::default());
        Self { place, run, network, semantics, recipe_id: None, display, title, tape: None, observer }
    }

    /// Reads the file that the options name, and loads it.
    pub fn open(&self, secrets: &Secrets) -> Result<Opened, Failure> {
        self.open_source(files::read_connector(&files::connector_path(self.place)?)?, secrets)
    }

    /// Loads a connector from its text.
    pub fn open_source(&self, source: Source, secrets: &Secrets) -> Result<Opened, Failure> {
        let settings = settings::read(self.place)?;
        let program = compile_telling(&source, self.observer.probes())?;
        let recorder = Recorder::new(self.network, self.display, secrets, Some(source.clone()), self.title.clone())?;
        recorder.tell(&self.observer);
        let route = Arc::new(network::route(self.network, self.run.max_memory, secrets, recorder, self.tape)?);
        self.load(
            source,
            program,
            settings,
            &Shared { route, turns: Arc::new(Pace::default()), written: WRITTEN },
            secrets,
        )
    }

    /// Loads a connector that was compiled before, with what it shares with others.
    pub fn open_shared(
        &self,
        source: Source,
        program: Arc<Program>,
        shared: &Shared,
        secrets: &Secrets,
    ) -> Result<Opened, Failure> {
        self.load(source, program, settings::read(self.place)?, shared, secrets)
    }

    fn load(
        &self,
        source: Source,
        program: Arc<Program>,
        settings: Settings,
        shared: &Shared,
        secrets: &Secrets,
    ) -> Result<Opened, Failure> {
        let mut environment = self.environment(&shared.route, Value::Hash(Rc::clone(&settings.values)))?;
        environment.turns = Arc::clone(&shared.turns);
        let world = world(self.run, Output::Stderr).observed(&self.observer);
        let loaded = Connector::load(program, Box::new(world), limits(self.run), environment);
        let mut connector = loaded.map_err(|unwind| {
            secrets.add_settings(&settings.values, &[]);
            report::of_unwind(&unwind, &source)
        })?;
        let fields = connection_fields(&mut connector);
        secrets.add_settings(&settings.values, &fields);
        if let Some(recorded) = self.tape.and_then(|tape| tape.settings(&|name| connector.session().setting(name))) {
            connector.session().merge_settings(&recorded);
        }
        let mut missing = Vec::new();
        for field in fields.iter().filter(|field| field.required).cloned() {
            let given = connector.session().setting(&field.name);
            if !given.is_nil() && !to_s(&given).is_empty() {
                continue;
            }
            if self.network.sandbox {
                let filled = Hash::new();
                filled.insert_str(&field.name, Value::str(SANDBOX_SETTING));
                connector.session().merge_settings(&filled);
            } else {
                missing.push((field.name, field.label));
            }
        }
        let (route, written) = (Arc::clone(&shared.route), shared.written);
        Ok(Opened { connector, source, missing, written, fields, settings, route })
    }

    fn environment(&self, route: &Route, settings: Value) -> Result<Environment, Failure> {
        let mut environment = Environment::new(Arc::clone(&route.transport), settings);
        for (name, value) in lookups::beside(Path::new(""))? {
            lookups::put(&mut environment, name, value);
        }
        if let Some(id) = self.recipe_id {
            id.clone_into(&mut environment.recipe_id);
        }
        let most = Duration::try_from_secs_f64(self.run.timeout).unwrap_or(Duration::MAX);
        environment.timeouts.total = environment.timeouts.total.map(|total| total.min(most));
        environment.amazon = AmazonRole {
            account_id: variable("AMAZON_ROLE_CLIENT_ID"),
            key: variable("AMAZON_ROLE_CLIENT_KEY"),
            secret: variable("AMAZON_ROLE_CLIENT_SECRET"),
        };
        environment.habits = self.habits();
        Ok(environment)
    }

    fn habits(&self) -> Habits {
        let (semantics, usual) = (&self.semantics, Habits::default());
        Habits {
            no_wait: self.run.no_wait,
            sequential: self.run.sequential,
            gem_order: semantics.gem_order,
            dedup: !semantics.no_dedup && !semantics.gem_order,
            validate: !semantics.no_validate,
            form: semantics.form,
            simulate_timeouts: semantics.simulate_timeouts,
            strict_docs: semantics.strict_docs,
            max_reinvokes: number("MAX_REINVOKES").unwrap_or(usual.max_reinvokes),
            reinvoke_wait: number("WAIT_REINVOKE_AFTER"),
            max_pages: semantics.max_pages.map_or(usual.max_pages, |pages| pages.max(1) as usize),
            time_zone: variable("WORKATO_TIME_ZONE"),
        }
    }
}

impl Opened {
    /// The failure of a run of this connector; missing settings are named, for they are often the reason.
    pub fn failure(&self, unwind: &Unwind) -> Failure {
        let mut failure = report::of_unwind(unwind, &self.source);
        let in_apply = failure.trace.iter().any(|(what, _)| what.contains("`apply`"));
        if let ([(name, label), ..], true) = (self.missing.as_slice(), failure.kind == Kind::Auth || in_apply) {
            let all: Vec<String> = self.missing.iter().map(|(name, label)| titled(name, label)).collect();
            let more = format!(
                "the connection has no {}: {}{}",
                all.join(", "),
                self.written.replace("NAME", name),
                if label.is_empty() { "" } else { " (with `--sandbox` any value will do)" },
            );
            let help = failure.diagnostic.help.take();
            failure.diagnostic.help = Some(help.map_or(more.clone(), |help| format!("{help}\n{more}")));
        }
        if let Some(more) = self.odd_header(unwind) {
            let help = failure.diagnostic.help.take();
            failure.diagnostic.help = Some(help.map_or(more.clone(), |help| format!("{help}\n{more}")));
        }
        failure
    }

    /// A header field with a character that servers do not take there, and the setting that it comes from.
    fn odd_header(&self, unwind: &Unwind) -> Option<String> {
        let Unwind::Raise(exception) = unwind else { return None };
        let Value::Hash(request) = attribute(exception, REQUEST)? else { return None };
        // Refused before it was sent, hung up upon, or answered as if somebody else asked.
        let refused = match attribute(exception, RESPONSE) {
            None => [ClassId::ARGUMENT_ERROR, ClassId::SDK_REQUEST_FAILED_ERROR].contains(&exception.class),
            Some(Value::Hash(response)) => response
                .get_either("status")
                .is_some_and(|status| [400, 401, 403].iter().any(|code| equal(&status, &Value::Int(*code)))),
            Some(_) => false,
        };
        // What was refused here has a character that no server gets to see.
        let sent = exception.class != ClassId::ARGUMENT_ERROR;
        let Some(Value::Hash(headers)) = request.get_either("headers").filter(|_| refused) else { return None };
        let (name, odd) = headers.to_vec().into_iter().find_map(|(name, value)| {
            let plain = |c: &char| *c == '\t' || (' '..='~').contains(c);
            let odd = to_s(&value).to_text().chars().find(|c| !plain(c) && (sent || c.is_control()))?;
            Some((to_s(&name).to_text(), odd))
        })?;
        let from = match self.connector.session().settings() {
            Value::Hash(settings) => settings
                .to_vec()
                .into_iter()
                .find(|(_, value)| matches!(value, Value::Str(text) if text.to_text().contains(odd))),
            _ => None,
        };
        let from = from.map(|(setting, _)| format!("; the setting `{}` has one", to_s(&setting).to_text()));
        Some(format!(
            "the header `{name}` holds {odd:?}: only letters, digits and signs of ASCII are sure to arrive there{}",
            from.unwrap_or_default()
        ))
    }

    /// Remarks that the run left behind.
    pub fn notes(&self) -> Vec<String> {
        let mut notes: Vec<String> = self.settings.note.iter().cloned().collect();
        notes.extend(self.connector.session().notes());
        notes
    }

    /// The settings as they stood before the run.
    pub fn stored(&self) -> &Hash {
        &self.settings.values
    }

    /// The host that every request goes to, where it is another one.
    pub fn rerouted(&self) -> Option<&str> {
        self.route.base.as_deref()
    }

    /// Where the connector and its settings come from.
    pub fn origin(&self) -> String {
        let settings = self.settings.origin.as_ref().map(settings::Origin::named);
        format!("{} with settings from {}", self.source.name(), settings.as_deref().unwrap_or("no file"))
    }

    /// Keeps credentials that the run renewed, if that is wanted, and says what became of them.
    pub fn keep(&self, place: &Where, wanted: SaveSettings) -> Vec<String> {
        let updates = self.connector.session().settings_updates();
        settings::keep(self.settings.origin.as_ref(), &self.settings.values, &updates, wanted, place)
    }
}

fn titled(name: &str, label: &str) -> String {
    if name == label { format!("`{name}`") } else { format!("`{name}` ({label})") }
}

/// Text to program; syntax errors are the author's, and the file is malformed.
pub fn compile(source: &Source) -> Result<Arc<Program>, Failure> {
    compile_telling(source, Probes::default())
}

/// The same, of a program that tells what it reaches.
pub fn compile_telling(source: &Source, probes: Probes) -> Result<Arc<Program>, Failure> {
    let parsed = syntax::parse(source);
    let (program, findings) = program::build_telling(&parsed.file, source, probes);
    let found = parsed.diagnostics.iter().chain(&findings);
    let errors: Vec<_> = found.filter(|found| found.severity == Severity::Error).collect();
    if let Some(first) = errors.first() {
        let mut failure = Failure::new(Kind::Usage, (*first).clone());
        failure.class = Some("SyntaxError".to_owned());
        if errors.len() > 1 {
            let more = format!("{} more: `connrun check {}`", errors.len() - 1, source.name());
            let help = failure.diagnostic.help.take();
            failure.diagnostic.help = Some(help.map_or(more.clone(), |help| format!("{help}\n{more}")));
        }
        return Err(failure);
    }
    Ok(Arc::new(program))
}

/// The world of one run.
pub fn world(run: &Run, output: Output) -> SystemWorld {
    let frozen = run.now.map(|now| (now.timestamp(), now.timestamp_subsec_nanos()));
    let mut world = SystemWorld::new(frozen, run.seed, output);
    world.no_wait = run.no_wait;
    world.clock = run.clock;
    world
}

/// The limits of a run, as the options say.
pub fn limits(run: &Run) -> Limits {
    Limits {
        steps: run.max_steps,
        depth: run.max_depth,
        memory: run.max_memory.saturating_mul(1 << 20),
        seconds: run.timeout,
    }
}

/// The fields a person fills in; none where they cannot be told without asking the service.
pub fn connection_fields(connector: &mut Connector) -> Vec<Field> {
    let fields = connector.run("connection.fields", &Inputs::default());
    fields.map(|fields| Field::all(&fields)).unwrap_or_default()
}

fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

fn number<T: std::str::FromStr>(name: &str) -> Option<T> {
    variable(name)?.trim().parse().ok()
}
