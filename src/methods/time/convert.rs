//! From one class of time to another, and from zone to zone.

use super::build::zone_argument;
use super::calendar::gregorian;
use super::moment::{argument_error, current_zone, inspect, receiver, receiver_date, value, zoned};
use super::{parse, zone};
use crate::methods::{Args, Host, Method, rails, ruby};
use crate::value::{Flavor, Instant, Result, Rounding, Time, Value, Zone};

pub(super) const ALL: &[Method] = &[
    rails(
        "in_time_zone",
        "(zone = Time.zone) -> TimeWithZone",
        "The same instant in another zone; a date is midnight there.",
        "Time.utc(2024, 1, 1).in_time_zone('Tokyo').to_s => \"2024-01-01 09:00:00 +0900\"\n\
         Date.new(2024, 1, 1).in_time_zone('Tokyo').to_s => \"2024-01-01 00:00:00 +0900\"\n\
         Time.utc(2024).in_time_zone('Nowhere') => ArgumentError: Invalid Timezone: Nowhere",
        |host, it, args| in_time_zone(host, it, args.given(0)),
    ),
    ruby("to_date", "() -> Date", "The day.", "Time.utc(2024, 1, 2, 3).to_date => Tue, 02 Jan 2024", |_, it, _| {
        Ok(Value::date(receiver_date(it)))
    }),
    ruby(
        "to_datetime",
        "() -> DateTime",
        "The same instant as a DateTime; a date is midnight in UTC.",
        "Date.new(2024, 1, 2).to_datetime.to_s => \"2024-01-02T00:00:00+00:00\"",
        |_, it, _| to_datetime(it),
    ),
    ruby(
        "to_time",
        "(form = :local) -> Time",
        "The same instant as a Time of this machine, which runs in UTC; a date is midnight.",
        "Date.new(2024, 1, 2).to_time(:utc) => 2024-01-02 00:00:00 UTC",
        |_, it, args| to_time(it, args.given(0)),
    ),
];

pub(super) const TIMES: &[Method] = &[
    ruby(
        "getgm getutc",
        "() -> Time",
        "A Time in UTC.",
        "Time.new(2024, 1, 1, 9, 0, 0, '+09:00').getutc => 2024-01-01 00:00:00 UTC",
        |_, it, _| Ok(value(in_plain_zone(it, Zone::Utc))),
    ),
    ruby(
        "getlocal",
        "(zone = nil) -> Time",
        "A Time at another offset from UTC; without one, of this machine.",
        "Time.utc(2024, 1, 1).getlocal('+09:00') => 2024-01-01 09:00:00 +0900",
        |_, it, args| Ok(value(in_plain_zone(it, local_zone(&args)?))),
    ),
    ruby(
        "localtime",
        "(zone = nil) -> Time",
        "Shows the time at another offset from UTC from now on; without one, in this machine's zone.",
        "Time.utc(2024, 1, 1).localtime('-03:30') => 2023-12-31 20:30:00 -0330",
        |_, it, args| Ok(turned(it, local_zone(&args)?)),
    ),
    ruby(
        "utc gmtime",
        "() -> Time",
        "Shows the time in UTC from now on.",
        "Time.new(2024, 1, 1, 9, 0, 0, '+09:00').utc => 2024-01-01 00:00:00 UTC",
        |_, it, _| Ok(turned(it, Zone::Utc)),
    ),
];

pub(super) const CLOCKS: &[Method] = &[
    ruby(
        "ceil",
        "(digits = 0) -> Time",
        "The next time with that many digits after the second.",
        "Time.at(1.23).utc.ceil(1) => 1970-01-01 00:00:01.3 UTC",
        |_, it, args| rounded(it, &args, Rounding::Ceil),
    ),
    ruby(
        "floor",
        "(digits = 0) -> Time",
        "The time cut to that many digits after the second.",
        "Time.at(1.29).utc.floor(1) => 1970-01-01 00:00:01.2 UTC",
        |_, it, args| rounded(it, &args, Rounding::Floor),
    ),
    ruby(
        "round",
        "(digits = 0) -> Time",
        "The nearest time with that many digits after the second.",
        "Time.at(1.5).utc.round => 1970-01-01 00:00:02 UTC",
        |_, it, args| rounded(it, &args, Rounding::HalfUp),
    ),
];

pub(super) const ZONED: &[Method] = &[
    rails(
        "comparable_time",
        "() -> Time",
        "The instant as a Time in UTC.",
        "Time.utc(2024).in_time_zone('Tokyo').comparable_time => 2024-01-01 00:00:00 UTC",
        |_, it, _| Ok(value(in_plain_zone(it, Zone::Utc))),
    ),
    rails(
        "time",
        "() -> Time",
        "What the clock there shows, as a Time in UTC.",
        "Time.utc(2024).in_time_zone('Tokyo').time => 2024-01-01 09:00:00 UTC",
        |_, it, _| super::moment::wall_time(&receiver(it)).map(value),
    ),
    rails(
        "time_zone",
        "() -> TimeZone",
        "The zone.",
        "Time.utc(2024).in_time_zone('Tokyo').time_zone.name => \"Tokyo\"",
        |_, it, _| Ok(zone::object_of(receiver(it).zone())),
    ),
];

pub(super) const DATE_TIMES: &[Method] = &[ruby(
    "new_offset",
    "(offset = 0) -> DateTime",
    "The same instant at another offset.",
    "DateTime.new(2024, 1, 1).new_offset('+09:00').to_s => \"2024-01-01T09:00:00+09:00\"",
    |_, it, args| {
        let zone = args.given(0).map_or(Ok(Zone::Fixed(0)), super::date_class::offset_argument)?;
        Ok(value(receiver(it).in_zone(zone)))
    },
)];

/// `in_time_zone`: without a zone, the plain time.
pub fn in_time_zone(host: &mut dyn Host, it: &Value, zone: Option<&Value>) -> Result<Value> {
    let zone = match zone {
        None => current_zone(host),
        Some(Value::Nil | Value::False) => {
            return Ok(if matches!(it, Value::Time(time) if time.flavor != Flavor::WithZone) {
                it.clone()
            } else if matches!(it, Value::Date(_)) {
                to_time(it, None)?
            } else {
                value(in_plain_zone(it, Zone::Utc))
            });
        }
        Some(given) => zone::find(given, host.now().0)?.zone(),
    };
    match it {
        Value::Time(time) => Ok(value(zone::in_zone(time, zone))),
        other => {
            let wall = Instant::new(super::moment::midnight(gregorian(receiver_date(other).day()))?, 0);
            zoned(&wall, zone, None).map(value)
        }
    }
}

/// A Time at that zone, from a time of any class.
pub fn in_plain_zone(it: &Value, zone: Zone) -> Time {
    let time = receiver(it);
    Time::new(time.at.clone(), zone, if time.flavor == Flavor::Sdk { Flavor::Sdk } else { Flavor::Time })
}

/// `utc` and `localtime` turn a Time itself; other classes answer with a new Time.
fn turned(it: &Value, zone: Zone) -> Value {
    match it {
        Value::Time(time) if matches!(time.flavor, Flavor::Time | Flavor::Sdk) => {
            time.set_zone(zone);
            it.clone()
        }
        other => value(in_plain_zone(other, zone)),
    }
}

fn local_zone(args: &Args) -> Result<Zone> {
    match args.given(0) {
        None | Some(Value::Nil) => Ok(Zone::Local),
        Some(zone) => zone_argument(zone),
    }
}

pub fn to_datetime(it: &Value) -> Result<Value> {
    Ok(match it {
        Value::Time(time) if time.flavor == Flavor::DateTime => it.clone(),
        Value::Time(time) => value(Time::new(time.at.clone(), Zone::Fixed(time.offset()), Flavor::DateTime)),
        other => {
            let seconds = super::moment::midnight(receiver_date(other).day())?;
            value(Time::new(Instant::new(seconds, 0), Zone::Fixed(0), Flavor::DateTime))
        }
    })
}

/// `to_time`: without a form the machine's zone; only dates take a form.
pub fn to_time(it: &Value, form: Option<&Value>) -> Result<Value> {
    let Value::Date(date) = it else {
        return Ok(value(in_plain_zone(it, Zone::Local)));
    };
    let zone = match form {
        None => Zone::Local,
        Some(Value::Symbol(form)) if form.text() == "local" => Zone::Local,
        Some(Value::Symbol(form)) if form.text() == "utc" => Zone::Utc,
        Some(other) => return Err(argument_error(format!("Expected :local or :utc, got {}.", inspect(other)))),
    };
    let seconds = super::moment::midnight(gregorian(date.day()))?;
    Ok(value(Time::new(Instant::new(seconds, 0), zone, Flavor::Time)))
}

/// Rounds on the wall, as Time does; a time with zone is put back into it.
fn rounded(it: &Value, args: &Args, rounding: Rounding) -> Result<Value> {
    let digits = if args.is_empty() { 0 } else { args.int(0)? };
    let digits = u32::try_from(digits).map_err(|_| argument_error("negative ndigits given"))?;
    let time = receiver(it);
    if digits >= 30 {
        return Ok(it.clone());
    }
    let at = time.at.rounded(digits, rounding).ok_or_else(super::moment::too_far)?;
    Ok(value(Time::new(at, time.zone(), time.flavor)))
}

/// The text of a DateTime read as one, for comparisons with text.
pub fn text_as_datetime(host: &dyn Host, text: &str) -> Option<Time> {
    parse::complete::date_time(parse::parse(text, false), super::moment::today(host))
}
