//! `change` and `advance`: other fields of the same time.

use super::build::{Given, scaled, time_at, zone_argument};
use super::calendar::{Steps, advance, civil};
use super::moment::{argument_error, inspect, too_far, type_error, value, zoned};
use super::{date_class, zone};
use crate::methods::{Args, Host, Method, rails};
use crate::value::{ClassId, Flavor, Hash, Instant, Result, Time, Value, Zone, raise};
use std::rc::Rc;

pub(super) const ROWS: &[Method] = &[
    rails(
        "advance",
        "(options)",
        "Later by `years:`, `months:`, `weeks:`, `days:`, `hours:`, `minutes:`, `seconds:`.",
        "Time.utc(2024, 1, 31).advance(months: 1, hours: 2) => 2024-02-29 02:00:00 UTC",
        |host, it, args| match args.get(0) {
            Value::Hash(options) => advance(host, it, Steps::of(&options)),
            other => Err(no_hash(&other, "values_at")),
        },
    ),
    rails(
        "change",
        "(options)",
        "Another `year:`, `month:`, `day:`, `hour:`, `min:`, `sec:`, `usec:`, `nsec:`, `offset:`; what is smaller starts anew.",
        "Time.utc(2024, 1, 2, 3, 4).change(hour: 5) => 2024-01-02 05:00:00 UTC",
        change,
    ),
];

fn no_hash(given: &Value, method: &str) -> Box<crate::value::Unwind> {
    let shown = format!("{}:{}", inspect(given), given.class().name());
    raise(ClassId::NO_METHOD_ERROR, format!("undefined method `{method}' for {shown}"))
}

fn change(host: &mut dyn Host, it: &Value, args: Args) -> Result<Value> {
    let Value::Hash(options) = args.get(0) else {
        return Err(type_error("no implicit conversion of Symbol into Integer"));
    };
    match it {
        Value::Time(time) => match time.flavor {
            Flavor::WithZone => change_zoned(host, time, &options),
            Flavor::DateTime => change_datetime(time, &options),
            Flavor::Time | Flavor::Sdk => change_time(time, &options, None).map(value),
        },
        _ => {
            let (civil, _) = civil(it);
            let field = |name: &str, present: i64| option(&options, name).unwrap_or(Value::Int(present));
            let (year, month) = (field("year", civil.year), field("month", i64::from(civil.month)));
            date_class::new_date(&year, &month, &field("day", i64::from(civil.day)))
        }
    }
}

fn option(options: &Hash, name: &str) -> Option<Value> {
    options.get(&Value::symbol(name))
}

/// The part of the second that `nsec:` or `usec:` ask for; what is there unless a larger field changes.
fn fraction(options: &Hash, at: &Instant, keep: bool) -> Result<Instant> {
    let nsec = option(options, "nsec").filter(Value::truthy);
    let part = match (nsec, option(options, "usec")) {
        (Some(_), Some(usec)) if usec.truthy() => {
            let shown = options_text(options);
            return Err(argument_error(format!("Can't change both :nsec and :usec at the same time: {shown}")));
        }
        (Some(nsec), _) => scaled(&nsec, 1_000_000_000)?,
        (None, Some(usec)) => scaled(&usec, 1_000_000)?,
        (None, None) if keep => Instant::new(0, at.nanos),
        (None, None) => Instant::default(),
    };
    if part.seconds >= 1 { Err(argument_error("argument out of range")) } else { Ok(part) }
}

fn options_text(options: &Hash) -> String {
    inspect(&Value::hash(options.copy()))
}

/// The clock's fields: those smaller than a changed one start at 0.
struct Clock {
    hour: Value,
    minute: Value,
    second: Value,
    part: Instant,
}

fn clock(time: &Time, options: &Hash) -> Result<Clock> {
    let wall = time.wall();
    let truthy = |name: &str| option(options, name).is_some_and(|value| value.truthy());
    let (hour, minute, second) = (truthy("hour"), truthy("min"), truthy("sec"));
    let field = |name: &str, present: u32, reset: bool| {
        option(options, name).unwrap_or(Value::Int(if reset { 0 } else { i64::from(present) }))
    };
    Ok(Clock {
        hour: field("hour", wall.hour, false),
        minute: field("min", wall.minute, hour),
        second: field("sec", wall.second, hour || minute),
        part: fraction(options, &time.at, !(hour || minute || second))?,
    })
}

fn change_time(time: &Time, options: &Hash, zone: Option<Zone>) -> Result<Time> {
    let wall = time.wall();
    let field = |name: &str, present: i64| option(options, name).unwrap_or(Value::Int(present));
    let year = field("year", wall.civil.year);
    let month = field("month", i64::from(wall.civil.month));
    let day = field("day", i64::from(wall.civil.day));
    let clock = clock(time, options)?;
    let second = super::moment::exact(&clock.second)?.checked_add(&clock.part).ok_or_else(too_far)?.to_number();
    let given = Given {
        year: Some(&year),
        month: Some(&month).filter(|month| !month.is_nil()),
        day: Some(&day).filter(|day| !day.is_nil()),
        hour: Some(&clock.hour).filter(|hour| !hour.is_nil()),
        minute: Some(&clock.minute).filter(|minute| !minute.is_nil()),
        second: Some(&second),
        micros: None,
    };
    let offset = option(options, "offset").filter(Value::truthy);
    let zone = match (zone, offset) {
        (Some(zone), _) => zone,
        (None, Some(offset)) => zone_argument(&offset)?,
        (None, None) => time.zone(),
    };
    let changed = time_at(&given.wall()?, zone)?;
    Ok(Time::new(changed.at, zone, time.flavor))
}

fn change_zoned(host: &mut dyn Host, time: &Rc<Time>, options: &Hash) -> Result<Value> {
    let (zone, offset) = (option(options, "zone"), option(options, "offset"));
    let given = |value: &Option<Value>| value.as_ref().is_some_and(Value::truthy);
    if given(&zone) && given(&offset) {
        let shown = options_text(options);
        return Err(argument_error(format!("Can't change both :offset and :zone at the same time: {shown}")));
    }
    let wall = change_time(&super::moment::wall_time(time)?, options, Some(Zone::Utc))?;
    let now = host.now().0;
    let wanted = match (zone, offset) {
        (Some(zone), _) if zone.truthy() => zone::find(&zone, now).ok(),
        (_, Some(offset)) if offset.truthy() => {
            let offset = i64::from(zone_argument(&offset)?.offset_at(0));
            zone::find(&Value::Int(offset), now).ok()
        }
        _ => None,
    };
    let zone = wanted.map_or_else(|| time.zone(), zone::ZoneObject::zone);
    zoned(&wall.at, zone, Some(&time.at)).map(value)
}

fn change_datetime(time: &Time, options: &Hash) -> Result<Value> {
    let wall = time.wall();
    let field = |name: &str, present: i64| option(options, name).unwrap_or(Value::Int(present));
    let clock = clock(time, options)?;
    let second = super::moment::exact(&clock.second)?.checked_add(&clock.part).ok_or_else(too_far)?.to_number();
    let zone = match option(options, "offset") {
        Some(offset) => date_class::offset_argument(&offset)?,
        None => time.zone(),
    };
    let date = [
        field("year", wall.civil.year),
        field("month", i64::from(wall.civil.month)),
        field("day", i64::from(wall.civil.day)),
    ];
    date_class::new_datetime(&date, &[clock.hour, clock.minute, second], zone)
}
