//! Streams: bytes made chunk by chunk by a lambda of the connector, and their readers.

use super::run::{at, context, presence, raised};
use super::{Inputs, Run};
use crate::methods::Args;
use crate::value::{ClassId, Exception, Hash, Kind, Object, Proc, Result, Value, indifferent, raise, to_s};
use std::any::Any;
use std::rc::Rc;

/// Chunks without a byte after which a stream is taken to be stuck.
const MOST_EMPTY_CHUNKS: usize = 1_000;

/// A stream that nobody has read yet: the name and input that its lambda will get.
pub struct StreamHandle {
    pub name: String,
    pub input: Value,
    /// The lambda where it is not one of the connector's own.
    pub lambda: Value,
}

impl Object for StreamHandle {
    fn kind(&self) -> Kind {
        Kind::Stream
    }

    fn class(&self) -> ClassId {
        ClassId::STREAM_PROXY
    }

    fn as_json(&self) -> Option<Value> {
        let json = Hash::new();
        json.insert_str("__stream__", Value::True);
        json.insert_str("name", Value::str(&self.name));
        json.insert_str("input", self.input.clone());
        Some(Value::hash(json))
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// A piece of a stream, and where it lies.
struct Chunk {
    data: Value,
    from: i64,
    eof: bool,
    next_from: Option<i64>,
}

impl Run<'_> {
    /// The lambda of a stream: of the connector, of an action or of a trigger.
    pub fn stream(&self, name: &str) -> Option<Value> {
        let found = |value: Value| Some(value).filter(|value| !value.is_nil());
        let of_operations = ["triggers", "actions"].into_iter().find_map(|kind| {
            self.session
                .table(&[kind])
                .values()
                .iter()
                .rev()
                .find_map(|operation| found(at(&at(operation, "streams"), name)))
        });
        of_operations.or_else(|| found(self.session.part(&["streams", name])))
    }

    /// All names of streams.
    pub fn stream_names(&self) -> Vec<String> {
        let mut tables = vec![self.session.table(&["streams"])];
        for kind in ["actions", "triggers"] {
            for operation in self.session.table(&[kind]).values() {
                if let Value::Hash(streams) = at(&operation, "streams") {
                    tables.push(streams);
                }
            }
        }
        tables.iter().flat_map(|table| table.keys()).map(|name| to_s(&name).to_text()).collect()
    }

    /// `workato.stream.out(name, input)`
    pub fn stream_out(&mut self, args: &Args) -> Result<Value> {
        if !self.session.scope().streams {
            return Err(raise(
                ClassId::RUNTIME_ERROR,
                "Streams are not available in this context. Access streams in actions or triggers",
            ));
        }
        let name = args.text(0);
        if self.stream(&name).is_none() {
            let known = self.stream_names();
            let near = crate::text::nearest(&name, known.iter().map(String::as_str));
            let near = near.map(|near| format!("did you mean '{near}'? ")).unwrap_or_default();
            let listed = if known.is_empty() { "the connector has no streams".to_owned() } else { known.join(", ") };
            let exception = Exception::new(ClassId::KEY_ERROR, format!("key not found: {name:?}"));
            return Err(raised(exception.with_help(format!("{near}streams: {listed}"))));
        }
        let input = if args.len() > 1 { self.resolve(&args.get(1))? } else { Value::hash(Hash::new()) };
        Ok(Value::object(StreamHandle { name, input, lambda: Value::Nil }))
    }

    /// `workato.stream.in(source, from:, frame_size:) { |chunk, from, to, eof, next_from| … }`
    pub fn stream_in(&mut self, args: &Args) -> Result<Value> {
        let mut args = args.clone();
        let [from, frame_size] = args.known_keywords(["from", "frame_size"], 0)?;
        let from = integer(from, "from")?.unwrap_or(0);
        let frame_size = integer(frame_size, "frame_size")?.unwrap_or(super::inputs::FRAME_SIZE);
        if frame_size <= 0 {
            return Err(raise(ClassId::RUNTIME_ERROR, "'frame_size' must be a positive integer number"));
        }
        let block = args.need_block()?;
        let source = self.host.force(&args.get(0))?;
        self.read_source(&source, from, frame_size, &block)?;
        Ok(Value::Nil)
    }

    fn read_source(&mut self, source: &Value, from: i64, frame_size: i64, block: &Rc<Proc>) -> Result<()> {
        if let Some(handle) = source.downcast::<StreamHandle>() {
            return self.read_handle(handle, from, frame_size, block);
        }
        match source {
            Value::Hash(_) if at(source, "__stream__").truthy() => self.read_marked(source, from, frame_size, block),
            Value::Hash(_) => {
                let eof = at(source, "eof").truthy();
                let chunk = Chunk { data: rest_of(&at(source, "data"), from), from, eof, next_from: None };
                self.hand_over(&chunk, block)
            }
            Value::Str(_) => {
                let chunk = Chunk { data: rest_of(source, from), from, eof: true, next_from: None };
                self.hand_over(&chunk, block)
            }
            other => {
                let class = other.class().name();
                let message = format!("a stream has to be a stream handle, a String or a Hash, got {class}");
                Err(raise(ClassId::TYPE_ERROR, message))
            }
        }
    }

    /// A hash that stands for a stream: chunks given in it, a lambda in it, or a stream of the connector.
    fn read_marked(&mut self, source: &Value, from: i64, frame_size: i64, block: &Rc<Proc>) -> Result<()> {
        let input = presence(at(source, "input")).unwrap_or_else(|| Value::hash(Hash::new()));
        let name = to_s(&at(source, "name")).to_text();
        match at(source, "chunks") {
            Value::Nil => {
                let mut args = Args::of(&[Value::string(name), input]);
                args.keywords = false;
                let handle = self.stream_out(&args)?;
                self.read_source(&handle, from, frame_size, block)
            }
            lambda @ Value::Proc(_) => self.read_handle(&StreamHandle { name, input, lambda }, from, frame_size, block),
            Value::Hash(chunks) => self.read_given(&chunks, from, frame_size, block),
            _ => Err(raise(ClassId::RUNTIME_ERROR, "'chunks' of a stream has to be a Hash of offsets or a lambda")),
        }
    }

    fn read_given(&mut self, chunks: &Hash, from: i64, frame_size: i64, block: &Rc<Proc>) -> Result<()> {
        let chunks: Vec<(i64, Value)> = chunks
            .to_vec()
            .into_iter()
            .map(|(offset, data)| (to_s(&offset).to_text().trim().parse().unwrap_or(0), data))
            .collect();
        let last = chunks.last().map(|(offset, _)| *offset);
        for (offset, data) in chunks {
            if offset >= from {
                let eof = Some(offset) == last;
                let next_from = (!eof).then_some(offset + frame_size);
                self.hand_over(&Chunk { data, from: offset, eof, next_from }, block)?;
            }
        }
        Ok(())
    }

    fn read_handle(&mut self, handle: &StreamHandle, from: i64, frame_size: i64, block: &Rc<Proc>) -> Result<()> {
        self.each_chunk(handle, from, frame_size, &mut |run, chunk| run.hand_over(&chunk, block))
    }

    fn each_chunk(
        &mut self,
        handle: &StreamHandle,
        mut from: i64,
        frame_size: i64,
        take: &mut dyn FnMut(&mut Self, Chunk) -> Result<()>,
    ) -> Result<()> {
        let mut empty = 0;
        loop {
            let chunk = self.next_chunk(handle, from, frame_size)?;
            let next = chunk.next_from;
            take(self, chunk)?;
            let Some(next) = next else { return Ok(()) };
            empty = if next == from { empty + 1 } else { 0 };
            if empty >= MOST_EMPTY_CHUNKS {
                let message = format!("stream '{}' gave {empty} empty chunks in a row without eof", handle.name);
                let exception = Exception::new(ClassId::RUNTIME_ERROR, message);
                return Err(raised(exception.with_help("return [data, true] with the last bytes, or ['', true]")));
            }
            self.host.tick()?;
            from = next;
        }
    }

    fn next_chunk(&mut self, handle: &StreamHandle, from: i64, frame_size: i64) -> Result<Chunk> {
        let lambda =
            if handle.lambda.is_nil() { self.stream(&handle.name).unwrap_or_default() } else { handle.lambda.clone() };
        let (data, eof) = self.chunk(&lambda, &handle.input, [from, from + frame_size - 1, frame_size])?;
        let length = match &data {
            Value::Nil => 0,
            other => match self.send(other, "length", &[])? {
                Value::Int(length) => length,
                _ => 0,
            },
        };
        Ok(Chunk { data, from, eof, next_from: (!eof).then_some(from + length) })
    }

    /// One call of a stream's lambda: the bytes and whether they are the last.
    pub fn chunk(&mut self, lambda: &Value, input: &Value, [from, to, size]: [i64; 3]) -> Result<(Value, bool)> {
        if size <= 0 {
            return Err(raise(ClassId::RUNTIME_ERROR, "'frame_size' must be a positive integer number"));
        }
        let args = [indifferent(input), Value::Int(from), Value::Int(to), Value::Int(size)];
        let value = self.with_streams(false, |run| run.invoke_resolved(lambda, &context(ClassId::STREAM), &args))?;
        if let Value::Array(pair) = &value
            && let (2, Some(data), Some(eof @ (Value::True | Value::False))) = (pair.len(), pair.get(0), pair.get(1))
        {
            return Ok((data, eof.truthy()));
        }
        let message = format!("a stream has to return [bytes, true or false], got {}", described(&value));
        let exception = Exception::new(ClassId::TYPE_ERROR, message);
        let exception = exception.with_help("the second item says whether these were the last bytes: [data, true]");
        Err(raised(exception))
    }

    /// A whole stream of the connector; `take` gets the data of each chunk.
    pub fn read_stream(
        &mut self,
        name: &str,
        inputs: &Inputs,
        take: &mut dyn FnMut(&mut Self, Value) -> Result<()>,
    ) -> Result<()> {
        let lambda = self.known_stream(name)?;
        let handle = StreamHandle { name: name.to_owned(), input: inputs.input.clone(), lambda };
        self.each_chunk(&handle, 0, inputs.frame_size, &mut |run, chunk| take(run, chunk.data))
    }

    fn hand_over(&mut self, chunk: &Chunk, block: &Rc<Proc>) -> Result<()> {
        let size = match &chunk.data {
            Value::Str(text) => text.len() as i64,
            _ => 0,
        };
        let to = (size > 0).then_some(chunk.from + size - 1);
        let args = [
            chunk.data.clone(),
            Value::Int(chunk.from),
            to.map(Value::Int).unwrap_or_default(),
            Value::bool(chunk.eof),
            chunk.next_from.map(Value::Int).unwrap_or_default(),
        ];
        self.host.yield_block(block, &args)?;
        Ok(())
    }
}

/// The text from a position on; past its end there is nothing.
fn rest_of(text: &Value, from: i64) -> Value {
    let Value::Str(text) = text else { return Value::Nil };
    let from = usize::try_from(from).unwrap_or(0);
    if from > text.len() {
        return Value::Nil;
    }
    if text.is_single_byte() {
        return Value::Str(Rc::new(text.sub_bytes(from, text.len())));
    }
    let whole = text.to_text();
    match whole.char_indices().map(|(at, _)| at).chain([whole.len()]).nth(from) {
        Some(at) => Value::Str(Rc::new(text.sub_bytes(at, text.len()))),
        None => Value::Nil,
    }
}

/// What came instead of bytes and a flag.
fn described(value: &Value) -> String {
    match value {
        Value::Array(items) => {
            let kinds: Vec<_> = items.to_vec().iter().take(4).map(|item| item.class().name()).collect();
            format!("[{}]", kinds.join(", "))
        }
        other => other.class().name().to_owned(),
    }
}

fn integer(value: Option<Value>, name: &str) -> Result<Option<i64>> {
    match value {
        None | Some(Value::Nil) => Ok(None),
        Some(Value::Int(number)) => Ok(Some(number)),
        Some(other) => {
            let message = format!("'{name}' has to be an Integer, got {}", other.class().name());
            Err(raise(ClassId::TYPE_ERROR, message))
        }
    }
}
