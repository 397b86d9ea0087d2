//! Converters that fields can name.

/// One converter that is built in.
#[derive(Debug)]
pub struct Converter {
    pub name: &'static str,
    /// One sentence.
    pub doc: &'static str,
}

const fn converter(name: &'static str, doc: &'static str) -> Converter {
    Converter { name, doc }
}

/// Sorted by name.
pub const CONVERTERS: &[Converter] = &[
    converter(
        "boolean_conversion",
        "Text such as yes, t or 1 becomes true, no, f or 0 false; anything else is an error.",
    ),
    converter("convert_date_time", "A moment in the user's time zone."),
    converter("convert_to_datetime", "A DateTime; what is none stays."),
    converter("convert_to_datetime_wo_tz", "Text as 2024-01-31 12:00:00."),
    converter("date_conversion", "A day."),
    converter("date_iso8601_conversion", "A day as text, 2024-01-31."),
    converter("date_time_conversion", "A moment; text without an offset is in the user's time zone."),
    converter("date_time_iso8601_conversion", "A moment as text, 2024-01-31T12:00:00Z."),
    converter("float_conversion", "Text that is a number becomes a Float."),
    converter("implicit_utc_iso8601_time", "A moment in UTC as text."),
    converter("implicit_utc_time", "A moment in UTC."),
    converter("integer_conversion", "Text that is a number becomes an Integer."),
    converter("item_array_wrap", "A list; a single value becomes a list of one."),
    converter("parse_date_output", "A day; what is none stays."),
    converter("parse_date_time_epoch_millis", "Milliseconds since 1970 become a moment."),
    converter("parse_epoch_time", "Seconds since 1970 become a moment."),
    converter("parse_float_epoch_time", "Seconds since 1970, with a fraction, become a moment."),
    converter("parse_iso8601_date", "Text becomes a day."),
    converter("parse_iso8601_timestamp", "Text becomes a moment."),
    converter("render_date_input", "The day of a moment in the user's time zone."),
    converter("render_date_time_epoch_millis", "Milliseconds since 1970."),
    converter("render_epoch_time", "Seconds since 1970."),
    converter("render_float_epoch_time", "Seconds since 1970, with a fraction."),
    converter("render_iso8601_date", "A day as text."),
    converter("render_iso8601_timestamp", "A moment as text."),
];
