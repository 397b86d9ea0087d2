//! Comma separated values, with a head that the first chunk decides.

use super::drift::{Drift, Drifted};
use super::tail::Tail;
use super::{Begun, Chunk, Sink, SinkError, Stand, Stored};
use crate::value::json::{self, BinaryForm};
use crate::value::{Value, to_s};
use std::path::PathBuf;

/// A file whose columns stay as they are once it has a head.
pub struct Csv {
    path: PathBuf,
    on_drift: Drift,
    tail: Option<Tail>,
    columns: Vec<String>,
}

impl Csv {
    pub fn new(path: PathBuf, on_drift: Drift) -> Self {
        Self { path, on_drift, tail: None, columns: Vec::new() }
    }
}

impl Sink for Csv {
    fn begin(&mut self, at: &Stand<'_>) -> Result<Begun, SinkError> {
        let mut begun = Begun::default();
        let mut tail = Tail::open(&self.path, at.position, &mut begun)?;
        if let Some(head) = tail.first_line()? {
            let mut reader = ::csv::ReaderBuilder::new().has_headers(false).from_reader(head.as_bytes());
            let names = reader.records().next().and_then(Result::ok);
            self.columns = names.map(|names| names.iter().map(str::to_owned).collect()).unwrap_or_default();
        }
        self.tail = Some(tail);
        Ok(begun)
    }

    fn write(&mut self, chunk: &Chunk<'_>) -> Result<Stored, SinkError> {
        let mut stored = Stored::default();
        let mut writer = ::csv::Writer::from_writer(Vec::new());
        let wrong = |error: ::csv::Error| SinkError::new(format!("a record cannot be written: {error}"));
        if self.columns.is_empty() {
            self.columns = columns_of(chunk.records);
            if !self.columns.is_empty() {
                writer.write_record(&self.columns).map_err(wrong)?;
            }
        }
        for record in chunk.records {
            if self.fits(record, &mut stored)? {
                writer.write_record(self.columns.iter().map(|name| field(record, name))).map_err(wrong)?;
            }
        }
        let bytes = writer.into_inner().map_err(|error| SinkError::new(error.to_string()))?;
        let Some(tail) = &mut self.tail else {
            return Err(SinkError::new(format!("{} was not opened", self.path.display())));
        };
        tail.append(&bytes)?;
        stored.position = Some(tail.length().to_string());
        Ok(stored)
    }
}

impl Csv {
    /// Whether a record may be written; a file of values cannot grow columns, so a new one never fits.
    fn fits(&self, record: &Value, stored: &mut Stored) -> Result<bool, SinkError> {
        let Value::Hash(hash) = record else { return Ok(false) };
        for key in hash.keys() {
            let name = to_s(&key).to_text();
            if self.columns.contains(&name) {
                continue;
            }
            match self.on_drift {
                Drift::DiscardRow => {
                    Drifted::count(&mut stored.drifted, &name, "a new column; the record was dropped");
                    return Ok(false);
                }
                Drift::DiscardValue => {
                    Drifted::count(&mut stored.drifted, &name, "a new column; the value was dropped");
                }
                Drift::Evolve | Drift::Freeze => {
                    return Err(SinkError::new(format!("{} has no column `{name}`", self.path.display()))
                        .help("a CSV file cannot grow columns: begin a new one, or say --on-drift discard-value"));
                }
            }
        }
        Ok(true)
    }
}

/// The keys of all records, in the order in which they come up.
fn columns_of(records: &[Value]) -> Vec<String> {
    let mut columns = indexmap::IndexSet::new();
    for record in records {
        if let Value::Hash(hash) = record {
            columns.extend(hash.keys().iter().map(|key| to_s(key).to_text()));
        }
    }
    columns.into_iter().collect()
}

/// A value as a field: nothing for nil, JSON for what is nested.
fn field(record: &Value, name: &str) -> String {
    let Value::Hash(hash) = record else { return String::new() };
    match hash.get_either(name).unwrap_or_default() {
        Value::Nil => String::new(),
        nested @ (Value::Hash(_) | Value::Array(_)) => json::compact(&nested, BinaryForm::Base64).unwrap_or_default(),
        value => to_s(&value).to_text(),
    }
}
