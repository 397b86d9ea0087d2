//! Literals that must be built: arrays, hashes, interpolated text, regular expressions, ranges, closures.

use super::Interpreter;
use super::names::names;
use crate::methods::{Args, Host};
use crate::program::{ArgNode, Capture, Lambda, Node, PairNode, PieceNode};
use crate::text::Span;
use crate::value::{
    Cell, ClassId, FrameId, Hash, Kind, Proc, Range, Regexp, RegexpOptions, Result, Str, Value, compare, raise, to_s,
};
use std::rc::Rc;
use std::sync::Arc;

impl Interpreter {
    #[inline(never)]
    pub(super) fn eval_array(&mut self, items: &[Node]) -> Result<Value> {
        let mut values = Vec::with_capacity(items.len());
        for item in items {
            values.push(self.eval(item)?);
        }
        Ok(Value::array(values))
    }

    #[inline(never)]
    pub(super) fn eval_hash(&mut self, pairs: &[PairNode]) -> Result<Value> {
        let hash = Hash::with_capacity(pairs.len());
        for pair in pairs {
            match pair {
                PairNode::Entry(key, value) => {
                    let key = self.eval(key)?;
                    let value = self.eval(value)?;
                    hash.insert(key, value);
                }
                PairNode::Splat(value) => {
                    let value = self.eval(value)?;
                    self.merge_splat(&hash, &value)?;
                }
            }
        }
        Ok(Value::hash(hash))
    }

    /// `**value`; nil is nothing, a request is executed first.
    fn merge_splat(&mut self, into: &Hash, value: &Value) -> Result<()> {
        match self.force(value)? {
            Value::Hash(from) => from.to_vec().into_iter().for_each(|(key, value)| into.insert(key, value)),
            Value::Nil => {}
            other => return Err(crate::methods::args::no_conversion(&other, "Hash")),
        }
        Ok(())
    }

    /// Arguments with splats and keywords.
    pub(super) fn eval_args(&mut self, nodes: &[ArgNode]) -> Result<Args> {
        let mut args = Args::none();
        for node in nodes {
            match node {
                ArgNode::Value(value) => args.values.push(self.eval(value)?),
                ArgNode::Splat(value) => {
                    let value = self.eval(value)?;
                    args.values.extend(self.splat(&value)?);
                }
                ArgNode::Keywords(pairs) => {
                    let keywords = self.eval_hash(pairs)?;
                    let only_splats = pairs.iter().all(|pair| matches!(pair, PairNode::Splat(_)));
                    if let Value::Hash(hash) = &keywords
                        && !(only_splats && hash.is_empty())
                    {
                        args.values.push(keywords);
                        args.keywords = true;
                    }
                }
            }
        }
        Ok(args)
    }

    /// What `*value` spreads to: an array's items, nil's nothing, `to_a` of what has it, else the value alone.
    pub(super) fn splat(&mut self, value: &Value) -> Result<Vec<Value>> {
        let value = self.force(value)?;
        match &value {
            Value::Array(array) => Ok(array.to_vec()),
            Value::Nil => Ok(Vec::new()),
            Value::Hash(_) | Value::Range(_) | Value::Set(_) | Value::Match(_) => self.splat_by_to_a(&value),
            Value::Object(object)
                if matches!(object.kind(), Kind::Enumerator | Kind::Arithmetic | Kind::Lazy | Kind::Where) =>
            {
                self.splat_by_to_a(&value)
            }
            _ => Ok(vec![value]),
        }
    }

    fn splat_by_to_a(&mut self, value: &Value) -> Result<Vec<Value>> {
        match self.send(value, names().to_a.name, Args::none())? {
            Value::Array(array) => Ok(array.to_vec()),
            other => Ok(vec![other]),
        }
    }

    #[inline(never)]
    pub(super) fn eval_interpolated(&mut self, pieces: &[PieceNode]) -> Result<Value> {
        let mut out = Vec::with_capacity(32);
        let mut class = crate::value::Encoding::Utf8;
        for piece in pieces {
            match piece {
                PieceNode::Text(text) => out.extend_from_slice(text),
                PieceNode::Code(code) => {
                    let value = self.eval(code)?;
                    class = self.append(&mut out, &value, class)?;
                }
            }
        }
        Ok(Value::Str(Rc::new(Str::owned(out, class))))
    }

    /// Appends `value.to_s`; bytes that are no text make the whole binary.
    fn append(
        &mut self,
        out: &mut Vec<u8>,
        value: &Value,
        encoding: crate::value::Encoding,
    ) -> Result<crate::value::Encoding> {
        match value {
            Value::Str(text) => {
                out.extend_from_slice(&text.bytes());
                let foreign = !text.is_ascii() && text.encoding() != crate::value::Encoding::Utf8;
                return Ok(if foreign { text.encoding() } else { encoding });
            }
            Value::Int(number) => out.extend_from_slice(itoa::Buffer::new().format(*number).as_bytes()),
            Value::Symbol(symbol) => symbol.with(|text| out.extend_from_slice(text.as_bytes())),
            Value::Object(_) => match self.send(value, names().to_s.name, Args::none())? {
                Value::Str(text) => out.extend_from_slice(&text.bytes()),
                other => out.extend_from_slice(&to_s(&other).bytes()),
            },
            other => out.extend_from_slice(&to_s(other).bytes()),
        }
        Ok(encoding)
    }

    pub(super) fn eval_symbol(&mut self, pieces: &[PieceNode]) -> Result<Value> {
        let text = self.eval_interpolated(pieces)?;
        Ok(Value::symbol(&to_s(&text).to_text()))
    }

    pub(super) fn eval_regex(
        &mut self,
        number: u32,
        source: &[u8],
        options: RegexpOptions,
        span: Span,
    ) -> Result<Value> {
        if let Some(Some(regex)) = self.regexes.get(number as usize) {
            return Ok(Value::Regexp(Rc::clone(regex)));
        }
        let regex = self.compile(source, options, span)?;
        if let Some(place) = self.regexes.get_mut(number as usize) {
            *place = Some(Rc::clone(&regex));
        }
        Ok(Value::Regexp(regex))
    }

    pub(super) fn eval_dynamic_regex(
        &mut self,
        number: Option<u32>,
        pieces: &[PieceNode],
        options: RegexpOptions,
        span: Span,
    ) -> Result<Value> {
        if let Some(Some(Some(regex))) = number.map(|number| self.regexes.get(number as usize)) {
            return Ok(Value::Regexp(Rc::clone(regex)));
        }
        let mut source = Vec::new();
        for piece in pieces {
            match piece {
                PieceNode::Text(text) => source.extend_from_slice(text),
                PieceNode::Code(code) => {
                    let value = self.eval(code)?;
                    source.extend_from_slice(&to_s(&value).bytes());
                }
            }
        }
        let regex = self.compile(&source, options, span)?;
        if let Some(place) = number.and_then(|number| self.regexes.get_mut(number as usize)) {
            *place = Some(Rc::clone(&regex));
        }
        Ok(Value::Regexp(regex))
    }

    fn compile(&self, source: &[u8], options: RegexpOptions, span: Span) -> Result<Rc<Regexp>> {
        Regexp::cached(source, options).map_err(|message| self.locate(raise(ClassId::REGEXP_ERROR, message), span))
    }

    pub(super) fn eval_range(&mut self, ends: &(Node, Node), exclusive: bool, span: Span) -> Result<Value> {
        let lo = self.eval(&ends.0)?;
        let hi = self.eval(&ends.1)?;
        let comparable = lo.is_nil() || hi.is_nil() || compare(&lo, &hi).is_some();
        if !comparable {
            return Err(self.locate(raise(ClassId::ARGUMENT_ERROR, "bad value for range"), span));
        }
        Ok(Value::Range(Rc::new(Range { lo, hi, exclusive })))
    }

    /// Makes a closure of `code` in the running frame.
    #[inline(never)]
    pub(super) fn close(&mut self, code: &Arc<Lambda>, is_lambda: bool) -> Rc<Proc> {
        let captured = code.captures.iter().map(|capture| self.capture(*capture)).collect();
        self.next_id += 1;
        Rc::new(Proc {
            code: Arc::<Lambda>::clone(code),
            captured,
            bound: Box::default(),
            receiver: if is_lambda { Value::Nil } else { self.receiver.clone() },
            is_lambda,
            home: self.home(),
            given_to: FrameId(self.next_id),
        })
    }

    fn capture(&self, capture: Capture) -> Cell {
        let cell = match capture {
            Capture::Cell(number) => self.own_cell(number),
            Capture::Captured(number) => self.captured_cell(number),
        };
        cell.cloned().unwrap_or_default()
    }
}
