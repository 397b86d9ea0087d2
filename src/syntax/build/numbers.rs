//! Number literals.

use num_bigint::BigInt;

use super::super::ast::ExprKind;
use super::Builder;
use crate::text::Span;

impl Builder<'_> {
    /// The number that `text` (perhaps with a sign) spells; an error and 0 where it spells none.
    pub fn number(&mut self, text: &str, span: Span) -> ExprKind {
        match parse(text) {
            Ok(kind) => kind,
            Err(message) => {
                self.error("syntax::bad-number", span, message, "");
                ExprKind::Int(0)
            }
        }
    }
}

fn parse(text: &str) -> Result<ExprKind, String> {
    let (negative, digits) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let mut digits = digits;
    let sign = if negative { "-" } else { "" };
    // The exponent's `e` is not a suffix, `r` and `i` are.
    let prefixed = digits.len() > 1 && digits.starts_with('0') && !digits[1..].starts_with(['.', 'e', 'E', 'r', 'i']);
    let imaginary = digits.ends_with('i');
    if imaginary {
        digits = &digits[..digits.len() - 1];
    }
    let rational = digits.ends_with('r');
    if rational {
        digits = &digits[..digits.len() - 1];
    }
    check_underscores(text, digits)?;
    let plain: String = digits.chars().filter(|c| *c != '_').collect();
    if imaginary {
        return Ok(ExprKind::Imaginary(format!("{sign}{plain}").into()));
    }
    if rational {
        return Ok(ExprKind::Rational(format!("{sign}{plain}").into()));
    }
    if prefixed {
        return radix(&plain, negative, text);
    }
    if plain.bytes().all(|byte| byte.is_ascii_digit()) {
        return Ok(integer(&format!("{sign}{plain}"), 10));
    }
    decimal(&format!("{sign}{plain}"), text)
}

fn check_underscores(text: &str, digits: &str) -> Result<(), String> {
    let outside = |pair: &[u8]| pair[0] == b'_' && !pair[1].is_ascii_alphanumeric();
    let doubled = digits.as_bytes().windows(2).any(outside) || digits.contains("._");
    if digits.ends_with('_') || doubled {
        return Err(format!("`{text}`: a `_` in a number stands between two digits"));
    }
    Ok(())
}

fn decimal(number: &str, text: &str) -> Result<ExprKind, String> {
    if number.matches('.').count() > 1 {
        return Err(format!("`{text}` is not a number: it has two decimal points"));
    }
    match number.parse::<f64>() {
        Ok(float) if number.contains(['.', 'e', 'E']) && !number.contains(['n', 'N', 'y', 'Y']) => {
            Ok(ExprKind::Float(float))
        }
        _ => Err(format!("`{text}` is not a number")),
    }
}

fn radix(digits: &str, negative: bool, text: &str) -> Result<ExprKind, String> {
    let lower = digits.to_ascii_lowercase();
    let (radix, body, what) = match lower.as_bytes().get(1) {
        Some(b'x') => (16, &lower[2..], "hexadecimal"),
        Some(b'b') => (2, &lower[2..], "binary"),
        Some(b'd') => (10, &lower[2..], "decimal"),
        Some(b'o') => (8, &lower[2..], "octal"),
        _ => (8, &lower[1..], "octal"),
    };
    if body.is_empty() || !body.chars().all(|c| c.is_digit(radix)) {
        let hint = if what == "octal" { ": a leading 0 makes it octal, so its digits are 0 to 7" } else { "" };
        return Err(format!("`{text}` is not {what}{hint}"));
    }
    let sign = if negative { "-" } else { "" };
    Ok(integer(&format!("{sign}{body}"), radix))
}

fn integer(text: &str, radix: u32) -> ExprKind {
    if let Ok(small) = i64::from_str_radix(text, radix) {
        return ExprKind::Int(small);
    }
    let big = BigInt::parse_bytes(text.as_bytes(), radix).unwrap_or_default();
    ExprKind::BigInt(big.to_string().into())
}
