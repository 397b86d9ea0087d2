//! Fractions with fractions.

use super::{Op, divided_by_zero};
use crate::value::{Rational, Result, Value};
use num_traits::Zero;

pub(super) fn compute(op: Op, a: &Rational, b: &Rational) -> Result<Value> {
    let (an, ad, bn, bd) = (&a.numerator, &a.denominator, &b.numerator, &b.denominator);
    let (numerator, denominator) = match op {
        Op::Add => (an * bd + bn * ad, ad * bd),
        Op::Subtract => (an * bd - bn * ad, ad * bd),
        Op::Multiply => (an * bn, ad * bd),
        Op::Divide if bn.is_zero() => return Err(divided_by_zero()),
        Op::Divide => (an * bd, ad * bn),
        Op::Modulo | Op::FloorDivide | Op::Remainder => {
            if bn.is_zero() {
                return Err(divided_by_zero());
            }
            let quotient = num_integer::Integer::div_floor(&(an * bd), &(ad * bn));
            if op == Op::FloorDivide {
                return Ok(Value::big(quotient));
            }
            (an * bd - bn * ad * quotient, ad * bd)
        }
    };
    Ok(Value::rational(Rational::reduced(numerator, denominator)))
}
