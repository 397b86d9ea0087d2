//! Complex numbers, as far as a connector meets them: made by `to_c`, `i`, `Complex()` and roots of negative numbers.

use super::arithmetic::{Op, binary, cannot_coerce, is_zero};
use super::string::complex_prefix;
use super::{Args, Host, Method, Receiver, Table, convert, numeric, ruby};
use crate::value::{ClassId, Object, Result, Value, equal, inspect, raise, to_s};
use std::any::Any;

pub static TABLES: &[Table] = &[
    Table { receiver: Receiver::Namespace("Complex"), rows: ROWS },
    Table { receiver: Receiver::Context, rows: FUNCTIONS },
];

const FUNCTIONS: &[Method] = &[ruby(
    "Complex",
    "(real, imaginary = 0, exception: true) -> Complex or nil",
    "A number with an imaginary part, of two numbers or of text.",
    "Complex(1, 2) => (1+2i)\nComplex('1+2i') => (1+2i)\nComplex('x', exception: false) => nil",
    |host, _, args| convert::guarded(host, args, make),
)];

fn make(host: &mut dyn Host, args: &Args) -> Result<Value> {
    let real = part(host, &args.get(0))?;
    if args.given(1).is_none() {
        return Ok(if real.downcast::<Complex>().is_some() { real } else { complex(real, Value::Int(0)) });
    }
    let imaginary = part(host, &args.get(1))?;
    let ((a, b), (c, d)) = (parts(&real), parts(&imaginary));
    // `imaginary` counts times i: its own imaginary part is taken off the real one.
    if is_zero(&d) {
        return Ok(complex(a, if is_zero(&b) { c } else { binary(host, Op::Add, &b, &c)? }));
    }
    Ok(complex(binary(host, Op::Subtract, &a, &d)?, binary(host, Op::Add, &b, &c)?))
}

fn part(host: &mut dyn Host, value: &Value) -> Result<Value> {
    let value = host.force(value)?;
    match &value {
        Value::Str(text) => {
            let text = text.to_text();
            match complex_prefix(text.trim_start()) {
                (Some(number), rest) if rest.trim_end().is_empty() => Ok(number),
                _ => {
                    let message = format!("invalid value for convert(): {}", inspect(&value).to_text());
                    Err(raise(ClassId::ARGUMENT_ERROR, message))
                }
            }
        }
        number if numeric::is_number(number) || number.downcast::<Complex>().is_some() => Ok(value),
        other => Err(convert::cannot_convert(other, "Complex")),
    }
}

const ROWS: &[Method] = &[
    ruby("*", "(other) -> Complex", "The product.", "Complex(1, 2) * 2 => (2+4i)", |host, a, args| {
        multiply(host, a, &args)
    }),
    ruby("+", "(other) -> Complex", "The sum.", "Complex(1, 2) + 1 => (2+2i)", |host, a, args| {
        by_parts(host, Op::Add, a, &args)
    }),
    ruby("-", "(other) -> Complex", "The difference.", "Complex(1, 2) - 1 => (0+2i)", |host, a, args| {
        by_parts(host, Op::Subtract, a, &args)
    }),
    ruby("-@", "() -> Complex", "The number with the other sign.", "-Complex(1, 2) => (-1-2i)", |_, a, _| {
        let (real, imaginary) = parts(a);
        Ok(complex(numeric::negated(&real), numeric::negated(&imaginary)))
    }),
    ruby("abs magnitude", "() -> Float", "The distance from zero.", "Complex(3, 4).abs => 5.0", |host, a, _| {
        let (real, imaginary) = parts(a);
        Ok(Value::float(convert::to_float(host, &real)?.hypot(convert::to_float(host, &imaginary)?)))
    }),
    ruby("arg angle phase", "() -> Float", "The angle.", "Complex(1, 1).arg => 0.7853981633974483", |host, a, _| {
        let (real, imaginary) = parts(a);
        Ok(Value::float(convert::to_float(host, &imaginary)?.atan2(convert::to_float(host, &real)?)))
    }),
    ruby(
        "conjugate conj",
        "() -> Complex",
        "The number with the other sign of its imaginary part.",
        "Complex(1, 2).conj => (1-2i)",
        |_, a, _| {
            let (real, imaginary) = parts(a);
            Ok(complex(real, numeric::negated(&imaginary)))
        },
    ),
    ruby("imaginary imag", "() -> Numeric", "The imaginary part.", "Complex(1, 2).imaginary => 2", |_, a, _| {
        Ok(parts(a).1)
    }),
    ruby("real", "() -> Numeric", "The real part.", "Complex(1, 2).real => 1", |_, a, _| Ok(parts(a).0)),
    ruby("real?", "() -> Boolean", "false: the number is complex.", "Complex(1, 2).real? => false", |_, _, _| {
        Ok(Value::False)
    }),
    ruby("rectangular rect", "() -> Array", "Both parts.", "Complex(1, 2).rect => [1, 2]", |_, a, _| {
        let (real, imaginary) = parts(a);
        Ok(Value::array(vec![real, imaginary]))
    }),
    ruby("to_c", "() -> Complex", "The number itself.", "Complex(1, 2).to_c => (1+2i)", |_, a, _| Ok(a.clone())),
    ruby(
        "to_f",
        "() -> Float",
        "The real part as a float, if there is no other.",
        "Complex(1, 0).to_f => 1.0",
        |host, a, _| {
            let real = only_real(a, "Float")?;
            convert::to_float(host, &real).map(Value::float)
        },
    ),
    ruby(
        "to_i",
        "() -> Integer",
        "The real part as an integer, if there is no other.",
        "Complex(1, 0).to_i => 1",
        |host, a, _| {
            let real = only_real(a, "Integer")?;
            numeric::truncate(host, &real)
        },
    ),
    ruby("to_s", "() -> String", "Both parts.", "Complex(1, 2).to_s => \"1+2i\"", |_, a, _| {
        Ok(a.downcast::<Complex>().map_or(Value::Nil, |number| Value::string(number.plain())))
    }),
];

fn parts(value: &Value) -> (Value, Value) {
    match value.downcast::<Complex>() {
        Some(number) => (number.real.clone(), number.imaginary.clone()),
        None => (value.clone(), Value::Int(0)),
    }
}

/// The other operand: complex or real.
fn operand(a: &Value, args: &Args) -> Result<(Value, Value)> {
    let other = args.get(0);
    if other.downcast::<Complex>().is_none() && !numeric::is_number(&other) {
        return Err(cannot_coerce(&other, a));
    }
    Ok(parts(&other))
}

fn by_parts(host: &mut dyn Host, op: Op, a: &Value, args: &Args) -> Result<Value> {
    let ((ar, ai), (br, bi)) = (parts(a), operand(a, args)?);
    Ok(complex(binary(host, op, &ar, &br)?, binary(host, op, &ai, &bi)?))
}

fn multiply(host: &mut dyn Host, a: &Value, args: &Args) -> Result<Value> {
    let ((ar, ai), (br, bi)) = (parts(a), operand(a, args)?);
    let mut product = |x: &Value, y: &Value| binary(host, Op::Multiply, x, y);
    let (rr, ii, ri, ir) = (product(&ar, &br)?, product(&ai, &bi)?, product(&ar, &bi)?, product(&ai, &br)?);
    Ok(complex(binary(host, Op::Subtract, &rr, &ii)?, binary(host, Op::Add, &ri, &ir)?))
}

fn only_real(value: &Value, into: &str) -> Result<Value> {
    let (real, imaginary) = parts(value);
    if matches!(imaginary, Value::Int(_)) && is_zero(&imaginary) {
        return Ok(real);
    }
    let shown = value.downcast::<Complex>().map_or_else(String::new, Complex::plain);
    Err(raise(ClassId::RANGE_ERROR, format!("can't convert {shown} into {into}")))
}

/// A number with an imaginary part.
pub struct Complex {
    real: Value,
    imaginary: Value,
}

impl Object for Complex {
    fn class(&self) -> ClassId {
        ClassId::COMPLEX
    }

    fn inspect(&self) -> String {
        format!("({})", self.to_text(|part| inspect(part).to_text()))
    }

    fn equals(&self, other: &dyn Object) -> bool {
        let other: Option<&Self> = other.as_any().downcast_ref();
        other.is_some_and(|other| equal(&self.real, &other.real) && equal(&self.imaginary, &other.imaginary))
    }

    fn namespace(&self) -> Option<&'static str> {
        Some("Complex")
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

impl Complex {
    /// `1+2i`.
    fn to_text(&self, write: impl Fn(&Value) -> String) -> String {
        let imaginary = write(&numeric::absolute(&self.imaginary));
        let sign = if is_negative(&self.imaginary) { '-' } else { '+' };
        let star = if imaginary.ends_with(|c: char| c.is_ascii_digit()) { "" } else { "*" };
        format!("{}{sign}{imaginary}{star}i", write(&self.real))
    }

    /// The text of `to_s`.
    pub fn plain(&self) -> String {
        self.to_text(|part| to_s(part).to_text())
    }
}

fn is_negative(part: &Value) -> bool {
    match part {
        Value::Float(number) => number.get().is_sign_negative() && !number.get().is_nan(),
        other => crate::value::compare(other, &Value::Int(0)).is_some_and(std::cmp::Ordering::is_lt),
    }
}

/// The complex number of two real ones.
pub fn complex(real: Value, imaginary: Value) -> Value {
    Value::object(Complex { real, imaginary })
}

/// A negative base to a broken power: it turns by π times the exponent.
pub fn polar_power(base: f64, exponent: f64) -> Result<Value> {
    let size = (-base).powf(exponent);
    if (exponent * 2.0).fract() == 0.0 {
        // Quarter turns lie on the imaginary axis exactly.
        let up = exponent.rem_euclid(2.0) < 1.0;
        return Ok(complex(Value::float(0.0), Value::float(if up { size } else { -size })));
    }
    let turn = std::f64::consts::PI * exponent;
    Ok(complex(Value::float(size * turn.cos()), Value::float(size * turn.sin())))
}
