//! Methods of the class Array itself.

use super::as_array;
use crate::methods::{Args, Host, Method, rails, ruby};
use crate::value::{ClassId, Kind, Result, Value, raise};

pub(super) const ROWS: &[Method] = &[
    ruby("[]", "(*values) -> Array", "An array of these values.", "Array[1, 2] => [1, 2]", |_, _, args| {
        Ok(Value::array(args.values.into_vec()))
    }),
    ruby(
        "new",
        "(size = 0, value = nil) [{ |index| … }] -> Array",
        "An array of so many values, a copy of an array, or what the block makes.",
        "Array.new(2, 0) => [0, 0]\nArray.new(3) { |i| i * i } => [0, 1, 4]",
        new,
    ),
    ruby(
        "try_convert",
        "(value)",
        "The value if it is an array, else nil.",
        "Array.try_convert(1) => nil",
        |host, _, args| Ok(as_array(host, &args.get(0)).map_or(Value::Nil, Value::Array)),
    ),
    rails(
        "wrap",
        "(value) -> Array",
        "Nil becomes an empty array, an array stays, everything else is put into one.",
        "Array.wrap(nil) => []\nArray.wrap([1]) => [1]\nArray.wrap({a: 1}) => [{:a=>1}]",
        wrap,
    ),
];

fn new(host: &mut dyn Host, _: &Value, args: Args) -> Result<Value> {
    let size = match args.given(0) {
        None => return Ok(Value::array(Vec::new())),
        Some(Value::Array(array)) if args.len() == 1 && args.block.is_none() => {
            return Ok(Value::array(array.to_vec()));
        }
        Some(_) => args.int(0)?,
    };
    let Ok(size) = usize::try_from(size) else { return Err(raise(ClassId::ARGUMENT_ERROR, "negative array size")) };
    if size > usize::MAX / 16 {
        return Err(raise(ClassId::ARGUMENT_ERROR, "array size too big"));
    }
    let Some(block) = &args.block else {
        host.charge(size.saturating_mul(16))?;
        return Ok(Value::array(vec![args.get(1); size]));
    };
    let mut items = Vec::new();
    for index in 0..size {
        items.push(host.yield_block(block, &[index.into()])?);
    }
    Ok(Value::array(items))
}

fn wrap(host: &mut dyn Host, _: &Value, args: Args) -> Result<Value> {
    let value = host.force(&args.get(0))?;
    match value {
        Value::Nil => Ok(Value::array(Vec::new())),
        Value::Array(_) => Ok(value),
        other if other.kind() == Kind::Where => Ok(Value::Array(as_array(host, &other)?)),
        other => Ok(Value::array(vec![other])),
    }
}
