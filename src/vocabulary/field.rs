//! Keys and types of schema fields.

use super::{
    Shape,
    Shape::{Any, Array, Boolean, Fields, Hash, Integer, Lambda, Number, Text, Word},
    Standing,
};

/// One key of a schema field.
#[derive(Debug)]
pub struct FieldKey {
    pub name: &'static str,
    pub shapes: &'static [Shape],
    /// One sentence.
    pub doc: &'static str,
    pub standing: Standing,
}

/// One type of fields.
#[derive(Debug)]
pub struct FieldType {
    pub name: &'static str,
    /// One sentence.
    pub doc: &'static str,
}

/// The row of a key.
pub fn field_key(name: &str) -> Option<&'static FieldKey> {
    FIELD_KEYS.iter().find(|key| key.name == name)
}

/// The row of a type; every other type counts as a string.
pub fn field_type(name: &str) -> Option<&'static FieldType> {
    FIELD_TYPES.iter().find(|known| known.name == name)
}

/// Types that a field can have.
pub const FIELD_TYPES: &[FieldType] = &[
    FieldType { name: "array", doc: "A list; `of` says of what, `properties` which fields its objects have." },
    FieldType { name: "boolean", doc: "Shown as a number; text stays text unless a converter is named." },
    FieldType { name: "date", doc: "A day." },
    FieldType { name: "date_time", doc: "A moment." },
    FieldType { name: "integer", doc: "A whole number; text in outputs becomes one." },
    FieldType { name: "number", doc: "A number; text in outputs becomes one." },
    FieldType { name: "object", doc: "A hash with the fields in `properties`." },
    FieldType { name: "stream", doc: "Contents that are read chunk by chunk." },
    FieldType { name: "string", doc: "Text; the type where none is given." },
    FieldType { name: "timestamp", doc: "A moment, as date_time." },
];

const fn key(name: &'static str, shapes: &'static [Shape], doc: &'static str) -> FieldKey {
    FieldKey { name, shapes, doc, standing: Standing::Common }
}

const fn shown(name: &'static str, shapes: &'static [Shape], doc: &'static str) -> FieldKey {
    FieldKey { name, shapes, doc, standing: Standing::Display }
}

const fn own(name: &'static str, shapes: &'static [Shape], doc: &'static str) -> FieldKey {
    FieldKey { name, shapes, doc, standing: Standing::Own }
}

const fn old(name: &'static str, shapes: &'static [Shape], doc: &'static str) -> FieldKey {
    FieldKey { name, shapes, doc, standing: Standing::Old }
}

/// Sorted by name.
pub const FIELD_KEYS: &[FieldKey] = &[
    shown("add_field_label", &[Text], "The text of the button that adds a field."),
    shown("add_item_label", &[Text], "The text of the button that adds an item."),
    own("advanced", &[Boolean], "The field is hidden until asked for."),
    own("backfill", &[Boolean], "The field says how far back to read."),
    shown("change_on_blur", &[Boolean], "The form reacts when the field is left, not at each key."),
    key("control_type", &[Word], "How the field is filled in."),
    key("convert_input", &[Word, Lambda], "The converter of values on their way in."),
    key("convert_output", &[Word, Lambda], "The converter of values on their way out."),
    shown("custom", &[Boolean], "The field was made by the account."),
    shown("custom_properties", &[Fields, Lambda, Any], "More fields of the form that designs a schema."),
    key("default", &[Any], "What a form fills in; a run does not."),
    shown("delimiter", &[Text], "What separates the values of a multiselect."),
    own("deprecated", &[Boolean], "The field is kept for old recipes."),
    shown("disable_formula", &[Boolean], "Formulas cannot be used."),
    shown("display_priority", &[Integer], "Higher ones stand first."),
    shown("empty_list_text", &[Text], "What an empty list says."),
    shown("empty_list_title", &[Text], "The title of an empty list."),
    shown("empty_schema_message", &[Text], "What is said where there are no fields."),
    shown("empty_schema_title", &[Text], "The title where there are no fields."),
    own("enum", &[Array], "The values that are allowed."),
    own("error", &[Text], "What is said of a value that is not allowed."),
    shown("exclude_fields", &[Array], "Fields that a schema designer does not offer."),
    shown("exclude_fields_types", &[Array], "Types that a schema designer does not offer."),
    key("extends_schema", &[Boolean], "A change of the field makes the schema anew."),
    own("format", &[Word], "What the text has to be: url, email or uuid."),
    shown("group", &[Text], "The group of fields it is shown in."),
    shown("help", &[Hash, Text], "A longer explanation, with title and text."),
    key("hidden", &[Boolean], "The field is not shown."),
    key("hint", &[Text], "The explanation under the field."),
    shown("initially_expanded", &[Boolean], "The field's inside is shown at first."),
    shown("item_label", &[Text], "What one item of the list is called."),
    key("label", &[Text], "The field's name as people read it; made of the name where it is missing."),
    shown("list_mode", &[Word], "How a list is filled in: static or dynamic."),
    shown("list_mode_toggle", &[Boolean], "Whether that can be changed."),
    own("max", &[Number], "The largest number allowed."),
    own("max_length", &[Integer], "The longest text allowed."),
    own("min", &[Number], "The smallest number allowed."),
    own("min_length", &[Integer], "The shortest text allowed."),
    shown("multiline", &[Boolean], "The text has several lines."),
    key("name", &[Word], "The key of the value."),
    key("ngIf", &[Text], "The condition under which the field is shown."),
    old("ng_if", &[Text], "An older spelling of ngIf."),
    key("of", &[Word], "What a list consists of; objects where it is missing."),
    key("optional", &[Boolean], "False if the value has to be there; true where it is missing."),
    key("options", &[Array], "Choices, inline, for settings."),
    key("parse_output", &[Word, Lambda], "The older name of convert_output."),
    own("pattern", &[Any], "The pattern that text has to fit."),
    key("pick_list", &[Word, Array], "The choices: the name of a pick list, or a list."),
    key("pick_list_params", &[Hash], "Which fields the parameters of the pick list come from."),
    old("picklist", &[Word, Array], "A misspelling of pick_list."),
    shown("preserve_in_runtime_connection", &[Boolean], "The setting stays with the running connection."),
    key("properties", &[Fields], "The fields of an object, or of the objects of a list."),
    key("render_input", &[Word, Lambda], "The older name of convert_input."),
    key("runtime_optional", &[Boolean], "A form asks for it, a run does not insist."),
    shown("sample_data_type", &[Word], "What sample a schema designer takes: csv, json_input or xml."),
    shown("schema_neutral", &[Boolean], "A change of the field does not reset the schema."),
    own("scope", &[Word], "Who the setting belongs to."),
    own("secret", &[Boolean], "The value is never shown."),
    shown("sticky", &[Boolean], "The field is shown though it is optional."),
    shown("support_pills", &[Boolean], "Values of earlier steps can be dropped in."),
    key("toggle_field", &[Hash], "Another way to fill the field in."),
    key("toggle_hint", &[Text], "What this way is called."),
    shown("tree_options", &[Hash], "How choices of a tree are made."),
    key("type", &[Word], "The kind of value; text where it is missing."),
    shown("url", &[Text], "What stands behind a subdomain."),
];
