//! Keys of `connection` and `authorization`.

use super::{
    Key,
    Shape::{Any, Array, Boolean, Fields, Hash, Integer, Lambda, Number, Text, Word},
    Standing,
};

/// Sorted by path.
pub(super) const KEYS: &[Key] = &[
    Key::lambda("connection.apply", &["connection"], "", "Has no effect here: it belongs into `authorization`.", "")
        .standing(Standing::Ignored),
    Key::new(
        "connection.authorization",
        &[Hash],
        "How requests get their credentials.",
        "authorization: { type: 'api_key', apply: … }",
    ),
    ACQUIRE,
    APPLY,
    AUTHORIZATION_URL,
    CLIENT_ID,
    CLIENT_SECRET,
    CREDENTIALS,
    DETECT_ON,
    IDENTITY,
    Key::new(
        "connection.authorization.noopener",
        &[Boolean],
        "Opens the login in a window of its own.",
        "noopener: true",
    )
    .standing(Standing::Display),
    Key::new(
        "connection.authorization.options",
        &[Hash],
        "Several ways to log in, by name; `selected` chooses.",
        "options: { token: { type: 'custom_auth', apply: … } }",
    ),
    Key::new(
        "connection.authorization.options.*",
        &[Hash],
        "One way to log in: an authorization of its own.",
        "token: { type: 'custom_auth', apply: … }",
    ),
    Key { path: "connection.authorization.options.*.acquire", ..ACQUIRE },
    Key { path: "connection.authorization.options.*.apply", ..APPLY },
    Key { path: "connection.authorization.options.*.authorization_url", ..AUTHORIZATION_URL },
    Key { path: "connection.authorization.options.*.client_id", ..CLIENT_ID },
    Key { path: "connection.authorization.options.*.client_secret", ..CLIENT_SECRET },
    Key { path: "connection.authorization.options.*.credentials", ..CREDENTIALS },
    Key { path: "connection.authorization.options.*.detect_on", ..DETECT_ON },
    Key::new(
        "connection.authorization.options.*.fields",
        &[Fields],
        "Settings that only this way to log in needs.",
        "fields: [{ name: 'token' }]",
    ),
    Key { path: "connection.authorization.options.*.identity", ..IDENTITY },
    Key { path: "connection.authorization.options.*.pkce", ..PKCE },
    Key { path: "connection.authorization.options.*.refresh", ..REFRESH },
    Key { path: "connection.authorization.options.*.refresh_on", ..REFRESH_ON },
    Key { path: "connection.authorization.options.*.token_url", ..TOKEN_URL },
    Key { path: "connection.authorization.options.*.type", ..TYPE },
    PKCE,
    REFRESH,
    REFRESH_ON,
    Key::lambda(
        "connection.authorization.selected",
        &["connection"],
        "a key of options",
        "Chooses one of several ways to log in; without it the setting `auth_type` does.",
        "selected: ->(connection) { connection['auth_type'] }",
    ),
    TOKEN_URL,
    TYPE,
    Key::lambda(
        "connection.base_uri",
        &["connection"],
        "String",
        "The address that relative addresses of requests are seen from.",
        "base_uri: ->(connection) { \"https://#{connection['subdomain']}.example.com/api/\" }",
    )
    .or(&[Lambda, Text]),
    Key::lambda(
        "connection.extended_fields",
        &["connection"],
        "Array of fields",
        "More settings, which depend on those given so far.",
        "extended_fields: ->(connection) { [] }",
    ),
    Key::new(
        "connection.fields",
        &[Fields, Lambda],
        "The settings that a person fills in.",
        "fields: [{ name: 'api_key', control_type: 'password', optional: false }]",
    ),
    Key::new(
        "connection.flow",
        &[Array],
        "Steps by which `connrun connect` logs in, as data: `form`, `http`, `redirect`, `display`, each with what it `returns`.",
        "flow: [{ redirect: 'https://example.com/login', returns: ['code'] }]",
    )
    .standing(Standing::Own),
    Key::lambda("connection.help", &[], "String", "Help shown with the settings.", "help: -> { '…' }")
        .or(&[Lambda, Text, Hash])
        .standing(Standing::Display),
    Key::new(
        "connection.rate_limit",
        &[Hash],
        "How fast requests may leave, shared by everything that uses the connection.",
        "rate_limit: { requests: 100, per: 60 }",
    )
    .standing(Standing::Own),
    Key::new("connection.rate_limit.per", &[Number], "Seconds.", "per: 60").standing(Standing::Own),
    Key::new("connection.rate_limit.requests", &[Integer], "Requests in that time.", "requests: 100")
        .standing(Standing::Own),
    Key::new("connection.rate_limit.scope", &[Word], "What shares the limit.", "scope: :connection")
        .standing(Standing::Own),
    Key::new(
        "connection.retry",
        &[Hash],
        "How failed requests are tried again.",
        "retry: { max: 5, initial: 1, factor: 2 }",
    )
    .standing(Standing::Own),
    Key::new("connection.retry.factor", &[Number], "What each delay is multiplied by.", "factor: 2")
        .standing(Standing::Own),
    Key::new("connection.retry.initial", &[Number], "Seconds of the first delay.", "initial: 1")
        .standing(Standing::Own),
    Key::new("connection.retry.jitter", &[Number, Boolean], "How much delays vary.", "jitter: 0.2")
        .standing(Standing::Own),
    Key::new("connection.retry.max", &[Integer], "Tries at most.", "max: 5").standing(Standing::Own),
    Key::new("connection.retry.max_delay", &[Number], "Seconds of the longest delay.", "max_delay: 60")
        .standing(Standing::Own),
    Key::lambda(
        "connection.retry_if",
        &["code", "body", "headers", "attempt"],
        "true to try again",
        "Whether an answer calls for another try.",
        "retry_if: ->(code, body, headers, attempt) { code == 429 }",
    )
    .standing(Standing::Own),
    Key::lambda("connection.test", &["connection"], "", "Not run: `test` belongs to the top, beside `connection`.", "")
        .standing(Standing::Old),
];

/// What a step of `flow` can be, each by the key that it has.
pub const FLOW_KINDS: &[&str] = &["form", "http", "redirect", "display"];
/// What a step of `flow` may have besides.
pub const FLOW_KEYS: &[&str] = &["returns", "every"];

const ACQUIRE: Key = Key::lambda(
    "connection.authorization.acquire",
    &["connection", "auth_code", "redirect_uri", "verifier"],
    "Hash of settings, or [tokens, owner_id, settings]",
    "Gets credentials: for an OAuth2 code, or, of other types, whenever a request fails as `refresh_on` says.",
    "acquire: ->(connection) { { token: post('/login', key: connection['key'])['token'] } }",
);
const APPLY: Key = Key::lambda(
    "connection.authorization.apply",
    &["connection", "access_token", "auth_type"],
    "",
    "Puts the credentials on each request; self is the request.",
    "apply: ->(connection) { headers('X-Api-Key': connection['api_key']) }",
);
const AUTHORIZATION_URL: Key = Key::lambda(
    "connection.authorization.authorization_url",
    &["connection"],
    "String",
    "Where the person logs in (OAuth2).",
    "authorization_url: ->(connection) { 'https://example.com/oauth/authorize?response_type=code' }",
)
.or(&[Lambda, Text]);
const CLIENT_ID: Key = Key::lambda(
    "connection.authorization.client_id",
    &["connection"],
    "String",
    "The client's id (OAuth2).",
    "client_id: ->(connection) { connection['client_id'] }",
)
.or(&[Lambda, Text]);
const CLIENT_SECRET: Key = Key::lambda(
    "connection.authorization.client_secret",
    &["connection"],
    "String",
    "The client's secret (OAuth2).",
    "client_secret: ->(connection) { connection['client_secret'] }",
)
.or(&[Lambda, Text]);
const CREDENTIALS: Key = Key::lambda(
    "connection.authorization.credentials",
    &["connection", "access_token"],
    "",
    "The older name of apply.",
    "",
)
.standing(Standing::Old);
const DETECT_ON: Key = Key::new(
    "connection.authorization.detect_on",
    &[Array, Text, Integer, Any],
    "Good answers that say that the credentials are not good: text, patterns or codes.",
    "detect_on: [/invalid_session/]",
);
const IDENTITY: Key = Key::lambda(
    "connection.authorization.identity",
    &["connection"],
    "String",
    "Names the account that is connected.",
    "identity: ->(connection) { get('/me')['email'] }",
);
const PKCE: Key = Key::lambda(
    "connection.authorization.pkce",
    &["verifier", "challenge"],
    "Hash { verifier:, challenge:, challenge_method: }",
    "Proof key of the login (OAuth2).",
    "pkce: ->(verifier, challenge) { { verifier: verifier, challenge: challenge, challenge_method: 'S256' } }",
);
const REFRESH: Key = Key::lambda(
    "connection.authorization.refresh",
    &["connection", "refresh_token"],
    "Hash of tokens, or [tokens, settings]",
    "Gets a new access token (OAuth2).",
    "refresh: ->(connection, refresh_token) { post('https://example.com/token', refresh_token: refresh_token) }",
);
const REFRESH_ON: Key = Key::new(
    "connection.authorization.refresh_on",
    &[Array, Text, Integer, Any],
    "Failures that new credentials may cure: codes, text or patterns; every failure where it is missing.",
    "refresh_on: [401, /expired/]",
);
const TOKEN_URL: Key = Key::lambda(
    "connection.authorization.token_url",
    &["connection"],
    "String",
    "Where codes and refresh tokens are exchanged (OAuth2).",
    "token_url: ->(connection) { 'https://example.com/oauth/token' }",
)
.or(&[Lambda, Text]);
const TYPE: Key = Key::new(
    "connection.authorization.type",
    &[Word],
    "The kind: oauth2, custom_auth, api_key, basic_auth, multi or none.",
    "type: 'oauth2'",
);
