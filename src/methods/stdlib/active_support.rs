//! `ActiveSupport::Inflector` and `ActiveSupport::NumberHelper`: functions whose work strings and numbers do.

use crate::methods::{Args, Host, Method, rails};
use crate::text::Name;
use crate::value::{Hash, Result, Value};
use std::rc::Rc;

/// A row that sends the method of the same name to its first argument.
macro_rules! sent {
    ($name:literal, $signature:literal, $doc:literal, $example:literal) => {
        rails($name, $signature, $doc, $example, |host, _, args| send(host, $name, args))
    };
}

pub(super) const INFLECTOR: &[Method] = &[
    sent!(
        "camelize",
        "(term, uppercase_first_letter = true) -> String",
        "`camelize` of the term.",
        "ActiveSupport::Inflector.camelize('a_b') => \"AB\""
    ),
    sent!(
        "classify",
        "(term) -> String",
        "`classify` of the term.",
        "ActiveSupport::Inflector.classify('posts') => \"Post\""
    ),
    sent!(
        "dasherize",
        "(term) -> String",
        "`dasherize` of the term.",
        "ActiveSupport::Inflector.dasherize('a_b') => \"a-b\""
    ),
    sent!(
        "demodulize",
        "(term) -> String",
        "`demodulize` of the term.",
        "ActiveSupport::Inflector.demodulize('A::B') => \"B\""
    ),
    sent!(
        "foreign_key",
        "(term) -> String",
        "`foreign_key` of the term.",
        "ActiveSupport::Inflector.foreign_key('Post') => \"post_id\""
    ),
    sent!(
        "humanize",
        "(term, capitalize: true, keep_id_suffix: false) -> String",
        "`humanize` of the term.",
        "ActiveSupport::Inflector.humanize('a_b') => \"A b\""
    ),
    sent!("ordinal", "(number) -> String", "`ordinal` of the number.", "ActiveSupport::Inflector.ordinal(2) => \"nd\""),
    sent!(
        "ordinalize",
        "(number) -> String",
        "`ordinalize` of the number.",
        "ActiveSupport::Inflector.ordinalize(2) => \"2nd\""
    ),
    sent!(
        "parameterize",
        "(term, separator: '-', preserve_case: false) -> String",
        "`parameterize` of the term.",
        "ActiveSupport::Inflector.parameterize('A b') => \"a-b\""
    ),
    sent!(
        "pluralize",
        "(term) -> String",
        "`pluralize` of the term.",
        "ActiveSupport::Inflector.pluralize('cat') => \"cats\""
    ),
    sent!(
        "singularize",
        "(term) -> String",
        "`singularize` of the term.",
        "ActiveSupport::Inflector.singularize('cats') => \"cat\""
    ),
    sent!(
        "tableize",
        "(term) -> String",
        "`tableize` of the term.",
        "ActiveSupport::Inflector.tableize('RawPost') => \"raw_posts\""
    ),
    sent!(
        "titleize",
        "(term, keep_id_suffix: false) -> String",
        "`titleize` of the term.",
        "ActiveSupport::Inflector.titleize('a_b') => \"A B\""
    ),
    sent!(
        "transliterate",
        "(term, replacement = '?') -> String",
        "`transliterate` of the term.",
        "ActiveSupport::Inflector.transliterate('é') => \"e\""
    ),
    sent!(
        "underscore",
        "(term) -> String",
        "`underscore` of the term.",
        "ActiveSupport::Inflector.underscore('AbC') => \"ab_c\""
    ),
    sent!(
        "upcase_first",
        "(term) -> String",
        "`upcase_first` of the term.",
        "ActiveSupport::Inflector.upcase_first('ab') => \"Ab\""
    ),
];

fn send(host: &mut dyn Host, name: &str, mut args: Args) -> Result<Value> {
    let receiver = args.values.remove(0);
    host.send(&receiver, Name::new(name), args)
}

/// A row that writes its argument as `number.to_s(format, options)` does.
macro_rules! formatted {
    ($name:literal, $format:literal, $doc:literal, $example:literal) => {
        rails($name, "(number, options = {}) -> String", $doc, $example, |host, _, args| format(host, $format, args))
    };
}

pub(super) const NUMBERS: &[Method] = &[
    formatted!(
        "number_to_currency",
        "currency",
        "A number as an amount of money.",
        "ActiveSupport::NumberHelper.number_to_currency(1234.5) => \"$1,234.50\""
    ),
    formatted!(
        "number_to_delimited",
        "delimited",
        "A number with delimiters between thousands.",
        "ActiveSupport::NumberHelper.number_to_delimited(12345) => \"12,345\""
    ),
    formatted!(
        "number_to_human",
        "human",
        "A number in words.",
        "ActiveSupport::NumberHelper.number_to_human(1234) => \"1.23 Thousand\""
    ),
    formatted!(
        "number_to_human_size",
        "human_size",
        "A number of bytes in units.",
        "ActiveSupport::NumberHelper.number_to_human_size(1234) => \"1.21 KB\""
    ),
    formatted!(
        "number_to_percentage",
        "percentage",
        "A number as a percentage.",
        "ActiveSupport::NumberHelper.number_to_percentage(5, precision: 1) => \"5.0%\""
    ),
    formatted!(
        "number_to_phone",
        "phone",
        "A number as a telephone number.",
        "ActiveSupport::NumberHelper.number_to_phone(5551234) => \"555-1234\""
    ),
    formatted!(
        "number_to_rounded",
        "rounded",
        "A number with so many digits.",
        "ActiveSupport::NumberHelper.number_to_rounded(1.2345, precision: 2) => \"1.23\""
    ),
];

fn format(host: &mut dyn Host, format: &str, mut args: Args) -> Result<Value> {
    let options = if args.len() > 1 { args.take_options() } else { None };
    if args.get(0).is_nil() {
        return Ok(Value::Nil);
    }
    let options: Rc<Hash> = options.unwrap_or_default();
    let given = Args::of(&[Value::symbol(format), Value::Hash(options)]);
    host.send(&args.get(0), Name::new("to_s"), given)
}
