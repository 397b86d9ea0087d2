//! Syncs: records of one kind, fetched chunk by chunk.

use super::Run;
use super::run::{at, context, raised, wrap_array};
use crate::value::{ClassId, Exception, Hash, Result, Value, indifferent, indifferent_hash};

/// One chunk of records, and the state to go on from.
pub struct SyncChunk {
    pub records: Vec<Value>,
    pub state: Value,
    pub has_more: bool,
}

impl Run<'_> {
    /// `fetch(connection, input, state)` of a sync.
    pub fn fetch_chunk(&mut self, name: &str, input: &Value, state: &Value) -> Result<SyncChunk> {
        let fetch = self.session.part(&["syncs", name, "fetch"]);
        if !fetch.truthy() {
            let message = format!("'fetch' block is required for sync '{name}'");
            return Err(raised(Exception::new(ClassId::SDK_INVALID_DEFINITION_ERROR, message)));
        }
        let args = [self.session.settings(), Value::Hash(indifferent_hash(input)), indifferent(state)];
        let output = self.with_streams(true, |run| run.invoke_resolved(&fetch, &context(ClassId::CONTEXT), &args))?;
        let records = at(&output, "records");
        let is_chunk = matches!(&output, Value::Hash(_)) && matches!(records, Value::Array(_));
        let records = wrap_array(&records);
        if !is_chunk || !records.iter().all(|record| matches!(record, Value::Hash(_))) {
            let message = format!("fetch of '{name}' has to return {{ records: [hashes], state:, has_more: }}");
            return Err(raised(Exception::new(ClassId::SDK_INVALID_OUTPUT_ERROR, message)));
        }
        Ok(SyncChunk { records, state: at(&output, "state"), has_more: at(&output, "has_more").truthy() })
    }
}

impl SyncChunk {
    /// The chunk as a hash.
    pub fn to_value(&self) -> Value {
        let chunk = Hash::indifferent();
        chunk.insert_str("records", Value::array(self.records.clone()));
        chunk.insert_str("state", self.state.clone());
        chunk.insert_str("has_more", Value::bool(self.has_more));
        Value::hash(chunk)
    }
}
