//! The next text in counting order: `succ`, `upto`.

use super::charset::{Code, write_code};
use super::text::{like, put, text_arg, thawed, this};
use crate::methods::enumerable::each::Flow;
use crate::methods::{Args, Host, Method, enumerator, range, ruby};
use crate::value::{Encoding, Result, Str, Value};

pub(super) const ROWS: &[Method] = &[
    ruby(
        "succ next",
        "() -> String",
        "The next text: the last letter or digit counted up, with carry to the left.",
        "'az'.succ => \"ba\"\n'a9'.succ => \"b0\"\n'1.9'.succ => \"2.0\"",
        |_, receiver, _| Ok(like(this(receiver)?, succ(this(receiver)?))),
    ),
    ruby("succ! next!", "() -> String", "`succ` in place.", "s = +'az'; s.succ!; s => \"ba\"", |_, receiver, _| {
        let text = thawed(receiver)?;
        put(text, succ(text));
        Ok(receiver.clone())
    }),
    ruby(
        "upto",
        "(last, exclusive = false) [{ |text| }] -> String",
        "Calls the block with each text from this one to the last.",
        "'a'.upto('e').to_a => [\"a\", \"b\", \"c\", \"d\", \"e\"]\n'9'.upto('11').to_a => [\"9\", \"10\", \"11\"]",
        upto,
    ),
];

fn upto(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let Some(block) = args.block.clone() else { return Ok(enumerator::of(receiver, "upto", args)) };
    let last = text_arg(host, &args, 0)?;
    let exclusive = args.get(1).truthy();
    range::each_string(host, this(receiver)?, &last, exclusive, &mut |host, item| {
        host.yield_block(&block, &[item.as_value()])?;
        Ok(Flow::Next)
    })?;
    Ok(receiver.clone())
}

/// What a counted character became.
#[derive(PartialEq, Eq)]
enum Counted {
    /// No letter or digit.
    No,
    Up(Code),
    /// Back to the first of its kind; what is carried to the left.
    Over {
        to: Code,
        carry: Code,
    },
}

fn count(code: Code, unicode: bool) -> Counted {
    let c = char::from_u32(code).unwrap_or('\0');
    let letter = |c: char| Code::from(c);
    match c {
        '9' => Counted::Over { to: letter('0'), carry: letter('1') },
        'z' => Counted::Over { to: letter('a'), carry: letter('a') },
        'Z' => Counted::Over { to: letter('A'), carry: letter('A') },
        '0'..='8' | 'a'..='y' | 'A'..='Y' => Counted::Up(code + 1),
        _ if unicode && !c.is_ascii() && c.is_alphanumeric() => {
            let next = (code + 1..code + 64).find(|next| char::from_u32(*next).is_some_and(char::is_alphanumeric));
            Counted::Up(next.unwrap_or(code + 1))
        }
        _ => Counted::No,
    }
}

/// The bytes of the next text.
pub(super) fn succ(text: &Str) -> Vec<u8> {
    if text.is_empty() {
        return Vec::new();
    }
    let (encoding, unicode) = (text.encoding(), text.encoding() == Encoding::Utf8 && text.is_valid());
    let mut codes: Vec<Code> = match text.text().filter(|_| unicode) {
        Some(text) => text.chars().map(Code::from).collect(),
        None => text.bytes().iter().map(|byte| Code::from(*byte)).collect(),
    };
    count_up(&mut codes, unicode);
    let mut out = Vec::with_capacity(text.len() + 1);
    for code in codes {
        write_code(code, encoding, !unicode, &mut out);
    }
    out
}

fn count_up(codes: &mut Vec<Code>, unicode: bool) {
    let is_letter = |code: Code| char::from_u32(code).is_some_and(char::is_alphabetic);
    let is_digit = |code: Code| char::from_u32(code).is_some_and(|c| c.is_ascii_digit());
    let mut carried: Option<(usize, Code)> = None;
    let mut gap = false;
    for at in (0..codes.len()).rev() {
        let Some(code) = codes.get(at).copied() else { break };
        if let Some((last, _)) = carried
            && gap
        {
            // A carry does not pass from digits over a sign to letters, or the other way.
            let before = codes.get(last).copied().unwrap_or_default();
            if (is_letter(before) && is_digit(code)) || (is_digit(before) && is_letter(code)) {
                break;
            }
        }
        match count(code, unicode) {
            Counted::No => gap = true,
            Counted::Up(next) => {
                set(codes, at, next);
                return;
            }
            Counted::Over { to, carry } => {
                set(codes, at, to);
                carried = Some((at, carry));
                gap = false;
            }
        }
    }
    match carried {
        Some((at, carry)) => codes.insert(at, carry),
        None => count_last(codes, unicode),
    }
}

fn set(codes: &mut [Code], at: usize, code: Code) {
    if let Some(place) = codes.get_mut(at) {
        *place = code;
    }
}

/// Without letters and digits the last character counts, as a number.
fn count_last(codes: &mut Vec<Code>, unicode: bool) {
    let most = if unicode { 0x10_ffff } else { 0xff };
    for at in (0..codes.len()).rev() {
        let code = codes.get(at).copied().unwrap_or_default();
        if code < most {
            let next = if unicode && code == 0xd7ff { 0xe000 } else { code + 1 };
            set(codes, at, next);
            return;
        }
        set(codes, at, 0);
    }
    codes.insert(0, 1);
}
