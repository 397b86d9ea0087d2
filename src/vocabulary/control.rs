//! Control types: how a field is filled in.

/// One control type. `small-` and `medium-` before the name change its size only.
#[derive(Debug)]
pub struct ControlType {
    pub name: &'static str,
    /// One sentence.
    pub doc: &'static str,
    /// It needs choices.
    pub needs_pick_list: bool,
}

/// The row of a control type, whatever its size.
pub fn control_type(name: &str) -> Option<&'static ControlType> {
    let plain = name.strip_prefix("small-").or_else(|| name.strip_prefix("medium-")).unwrap_or(name);
    CONTROL_TYPES.iter().find(|known| known.name == plain)
}

const fn control(name: &'static str, doc: &'static str) -> ControlType {
    ControlType { name, doc, needs_pick_list: false }
}

const fn choice(name: &'static str, doc: &'static str) -> ControlType {
    ControlType { name, doc, needs_pick_list: true }
}

/// Sorted by name.
pub const CONTROL_TYPES: &[ControlType] = &[
    control("checkbox", "Yes or no."),
    control("date", "A day."),
    control("date_time", "A moment."),
    control("email", "An e-mail address."),
    control("file", "A file."),
    control("form-schema-builder", "A schema designed in a form, as JSON text."),
    control("integer", "A whole number."),
    control("key_value", "Pairs: a list of objects with two properties."),
    choice("multiselect", "Some of several choices; needs a delimiter."),
    control("nested_fields", "Fields inside the field."),
    control("number", "A number."),
    control("password", "Text that is not shown."),
    control("phone", "A telephone number."),
    control("plain-text", "Text without values of earlier steps."),
    control("plain-text-area", "Several lines without values of earlier steps."),
    control("relative_date_time", "A moment, or how long ago."),
    control("schema-designer", "A schema designed by hand, as JSON text."),
    choice("select", "One of several choices."),
    control("static-list", "A list of fixed length."),
    control("subdomain", "The first part of a host name; `url` is the rest."),
    control("text", "One line of text."),
    control("text-area", "Several lines of text."),
    control("timestamp", "A moment."),
    choice("tree", "A choice in a tree that is unfolded."),
    control("url", "An address."),
];
