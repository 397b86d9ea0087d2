//! The English inflection rules of ActiveSupport: plural and singular forms, and words that have none.

use super::text::compile;
use crate::value::{Regexp, RegexpOptions, Result, Str};
use std::cell::OnceCell;
use std::rc::Rc;

/// A pattern and what takes its place.
type Rule = (&'static str, &'static str);

/// Singular and plural of words that follow no rule.
const IRREGULAR: &[(&str, &str)] = &[
    ("zombie", "zombies"),
    ("move", "moves"),
    ("sex", "sexes"),
    ("child", "children"),
    ("man", "men"),
    ("person", "people"),
];

/// Words without a plural, also as the last word of a longer name.
const UNCOUNTABLE: &str = r"\b(?:equipment|information|rice|money|species|series|fish|sheep|jeans|police)\Z";

/// The first that matches counts.
const PLURALS: &[Rule] = &[
    ("(quiz)$", r"\1zes"),
    ("^(oxen)$", r"\1"),
    ("^(ox)$", r"\1en"),
    ("^(m|l)ice$", r"\1ice"),
    ("^(m|l)ouse$", r"\1ice"),
    ("(matr|vert|ind)(?:ix|ex)$", r"\1ices"),
    ("(x|ch|ss|sh)$", r"\1es"),
    ("([^aeiouy]|qu)y$", r"\1ies"),
    ("(hive)$", r"\1s"),
    ("(?:([^f])fe|([lr])f)$", r"\1\2ves"),
    ("sis$", "ses"),
    ("([ti])a$", r"\1a"),
    ("([ti])um$", r"\1a"),
    ("(buffal|tomat)o$", r"\1oes"),
    ("(bu)s$", r"\1ses"),
    ("(alias|status)$", r"\1es"),
    ("(octop|vir)i$", r"\1i"),
    ("(octop|vir)us$", r"\1i"),
    ("^(ax|test)is$", r"\1es"),
    ("s$", "s"),
    ("$", "s"),
];

const SINGULARS: &[Rule] = &[
    ("(database)s$", r"\1"),
    ("(quiz)zes$", r"\1"),
    ("(matr)ices$", r"\1ix"),
    ("(vert|ind)ices$", r"\1ex"),
    ("^(ox)en", r"\1"),
    ("(alias|status)(es)?$", r"\1"),
    ("(octop|vir)(us|i)$", r"\1us"),
    ("^(a)x[ie]s$", r"\1xis"),
    ("(cris|test)(is|es)$", r"\1is"),
    ("(shoe)s$", r"\1"),
    ("(o)es$", r"\1"),
    ("(bus)(es)?$", r"\1"),
    ("^(m|l)ice$", r"\1ouse"),
    ("(x|ch|ss|sh)es$", r"\1"),
    ("(m)ovies$", r"\1ovie"),
    ("(s)eries$", r"\1eries"),
    ("([^aeiouy]|qu)ies$", r"\1y"),
    ("([lr])ves$", r"\1f"),
    ("(tive)s$", r"\1"),
    ("(hive)s$", r"\1"),
    ("([^f])ves$", r"\1fe"),
    ("(^analy)(sis|ses)$", r"\1sis"),
    ("((a)naly|(b)a|(d)iagno|(p)arenthe|(p)rogno|(s)ynop|(t)he)(sis|ses)$", r"\1sis"),
    ("([ti])a$", r"\1um"),
    ("(n)ews$", r"\1ews"),
    ("(ss)$", r"\1"),
    ("s$", ""),
];

/// The rules compiled.
struct Rules {
    uncountable: Rc<Regexp>,
    plurals: Vec<(Rc<Regexp>, String)>,
    singulars: Vec<(Rc<Regexp>, String)>,
}

thread_local! {
    static RULES: OnceCell<Rc<Rules>> = const { OnceCell::new() };
}

fn rules() -> Result<Rc<Rules>> {
    if let Some(known) = RULES.with(|rules| rules.get().cloned()) {
        return Ok(known);
    }
    let options = RegexpOptions { ignore_case: true, ..RegexpOptions::default() };
    let pattern = |source: &str| compile(source.as_bytes(), options);
    let compiled = |irregular_to_plural: bool, regular: &[Rule]| -> Result<Vec<(Rc<Regexp>, String)>> {
        let mut all = Vec::new();
        for (singular, plural) in IRREGULAR {
            let to = if irregular_to_plural { plural } else { singular };
            for from in [plural, singular] {
                // The first letter stays as it is written.
                let source = format!("({}){}$", &from[..1], &from[1..]);
                all.push((pattern(&source)?, format!("\\1{}", &to[1..])));
            }
        }
        for (source, to) in regular {
            all.push((pattern(source)?, (*to).to_owned()));
        }
        Ok(all)
    };
    let rules = Rc::new(Rules {
        uncountable: pattern(UNCOUNTABLE)?,
        plurals: compiled(true, PLURALS)?,
        singulars: compiled(false, SINGULARS)?,
    });
    RULES.with(|place| {
        // Another call may have been first; then its rules stay.
        let _ = place.set(Rc::clone(&rules));
    });
    Ok(rules)
}

pub(super) fn pluralize(word: &Rc<Str>) -> Result<Rc<Str>> {
    let rules = rules()?;
    apply(word, &rules.uncountable, &rules.plurals)
}

pub(super) fn singularize(word: &Rc<Str>) -> Result<Rc<Str>> {
    let rules = rules()?;
    apply(word, &rules.uncountable, &rules.singulars)
}

fn apply(word: &Rc<Str>, uncountable: &Regexp, rules: &[(Rc<Regexp>, String)]) -> Result<Rc<Str>> {
    if word.is_empty() || uncountable.find_range(word, 0)?.is_some() {
        return Ok(Rc::new(word.copy()));
    }
    for (pattern, to) in rules {
        if let Some(changed) = super::substitute::replace(word, pattern, to.as_bytes(), false)? {
            return Ok(Rc::new(Str::owned(changed, word.encoding())));
        }
    }
    Ok(Rc::new(word.copy()))
}
