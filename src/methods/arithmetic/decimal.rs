//! BigDecimals with BigDecimals. Sums and products are exact; a quotient ends where Ruby's does, which counts in words
//! of nine digits.

use super::{Op, divided_by_zero};
use crate::methods::Host;
use crate::value::number_text::room_for_digits;
use crate::value::{ClassId, Decimal, Result, Value, raise};
use bigdecimal::BigDecimal;
use num_bigint::{BigInt, BigUint, Sign};
use num_integer::Integer;
use num_traits::{One, Signed, ToPrimitive, Zero};

/// Digits in a word.
pub const WORD: usize = 9;
const BASE: u64 = 1_000_000_000;
/// A quotient has at least this many words.
const SHORTEST_QUOTIENT: usize = 4;

pub(super) fn compute(host: &mut dyn Host, op: Op, a: &Decimal, b: &Decimal) -> Result<Value> {
    let result = match op {
        Op::Add => add(host, a, b)?,
        Op::Subtract => add(host, a, &negate(b))?,
        Op::Multiply => multiply(host, a, b)?,
        Op::Divide => divide(a, b),
        Op::Modulo => divmod(host, a, b)?[1].clone(),
        Op::FloorDivide => {
            let [quotient, _] = divmod(host, a, b)?;
            return to_integer(host, &quotient).map(Value::big);
        }
        Op::Remainder => remainder(host, a, b)?,
    };
    Ok(Value::decimal(result))
}

/// The integer part, or the FloatDomainError of NaN and the infinities.
pub fn to_integer(_: &mut dyn Host, number: &Decimal) -> Result<BigInt> {
    if let Decimal::Finite(number) = number {
        room_for_digits(usize::try_from(number.order_of_magnitude()).unwrap_or(0), 10)?;
    }
    number.to_integer().ok_or_else(|| {
        let what = if number.is_nan() { "'NaN' (Not a Number)".to_owned() } else { format!("'{}'", number.to_plain()) };
        raise(ClassId::FLOAT_DOMAIN_ERROR, format!("Computation results in {what}"))
    })
}

pub fn negate(number: &Decimal) -> Decimal {
    match number {
        Decimal::Finite(number) if number.is_zero() => Decimal::NegativeZero,
        Decimal::Finite(number) => Decimal::Finite(-number),
        Decimal::NegativeZero => Decimal::from(0),
        Decimal::Infinite { negative } => Decimal::Infinite { negative: !negative },
        Decimal::NaN => Decimal::NaN,
    }
}

pub fn add(host: &mut dyn Host, a: &Decimal, b: &Decimal) -> Result<Decimal> {
    Ok(match (a, b) {
        (Decimal::NaN, _) | (_, Decimal::NaN) => Decimal::NaN,
        (Decimal::Infinite { negative: a }, Decimal::Infinite { negative: b }) if a != b => Decimal::NaN,
        (Decimal::Infinite { .. }, _) => a.clone(),
        (_, Decimal::Infinite { .. }) => b.clone(),
        (Decimal::NegativeZero, Decimal::NegativeZero) => Decimal::NegativeZero,
        (Decimal::NegativeZero, _) => b.clone(),
        (_, Decimal::NegativeZero) => a.clone(),
        (Decimal::Finite(a), Decimal::Finite(b)) if !a.is_zero() && !b.is_zero() => {
            let span = a.fractional_digit_count().abs_diff(b.fractional_digit_count());
            host.charge(usize::try_from(span).unwrap_or(usize::MAX))?;
            Decimal::from(a + b)
        }
        (Decimal::Finite(a), Decimal::Finite(b)) => Decimal::Finite(if a.is_zero() { b.clone() } else { a.clone() }),
    })
}

fn multiply(host: &mut dyn Host, a: &Decimal, b: &Decimal) -> Result<Decimal> {
    let negative = a.is_negative() != b.is_negative();
    match (a, b) {
        (Decimal::NaN, _) | (_, Decimal::NaN) => Ok(Decimal::NaN),
        (Decimal::Infinite { .. }, other) | (other, Decimal::Infinite { .. }) => {
            Ok(if other.is_zero() { Decimal::NaN } else { Decimal::Infinite { negative } })
        }
        _ if a.is_zero() || b.is_zero() => Ok(zero(negative)),
        (Decimal::Finite(a), Decimal::Finite(b)) => {
            host.charge((a.digits() + b.digits()) as usize)?;
            Ok(Decimal::from(a * b))
        }
        _ => Ok(zero(negative)),
    }
}

pub fn zero(negative: bool) -> Decimal {
    if negative { Decimal::NegativeZero } else { Decimal::from(0) }
}

/// Digits that a quotient may have.
const MOST_DIGITS: usize = 100_000;

/// `a / b`; zero divisors give the infinities and NaN.
pub fn divide(a: &Decimal, b: &Decimal) -> Decimal {
    let negative = a.is_negative() != b.is_negative();
    match (a, b) {
        (Decimal::NaN, _) | (_, Decimal::NaN) | (Decimal::Infinite { .. }, Decimal::Infinite { .. }) => Decimal::NaN,
        (Decimal::Infinite { .. }, _) => Decimal::Infinite { negative },
        (_, Decimal::Infinite { .. }) => zero(negative),
        _ if a.is_zero() && b.is_zero() => Decimal::NaN,
        _ if b.is_zero() => Decimal::Infinite { negative },
        _ if a.is_zero() => zero(negative),
        _ => {
            let longest = (precision(a).max(precision(b)).unsigned_abs() as usize).min(MOST_DIGITS);
            let count = longest.div_ceil(WORD).max(SHORTEST_QUOTIENT) + 1;
            let quotient = divide_words(&Words::of(a), &Words::of(b), count, true);
            if negative { negate(&quotient) } else { quotient }
        }
    }
}

/// The magnitude as words: `0.w1w2w3… * BASE^exponent`, no zero words at either end.
struct Words {
    words: Vec<u32>,
    exponent: i64,
}

impl Words {
    fn of(number: &Decimal) -> Self {
        let (digits, point) = number.digits();
        let exponent = Integer::div_ceil(&point, &(WORD as i64));
        let lead = (exponent * WORD as i64 - point) as usize;
        let mut text = "0".repeat(lead) + &digits;
        while !text.len().is_multiple_of(WORD) {
            text.push('0');
        }
        let words = text
            .as_bytes()
            .chunks(WORD)
            .map(|word| word.iter().fold(0_u32, |number, digit| number * 10 + u32::from(digit - b'0')));
        Self { words: words.collect(), exponent }
    }

    fn integer(&self) -> BigUint {
        self.words.iter().fold(BigUint::zero(), |number, word| number * BASE + *word)
    }
}

/// How many digits lie between the first one (or the point, if that comes first) and the last.
pub fn precision(number: &Decimal) -> i64 {
    let (digits, point) = number.digits();
    let count = if number.is_zero() || !number.is_finite() { 0 } else { digits.len() as i64 };
    if count == 0 { 0 } else { point.max(count).max(count - point) }
}

/// How many words a decimal takes.
pub fn words(number: &Decimal) -> usize {
    if number.is_zero() || !number.is_finite() { 1 } else { Words::of(number).words.len() }
}

/// The first `count` words of the quotient, of which the first may be zero; rounded or cut off.
fn divide_words(a: &Words, b: &Words, count: usize, round: bool) -> Decimal {
    let shift = (b.words.len() + count) as i64 - a.words.len() as i64 - 1;
    let power = BigUint::from(BASE).pow(shift.unsigned_abs() as u32);
    let (quotient, rest) = if shift >= 0 {
        (a.integer() * power).div_rem(&b.integer())
    } else {
        a.integer().div_rem(&(b.integer() * power))
    };
    let exponent = a.exponent - b.exponent + 1;
    // Ruby rounds the last word that is not zero by the first words of rest and divisor, wherever these stand.
    let mut unit = exponent - count as i64;
    let mut quotient = quotient;
    while !quotient.is_zero() && (&quotient % BASE).is_zero() {
        quotient /= BASE;
        unit += 1;
    }
    let first = leading_word(rest);
    let next = (BASE * first / u64::from(b.words.first().copied().unwrap_or(1))) as u32;
    if round && u64::from(next) / (BASE / 10) >= 5 {
        quotient += 1_u32;
    }
    BigDecimal::new(BigInt::from(quotient), -unit * WORD as i64).into()
}

/// `1 / number`, cut off after that many words.
pub fn inverse(number: &Decimal, count: usize) -> Decimal {
    let one = Words { words: vec![1], exponent: 1 };
    let magnitude = divide_words(&one, &Words::of(number), count + 1, false);
    if number.is_negative() { negate(&magnitude) } else { magnitude }
}

fn leading_word(number: BigUint) -> u64 {
    let mut number = number;
    while number >= BigUint::from(BASE) {
        number /= BASE;
    }
    number.to_u64().unwrap_or(0)
}

/// `a.divmod(b)`: the floored quotient and the rest, both decimals.
pub fn divmod(host: &mut dyn Host, a: &Decimal, b: &Decimal) -> Result<[Decimal; 2]> {
    let negative = a.is_negative() != b.is_negative();
    match (a, b) {
        (Decimal::NaN, _) | (_, Decimal::NaN) | (Decimal::Infinite { .. }, Decimal::Infinite { .. }) => {
            Ok([Decimal::NaN, Decimal::NaN])
        }
        _ if b.is_zero() => Err(divided_by_zero()),
        (Decimal::Infinite { .. }, _) => Ok([Decimal::Infinite { negative }, Decimal::NaN]),
        (_, Decimal::Infinite { .. }) => Ok([Decimal::from(0), a.clone()]),
        _ if a.is_zero() => Ok([Decimal::from(0), Decimal::from(0)]),
        _ => {
            let places = rest_places(a, b);
            let (x, y, scale) = integers(host, a, b)?;
            let (quotient, rest) = x.div_rem(&y);
            let rest = round_places(&BigDecimal::new(rest, scale), places, Rounding::HalfUp);
            if negative && !rest.is_zero() {
                let up = rest + BigDecimal::new(y, scale);
                return Ok([Decimal::from(quotient - 1), up.into()]);
            }
            Ok([Decimal::from(quotient), rest.into()])
        }
    }
}

/// How many digits behind the point Ruby keeps of a rest, before it makes it positive: as many words as the longer
/// number has and one more, counted from the first word of the dividend.
fn rest_places(a: &Decimal, b: &Decimal) -> i64 {
    const SHORTEST: i64 = 32;
    let longest = precision(a).max(precision(b)).max(SHORTEST);
    let words = Integer::div_ceil(&(longest + WORD as i64), &(WORD as i64));
    (words - Integer::div_ceil(&a.digits().1, &(WORD as i64))) * WORD as i64
}

/// Two finite decimals as integers of one scale.
fn integers(host: &mut dyn Host, a: &Decimal, b: &Decimal) -> Result<(BigInt, BigInt, i64)> {
    let (a, b) = (a.finite().unwrap_or_default(), b.finite().unwrap_or_default());
    let scale = a.fractional_digit_count().max(b.fractional_digit_count());
    let grown = (scale - a.fractional_digit_count()).max(scale - b.fractional_digit_count());
    host.charge(usize::try_from(grown).unwrap_or(usize::MAX))?;
    let (a, _) = a.with_scale(scale).into_bigint_and_exponent();
    let (b, _) = b.with_scale(scale).into_bigint_and_exponent();
    Ok((a, b, scale))
}

/// `a.remainder(b)`: the rest with the sign of `a`; NaN where there is none.
fn remainder(host: &mut dyn Host, a: &Decimal, b: &Decimal) -> Result<Decimal> {
    if !a.is_finite() || !b.is_finite() || b.is_zero() {
        return Ok(Decimal::NaN);
    }
    if a.is_zero() {
        return Ok(Decimal::from(0));
    }
    let (x, y, scale) = integers(host, a, b)?;
    let rest = x % y;
    Ok(if rest.is_zero() { zero(a.is_negative()) } else { BigDecimal::new(rest, scale).into() })
}

/// How a cut digit decides about the one before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rounding {
    Up,
    Down,
    HalfUp,
    HalfDown,
    HalfEven,
    Ceiling,
    Floor,
}

/// A finite decimal rounded to `places` after the point (negative: before it).
pub fn round_places(number: &BigDecimal, places: i64, mode: Rounding) -> BigDecimal {
    let (digits, scale) = number.as_bigint_and_exponent();
    let drop = scale.saturating_sub(places);
    if drop <= 0 {
        return number.clone();
    }
    // More digits are cut than there are: all that matters is that the number is small.
    let length = digits.magnitude().to_string().len() as i64;
    let drop_here = drop.min(length + 1);
    let power = BigInt::from(10).pow(drop_here as u32);
    let rounded = round_quotient(&digits, &power, mode);
    let result = BigDecimal::new(rounded, scale - drop_here);
    if drop_here == drop || result.is_zero() {
        return if result.is_zero() { BigDecimal::zero() } else { result };
    }
    // Rounding away from zero leaves one unit of a number far below the last place.
    BigDecimal::new(if result.sign() == Sign::Minus { -BigInt::one() } else { BigInt::one() }, places)
}

/// As `round_places`, for special values too; what rounds to nothing keeps its sign.
pub fn rounded_to(number: &Decimal, places: i64, mode: Rounding) -> Decimal {
    let Decimal::Finite(finite) = number else { return number.clone() };
    let rounded = round_places(finite, places, mode);
    if rounded.is_zero() { zero(number.is_negative()) } else { rounded.into() }
}

/// `numerator / denominator` (positive) as an integer.
pub fn round_quotient(numerator: &BigInt, denominator: &BigInt, mode: Rounding) -> BigInt {
    let (floor, rest) = numerator.div_mod_floor(denominator);
    if rest.is_zero() {
        return floor;
    }
    let negative = numerator.is_negative();
    let half: BigInt = &rest * 2;
    let half = half.cmp(denominator);
    let up = match (mode, half) {
        (Rounding::Floor, _) => false,
        (Rounding::Ceiling, _) => true,
        (Rounding::Up, _) => !negative,
        (Rounding::Down, _) => negative,
        (_, std::cmp::Ordering::Less) => false,
        (_, std::cmp::Ordering::Greater) => true,
        (Rounding::HalfUp, _) => !negative,
        (Rounding::HalfDown, _) => negative,
        (Rounding::HalfEven, _) => floor.is_odd(),
    };
    if up { floor + 1 } else { floor }
}

/// Rounded to that many significant digits, halves away from zero; 0 digits keep all.
pub fn round_significant(number: &Decimal, digits: usize, mode: Rounding) -> Decimal {
    let Decimal::Finite(inner) = number else { return number.clone() };
    if digits == 0 || inner.is_zero() {
        return number.clone();
    }
    let (_, point) = number.digits();
    round_places(inner, digits as i64 - point, mode).into()
}

/// A fraction as a decimal of that many significant digits.
pub fn ratio(numerator: &BigInt, denominator: &BigInt, digits: usize) -> Decimal {
    if denominator.is_zero() {
        return divide(&Decimal::from(numerator.clone()), &Decimal::from(0));
    }
    if digits == 0 {
        return divide(&Decimal::from(numerator.clone()), &Decimal::from(denominator.clone()));
    }
    significant_quotient(numerator, denominator, digits)
}

/// The quotient of two integers with exactly that many significant digits, rounded half up.
fn significant_quotient(numerator: &BigInt, denominator: &BigInt, digits: usize) -> Decimal {
    if numerator.is_zero() {
        return Decimal::from(0);
    }
    let length = |number: &BigInt| number.magnitude().to_string().len() as i64;
    // One more digit than asked for, then the rest only as a mark that more follows.
    let scale = digits as i64 + 2 - (length(numerator) - length(denominator));
    let (scaled, divisor) = if scale >= 0 {
        (numerator * BigInt::from(10).pow(scale as u32), denominator.clone())
    } else {
        (numerator.clone(), denominator * BigInt::from(10).pow(scale.unsigned_abs() as u32))
    };
    let (quotient, rest) = scaled.div_rem(&divisor);
    let mark = if rest.is_zero() { BigInt::zero() } else { numerator.signum() * denominator.signum() };
    let marked = BigDecimal::new(quotient * 10 + mark, scale + 1);
    round_significant(&Decimal::from(marked), digits, Rounding::HalfUp)
}

/// `a.div(b, digits)`: the quotient with that many significant digits.
pub fn divide_to(a: &Decimal, b: &Decimal, digits: usize) -> Decimal {
    match (a, b) {
        (Decimal::Finite(x), Decimal::Finite(y)) if digits > 0 && !x.is_zero() && !y.is_zero() => {
            let ((n, ns), (d, ds)) = (x.as_bigint_and_exponent(), y.as_bigint_and_exponent());
            let (n, d) = if d.is_negative() { (-n, -d) } else { (n, d) };
            match significant_quotient(&n, &d, digits) {
                Decimal::Finite(quotient) => {
                    let (q, s) = quotient.into_bigint_and_exponent();
                    BigDecimal::new(q, s + ns - ds).into()
                }
                other => other,
            }
        }
        _ => divide(a, b),
    }
}
