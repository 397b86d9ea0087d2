//! Keys of actions.

use super::{
    Key,
    Shape::{Any, Array, Boolean, Fields, Hash, Integer, Lambda, Number, Text, Word},
    Standing,
};

/// Arguments of the lambdas that make schemas.
pub(super) const SCHEMA_ARGS: &[&str] = &["object_definitions", "connection", "config_fields"];
/// Arguments of the lambdas that make texts.
pub(super) const TEXT_ARGS: &[&str] = &["input", "picklist_label"];

/// Sorted by path.
pub(super) const KEYS: &[Key] = &[
    Key::new("actions.*", &[Hash], "One action.", "get_user: { execute: … }"),
    Key::new("actions.*.batch", &[Boolean], "Marks the action as one for many records.", "batch: true")
        .standing(Standing::Display),
    Key::lambda(
        "actions.*.before_resume",
        &["data", "input", "continue"],
        "",
        "Changes `continue` when a suspended action is resumed.",
        "before_resume: ->(data, input, continue) { continue['result'] = data }",
    ),
    Key::lambda(
        "actions.*.before_suspend",
        &["resume_token", "expires_at", "continue"],
        "",
        "Tells the service the token that resumes the action.",
        "before_suspend: ->(resume_token, expires_at, continue) { post('/wait', token: resume_token) }",
    ),
    Key::lambda(
        "actions.*.before_timeout_resume",
        &["input", "continue"],
        "",
        "Changes `continue` when nobody resumed the action in time.",
        "before_timeout_resume: ->(input, continue) { continue['timed_out'] = true }",
    ),
    Key::new("actions.*.bulk", &[Boolean], "Marks the action as one for whole files.", "bulk: true")
        .standing(Standing::Display),
    Key::new(
        "actions.*.config_fields",
        &[Fields, Lambda],
        "Fields that are filled in first; the schema lambdas get them.",
        "config_fields: [{ name: 'object', control_type: 'select', pick_list: 'objects' }]",
    ),
    Key::new("actions.*.deprecated", &[Boolean], "Hides the action from new recipes.", "deprecated: true")
        .standing(Standing::Display),
    Key::lambda(
        "actions.*.description",
        TEXT_ARGS,
        "String",
        "What the action does, with its object in a span.",
        "description: \"Get <span class='provider'>user</span>\"",
    )
    .or(&[Text, Lambda])
    .standing(Standing::Display),
    Key::new("actions.*.display_priority", &[Integer], "Higher ones stand first.", "display_priority: 10")
        .standing(Standing::Display),
    Key::lambda(
        "actions.*.execute",
        &["connection", "input", "extended_input_schema", "extended_output_schema", "continue"],
        "Hash",
        "Does the action's work.",
        "execute: ->(connection, input) { get(\"/users/#{input['id']}\") }",
    ),
    Key::lambda(
        "actions.*.help",
        TEXT_ARGS,
        "String or Hash",
        "Help shown with the action.",
        "help: 'Finds a user by id.'",
    )
    .or(&[Text, Hash, Lambda])
    .standing(Standing::Display),
    Key::new("actions.*.help.body", &[Text], "The text of the help.", "body: '…'").standing(Standing::Display),
    Key::new("actions.*.help.learn_more_text", &[Text], "The text of the link.", "learn_more_text: 'API docs'")
        .standing(Standing::Display),
    Key::new("actions.*.help.learn_more_url", &[Text], "Where the link leads.", "learn_more_url: 'https://…'")
        .standing(Standing::Display),
    Key::new("actions.*.hint", &[Text], "The older name of subtitle.", "").standing(Standing::Old),
    Key::lambda(
        "actions.*.input_fields",
        SCHEMA_ARGS,
        "Array of fields",
        "The fields of the input.",
        "input_fields: ->(object_definitions) { object_definitions['user'] }",
    )
    .or(&[Lambda, Fields]),
    Key::new("actions.*.loop", &[Any], "Accepted without effect.", "").standing(Standing::Ignored),
    Key::new("actions.*.max_retries", &[Integer], "Tries again at most that often; three at most.", "max_retries: 3"),
    Key::lambda(
        "actions.*.output_fields",
        SCHEMA_ARGS,
        "Array of fields",
        "The fields of the output.",
        "output_fields: ->(object_definitions) { object_definitions['user'] }",
    )
    .or(&[Lambda, Fields]),
    Key::new(
        "actions.*.retry_on_request",
        &[Array, Word],
        "Verbs that are tried again; GET and HEAD where it is missing.",
        "retry_on_request: ['GET', 'PUT']",
    ),
    Key::new(
        "actions.*.retry_on_response",
        &[Array, Integer, Text, Any],
        "Codes, texts or patterns of failures that are tried again.",
        "retry_on_response: [429, 503, /try again/]",
    ),
    Key::lambda(
        "actions.*.sample_output",
        &["connection", "input"],
        "Hash",
        "An output as it may look.",
        "sample_output: ->(connection, input) { { id: 1 } }",
    )
    .or(&[Lambda, Hash]),
    Key::new(
        "actions.*.streams",
        &[Hash],
        "Streams that belong to the action.",
        "streams: { download: ->(input, from, to, size) { … } }",
    ),
    Key::lambda(
        "actions.*.streams.*",
        &["input", "from", "to", "size"],
        "[bytes, true at the end]",
        "Gives the bytes from one offset to another, and whether they are the last.",
        "",
    ),
    Key::new("actions.*.subtitle", &[Text], "A second line under the title.", "subtitle: 'Get a user by id'")
        .standing(Standing::Display),
    Key::new(
        "actions.*.summarize_input",
        &[Array],
        "Paths of long values that are shortened for display.",
        "summarize_input: ['rows']",
    )
    .standing(Standing::Display),
    Key::new(
        "actions.*.summarize_output",
        &[Array],
        "Paths of long values that are shortened for display.",
        "summarize_output: ['rows']",
    )
    .standing(Standing::Display),
    Key::new("actions.*.timeout", &[Number], "Seconds after which a request of the action is given up.", "timeout: 60")
        .standing(Standing::Own),
    Key::new("actions.*.title", &[Text], "The action's name as people read it.", "title: 'Get user'")
        .standing(Standing::Display),
    Key::new("actions.*.title_hint", &[Text], "The older name of subtitle.", "").standing(Standing::Old),
];
