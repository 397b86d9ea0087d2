//! Divisors, digits, powers and roots.

use super::{big, strict};
use crate::methods::{Args, Host, Method, arithmetic, convert, rails, ruby};
use crate::value::{ClassId, Decimal, Rational, Result, Value, raise};
use num_bigint::BigInt;
use num_integer::Integer;
use num_traits::{One, Signed, ToPrimitive, Zero};

pub(super) const ROWS: &[Method] = &[
    ruby(
        "digits",
        "(base = 10) -> Array",
        "The digits, last one first.",
        "123.digits => [3, 2, 1]\n255.digits(16) => [15, 15]",
        digits,
    ),
    ruby("even?", "() -> Boolean", "Whether it is divisible by two.", "4.even? => true", |_, a, _| {
        Ok(Value::bool(big(a).is_even()))
    }),
    ruby("gcd", "(other) -> Integer", "The greatest common divisor.", "12.gcd(18) => 6", |_, a, args| {
        Ok(Value::big(big(a).gcd(strict(&args.get(0))?.as_ref())))
    }),
    ruby(
        "gcdlcm",
        "(other) -> Array",
        "Greatest common divisor and least common multiple.",
        "4.gcdlcm(6) => [2, 12]",
        |_, a, args| {
            let other = args.get(0);
            let other = strict(&other)?;
            Ok(Value::array(vec![Value::big(big(a).gcd(&other)), Value::big(big(a).lcm(&other))]))
        },
    ),
    ruby("lcm", "(other) -> Integer", "The least common multiple.", "4.lcm(6) => 12", |_, a, args| {
        Ok(Value::big(big(a).lcm(strict(&args.get(0))?.as_ref())))
    }),
    rails(
        "multiple_of?",
        "(number) -> Boolean",
        "Whether it is a multiple of the other.",
        "6.multiple_of?(3) => true",
        |host, a, args| {
            let other = args.get(0);
            if arithmetic::is_zero(&other) {
                return Ok(Value::bool(arithmetic::is_zero(a)));
            }
            let rest = arithmetic::binary(host, arithmetic::Op::Modulo, a, &other)?;
            Ok(Value::bool(arithmetic::is_zero(&rest)))
        },
    ),
    ruby("odd?", "() -> Boolean", "Whether it is not divisible by two.", "3.odd? => true", |_, a, _| {
        Ok(Value::bool(big(a).is_odd()))
    }),
    ruby(
        "pow",
        "(exponent, modulus = nil) -> Numeric",
        "The power, or its rest by the modulus.",
        "3.pow(4) => 81\n10.pow(3, 7) => 6",
        |host, a, args| match args.given(1) {
            None => arithmetic::power(host, a, &args.get(0)),
            Some(modulus) => arithmetic::power_modulo(host, a, &args.get(0), modulus),
        },
    ),
    ruby(
        "rationalize to_r",
        "(precision = 0) -> Rational",
        "The number as a fraction.",
        "5.to_r => (5/1)",
        |_, a, _| Ok(Value::rational(Rational { numerator: big(a).into_owned(), denominator: BigInt::one() })),
    ),
    ruby("size", "() -> Integer", "How many bytes the machine keeps it in.", "5.size => 8", |_, a, _| {
        Ok(Value::Int(big(a).bits().div_ceil(8).max(8) as i64))
    }),
    ruby("to_d", "() -> BigDecimal", "The number as an exact decimal.", "5.to_d => 0.5e1", |_, a, _| {
        Ok(Value::decimal(Decimal::from(big(a).into_owned())))
    }),
    ruby("to_f", "() -> Float", "The nearest float.", "5.to_f => 5.0", |_, a, _| {
        Ok(Value::float(convert::as_float(a).unwrap_or_default()))
    }),
    ruby("to_i", "() -> Integer", "The number itself.", "5.to_i => 5", |_, a, _| Ok(a.clone())),
];

pub(super) const CLASS_ROWS: &[Method] = &[
    ruby(
        "sqrt",
        "(number) -> Integer",
        "The square root, cut to an integer.",
        "Integer.sqrt(24) => 4",
        |_, _, args| {
            let number = super::implicit(&args.get(0))?;
            if number.is_negative() {
                return Err(raise(ClassId::MATH_DOMAIN_ERROR, "Numerical argument is out of domain - \"isqrt\""));
            }
            Ok(Value::big(number.sqrt()))
        },
    ),
    ruby(
        "try_convert",
        "(value) -> Integer",
        "The value if it is an integer, else nil.",
        "Integer.try_convert(5) => 5",
        |_, _, args| {
            Ok(match args.get(0) {
                number @ (Value::Int(_) | Value::BigInt(_)) => number,
                _ => Value::Nil,
            })
        },
    ),
];

fn digits(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let base = match args.given(0) {
        None => BigInt::from(10),
        Some(base) => super::implicit(base)?,
    };
    if base.is_negative() {
        return Err(raise(ClassId::ARGUMENT_ERROR, "negative radix"));
    }
    if base < BigInt::from(2) {
        return Err(raise(ClassId::ARGUMENT_ERROR, format!("invalid radix {base}")));
    }
    let number = big(receiver);
    if number.is_negative() {
        return Err(raise(ClassId::MATH_DOMAIN_ERROR, "out of domain"));
    }
    host.charge(number.bits() as usize * 16)?;
    if let Some(radix) = base.to_u32().filter(|radix| *radix <= 256) {
        let digits = number.magnitude().to_radix_le(radix);
        return Ok(Value::array(digits.into_iter().map(|digit| Value::Int(i64::from(digit))).collect()));
    }
    let mut rest = number.into_owned();
    let mut digits = Vec::new();
    loop {
        let (next, digit) = rest.div_rem(&base);
        digits.push(Value::big(digit));
        if next.is_zero() {
            return Ok(Value::array(digits));
        }
        rest = next;
    }
}
