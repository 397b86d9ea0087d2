//! ActiveSupport's names of names: `camelize`, `underscore`, `humanize`, `pluralize`, `parameterize` …

use super::inflections::{pluralize, singularize};
use super::text::{compile, like, plain, this};
use super::transliterate::approximate;
use crate::methods::{Args, Host, Method, rails, refused_constant};
use crate::value::{ClassId, Hash, RegexpOptions, Result, Str, StrClass, Value, raise, to_s};
use std::rc::Rc;

pub(super) const ROWS: &[Method] = &[
    rails(
        "camelize camelcase",
        "(first_letter = :upper) -> String",
        "As a class is named; `:lower` begins with a small letter.",
        "'active_model/errors'.camelize => \"ActiveModel::Errors\"\n'active_model'.camelize(:lower) => \"activeModel\"",
        camelized,
    ),
    rails(
        "classify",
        "() -> String",
        "The class name of a table name.",
        "'egg_and_hams'.classify => \"EggAndHam\"",
        |_, it, _| {
            let text = this(it)?.to_text();
            let table = text.rsplit('.').next().unwrap_or_default();
            let singular = singularize(&Rc::new(Str::from(table)))?;
            Ok(like(this(it)?, camelize(&singular.to_text(), true).into_bytes()))
        },
    ),
    rails("constantize", "() -> Class", "The class of that name.", "'String'.constantize => String", |_, it, _| {
        constantize(it)
    }),
    rails("dasherize", "() -> String", "`_` made `-`.", "'puni_puni'.dasherize => \"puni-puni\"", |_, receiver, _| {
        let text = this(receiver)?;
        let bytes = text.bytes().iter().map(|byte| if *byte == b'_' { b'-' } else { *byte }).collect();
        Ok(like(text, bytes))
    }),
    rails(
        "deconstantize",
        "() -> String",
        "Without the last part of a class name.",
        "'Net::HTTP'.deconstantize => \"Net\"",
        |_, receiver, _| mapped(receiver, |text| text.rfind("::").map_or("", |at| &text[..at]).to_owned()),
    ),
    rails(
        "demodulize",
        "() -> String",
        "The last part of a class name.",
        "'Net::HTTP'.demodulize => \"HTTP\"",
        |_, receiver, _| mapped(receiver, |text| demodulize(text).to_owned()),
    ),
    rails(
        "foreign_key",
        "(underscore = true) -> String",
        "The name of the column that refers to it.",
        "'Message'.foreign_key => \"message_id\"",
        |_, receiver, args| {
            let ending = if args.given(0).is_none_or(Value::truthy) { "_id" } else { "id" };
            mapped(receiver, |text| underscore(demodulize(text)) + ending)
        },
    ),
    rails("html_safe", "() -> SafeBuffer", "Marked as HTML.", "'a'.html_safe.html_safe? => true", |_, receiver, _| {
        let copy = this(receiver)?.copy();
        copy.set_class(StrClass::Safe);
        Ok(Value::Str(Rc::new(copy)))
    }),
    rails("html_safe?", "() -> Boolean", "Marked as HTML.", "'a'.html_safe? => false", |_, receiver, _| {
        Ok((this(receiver)?.class() == StrClass::Safe).into())
    }),
    rails(
        "humanize",
        "(capitalize: true, keep_id_suffix: false) -> String",
        "As a reader would write it.",
        "'author_id'.humanize => \"Author\"\n'first_name'.humanize => \"First name\"",
        |_, receiver, mut args| {
            let options = args.take_keywords();
            let capitalize = flag(options.as_ref(), "capitalize", true);
            let keep_id = flag(options.as_ref(), "keep_id_suffix", false);
            mapped(receiver, |text| humanize(text, capitalize, keep_id))
        },
    ),
    rails("mb_chars", "() -> String", "Itself.", "'é'.mb_chars => \"é\"", |_, receiver, _| Ok(receiver.clone())),
    rails(
        "parameterize",
        "(separator: '-', preserve_case: false, locale: nil) -> String",
        "As a part of a URL.",
        "'Crème Brûlée!!'.parameterize => \"creme-brulee\"",
        parameterize,
    ),
    rails(
        "pluralize",
        "(count = nil, locale = :en) -> String",
        "The plural; the word itself for a count of 1.",
        "'person'.pluralize => \"people\"\n'apple'.pluralize(1) => \"apple\"",
        |_, receiver, args| {
            let text = this(receiver)?;
            if let Some(Value::Int(1)) = args.given(0) {
                return Ok(plain(text));
            }
            pluralize(text).map(|plural| plain(&plural))
        },
    ),
    rails(
        "safe_constantize",
        "() -> Class",
        "The class of that name, nil if there is none.",
        "'Nope'.safe_constantize => nil",
        |_, receiver, _| Ok(constantize(receiver).unwrap_or_default()),
    ),
    rails(
        "singularize",
        "(locale = :en) -> String",
        "The singular.",
        "'movies'.singularize => \"movie\"",
        |_, receiver, _| singularize(this(receiver)?).map(|singular| plain(&singular)),
    ),
    rails(
        "tableize",
        "() -> String",
        "The table name of a class name.",
        "'RawScaledScorer'.tableize => \"raw_scaled_scorers\"",
        |_, it, _| {
            let name = underscore(&this(it)?.to_text());
            pluralize(&Rc::new(Str::from(name))).map(Value::Str)
        },
    ),
    rails(
        "titleize titlecase",
        "(keep_id_suffix: false) -> String",
        "As a title, with a capital for each word.",
        "'first_name'.titleize => \"First Name\"",
        |_, receiver, mut args| {
            let options = args.take_keywords();
            let keep_id = flag(options.as_ref(), "keep_id_suffix", false);
            mapped(receiver, |text| titleize(text, keep_id))
        },
    ),
    rails(
        "underscore",
        "() -> String",
        "As a file or method is named.",
        "'ActiveModel::Errors'.underscore => \"active_model/errors\"",
        |_, receiver, _| mapped(receiver, underscore),
    ),
];

fn flag(options: Option<&Rc<Hash>>, name: &str, default: bool) -> bool {
    super::text::option(options, name).map_or(default, |value| value.truthy())
}

fn mapped(receiver: &Value, change: impl FnOnce(&str) -> String) -> Result<Value> {
    let text = this(receiver)?;
    Ok(like(text, change(&text.to_text()).into_bytes()))
}

fn camelized(_: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let upper = match args.get(0) {
        Value::Nil if args.is_empty() => true,
        Value::Symbol(symbol) if symbol.text() == "upper" => true,
        Value::Symbol(symbol) if symbol.text() == "lower" => false,
        _ => {
            return Err(raise(ClassId::ARGUMENT_ERROR, "Invalid option, use either :upper or :lower."));
        }
    };
    mapped(receiver, |text| camelize(text, upper))
}

fn capitalize_into(word: &str, out: &mut String) {
    let mut bytes = word.bytes();
    out.extend(bytes.next().map(|byte| char::from(byte.to_ascii_uppercase())));
    out.extend(bytes.map(|byte| char::from(byte.to_ascii_lowercase())));
}

/// The run of ASCII letters and digits in front.
fn word_of(text: &str) -> &str {
    let len = text.bytes().take_while(u8::is_ascii_alphanumeric).count();
    &text[..len]
}

fn camelize(text: &str, upper: bool) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    if upper {
        let len = text.bytes().take_while(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit()).count();
        capitalize_into(&text[..len], &mut out);
        rest = &text[len..];
    } else if let Some(first) = text.chars().next().filter(char::is_ascii_alphanumeric) {
        out.push(first.to_ascii_lowercase());
        rest = &text[1..];
    }
    while let Some(c) = rest.chars().next() {
        rest = &rest[c.len_utf8()..];
        match c {
            '_' | '/' => {
                if c == '/' {
                    out.push_str("::");
                }
                let word = word_of(rest);
                capitalize_into(word, &mut out);
                rest = &rest[word.len()..];
            }
            c => out.push(c),
        }
    }
    out
}

pub(super) fn underscore(text: &str) -> String {
    let plain = |c: char| !(c.is_ascii_uppercase() || c == '-');
    if text.chars().all(plain) && !text.contains("::") {
        return text.to_owned();
    }
    let chars: Vec<char> = text.replace("::", "/").chars().collect();
    let mut out = String::with_capacity(text.len() + 4);
    for (at, c) in chars.iter().enumerate() {
        let next = chars.get(at + 1).copied().unwrap_or(' ');
        let after = chars.get(at + 2).copied().unwrap_or(' ');
        out.extend(if *c == '-' { '_' } else { *c }.to_lowercase());
        let ends_acronym = c.is_ascii_uppercase() && next.is_ascii_uppercase() && after.is_ascii_lowercase();
        let ends_word = (c.is_ascii_lowercase() || c.is_ascii_digit()) && next.is_ascii_uppercase();
        if ends_acronym || ends_word {
            out.push('_');
        }
    }
    out
}

pub(super) fn humanize(text: &str, capitalize: bool, keep_id: bool) -> String {
    let text = text.trim_start_matches('_');
    let text = if keep_id { text } else { text.strip_suffix("_id").unwrap_or(text) };
    let lower = |c: char| if c == '_' { ' ' } else { c.to_ascii_lowercase() };
    let mut out: String = text.chars().map(lower).collect();
    if capitalize && let Some(first) = out.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    out
}

fn titleize(text: &str, keep_id: bool) -> String {
    let human = humanize(&underscore(text), true, keep_id);
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let mut out = String::with_capacity(human.len());
    let (mut before, mut last) = (' ', ' ');
    for c in human.chars() {
        let quoted = matches!(last, '\'' | '’' | '`' | '(' | ')') && (before.is_ascii_alphanumeric() || before == '_');
        let starts = c.is_ascii_lowercase() && !is_word(last) && !quoted;
        out.push(if starts { c.to_ascii_uppercase() } else { c });
        (before, last) = (last, c);
    }
    out
}

fn demodulize(path: &str) -> &str {
    path.rfind("::").map_or(path, |at| &path[at + 2..])
}

fn constantize(receiver: &Value) -> Result<Value> {
    let text = this(receiver)?.to_text();
    let name = text.strip_prefix("::").unwrap_or(&text);
    let name = name.strip_prefix("Object::").unwrap_or(name);
    if let Some(class) = ClassId::find(name).filter(|class| class.info().nameable) {
        return Ok(Value::Class(class));
    }
    if let Some(reason) = refused_constant(name) {
        return Err(raise(ClassId::NAME_ERROR, reason));
    }
    let first = name.split("::").find(|part| !part.starts_with(|c: char| c.is_uppercase()));
    let message = match first {
        Some(part) => format!("wrong constant name {part}"),
        None => format!("uninitialized constant {name}"),
    };
    Err(raise(ClassId::NAME_ERROR, message))
}

fn parameterize(_: &mut dyn Host, receiver: &Value, mut args: Args) -> Result<Value> {
    let options = args.take_keywords();
    let separator = match super::text::option(options.as_ref(), "separator") {
        None => "-".to_owned(),
        Some(Value::Nil) => {
            return Err(crate::methods::args::no_conversion(&Value::Nil, "String"));
        }
        Some(other) => to_s(&other).to_text(),
    };
    let mut text = approximate(this(receiver)?)?;
    let options_i = RegexpOptions { ignore_case: true, ..RegexpOptions::default() };
    let mut replace = |pattern: &str, to: &str| -> Result<()> {
        let pattern = compile(pattern.as_bytes(), options_i)?;
        if let Some(changed) = super::substitute::replace(&text, &pattern, to.as_bytes(), true)? {
            text = Rc::new(Str::owned(changed, text.encoding()));
        }
        Ok(())
    };
    replace("[^a-z0-9\\-_]+", &separator)?;
    if !separator.is_empty() {
        let escaped = crate::methods::regexp::escape(separator.as_bytes());
        let escaped = String::from_utf8_lossy(&escaped).into_owned();
        replace(&format!("{escaped}{{2,}}"), &separator)?;
        replace(&format!("^{escaped}|{escaped}$"), "")?;
    }
    let bytes = text.bytes();
    let lower =
        if flag(options.as_ref(), "preserve_case", false) { bytes.to_vec() } else { bytes.to_ascii_lowercase() };
    Ok(like(this(receiver)?, lower))
}
