//! The methods of ActiveSupport::TimeZone and of its objects.

use super::build::{Given, scaled};
use super::moment::{argument_error, exact, inspect, now, type_error, value, zoned};
use super::parse::{self, Field, Parts, formats};
use super::time_class::{check_count, lenient, named_time, plain_time, text};
use super::zone::{self, ZoneObject};
use super::zone_names::NAMES;
use crate::methods::{Host, Method, ops, rails};
use crate::value::{Date, Flavor, Instant, Result, Time, Value, Zone, offset_text};
use chrono_tz::Tz;

pub(super) const OBJECTS: &[Method] = &[
    rails(
        "<=>",
        "(other) -> Integer",
        "By offset, then by name.",
        "(Time.zone <=> ActiveSupport::TimeZone['UTC']) => -1",
        |host, it, args| {
            let at = host.now().0;
            let key = |zone: &Value| zone.downcast::<ZoneObject>().map(|zone| (zone.base_offset(at), zone.name));
            Ok(match (key(it), key(&args.get(0))) {
                (Some(a), Some(b)) => Value::Int(a.cmp(&b) as i64),
                _ => Value::Nil,
            })
        },
    ),
    rails(
        "=~",
        "(pattern) -> Boolean",
        "Does either of its names match?",
        "Time.zone =~ /Pacific/ => true",
        |host, it, args| {
            let zone = object(it);
            matches_name(host, &args.get(0), zone.name, mapped(zone.name))
        },
    ),
    rails(
        "at",
        "(seconds, part = 0, unit = :microsecond) -> TimeWithZone",
        "The time so many seconds after 1970, in this zone.",
        "Time.zone.at(0).to_s => \"1969-12-31 16:00:00 -0800\"",
        |_, it, args| {
            let seconds = args.get(0);
            let at = match &seconds {
                Value::Time(time) => time.at.clone(),
                other => exact(other)?,
            };
            let per_second = match args.given(2) {
                Some(Value::Symbol(unit)) if unit.text() == "millisecond" => 1_000,
                Some(Value::Symbol(unit)) if matches!(unit.text().as_str(), "nsec" | "nanosecond") => 1_000_000_000,
                _ => 1_000_000,
            };
            let part = args.given(1).map_or(Ok(Instant::default()), |part| scaled(part, per_second))?;
            let at = at.checked_add(&part).ok_or_else(super::moment::too_far)?;
            Ok(value(Time::new(at, object(it).zone(), Flavor::WithZone)))
        },
    ),
    rails(
        "formatted_offset",
        "(colon = true, alternate_utc_string = nil) -> String",
        "The offset from UTC without daylight saving, as text.",
        "Time.zone.formatted_offset => \"-08:00\"",
        |host, it, args| {
            let offset = object(it).base_offset(host.now().0);
            if offset == 0 && args.get(1).truthy() {
                return Ok(args.get(1));
            }
            let colon = args.given(0).is_none_or(Value::truthy);
            Ok(Value::string(offset_text(offset, if colon { ":" } else { "" })))
        },
    ),
    rails(
        "iso8601",
        "(text) -> TimeWithZone",
        "Reads ISO 8601; without an offset, on this zone's clock.",
        "Time.zone.iso8601('2024-01-02T03:04:05').to_s => \"2024-01-02 03:04:05 -0800\"",
        |_, it, args| {
            if args.get(0).is_nil() {
                return Err(argument_error("invalid date"));
            }
            let parts = formats::iso8601(&text(&args, 0)?);
            if parts.is_empty() {
                return Err(argument_error("invalid date"));
            }
            placed(&plain_time(&parts, Zone::Utc)?, &parts, object(it).zone())
        },
    ),
    rails(
        "local",
        "(*numbers) -> TimeWithZone",
        "A time from year, month, day, hour, minute, second and microseconds on this zone's clock.",
        "Time.zone.local(2024, 1, 2).to_s => \"2024-01-02 00:00:00 -0800\"",
        |_, it, args| {
            check_count(&args)?;
            zoned(&Given::of(&args.values).wall()?, object(it).zone(), None).map(value)
        },
    ),
    rails(
        "local_to_utc",
        "(time, dst = true) -> Time",
        "The instant at which the zone's clock shows that time.",
        "Time.zone.local_to_utc(Time.utc(2024, 1, 1)) => 2024-01-01 08:00:00 UTC",
        |_, it, args| {
            let Value::Time(time) = args.get(0) else { return Err(type_error("time expected")) };
            let found = zoned(&super::moment::wall_instant(&time)?, object(it).zone(), None)?;
            Ok(value(Time::new(found.at, Zone::Utc, Flavor::Time)))
        },
    ),
    rails(
        "match?",
        "(pattern) -> Boolean",
        "Does either of its names match?",
        "Time.zone.match?(/Los_Angeles/) => true",
        |host, it, args| {
            let zone = object(it);
            let pattern = args.get(0);
            if let Value::Str(name) = &pattern {
                let name = name.to_text();
                return Ok(Value::bool(name == zone.name || Some(name.as_str()) == mapped(zone.name)));
            }
            matches_name(host, &pattern, zone.name, mapped(zone.name))
        },
    ),
    rails(
        "name",
        "() -> String",
        "The name it was asked for by.",
        "ActiveSupport::TimeZone['Tokyo'].name => \"Tokyo\"",
        |_, it, _| Ok(Value::str(object(it).name)),
    ),
    rails(
        "now",
        "() -> TimeWithZone",
        "Now, in this zone.",
        "Time.zone.now.class => ActiveSupport::TimeWithZone",
        |host, it, _| Ok(value(now(host, object(it).zone(), Flavor::WithZone))),
    ),
    rails(
        "parse",
        "(text, now = now) -> TimeWithZone",
        "Reads a time written in almost any way; without an offset, on this zone's clock. nil if there is none.",
        "Time.zone.parse('2024-01-02 03:04').to_s => \"2024-01-02 03:04:00 -0800\"\nTime.zone.parse('x') => nil",
        |host, it, args| {
            let text = text(&args, 0)?;
            let parts = lenient(&text, false)?;
            parts_to_time(host, object(it).zone(), &parts, args.given(1))
        },
    ),
    rails(
        "rfc3339",
        "(text) -> TimeWithZone",
        "Reads RFC 3339.",
        "Time.zone.rfc3339('2024-01-02T03:04:05Z').to_s => \"2024-01-01 19:04:05 -0800\"",
        |_, it, args| {
            let parts = formats::rfc3339(&text(&args, 0)?);
            if parts.is_empty() {
                return Err(argument_error("invalid date"));
            }
            placed(&plain_time(&parts, Zone::Utc)?, &parts, object(it).zone())
        },
    ),
    rails(
        "strptime",
        "(text, format, now = now) -> TimeWithZone",
        "Reads a time by a format; without an offset, on this zone's clock.",
        "Time.zone.strptime('02/01/2024', '%d/%m/%Y').to_s => \"2024-01-02 00:00:00 -0800\"",
        |host, it, args| {
            let Some(parts) = parse::strptime(&text(&args, 0)?, &text(&args, 1)?) else {
                return Err(argument_error("invalid date"));
            };
            parts_to_time(host, object(it).zone(), &parts, args.given(2))
        },
    ),
    rails(
        "to_s",
        "() -> String",
        "Offset and name.",
        "Time.zone.to_s => \"(GMT-08:00) Pacific Time (US & Canada)\"",
        |host, it, _| Ok(Value::string(object(it).to_s(host.now().0))),
    ),
    rails("today", "() -> Date", "Today, in this zone.", "Time.zone.today.class => Date", |host, it, _| {
        day(host, it, 0)
    }),
    rails("tomorrow", "() -> Date", "Tomorrow, in this zone.", "Time.zone.tomorrow.class => Date", |host, it, _| {
        day(host, it, 1)
    }),
    rails(
        "tzinfo identifier",
        "() -> TimeZone",
        "The zone under IANA's name.",
        "Time.zone.tzinfo.name => \"America/Los_Angeles\"",
        |_, it, _| {
            let zone = object(it).zone;
            Ok(Value::object(ZoneObject { zone, name: zone.name() }))
        },
    ),
    rails(
        "utc_offset",
        "() -> Integer",
        "The seconds east of UTC without daylight saving.",
        "Time.zone.utc_offset => -28800",
        |host, it, _| Ok(Value::Int(i64::from(object(it).base_offset(host.now().0)))),
    ),
    rails(
        "utc_to_local",
        "(time) -> Time",
        "What the zone's clock shows at that instant, as a Time in UTC.",
        "Time.zone.utc_to_local(Time.utc(2024, 1, 1)) => 2023-12-31 16:00:00 UTC",
        |_, it, args| {
            let Value::Time(time) = args.get(0) else { return Err(type_error("time expected")) };
            super::moment::wall_time(&time.in_zone(object(it).zone())).map(value)
        },
    ),
    rails("yesterday", "() -> Date", "Yesterday, in this zone.", "Time.zone.yesterday.class => Date", |host, it, _| {
        day(host, it, -1)
    }),
];

pub(super) const CLASS: &[Method] = &[
    rails(
        "[] new",
        "(zone) -> TimeZone",
        "The zone of that name or offset; nil if there is none.",
        "ActiveSupport::TimeZone['Tokyo'].utc_offset => 32400\nActiveSupport::TimeZone['Nowhere'] => nil",
        |host, _, args| {
            let found = zone::lookup(&args.get(0), host.now().0)?;
            Ok(found.map_or(Value::Nil, Value::object))
        },
    ),
    rails(
        "all",
        "() -> Array",
        "Every zone that ActiveSupport names, by offset.",
        "ActiveSupport::TimeZone.all.size => 151",
        |host, _, _| Ok(Value::array(zone::all(host.now().0).into_iter().map(Value::object).collect())),
    ),
    rails(
        "create",
        "(name) -> TimeZone",
        "The zone of that name.",
        "ActiveSupport::TimeZone.create('Tokyo').name => \"Tokyo\"",
        |host, _, args| zone::find(&args.get(0), host.now().0).map(Value::object),
    ),
    rails(
        "find_tzinfo",
        "(name) -> TimeZone",
        "The zone of that name, under IANA's name.",
        "ActiveSupport::TimeZone.find_tzinfo('Tokyo').name => \"Asia/Tokyo\"",
        |host, _, args| {
            let zone = zone::find(&args.get(0), host.now().0)?.zone;
            Ok(Value::object(ZoneObject { zone, name: zone.name() }))
        },
    ),
    rails(
        "seconds_to_utc_offset",
        "(seconds, colon = true) -> String",
        "An offset as text.",
        "ActiveSupport::TimeZone.seconds_to_utc_offset(-3600) => \"-01:00\"",
        |_, _, args| {
            let seconds = i32::try_from(args.int(0)?).unwrap_or(i32::MAX);
            let colon = args.given(1).is_none_or(Value::truthy);
            Ok(Value::string(offset_text(seconds, if colon { ":" } else { "" })))
        },
    ),
    rails(
        "us_zones",
        "() -> Array",
        "The zones of the United States.",
        "ActiveSupport::TimeZone.us_zones.first.name => \"America/Adak\"",
        |_, _, _| Ok(Value::array(US_ZONES.iter().filter_map(|name| zone::by_name(name)).map(Value::object).collect())),
    ),
];

/// By offset, then name; those that ActiveSupport names go by that name.
const US_ZONES: &[&str] = &[
    "America/Adak",
    "Hawaii",
    "Alaska",
    "America/Anchorage",
    "America/Metlakatla",
    "America/Nome",
    "America/Sitka",
    "America/Yakutat",
    "Pacific Time (US & Canada)",
    "America/Boise",
    "Arizona",
    "Mountain Time (US & Canada)",
    "America/Indiana/Knox",
    "America/Indiana/Tell_City",
    "America/Menominee",
    "America/North_Dakota/Beulah",
    "America/North_Dakota/Center",
    "America/North_Dakota/New_Salem",
    "Central Time (US & Canada)",
    "America/Detroit",
    "America/Indiana/Marengo",
    "America/Indiana/Petersburg",
    "America/Indiana/Vevay",
    "America/Indiana/Vincennes",
    "America/Indiana/Winamac",
    "America/Kentucky/Louisville",
    "America/Kentucky/Monticello",
    "Eastern Time (US & Canada)",
    "Indiana (East)",
];

fn object(it: &Value) -> ZoneObject {
    it.downcast::<ZoneObject>().copied().unwrap_or(ZoneObject { zone: Tz::UTC, name: "UTC" })
}

fn mapped(name: &str) -> Option<&'static str> {
    NAMES.iter().find(|(known, _)| *known == name).map(|(_, iana)| *iana)
}

fn matches_name(host: &mut dyn Host, pattern: &Value, name: &str, iana: Option<&str>) -> Result<Value> {
    for name in [Some(name), iana].into_iter().flatten() {
        if ops::case_equals(host, pattern, &Value::str(name))? {
            return Ok(Value::True);
        }
    }
    Ok(Value::False)
}

fn day(host: &mut dyn Host, it: &Value, days: i64) -> Result<Value> {
    let today = super::moment::day_of(&now(host, object(it).zone(), Flavor::WithZone));
    Date::of_day(today.day() + days).map(Value::date).ok_or_else(super::moment::invalid_date)
}

/// A time read from text, in a zone: as an instant if the text had an offset, else as what the zone's clock shows.
fn placed(time: &Time, parts: &Parts, zone: Zone) -> Result<Value> {
    let has_offset = parts.get(Field::Offset).is_some_and(Value::truthy);
    if has_offset {
        return Ok(value(Time::new(time.at.clone(), zone, Flavor::WithZone)));
    }
    zoned(&super::moment::wall_instant(time)?, zone, None).map(value)
}

/// `Time.zone.parse` and `strptime` once the text is taken apart; nil where it said nothing.
pub fn parts_to_time(host: &mut dyn Host, zone: Zone, parts: &Parts, given: Option<&Value>) -> Result<Value> {
    if parts.is_empty() {
        return Ok(Value::Nil);
    }
    if let Some(seconds) = parts.get(Field::Epoch) {
        return Ok(value(Time::new(exact(seconds)?, zone, Flavor::WithZone)));
    }
    let civil = match given {
        None => now(host, zone, Flavor::WithZone).wall().civil,
        Some(Value::Time(_) | Value::Date(_)) => super::calendar::civil(given.unwrap_or(&Value::Nil)).0,
        Some(other) => {
            let shown = format!("undefined method `year' for {}:{}", inspect(other), other.class().name());
            return Err(crate::value::raise(crate::value::ClassId::NO_METHOD_ERROR, shown));
        }
    };
    let field = |field: Field, default: i64| parts.get(field).cloned().unwrap_or(Value::Int(default));
    let has_date = parts.has(Field::Year) || parts.has(Field::Month);
    let fields = [
        field(Field::Year, civil.year),
        field(Field::Month, i64::from(civil.month)),
        field(Field::MonthDay, if has_date { 1 } else { i64::from(civil.day) }),
        field(Field::Hour, 0),
        field(Field::Minute, 0),
        field(Field::Second, 0),
    ];
    placed(&named_time(&fields, parts, Zone::Utc)?, parts, zone)
}
