//! The bare words `now` and `today`.

use super::moment::{current_zone, now, today_in_zone, value};
use crate::methods::{Method, sdk};
use crate::value::{Flavor, Value};

pub(super) const ROWS: &[Method] = &[
    sdk(
        "now",
        "() -> TimeWithZone",
        "The present moment, in Pacific time.",
        "now.class => ActiveSupport::TimeWithZone",
        |host, _, _| {
            let zone = current_zone(host);
            Ok(value(now(host, zone, Flavor::WithZone)))
        },
    ),
    sdk("today", "() -> Date", "The present day, in Pacific time.", "today.class => Date", |host, _, _| {
        Ok(Value::date(today_in_zone(host)))
    }),
];
