//! A table of an SQLite database. The records of a chunk and the state behind them are one transaction, so the table
//! knows by itself how far it is.

use super::drift::{Drift, Drifted};
use super::{Begun, Chunk, Sink, SinkError, Stand, Stored};
use crate::value::json::{self, BinaryForm};
use crate::value::{Hash, Value, to_s};
use indexmap::IndexMap;
use rusqlite::types::{ToSqlOutput, Value as Sql};
use rusqlite::{Connection, OptionalExtension, ToSql, Transaction, TransactionBehavior, params};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How long to wait for others that write the database.
const PATIENCE: Duration = Duration::from_secs(10);

/// The table of one sync.
pub struct Sqlite {
    path: PathBuf,
    table: String,
    /// Which copy it is.
    copy: String,
    key: Vec<String>,
    on_drift: Drift,
    connection: Option<Connection>,
    columns: IndexMap<String, Type>,
}

/// What a column holds, as it was declared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Type {
    Integer,
    Real,
    Text,
    Boolean,
    Json,
    /// A column of somebody else's table: anything fits.
    Any,
}

const TYPES: &[(Type, &str)] = &[
    (Type::Integer, "INTEGER"),
    (Type::Real, "REAL"),
    (Type::Text, "TEXT"),
    (Type::Boolean, "BOOLEAN"),
    (Type::Json, "JSON"),
];

impl Type {
    /// The type of a value; `None` of nil, which fits everywhere.
    fn of(value: &Value) -> Option<Self> {
        Some(match value {
            Value::Nil => return None,
            Value::True | Value::False => Self::Boolean,
            Value::Int(_) => Self::Integer,
            Value::Float(_) => Self::Real,
            Value::Hash(_) | Value::Array(_) => Self::Json,
            _ => Self::Text,
        })
    }

    fn name(self) -> &'static str {
        TYPES.iter().find(|(kind, _)| *kind == self).map_or("ANY", |(_, name)| name)
    }

    fn named(name: &str) -> Self {
        TYPES.iter().find(|(_, known)| known.eq_ignore_ascii_case(name)).map_or(Self::Any, |(kind, _)| *kind)
    }

    /// Whether a value of that type may stand in this column as it is.
    fn takes(self, other: Self) -> bool {
        self == other || self == Self::Any || (self == Self::Real && other == Self::Integer)
    }
}

impl Sqlite {
    /// `key` are the columns that tell one record from another; without any, records are appended.
    pub fn new(path: PathBuf, table: String, key: Vec<String>, on_drift: Drift) -> Self {
        Self { path, table, copy: String::new(), key, on_drift, connection: None, columns: IndexMap::new() }
    }
}

impl Sink for Sqlite {
    fn begin(&mut self, at: &Stand<'_>) -> Result<Begun, SinkError> {
        let wrong = |error| unusable(&self.path, &error);
        let connection = Connection::open(&self.path).map_err(wrong)?;
        connection.busy_timeout(PATIENCE).map_err(wrong)?;
        connection.pragma_update(None, "journal_mode", "WAL").map_err(wrong)?;
        connection.pragma_update(None, "synchronous", "FULL").map_err(wrong)?;
        let made = "CREATE TABLE IF NOT EXISTS _connrun_copy (copy TEXT PRIMARY KEY, \"table\" TEXT, version INTEGER, \
                    mark TEXT)";
        connection.execute(made, []).map_err(wrong)?;
        let held = connection
            .query_row("SELECT version, mark FROM _connrun_copy WHERE copy = ?1", [at.copy], |row| {
                Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?))
            })
            .optional()
            .map_err(wrong)?;
        self.columns = columns(&connection, &self.table).map_err(wrong)?;
        self.connection = Some(connection);
        at.copy.clone_into(&mut self.copy);
        let ahead = held.filter(|(held, _)| *held == at.version).map(|(_, mark)| mark);
        Ok(Begun { ahead, ..Begun::default() })
    }

    fn write(&mut self, chunk: &Chunk<'_>) -> Result<Stored, SinkError> {
        let Some(mut connection) = self.connection.take() else {
            return Err(SinkError::new(format!("{} was not opened", self.path.display())));
        };
        let before = self.columns.clone();
        let result = self.write_in(&mut connection, chunk);
        self.connection = Some(connection);
        if result.is_err() {
            // The transaction took its new columns with it.
            self.columns = before;
        }
        result
    }
}

impl Sqlite {
    fn write_in(&mut self, connection: &mut Connection, chunk: &Chunk<'_>) -> Result<Stored, SinkError> {
        let path = self.path.clone();
        let wrong = |error| unusable(&path, &error);
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(wrong)?;
        let mut drifted = Vec::new();
        for record in chunk.records {
            if let Value::Hash(record) = record {
                self.upsert(&transaction, record, &mut drifted)?;
            }
        }
        let mark = "INSERT OR REPLACE INTO _connrun_copy (copy, \"table\", version, mark) VALUES (?1, ?2, ?3, ?4)";
        transaction.execute(mark, params![self.copy, self.table, chunk.version, chunk.mark]).map_err(wrong)?;
        transaction.commit().map_err(wrong)?;
        Ok(Stored { position: None, drifted })
    }

    fn upsert(
        &mut self,
        transaction: &Transaction<'_>,
        record: &Hash,
        drifted: &mut Vec<Drifted>,
    ) -> Result<(), SinkError> {
        let mut fields: Vec<(String, Value)> = Vec::new();
        for (key, value) in record.to_vec() {
            let name = to_s(&key).to_text();
            match self.fit(transaction, &name, &value, drifted)? {
                Fit::Field => fields.push((name, value)),
                Fit::Nothing => {}
                Fit::Row => return Ok(()),
            }
        }
        if let Some(missing) =
            self.key.iter().find(|key| !fields.iter().any(|(name, value)| name == *key && !value.is_nil()))
        {
            if self.on_drift == Drift::DiscardRow {
                Drifted::count(drifted, missing, "part of the primary key is missing; the record was dropped");
                return Ok(());
            }
            return Err(SinkError::new(format!("a record has no `{missing}`, which is part of the primary key"))
                .help("every record needs it; check what `fetch` returns, or say --on-drift discard-row"));
        }
        let wrong = |error| unusable(&self.path, &error);
        let mut statement = transaction.prepare_cached(&self.statement(&fields)).map_err(wrong)?;
        let values: Vec<Field<'_>> = fields.iter().map(|(_, value)| Field(value)).collect();
        statement.execute(rusqlite::params_from_iter(values)).map(drop).map_err(wrong)
    }

    fn statement(&self, fields: &[(String, Value)]) -> String {
        let names: Vec<String> = fields.iter().map(|(name, _)| quoted(name)).collect();
        let table = quoted(&self.table);
        if names.is_empty() {
            return format!("INSERT INTO {table} DEFAULT VALUES");
        }
        let marks = vec!["?"; names.len()].join(", ");
        let insert = format!("INSERT INTO {table} ({}) VALUES ({marks})", names.join(", "));
        if self.key.is_empty() {
            return insert;
        }
        let keys: Vec<String> = self.key.iter().map(|key| quoted(key)).collect();
        let others = names.iter().filter(|name| !keys.contains(name));
        let set: Vec<String> = others.map(|name| format!("{name} = excluded.{name}")).collect();
        let on = format!("ON CONFLICT ({})", keys.join(", "));
        if set.is_empty() {
            format!("{insert} {on} DO NOTHING")
        } else {
            format!("{insert} {on} DO UPDATE SET {}", set.join(", "))
        }
    }

    /// Whether a value has its place, making one where that is wanted.
    fn fit(
        &mut self,
        transaction: &Transaction<'_>,
        name: &str,
        value: &Value,
        drifted: &mut Vec<Drifted>,
    ) -> Result<Fit, SinkError> {
        let Some(kind) = Type::of(value) else {
            return Ok(if self.columns.contains_key(name) { Fit::Field } else { Fit::Nothing });
        };
        let what = match self.columns.get(name) {
            Some(column) if column.takes(kind) => return Ok(Fit::Field),
            Some(column) => format!("a {} where the column holds {}", kind.name(), column.name()),
            None if self.on_drift == Drift::Evolve || self.columns.is_empty() || !self.known(transaction)? => {
                self.add(transaction, name, kind)?;
                return Ok(Fit::Field);
            }
            None => "a new column".to_owned(),
        };
        match self.on_drift {
            Drift::DiscardRow => {
                Drifted::count(drifted, name, &format!("{what}; the record was dropped"));
                Ok(Fit::Row)
            }
            Drift::DiscardValue => {
                Drifted::count(drifted, name, &format!("{what}; the value was dropped"));
                Ok(Fit::Nothing)
            }
            Drift::Evolve | Drift::Freeze => Err(SinkError::new(format!("`{name}` of {} is {what}", self.table))
                .help("nothing of this chunk was written; --on-drift discard-value or discard-row goes on without it")),
        }
    }

    /// The table holds chunks already: what comes now may drift. The first chunk makes the columns.
    fn known(&self, transaction: &Transaction<'_>) -> Result<bool, SinkError> {
        let sql = "SELECT 1 FROM _connrun_copy WHERE \"table\" = ?1";
        let mut statement = transaction.prepare_cached(sql).map_err(|error| unusable(&self.path, &error))?;
        statement.exists([&self.table]).map_err(|error| unusable(&self.path, &error))
    }

    fn add(&mut self, transaction: &Transaction<'_>, name: &str, kind: Type) -> Result<(), SinkError> {
        let wrong = |error| unusable(&self.path, &error);
        let (table, column) = (quoted(&self.table), quoted(name));
        if self.columns.is_empty() {
            let keys: Vec<String> = self.key.iter().map(|key| quoted(key)).collect();
            let plain: Vec<String> = if self.key.iter().any(|key| key == name) {
                Vec::new()
            } else {
                vec![format!("{column} {}", kind.name())]
            };
            // The key's columns take any type: which one they get is not known before a record has them all.
            let all: Vec<String> = keys.iter().cloned().chain(plain).collect();
            let primary = if keys.is_empty() { String::new() } else { format!(", PRIMARY KEY ({})", keys.join(", ")) };
            transaction.execute(&format!("CREATE TABLE {table} ({}{primary})", all.join(", ")), []).map_err(wrong)?;
            self.columns.extend(self.key.iter().map(|key| (key.clone(), Type::Any)));
            if !self.key.iter().any(|key| key == name) {
                self.columns.insert(name.to_owned(), kind);
            }
            return Ok(());
        }
        transaction.execute(&format!("ALTER TABLE {table} ADD COLUMN {column} {}", kind.name()), []).map_err(wrong)?;
        self.columns.insert(name.to_owned(), kind);
        Ok(())
    }
}

/// What becomes of one field of a record.
enum Fit {
    Field,
    Nothing,
    Row,
}

fn columns(connection: &Connection, table: &str) -> rusqlite::Result<IndexMap<String, Type>> {
    let mut statement = connection.prepare("SELECT name, type FROM pragma_table_info(?1)")?;
    let rows = statement.query_map([table], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?)))?;
    rows.map(|row| row.map(|(name, kind)| (name, Type::named(&kind)))).collect()
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// A value as a column holds it: JSON for what is nested, text for what SQLite has no type for.
struct Field<'a>(&'a Value);

impl ToSql for Field<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Owned(match self.0 {
            Value::Nil => Sql::Null,
            Value::True => Sql::Integer(1),
            Value::False => Sql::Integer(0),
            Value::Int(it) => Sql::Integer(*it),
            Value::Float(it) => Sql::Real(it.get()),
            nested @ (Value::Hash(_) | Value::Array(_)) => {
                Sql::Text(json::compact(nested, BinaryForm::Base64).unwrap_or_default())
            }
            other => Sql::Text(to_s(other).to_text()),
        }))
    }
}

fn unusable(path: &Path, error: &rusqlite::Error) -> SinkError {
    SinkError::new(format!("{} cannot be written: {error}", path.display()))
        .help("nothing of this chunk was written; the next run begins with it")
}
