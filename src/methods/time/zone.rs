//! Time zones by ActiveSupport's and by IANA's names, and `ActiveSupport::TimeZone` objects.

use super::moment::argument_error;
use super::zone_names::NAMES;
use crate::value::{ClassId, Instant, Kind, Object, Result, Time, Value, Zone, offset_text};
use chrono_tz::Tz;
use std::any::Any;

/// An `ActiveSupport::TimeZone`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ZoneObject {
    pub zone: Tz,
    /// The name it was asked for by.
    pub name: &'static str,
}

impl Object for ZoneObject {
    fn kind(&self) -> Kind {
        Kind::TimeZone
    }

    fn class(&self) -> ClassId {
        ClassId::TIME_ZONE
    }

    fn inspect(&self) -> String {
        let tzinfo = self.zone.name();
        let name = super::moment::inspect(&Value::str(self.name));
        format!("#<ActiveSupport::TimeZone @name={name}, @utc_offset=nil, @tzinfo=#<TZInfo::DataTimezone: {tzinfo}>>")
    }

    fn as_json(&self) -> Option<Value> {
        Some(Value::str(self.name))
    }

    fn equals(&self, other: &dyn Object) -> bool {
        other.as_any().downcast_ref::<Self>().is_some_and(|other| other == self)
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

impl ZoneObject {
    pub const fn zone(self) -> Zone {
        Zone::Named(self.zone, self.name)
    }

    /// The offset without daylight saving at that instant, as `utc_offset` answers.
    pub fn base_offset(self, at: i64) -> i32 {
        self.zone().period_at(at).map_or(0, |period| period.base_offset)
    }

    /// `(GMT-08:00) Pacific Time (US & Canada)`
    pub fn to_s(self, at: i64) -> String {
        format!("(GMT{}) {}", offset_text(self.base_offset(at), ":"), self.name)
    }
}

/// The zone of a time zone object.
pub fn zone_of(value: &Value) -> Option<Zone> {
    value.downcast::<ZoneObject>().map(|object| object.zone())
}

/// The object of a named zone; nil for others.
pub fn object_of(zone: Zone) -> Value {
    match zone {
        Zone::Named(zone, name) => Value::object(ZoneObject { zone, name }),
        _ => Value::Nil,
    }
}

/// The zone with that name, ActiveSupport's or IANA's. Names are taken to the letter.
pub fn by_name(name: &str) -> Option<ZoneObject> {
    if let Some((name, iana)) = NAMES.iter().find(|(known, _)| *known == name) {
        return Some(ZoneObject { zone: iana.parse().ok()?, name });
    }
    let zone: Tz = name.parse().ok()?;
    Some(ZoneObject { zone, name: zone.name() })
}

/// Every zone of ActiveSupport, by offset, then name.
pub fn all(at: i64) -> Vec<ZoneObject> {
    let mut zones: Vec<ZoneObject> = NAMES.iter().filter_map(|(name, _)| by_name(name)).collect();
    zones.sort_by_key(|zone| (zone.base_offset(at), zone.name));
    zones
}

/// `ActiveSupport::TimeZone[…]`: a name, or an offset in hours up to 13, else in seconds. `None` where there is none.
pub fn lookup(argument: &Value, at: i64) -> Result<Option<ZoneObject>> {
    match argument {
        Value::Str(name) => Ok(by_name(&name.to_text())),
        Value::Object(_) if zone_of(argument).is_some() => Ok(argument.downcast::<ZoneObject>().copied()),
        Value::Duration(_) | Value::Int(_) | Value::Float(_) | Value::Rational(_) | Value::Decimal(_) => {
            let given = super::moment::exact(argument)?;
            let limit = Instant::new(13, 0);
            let hours = given <= limit && given.checked_neg().is_some_and(|minus| minus <= limit);
            let seconds = if hours { (given.to_f64() * 3600.0) as i64 } else { given.seconds };
            Ok(all(at).into_iter().find(|zone| i64::from(zone.base_offset(at)) == seconds))
        }
        other => {
            let shown = super::moment::inspect(other);
            Err(argument_error(format!("invalid argument to TimeZone[]: {shown}")))
        }
    }
}

/// `Time.find_zone!`: the zone of a name, an offset or an object; `Invalid Timezone: X` otherwise.
pub fn find(argument: &Value, at: i64) -> Result<ZoneObject> {
    match lookup(argument, at)? {
        Some(zone) => Ok(zone),
        None => {
            let shown = crate::value::to_s(argument).to_text();
            Err(argument_error(format!("Invalid Timezone: {shown}")))
        }
    }
}

/// The time in that zone, as a TimeWithZone.
pub fn in_zone(time: &Time, zone: Zone) -> Time {
    Time::new(time.at.clone(), zone, crate::value::Flavor::WithZone)
}
