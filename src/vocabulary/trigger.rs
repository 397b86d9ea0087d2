//! Keys of triggers.

use super::action::{SCHEMA_ARGS, TEXT_ARGS};
use super::{
    Key,
    Shape::{Array, Boolean, Fields, Hash, Integer, Lambda, Number, Text, Word},
    Standing,
};

/// Sorted by path.
pub(super) const KEYS: &[Key] = &[
    Key::new("triggers.*", &[Hash], "One trigger.", "new_user: { poll: … }"),
    Key::new("triggers.*.batch", &[Boolean], "Marks the trigger as one for many records.", "batch: true")
        .standing(Standing::Display),
    Key::new("triggers.*.bulk", &[Boolean], "Marks the trigger as one for whole files.", "bulk: true")
        .standing(Standing::Display),
    Key::new("triggers.*.catch_up", &[Word], "What becomes of missed runs: :one, :all or :none.", "catch_up: :one")
        .standing(Standing::Own),
    Key::new(
        "triggers.*.config_fields",
        &[Fields, Lambda],
        "Fields that are filled in first; the schema lambdas get them.",
        "config_fields: [{ name: 'object' }]",
    ),
    Key::lambda(
        "triggers.*.dedup",
        &["event"],
        "String",
        "What tells one event from another.",
        "dedup: ->(event) { \"#{event['id']}@#{event['updated_at']}\" }",
    ),
    Key::new("triggers.*.deprecated", &[Boolean], "Hides the trigger from new recipes.", "deprecated: true")
        .standing(Standing::Display),
    Key::lambda(
        "triggers.*.description",
        TEXT_ARGS,
        "String",
        "What the trigger waits for, with its object in a span.",
        "description: \"New <span class='provider'>user</span>\"",
    )
    .or(&[Text, Lambda])
    .standing(Standing::Display),
    Key::new("triggers.*.display_priority", &[Integer], "Higher ones stand first.", "display_priority: 10")
        .standing(Standing::Display),
    Key::lambda(
        "triggers.*.document_id",
        &["event"],
        "",
        "The id of the record an event is about; its `id` where it is missing.",
        "document_id: ->(event) { event['id'] }",
    ),
    Key::lambda(
        "triggers.*.help",
        &["input", "picklist_label", "connection", "webhook_base_url"],
        "String or Hash",
        "Help shown with the trigger.",
        "help: 'Checks for new users.'",
    )
    .or(&[Text, Hash, Lambda])
    .standing(Standing::Display),
    Key::new("triggers.*.help.body", &[Text], "The text of the help.", "body: '…'").standing(Standing::Display),
    Key::new("triggers.*.help.learn_more_text", &[Text], "The text of the link.", "learn_more_text: 'API docs'")
        .standing(Standing::Display),
    Key::new("triggers.*.help.learn_more_url", &[Text], "Where the link leads.", "learn_more_url: 'https://…'")
        .standing(Standing::Display),
    Key::new("triggers.*.hint", &[Text], "The older name of subtitle.", "").standing(Standing::Old),
    Key::lambda(
        "triggers.*.input_fields",
        SCHEMA_ARGS,
        "Array of fields",
        "The fields of the input.",
        "input_fields: -> { [{ name: 'since', type: 'timestamp' }] }",
    )
    .or(&[Lambda, Fields]),
    Key::lambda(
        "triggers.*.output_fields",
        SCHEMA_ARGS,
        "Array of fields",
        "The fields of an event.",
        "output_fields: ->(object_definitions) { object_definitions['user'] }",
    )
    .or(&[Lambda, Fields]),
    Key::lambda(
        "triggers.*.poll",
        &["connection", "input", "closure", "extended_input_schema", "extended_output_schema"],
        "Hash { events:, next_poll:, can_poll_more: }, or { events:, next_page: } of a paging trigger",
        "Asks for new events, oldest first, and says where to go on.",
        "poll: ->(connection, input, closure) { { events: [], next_poll: closure, can_poll_more: false } }",
    ),
    Key::new("triggers.*.poll_interval", &[Number], "Seconds between two polls.", "poll_interval: 300")
        .standing(Standing::Own),
    Key::lambda(
        "triggers.*.sample_output",
        &["connection", "input"],
        "Hash",
        "An event as it may look.",
        "sample_output: ->(connection, input) { { id: 1 } }",
    )
    .or(&[Lambda, Hash]),
    Key::new("triggers.*.schedule", &[Text], "When it polls, as cron writes it.", "schedule: '*/5 * * * *'")
        .standing(Standing::Own),
    Key::lambda(
        "triggers.*.sort_by",
        &["event"],
        "",
        "What ranks the events of a paging trigger, usually a time.",
        "sort_by: ->(event) { event['updated_at'] }",
    ),
    Key::new(
        "triggers.*.streams",
        &[Hash],
        "Streams that belong to the trigger.",
        "streams: { download: ->(input, from, to, size) { … } }",
    ),
    Key::lambda(
        "triggers.*.streams.*",
        &["input", "from", "to", "size"],
        "[bytes, true at the end]",
        "Gives the bytes from one offset to another, and whether they are the last.",
        "",
    ),
    Key::new(
        "triggers.*.subtitle",
        &[Text],
        "A second line under the title.",
        "subtitle: 'Starts when a user is added'",
    )
    .standing(Standing::Display),
    Key::new(
        "triggers.*.summarize_input",
        &[Array],
        "Paths of long values that are shortened for display.",
        "summarize_input: ['rows']",
    )
    .standing(Standing::Display),
    Key::new(
        "triggers.*.summarize_output",
        &[Array],
        "Paths of long values that are shortened for display.",
        "summarize_output: ['rows']",
    )
    .standing(Standing::Display),
    Key::new("triggers.*.timezone", &[Text], "The zone of the schedule.", "timezone: 'Europe/Berlin'")
        .standing(Standing::Own),
    Key::new("triggers.*.title", &[Text], "The trigger's name as people read it.", "title: 'New user'")
        .standing(Standing::Display),
    Key::new("triggers.*.title_hint", &[Text], "The older name of subtitle.", "").standing(Standing::Old),
    Key::new("triggers.*.type", &[Word], "`:paging_desc` where poll gives pages, newest first.", "type: :paging_desc"),
    Key::lambda(
        "triggers.*.webhook_key",
        &["connection", "input"],
        "String or Array",
        "Which requests to the connector's one address are for this trigger.",
        "webhook_key: ->(connection, input) { connection['team_id'] }",
    ),
    Key::lambda(
        "triggers.*.webhook_notification",
        &[
            "input",
            "payload",
            "extended_input_schema",
            "extended_output_schema",
            "headers",
            "params",
            "connection",
            "webhook_subscribe_output",
        ],
        "Hash, Array or nil",
        "Makes events of what arrived; it can only compute, not send.",
        "webhook_notification: ->(input, payload) { payload['data'] }",
    ),
    Key::new(
        "triggers.*.webhook_payload_type",
        &[Word],
        "'parsed' (JSON) or 'raw' (text).",
        "webhook_payload_type: 'raw'",
    ),
    Key::lambda(
        "triggers.*.webhook_refresh",
        &["webhook_subscribe_output"],
        "[Hash, expiry time]",
        "Makes a subscription last longer.",
        "webhook_refresh: ->(subscription) { [subscription, 1.day.from_now] }",
    ),
    Key::new(
        "triggers.*.webhook_response_body",
        &[Text],
        "What the sender is answered, as a template.",
        "webhook_response_body: '{{body.challenge}}'",
    ),
    Key::new(
        "triggers.*.webhook_response_headers",
        &[Text, Hash],
        "Headers of that answer, as templates.",
        "webhook_response_headers: '{\"x-id\": \"{{headers.X-Id}}\"}'",
    ),
    Key::new(
        "triggers.*.webhook_response_status",
        &[Integer],
        "The status of that answer, 200 to 299.",
        "webhook_response_status: 202",
    ),
    Key::new("triggers.*.webhook_response_type", &[Word], "'plain' or 'json'.", "webhook_response_type: 'json'"),
    Key::lambda(
        "triggers.*.webhook_subscribe",
        &["webhook_url", "connection", "input", "recipe_id"],
        "Hash, or [Hash, expiry time]",
        "Asks the service to send events to an address.",
        "webhook_subscribe: ->(url, connection, input) { post('/hooks', url: url) }",
    ),
    Key::lambda(
        "triggers.*.webhook_unsubscribe",
        &["webhook_subscribe_output", "connection"],
        "",
        "Takes the subscription back.",
        "webhook_unsubscribe: ->(subscription) { delete(\"/hooks/#{subscription['id']}\") }",
    ),
    Key::lambda(
        "triggers.*.webhook_url_help",
        &["connection", "input", "webhook_base_url"],
        "String or Hash",
        "Help that shows the address to enter at the service.",
        "webhook_url_help: ->(connection, input, url) { url }",
    )
    .or(&[Lambda, Text, Hash])
    .standing(Standing::Display),
];
