//! Every key of a `connrun.toml`, as one table: reading checks against it, and docs/config.md is written from it.

/// One key.
#[derive(Debug)]
pub struct Key {
    /// Dotted from the top; `*` stands for a name that the author chooses.
    pub path: &'static str,
    pub shape: Shape,
    pub need: Need,
    /// One sentence, with the default where there is one.
    pub doc: &'static str,
    /// A line, or what stands in braces.
    pub example: &'static str,
}

/// Whether a key has to be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    Required,
    Optional,
}

/// What may stand under a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    Text,
    /// A file's path, as seen from the folder of the `connrun.toml`.
    Path,
    /// A text that may be `env:NAME`.
    Secret,
    /// Seconds.
    Number,
    /// A whole number from 1.
    Count,
    Boolean,
    /// A table whose keys have rows of their own.
    Table,
    /// A table with anything in it.
    Values,
    /// A file's path, or a table with anything in it.
    PathOrValues,
    /// How an input is made of an event: a table, a list of names, or a name.
    Mapping,
    /// One of these texts.
    Word(&'static [&'static str]),
    /// What other parts read.
    Foreign,
}

impl Shape {
    /// As a message names it.
    pub fn name(self) -> String {
        match self {
            Self::Text => "a text".to_owned(),
            Self::Path => "the path of a file".to_owned(),
            Self::Secret => "a text, or `env:NAME`".to_owned(),
            Self::Number => "a number of seconds".to_owned(),
            Self::Count => "a whole number from 1".to_owned(),
            Self::Boolean => "true or false".to_owned(),
            Self::Table | Self::Values | Self::Foreign => "a table".to_owned(),
            Self::PathOrValues => "the path of a file, or a table of values".to_owned(),
            Self::Mapping => "a table, a list of names, or the name of a method".to_owned(),
            Self::Word(words) => words.iter().map(|word| format!("\"{word}\"")).collect::<Vec<_>>().join(", "),
        }
    }
}

const fn key(path: &'static str, shape: Shape, doc: &'static str, example: &'static str) -> Key {
    Key { path, shape, need: Need::Optional, doc, example }
}

const fn required(path: &'static str, shape: Shape, doc: &'static str, example: &'static str) -> Key {
    Key { path, shape, need: Need::Required, doc, example }
}

const CATCH_UP: Shape = Shape::Word(&["one", "all", "none"]);
const ON_DRIFT: Shape = Shape::Word(&["evolve", "freeze", "discard-row", "discard-value"]);

/// In the order in which the reference shows them.
pub const KEYS: &[Key] = &[
    key("accounts", Shape::Table, "Named settings, which triggers and syncs share.", ""),
    key("accounts.*", Shape::Table, "One account.", "[accounts.acme]"),
    key(
        "accounts.*.settings",
        Shape::PathOrValues,
        "A settings file (`.yaml` or `.yaml.enc`), or the settings themselves; default: `settings.yaml` beside this file.",
        "settings = { api_token = \"env:ACME_TOKEN\" }",
    ),
    key(
        "accounts.*.connection",
        Shape::Text,
        "Which account of a settings file that holds several.",
        "connection = \"acme\"",
    ),
    key("accounts.*.key", Shape::Path, "The file with the key of encrypted settings.", "key = \"master.key\""),
    key("triggers", Shape::Table, "What is polled, or told by webhooks.", ""),
    key("triggers.*", Shape::Table, "One trigger with its input; the name is yours.", "[triggers.new_customers]"),
    required("triggers.*.connector", Shape::Path, "The connector's file.", "connector = \"connectors/customers.conn\""),
    required(
        "triggers.*.trigger",
        Shape::Text,
        "The trigger's name in the connector.",
        "trigger = \"new_customer_ascending\"",
    ),
    key("triggers.*.account", Shape::Text, "The account that it uses.", "account = \"acme\""),
    key(
        "triggers.*.input",
        Shape::Values,
        "The trigger's input.",
        "input = { created_since = \"2017-01-01T00:00:00Z\" }",
    ),
    key(
        "triggers.*.poll_interval",
        Shape::Number,
        "Seconds from one poll to the next; default: what the connector says, or 300.",
        "poll_interval = 60",
    ),
    key(
        "triggers.*.schedule",
        Shape::Text,
        "When it polls instead, as cron writes it: five fields, or six with seconds first.",
        "schedule = \"*/5 8-18 * * 1-5\"",
    ),
    key("triggers.*.timezone", Shape::Text, "The schedule's zone; default: UTC.", "timezone = \"Europe/Berlin\""),
    key(
        "triggers.*.catch_up",
        CATCH_UP,
        "What becomes of times that passed while connrun was not running: one poll for all of them (default), each, or none.",
        "catch_up = \"none\"",
    ),
    key("triggers.*.max_pages", Shape::Count, "The most pages of one poll.", "max_pages = 10"),
    key(
        "triggers.*.do",
        Shape::Table,
        "The action that runs for every event.",
        "do = { connector = \"connectors/chat.conn\", action = \"notify\", map = { text = \"New: {{name}}\" } }",
    ),
    required("triggers.*.do.action", Shape::Text, "Its name.", "action = \"notify\""),
    key(
        "triggers.*.do.connector",
        Shape::Path,
        "The connector it stands in; default: the trigger's.",
        "connector = \"connectors/chat.conn\"",
    ),
    key(
        "triggers.*.do.account",
        Shape::Text,
        "The account it uses; default: the trigger's, if the connector is the same.",
        "account = \"chat\"",
    ),
    key(
        "triggers.*.do.map",
        Shape::Mapping,
        "The action's input: a table, in which `{{path}}` stands for what the event has there; the names of fields that \
         are taken over; or the name of a method that makes it of the event; default: the whole event.",
        "map = { text = \"New: {{name}}\" }",
    ),
    key(
        "triggers.*.do.on_failure",
        Shape::Table,
        "The action that runs when this one has failed for good; its event has `job`, `trigger`, `error`, `attempts` and `event`.",
        "on_failure = { action = \"alert\", map = { text = \"{{trigger}}: {{error}}\" } }",
    ),
    required("triggers.*.do.on_failure.action", Shape::Text, "Its name.", "action = \"alert\""),
    key("triggers.*.do.on_failure.connector", Shape::Path, "The connector it stands in; default: that of `do`.", ""),
    key(
        "triggers.*.do.on_failure.account",
        Shape::Text,
        "The account it uses; default: that of `do`, if the connector is the same.",
        "",
    ),
    key("triggers.*.do.on_failure.map", Shape::Mapping, "The action's input, as above.", ""),
    key("syncs", Shape::Table, "What is copied.", ""),
    key("syncs.*", Shape::Table, "One sync with its place; the name is yours.", "[syncs.customers]"),
    required("syncs.*.connector", Shape::Path, "The connector's file.", "connector = \"connectors/customers.conn\""),
    required("syncs.*.sync", Shape::Text, "The sync's name in the connector.", "sync = \"customers\""),
    key("syncs.*.account", Shape::Text, "The account that it uses.", "account = \"acme\""),
    key("syncs.*.input", Shape::Values, "The sync's input.", "input = { region = \"eu\" }"),
    key("syncs.*.poll_interval", Shape::Number, "Seconds from one run to the next.", "poll_interval = 3600"),
    key(
        "syncs.*.schedule",
        Shape::Text,
        "When it runs instead, as cron writes it; default: what the connector says, or once an hour.",
        "schedule = \"0 2 * * *\"",
    ),
    key("syncs.*.timezone", Shape::Text, "The schedule's zone; default: UTC.", "timezone = \"America/New_York\""),
    key("syncs.*.catch_up", CATCH_UP, "What becomes of times that passed meanwhile.", "catch_up = \"one\""),
    required(
        "syncs.*.sink",
        Shape::Table,
        "Where the records go: one of `sqlite`, `csv`, `jsonl`.",
        "sink = { sqlite = \"warehouse.db\", table = \"customers\" }",
    ),
    key("syncs.*.sink.sqlite", Shape::Path, "An SQLite database.", "sqlite = \"warehouse.db\""),
    key("syncs.*.sink.csv", Shape::Path, "A CSV file.", "csv = \"customers.csv\""),
    key("syncs.*.sink.jsonl", Shape::Path, "A file of JSON lines.", "jsonl = \"customers.jsonl\""),
    key(
        "syncs.*.sink.table",
        Shape::Text,
        "The table of the database; default: the sync's name in the connector.",
        "table = \"customers\"",
    ),
    key(
        "syncs.*.sink.on_drift",
        ON_DRIFT,
        "What becomes of new columns and of values of another type; default: `evolve`.",
        "on_drift = \"freeze\"",
    ),
    key("server", Shape::Table, "The HTTP server for webhooks and the API.", "[server]"),
    key(
        "server.listen",
        Shape::Text,
        "Address and port; default: `127.0.0.1:8080`. Other machines reach it only with a `token`.",
        "listen = \"127.0.0.1:8080\"",
    ),
    key(
        "server.token",
        Shape::Secret,
        "What clients of the API have to send: `Authorization: Bearer …`.",
        "token = \"env:CONNRUN_TOKEN\"",
    ),
    key(
        "server.public_url",
        Shape::Text,
        "The address at which services reach the webhooks; default: where it listens.",
        "public_url = \"https://hooks.example.com\"",
    ),
    key(
        "server.max_body",
        Shape::Count,
        "The largest body of a webhook, in bytes; default: 10485760.",
        "max_body = 1048576",
    ),
    key("server.workers", Shape::Count, "How many runs at once; default: 8.", "workers = 4"),
    key("state", Shape::Table, "Where connrun remembers.", "[state]"),
    key("state.file", Shape::Path, "The state file; default: `.connrun/state.db`.", "file = \"state.db\""),
    key("check", Shape::Foreign, "What findings weigh: [check.md](check.md).", "[check]"),
];

/// The rows of the keys that may stand directly in the table at that pattern; empty for the top.
pub fn children(parent: &str) -> impl Iterator<Item = &'static Key> {
    KEYS.iter().filter(move |key| key.path.rsplit_once('.').map_or("", |(above, _)| above) == parent)
}

impl Key {
    /// The last part of the path; `*` for names that the author chooses.
    pub fn name(&self) -> &'static str {
        self.path.rsplit('.').next().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_unique_documented_and_stand_somewhere() {
        for (at, key) in KEYS.iter().enumerate() {
            assert!(KEYS[..at].iter().all(|other| other.path != key.path), "{} twice", key.path);
            assert!(key.doc.ends_with('.'), "{}", key.path);
            let parent = key.path.rsplit_once('.').map(|(parent, _)| parent);
            assert!(parent.is_none_or(|parent| KEYS.iter().any(|other| other.path == parent)), "{}", key.path);
        }
    }
}
