//! Keys of the top, and of the small parts: object definitions, pick lists, methods, streams, syncs.

use super::{
    Key,
    Shape::{Any, Array, Boolean, Fields, Hash, Lambda, Number, Text, Word},
    Standing,
};

/// Sorted by path.
pub(super) const KEYS: &[Key] = &[
    Key::new("actions", &[Hash], "What recipes can do with the connector, by name.", "actions: { get_user: { … } }"),
    Key::new("author", &[Text], "Who wrote the connector.", "author: 'Jane Doe'").standing(Standing::Own),
    Key::new("categories", &[Array], "Where the connector is listed.", "categories: ['crm']").standing(Standing::Own),
    Key::new(
        "connection",
        &[Hash],
        "How to reach the service: settings, credentials, base address.",
        "connection: { fields: [ … ], authorization: { … }, base_uri: ->(connection) { … } }",
    ),
    Key::new(
        "custom_action",
        &[Boolean],
        "Offers an action that sends any request with the connection's credentials.",
        "custom_action: true",
    )
    .standing(Standing::Display),
    Key::new(
        "custom_action_help",
        &[Hash],
        "Help shown with the custom action.",
        "custom_action_help: { body: '…', learn_more_url: '…', learn_more_text: '…' }",
    )
    .standing(Standing::Display),
    Key::new("custom_action_help.body", &[Text], "The text of the help, as HTML.", "body: '<p>…</p>'")
        .standing(Standing::Display),
    Key::new("custom_action_help.learn_more_text", &[Text], "The text of the link.", "learn_more_text: 'API docs'")
        .standing(Standing::Display),
    Key::new("custom_action_help.learn_more_url", &[Text], "Where the link leads.", "learn_more_url: 'https://…'")
        .standing(Standing::Display),
    Key::new("description", &[Text], "What the connector is for.", "description: 'Customers and orders'")
        .standing(Standing::Own),
    Key::new(
        "documentation_url",
        &[Text],
        "Where the service's API is documented.",
        "documentation_url: 'https://docs.example.com'",
    )
    .standing(Standing::Own),
    Key::lambda(
        "help",
        &["input", "picklist_label"],
        "String or Hash",
        "Help shown with the connector.",
        "help: -> { 'Ask your admin' }",
    )
    .or(&[Lambda, Text, Hash])
    .standing(Standing::Display),
    Key::new("logo", &[Text], "A picture of the connector.", "logo: 'logo.svg'").standing(Standing::Own),
    Key::new(
        "methods",
        &[Hash],
        "Lambdas that others `call` by name.",
        "methods: { clean: ->(hash) { hash.compact } }",
    ),
    Key::lambda(
        "methods.*",
        &["*args"],
        "",
        "A lambda that `call('name', …)` runs; its arguments are counted.",
        "clean: ->(hash) { hash.compact }",
    ),
    Key::new(
        "object_definitions",
        &[Hash],
        "Lists of fields that input and output schemas are made of, by name.",
        "object_definitions: { user: { fields: -> { [{ name: 'id' }] } } }",
    ),
    Key::new("object_definitions.*", &[Hash], "One list of fields.", "user: { fields: -> { [ … ] } }"),
    Key::lambda(
        "object_definitions.*.fields",
        &["connection", "config_fields", "object_definitions"],
        "Array of fields",
        "Makes the fields; without parameters they are the same for every connection.",
        "fields: ->(connection, config_fields) { [{ name: 'id', type: 'integer' }] }",
    )
    .or(&[Lambda, Fields]),
    Key::lambda("object_definitions.*.preview", &["connection"], "", "Accepted without effect.", "preview: -> { }")
        .or(&[Lambda, Any])
        .standing(Standing::Ignored),
    Key::new("pick_lists", &[Hash], "Choices for fields, by name.", "pick_lists: { colors: -> { [['Red', 'red']] } }"),
    Key::lambda(
        "pick_lists.*",
        &["connection", "**parameters"],
        "Array of [label, value]",
        "Makes the choices; a tree has [label, value, id, has_children] and gets `__parent_id:`.",
        "colors: ->(connection, shade:) { [['Red', 'red']] }",
    )
    .or(&[Lambda, Array]),
    Key::new("picklists", &[Hash], "An older spelling of pick_lists.", "").standing(Standing::Old),
    Key::new("secure_tunnel", &[Boolean], "Lets requests go through an agent on the premises.", "secure_tunnel: true")
        .standing(Standing::Display),
    Key::new(
        "streams",
        &[Hash],
        "Lambdas that hand out large contents chunk by chunk.",
        "streams: { download: ->(input, from, to, size) { … } }",
    ),
    Key::lambda(
        "streams.*",
        &["input", "from", "to", "size"],
        "[bytes, true at the end]",
        "Gives the bytes from one offset to another, and whether they are the last.",
        "download: ->(input, from, to, size) { [get(input['url']).response_format_raw, true] }",
    ),
    Key::new("subtitle", &[Text], "A second line under the title.", "subtitle: 'CRM'").standing(Standing::Display),
    Key::new("syncs", &[Hash], "Records that are copied into a table, chunk by chunk.", "syncs: { customers: { … } }")
        .standing(Standing::Own),
    Key::new("syncs.*", &[Hash], "One kind of record.", "customers: { primary_key: 'id', fetch: … }")
        .standing(Standing::Own),
    Key::new(
        "syncs.*.backfill",
        &[Hash],
        "How the past is read.",
        "backfill: { from: '2020-01-01', window: '1d', lookback: '1h' }",
    )
    .standing(Standing::Own),
    Key::new("syncs.*.backfill.from", &[Any], "The earliest moment.", "from: '2020-01-01'").standing(Standing::Own),
    Key::new("syncs.*.backfill.lookback", &[Any], "How far windows overlap.", "lookback: '1h'").standing(Standing::Own),
    Key::new("syncs.*.backfill.window", &[Any], "How much one window spans.", "window: '1d'").standing(Standing::Own),
    Key::lambda(
        "syncs.*.fetch",
        &["connection", "input", "state"],
        "Hash { records:, state:, has_more: }",
        "Gives one chunk of records and the state to go on from.",
        "fetch: ->(connection, input, state) { { records: [], state: state, has_more: false } }",
    )
    .standing(Standing::Own),
    Key::new(
        "syncs.*.incremental",
        &[Word],
        "Which changes the service can tell: :native, :created_only or :none.",
        "incremental: :native",
    )
    .standing(Standing::Own),
    Key::new("syncs.*.primary_key", &[Word, Array], "What tells records apart.", "primary_key: 'id'")
        .standing(Standing::Own),
    Key::new("syncs.*.schedule", &[Text], "When it runs, as cron writes it.", "schedule: '0 2 * * *'")
        .standing(Standing::Own),
    Key::new("syncs.*.timeout", &[Number], "Seconds after which a chunk is given up.", "timeout: 60")
        .standing(Standing::Own),
    Key::new("tags", &[Array], "Words to find the connector by.", "tags: ['sales']").standing(Standing::Own),
    Key::lambda(
        "test",
        &["connection"],
        "",
        "Proves that the connection works: it fails if it raises.",
        "test: ->(connection) { get('/me') }",
    ),
    Key::new("title", &[Text], "The connector's name.", "title: 'Acme CRM'"),
    Key::new("triggers", &[Hash], "What can start a recipe, by name.", "triggers: { new_user: { … } }"),
    Key::new("version", &[Text, Number], "The connector's version.", "version: '1.2'").standing(Standing::Own),
    Key::lambda(
        "webhook_keys",
        &["params", "headers", "payload"],
        "String or Array",
        "Tells from a request to the connector's one address which triggers it is for.",
        "webhook_keys: ->(params, headers, payload) { payload['team_id'] }",
    ),
];
