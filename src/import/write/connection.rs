//! The connection: what a person fills in, where the credentials go, where the API is, and how to see that it works.

use crate::emit::{self, Entry, Node};
use crate::import::field::{Field, Kind, nodes};
use crate::import::model::{Api, Auth, Operation, Part};
use crate::import::name;
use crate::import::write::operation;

pub fn node(api: &Api) -> Node {
    let mut fields: Vec<Field> = Vec::new();
    for field in api.auth.iter().flat_map(auth_fields).chain(api.base.fields.clone()).chain(base_field(api)) {
        if !fields.iter().any(|known| known.name == field.name) {
            fields.push(field);
        }
    }
    Node::Map(vec![
        Entry::new("fields", nodes(&fields)),
        Entry::new("authorization", authorization(&api.auth)),
        Entry::new("base_uri", base(api)).comment(
            api.base.url.is_none().then_some("The document does not say where the API is: a person fills it in."),
        ),
    ])
}

fn secret(name: &str, label: Option<&str>) -> Field {
    let label = label.map(str::to_owned);
    Field { label, control: Some("password"), ..Field::new(name, Kind::Text).required() }
}

fn auth_fields(auth: &Auth) -> Vec<Field> {
    match auth {
        Auth::Basic => vec![Field::new("username", Kind::Text).required(), secret("password", None)],
        Auth::Bearer => vec![secret("api_token", Some("API token"))],
        Auth::Header(sent) | Auth::Query(sent) | Auth::Cookie(sent) => vec![secret(&key_name(sent), key_label(sent))],
        Auth::OAuth2 { .. } | Auth::ClientCredentials { .. } => {
            let mut id = Field::new("client_id", Kind::Text).required();
            id.label = Some("Client ID".to_owned());
            vec![id, secret("client_secret", None)]
        }
    }
}

/// The setting of a key: `X-Api-Key` is `api_key`.
fn key_name(sent: &str) -> String {
    let name = name::snake(sent);
    let name = name.strip_prefix("x_").unwrap_or(&name);
    if name == "authorization" { "api_key".to_owned() } else { name.to_owned() }
}

fn key_label(sent: &str) -> Option<&'static str> {
    (key_name(sent) == "api_key").then_some("API key")
}

fn base_field(api: &Api) -> Option<Field> {
    let mut field = Field::new("base_url", Kind::Text).required();
    field.label = Some("Address of the API".to_owned());
    field.control = Some("url");
    api.base.url.is_none().then_some(field)
}

fn base(api: &Api) -> Node {
    let line = match &api.base.url {
        None => "\"#{connection['base_url'].chomp('/')}/\"".to_owned(),
        Some(parts) => {
            let values = |field: &Field| format!("connection[{}]", emit::text(&field.name));
            operation::interpolated(parts, |field| match field.default.as_ref().and_then(|value| value.as_str()) {
                Some(usual) => format!("{}.presence || {}", values(field), emit::text(usual)),
                None => values(field),
            })
        }
    };
    let uses = line.contains("connection[");
    Node::Lambda(vec![if uses { "connection" } else { "_connection" }], vec![line])
}

fn authorization(all: &[Auth]) -> Node {
    let mut entries = Vec::new();
    let kind = match all {
        [] => "none",
        [Auth::Basic] => "basic_auth",
        [Auth::OAuth2 { .. }] => "oauth2",
        [Auth::Header(_) | Auth::Query(_)] => "api_key",
        _ => "custom_auth",
    };
    entries.push(Entry::new("type", Node::text(kind)));
    for auth in all {
        match auth {
            Auth::OAuth2 { authorize, token, scopes } => entries.extend(code_grant(authorize, token, scopes)),
            Auth::ClientCredentials { token, scopes } => entries.extend(client_grant(token, scopes)),
            _ => {}
        }
    }
    if !all.is_empty() {
        entries.push(apply(all));
    }
    Node::Map(entries)
}

fn apply(all: &[Auth]) -> Entry {
    let lines: Vec<String> = all.iter().flat_map(apply_lines).collect();
    let oauth2 = all.iter().any(|auth| matches!(auth, Auth::OAuth2 { .. }));
    let uses = lines.iter().any(|line| line.contains("connection["));
    let mut parameters = vec![if uses { "connection" } else { "_connection" }];
    if oauth2 {
        parameters.push("access_token");
    }
    Entry::new("apply", Node::Lambda(parameters, lines)).comment(["Runs before each request."])
}

fn apply_lines(auth: &Auth) -> Vec<String> {
    let setting = |sent: &str| format!("connection[{}]", emit::text(&key_name(sent)));
    match auth {
        Auth::Basic => vec!["user(connection['username'])".to_owned(), "password(connection['password'])".to_owned()],
        Auth::Bearer => vec!["headers('Authorization' => \"Bearer #{connection['api_token']}\")".to_owned()],
        Auth::Header(sent) => vec![format!("headers({} => {})", emit::text(sent), setting(sent))],
        Auth::Query(sent) => vec![format!("params({} => {})", emit::text(sent), setting(sent))],
        Auth::Cookie(sent) => vec![format!("headers('Cookie' => \"{sent}=#{{{}}}\")", setting(sent))],
        Auth::OAuth2 { .. } => vec!["headers('Authorization' => \"Bearer #{access_token}\")".to_owned()],
        Auth::ClientCredentials { .. } => {
            vec!["headers('Authorization' => \"Bearer #{connection['access_token']}\")".to_owned()]
        }
    }
}

fn code_grant(authorize: &str, token: &str, scopes: &[String]) -> Vec<Entry> {
    let scope = if scopes.is_empty() {
        String::new()
    } else {
        format!("&scope={}", crate::http::query::escape(&scopes.join(" ")))
    };
    let joint = if authorize.contains('?') { '&' } else { '?' };
    let url = |address: String| Node::Lambda(vec!["_connection"], vec![emit::text(&address)]);
    let setting = |name: &str| Node::Lambda(vec!["connection"], vec![format!("connection['{name}']")]);
    vec![
        Entry::new("authorization_url", url(format!("{authorize}{joint}response_type=code{scope}")))
            .comment(["Where a person logs in; the client and the address to come back to are added."]),
        Entry::new("token_url", url(token.to_owned())),
        Entry::new("client_id", setting("client_id")),
        Entry::new("client_secret", setting("client_secret")),
        Entry::new("refresh_on", Node::code("[401]"))
            .comment(["An answer of 401 means that the access token has expired: it is renewed."]),
    ]
}

fn client_grant(token: &str, scopes: &[String]) -> Vec<Entry> {
    let mut lines = vec![
        format!("post({}).", emit::text(token)),
        "  payload(".to_owned(),
        "    grant_type: 'client_credentials',".to_owned(),
        "    client_id: connection['client_id'],".to_owned(),
        "    client_secret: connection['client_secret']".to_owned(),
        "  ).".to_owned(),
        "  request_format_www_form_urlencoded.".to_owned(),
        "  slice('access_token')".to_owned(),
    ];
    if !scopes.is_empty() {
        if let Some(line) = lines.get_mut(4) {
            line.push(',');
        }
        lines.insert(5, format!("    scope: {}", emit::text(&scopes.join(" "))));
    }
    vec![
        Entry::new("acquire", Node::Lambda(vec!["connection"], lines)).comment(["Gets a token for the client itself."]),
        Entry::new("refresh_on", Node::code("[401, 403]")),
    ]
}

/// The request that shows that the connection works: the one that says who it is, else the first that needs no input.
pub fn test(api: &Api) -> Entry {
    const WHO: &[&str] = &["me", "user", "account", "whoami", "status", "ping", "health", "profile"];
    let plain = |operation: &&Operation| {
        operation.method == "get"
            && operation.path_fields().next().is_none()
            && operation.params.iter().all(|param| param.field.required != Some(true))
    };
    let last = |operation: &Operation| match operation.path.as_slice() {
        [Part::Text(path)] => path.rsplit('/').next().unwrap_or_default().to_owned(),
        _ => String::new(),
    };
    let fitting: Vec<&Operation> = api.operations.iter().filter(plain).collect();
    let who = fitting.iter().find(|operation| WHO.contains(&last(operation).as_str()));
    let (line, comment) = match who.or(fitting.first()) {
        Some(operation) => (format!("get({})", operation::path(operation)), "Says whether the connection works."),
        None => ("true".to_owned(), "No request works without input, so nothing is tested here."),
    };
    Entry::new("test", Node::Lambda(vec!["_connection"], vec![line])).comment([comment])
}
