//! Countries, their states and currencies by code or name.

use super::text::this;
use crate::methods::{Args, Method, sdk};
use crate::value::{Result, Value, to_s};
use unicode_normalization::UnicodeNormalization;

/// A line a country: two letters, three letters, number, currency (`-` for none), names between bars, the first its own.
const COUNTRIES: &str = include_str!("countries.txt");

/// A line a country: its two letters, then states as `code=name/other name` between bars.
const STATES: &str = include_str!("states.txt");

/// A line a currency: code, symbol (`-` for none), name.
const CURRENCIES: &str = include_str!("currencies.txt");

pub(super) const ROWS: &[Method] = &[
    sdk(
        "to_country_alpha2",
        "() -> String",
        "The two letters of the country with that code or name, nil if there is none.",
        "'Germany'.to_country_alpha2 => \"DE\"",
        |_, receiver, _| of_country(receiver, |country| country.alpha2),
    ),
    sdk(
        "to_country_alpha3",
        "() -> String",
        "The three letters of the country with that code or name.",
        "'India'.to_country_alpha3 => \"IND\"",
        |_, receiver, _| of_country(receiver, |country| country.alpha3),
    ),
    sdk(
        "to_country_name",
        "() -> String",
        "The name of the country with that code or name.",
        "'US'.to_country_name => \"United States\"",
        |_, receiver, _| of_country(receiver, Country::name),
    ),
    sdk(
        "to_country_number",
        "() -> String",
        "The number of the country with that code or name.",
        "'gb'.to_country_number => \"826\"",
        |_, receiver, _| of_country(receiver, |country| country.number),
    ),
    sdk(
        "to_currency_code",
        "() -> String",
        "The code of the currency, by its code or by its country.",
        "'Germany'.to_currency_code => \"EUR\"",
        |_, receiver, _| of_currency(receiver, |currency| Some(currency.code)),
    ),
    sdk(
        "to_currency_name",
        "() -> String",
        "The name of the currency, by its code or by its country.",
        "'usd'.to_currency_name => \"Dollars\"",
        |_, receiver, _| of_currency(receiver, |currency| Some(currency.name)),
    ),
    sdk(
        "to_currency_symbol",
        "() -> String",
        "The symbol of the currency, by its code or by its country.",
        "'GBP'.to_currency_symbol => \"£\"",
        |_, receiver, _| of_currency(receiver, |currency| Some(currency.symbol).filter(|symbol| *symbol != "-")),
    ),
    sdk(
        "to_state_code",
        "(country = 'US') -> String",
        "The code of a country's state with that code or name.",
        "'Bayern'.to_state_code('DE') => \"BY\"",
        |_, receiver, args| of_state(receiver, &args, |(code, _)| code.to_owned()),
    ),
    sdk(
        "to_state_name",
        "(country = 'US') -> String",
        "The name of a country's state, in capitals.",
        "'CA'.to_state_name => \"CALIFORNIA\"",
        |_, receiver, args| of_state(receiver, &args, |(_, name)| name.to_uppercase()),
    ),
];

struct Country {
    alpha2: &'static str,
    alpha3: &'static str,
    number: &'static str,
    currency: &'static str,
    names: &'static str,
}

impl Country {
    fn read(line: &'static str) -> Option<Self> {
        let mut fields = line.splitn(5, ' ');
        Some(Self {
            alpha2: fields.next()?,
            alpha3: fields.next()?,
            number: fields.next()?,
            currency: fields.next()?,
            names: fields.next()?,
        })
    }

    fn name(&self) -> &'static str {
        self.names.split('|').next().unwrap_or_default()
    }

    fn find(name: &str) -> Option<Self> {
        let upper = name.to_uppercase();
        let is_it = |country: &Self| {
            [country.alpha2, country.alpha3, country.number].contains(&&*upper)
                || country.names.split('|').any(|known| same_name(known, &upper))
        };
        COUNTRIES.lines().filter_map(Self::read).find(is_it)
    }
}

/// The same in capitals, or at least without accents.
fn same_name(known: &str, upper: &str) -> bool {
    let known = known.to_uppercase();
    known == upper || (!known.is_ascii() && plain(&known) == plain(upper))
}

fn plain(text: &str) -> String {
    text.nfd().filter(|c| !unicode_normalization::char::is_combining_mark(*c)).collect()
}

struct Currency {
    code: &'static str,
    symbol: &'static str,
    name: &'static str,
}

impl Currency {
    fn find(code: &str) -> Option<Self> {
        let line = CURRENCIES.lines().find(|line| line.split(' ').next() == Some(code))?;
        let mut fields = line.splitn(3, ' ');
        Some(Self { code: fields.next()?, symbol: fields.next()?, name: fields.next()? })
    }
}

fn text_of(receiver: &Value) -> Result<String> {
    Ok(this(receiver)?.to_text())
}

fn of_country(receiver: &Value, read: impl Fn(&Country) -> &'static str) -> Result<Value> {
    Ok(Country::find(&text_of(receiver)?).map(|country| read(&country)).into())
}

fn of_currency(receiver: &Value, read: impl Fn(&Currency) -> Option<&'static str>) -> Result<Value> {
    let text = text_of(receiver)?;
    let of_its_country = || Currency::find(Country::find(&text)?.currency);
    let currency = Currency::find(&text.to_uppercase()).or_else(of_its_country);
    Ok(currency.and_then(|currency| read(&currency)).into())
}

/// A state is its code and its name.
fn of_state(receiver: &Value, args: &Args, read: impl Fn((&str, &str)) -> String) -> Result<Value> {
    let country = match args.given(0) {
        None => "US".to_owned(),
        Some(value) => {
            Some(to_s(value).to_text()).filter(|name| !name.trim().is_empty()).unwrap_or_else(|| "US".to_owned())
        }
    };
    Ok(find_state(&text_of(receiver)?, &country).map(read).into())
}

fn find_state(name: &str, country: &str) -> Option<(&'static str, &'static str)> {
    let country = Country::find(country)?;
    let upper = name.to_uppercase();
    let line = STATES.lines().find(|line| line.split(' ').next() == Some(country.alpha2))?;
    let mut states = line.get(3..)?.split('|').filter_map(|state| state.split_once('='));
    let (code, names) =
        states.find(|(code, names)| *code == upper || names.split('/').any(|known| same_name(known, &upper)))?;
    Some((code, names.split('/').next()?))
}
