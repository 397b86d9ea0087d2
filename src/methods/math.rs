//! The module Math.

use super::{Args, Host, Method, Receiver, Table, convert, ruby};
use crate::value::{ClassId, Result, Unwind, Value, raise};
use num_bigint::BigInt;
use num_traits::Signed;

pub static TABLES: &[Table] = &[Table { receiver: Receiver::Singleton("Math"), rows: ROWS }];

const ROWS: &[Method] = &[
    ruby("acos", "(x) -> Float", "The arc cosine.", "Math.acos(1) => 0.0", |host, _, args| {
        within(host, &args, "acos", |x| (-1.0..=1.0).contains(&x), f64::acos)
    }),
    ruby("acosh", "(x) -> Float", "The inverse hyperbolic cosine.", "Math.acosh(1) => 0.0", |host, _, args| {
        within(host, &args, "acosh", |x| x >= 1.0, f64::acosh)
    }),
    ruby("asin", "(x) -> Float", "The arc sine.", "Math.asin(0) => 0.0", |host, _, args| {
        within(host, &args, "asin", |x| (-1.0..=1.0).contains(&x), f64::asin)
    }),
    ruby("asinh", "(x) -> Float", "The inverse hyperbolic sine.", "Math.asinh(0) => 0.0", |host, _, args| {
        of(host, &args, f64::asinh)
    }),
    ruby("atan", "(x) -> Float", "The arc tangent.", "Math.atan(0) => 0.0", |host, _, args| of(host, &args, f64::atan)),
    ruby(
        "atan2",
        "(y, x) -> Float",
        "The angle of a point.",
        "Math.atan2(1, 1) => 0.7853981633974483",
        |host, _, args| Ok(Value::float(number(host, &args, 0)?.atan2(number(host, &args, 1)?))),
    ),
    ruby("atanh", "(x) -> Float", "The inverse hyperbolic tangent.", "Math.atanh(0) => 0.0", |host, _, args| {
        within(host, &args, "atanh", |x| (-1.0..=1.0).contains(&x), f64::atanh)
    }),
    ruby("cbrt", "(x) -> Float", "The cube root.", "Math.cbrt(27) => 3.0", |host, _, args| of(host, &args, f64::cbrt)),
    ruby("cos", "(x) -> Float", "The cosine.", "Math.cos(0) => 1.0", |host, _, args| of(host, &args, f64::cos)),
    ruby("cosh", "(x) -> Float", "The hyperbolic cosine.", "Math.cosh(0) => 1.0", |host, _, args| {
        of(host, &args, f64::cosh)
    }),
    ruby("erf", "(x) -> Float", "The error function.", "Math.erf(0) => 0.0", |host, _, args| {
        of(host, &args, libm::erf)
    }),
    ruby("erfc", "(x) -> Float", "The complement of the error function.", "Math.erfc(0) => 1.0", |host, _, args| {
        of(host, &args, libm::erfc)
    }),
    ruby("exp", "(x) -> Float", "e to the power of x.", "Math.exp(0) => 1.0", |host, _, args| {
        of(host, &args, f64::exp)
    }),
    ruby("frexp", "(x) -> Array", "Fraction and power of two.", "Math.frexp(1234) => [0.6025390625, 11]", frexp),
    ruby("gamma", "(x) -> Float", "The gamma function.", "Math.gamma(5) => 24.0", gamma),
    ruby(
        "hypot",
        "(x, y) -> Float",
        "The longest side of a right triangle.",
        "Math.hypot(3, 4) => 5.0",
        |host, _, args| Ok(Value::float(number(host, &args, 0)?.hypot(number(host, &args, 1)?))),
    ),
    ruby(
        "ldexp",
        "(fraction, exponent) -> Float",
        "A fraction times a power of two.",
        "Math.ldexp(0.5, 3) => 4.0",
        |host, _, args| {
            let exponent = i32::try_from(args.int(1)?).unwrap_or(i32::MAX);
            Ok(Value::float(libm::ldexp(number(host, &args, 0)?, exponent)))
        },
    ),
    ruby(
        "lgamma",
        "(x) -> Array",
        "The logarithm of the gamma function, and its sign.",
        "Math.lgamma(1) => [0.0, 1]",
        |host, _, args| {
            let x = number(host, &args, 0)?;
            if x == f64::NEG_INFINITY {
                return Err(out_of_domain("lgamma"));
            }
            let (value, sign) = libm::lgamma_r(x);
            Ok(Value::array(vec![Value::float(value), Value::Int(i64::from(sign))]))
        },
    ),
    ruby(
        "log",
        "(x, base = 2.718281828459045) -> Float",
        "The logarithm, natural or of a base.",
        "Math.log(1) => 0.0\nMath.log(8, 2) => 3.0\nMath.log(-1) => Math::DomainError: Numerical argument is out of domain - log",
        log,
    ),
    ruby("log10", "(x) -> Float", "The logarithm of base 10.", "Math.log10(1000) => 3.0", |host, _, args| {
        logarithm(host, &args.get(0), "log10", f64::log10, std::f64::consts::LOG10_2)
    }),
    ruby("log2", "(x) -> Float", "The logarithm of base 2.", "Math.log2(8) => 3.0", |host, _, args| {
        logarithm(host, &args.get(0), "log2", f64::log2, 1.0)
    }),
    ruby("sin", "(x) -> Float", "The sine.", "Math.sin(0) => 0.0", |host, _, args| of(host, &args, f64::sin)),
    ruby("sinh", "(x) -> Float", "The hyperbolic sine.", "Math.sinh(0) => 0.0", |host, _, args| {
        of(host, &args, f64::sinh)
    }),
    ruby(
        "sqrt",
        "(x) -> Float",
        "The square root.",
        "Math.sqrt(16) => 4.0\nMath.sqrt(-1) => Math::DomainError: Numerical argument is out of domain - sqrt",
        |host, _, args| within(host, &args, "sqrt", |x| x >= 0.0, |x| if x == 0.0 { 0.0 } else { x.sqrt() }),
    ),
    ruby("tan", "(x) -> Float", "The tangent.", "Math.tan(0) => 0.0", |host, _, args| of(host, &args, f64::tan)),
    ruby("tanh", "(x) -> Float", "The hyperbolic tangent.", "Math.tanh(0) => 0.0", |host, _, args| {
        of(host, &args, f64::tanh)
    }),
];

/// A number argument as a float; text is not converted.
fn number(host: &mut dyn Host, args: &Args, index: usize) -> Result<f64> {
    let value = host.force(&args.get(index))?;
    convert::as_float(&value).ok_or_else(|| convert::cannot_convert(&value, "Float"))
}

fn of(host: &mut dyn Host, args: &Args, function: fn(f64) -> f64) -> Result<Value> {
    Ok(Value::float(function(number(host, args, 0)?)))
}

/// A function that is not defined everywhere.
fn within(
    host: &mut dyn Host,
    args: &Args,
    name: &str,
    domain: fn(f64) -> bool,
    function: fn(f64) -> f64,
) -> Result<Value> {
    let x = number(host, args, 0)?;
    if !x.is_nan() && !domain(x) {
        return Err(out_of_domain(name));
    }
    Ok(Value::float(function(x)))
}

#[cold]
fn out_of_domain(name: &str) -> Box<Unwind> {
    raise(ClassId::MATH_DOMAIN_ERROR, format!("Numerical argument is out of domain - {name}"))
}

/// A logarithm that also takes integers beyond the floats: `per_bit` is the logarithm of two.
fn logarithm(host: &mut dyn Host, value: &Value, name: &str, function: fn(f64) -> f64, per_bit: f64) -> Result<Value> {
    let value = host.force(value)?;
    if let Value::BigInt(big) = &value
        && !big.is_negative()
    {
        let extra = big.bits().saturating_sub(f64::MAX_EXP as u64 - 1);
        let small: BigInt = big.as_ref() >> extra;
        return Ok(Value::float(function(crate::value::big_to_f64(&small)) + extra as f64 * per_bit));
    }
    let x = convert::as_float(&value).ok_or_else(|| convert::cannot_convert(&value, "Float"))?;
    if x < 0.0 {
        return Err(out_of_domain(name));
    }
    Ok(Value::float(if x == 0.0 { f64::NEG_INFINITY } else { function(x) }))
}

fn log(host: &mut dyn Host, _: &Value, args: Args) -> Result<Value> {
    let natural = logarithm(host, &args.get(0), "log", f64::ln, std::f64::consts::LN_2)?;
    let Some(base) = args.given(1) else { return Ok(natural) };
    let base = logarithm(host, base, "log", f64::ln, std::f64::consts::LN_2)?;
    match (natural, base) {
        (Value::Float(natural), Value::Float(base)) => Ok(Value::float(natural.get() / base.get())),
        (natural, _) => Ok(natural),
    }
}

fn frexp(host: &mut dyn Host, _: &Value, args: Args) -> Result<Value> {
    let (fraction, exponent) = libm::frexp(number(host, &args, 0)?);
    Ok(Value::array(vec![Value::float(fraction), Value::Int(i64::from(exponent))]))
}

/// Exact factorials as far as floats hold them, the library's approximation beyond.
fn gamma(host: &mut dyn Host, _: &Value, args: Args) -> Result<Value> {
    const LAST_EXACT: f64 = 23.0;
    let x = number(host, &args, 0)?;
    if x == f64::NEG_INFINITY || (x < 0.0 && x.fract() == 0.0) {
        return Err(out_of_domain("gamma"));
    }
    if x.fract() == 0.0 && (1.0..=LAST_EXACT).contains(&x) {
        return Ok(Value::float((1..x as u64).map(|factor| factor as f64).product()));
    }
    Ok(Value::float(if x == 0.0 { 1.0 / x } else { libm::tgamma(x) }))
}
