//! `aws`: signed URLs and headers for Amazon's services.

use super::refuse;
use super::sigv4::{Request, Signer, sign};
use crate::methods::{Args, Host, Method, sdk};
use crate::text::Name;
use crate::value::{ClassId, Hash, Result, Value, indifferent, raise, to_s};
use std::rc::Rc;

const FORM: &str = "application/x-www-form-urlencoded; charset=utf-8";

pub(super) const ROWS: &[Method] = &[
    sdk(
        "generate_signature",
        "(connection:, service:, region:, host: nil, path: '/', method: 'GET', params: {}, headers: {}, payload: '') -> Hash",
        "The URL and the signed headers of a request to a service.",
        "aws.generate_signature(connection: { aws_api_key: 'AK', aws_secret_key: 'SK' }, service: 'sqs', region: 'us-east-1')['url'] => \"https://sqs.us-east-1.amazonaws.com/\"",
        generate_signature,
    ),
    sdk(
        "iam_external_id",
        "() -> String",
        "The external id for roles, from the settings.",
        "aws.iam_external_id => \"dummy-aws-iam-external-id\"",
        |host, _, _| Ok(setting(host, "aws_external_id").unwrap_or_else(|| "dummy-aws-iam-external-id".into())),
    ),
    sdk(
        "workato_account_id",
        "() -> String",
        "The account that assumes roles, from the settings.",
        "aws.workato_account_id => \"dummy-aws-workato-account-id\"",
        |host, _, _| {
            Ok(setting(host, "aws_workato_account_id").unwrap_or_else(|| "dummy-aws-workato-account-id".into()))
        },
    ),
];

/// A setting of the connection behind the run.
fn setting(host: &mut dyn Host, name: &str) -> Option<Value> {
    let platform = host.platform();
    let found = platform.call(host, Name::new("setting"), &Args::one(name.into()))?;
    found.ok().filter(|value| value.truthy())
}

fn generate_signature(host: &mut dyn Host, _: &Value, mut args: Args) -> Result<Value> {
    const NAMES: [&str; 9] =
        ["connection", "service", "region", "host", "path", "method", "params", "headers", "payload"];
    let [connection, service, region, server, path, method, params, headers, payload] =
        args.known_keywords(NAMES, 3)?;
    let connection = connection.unwrap_or_default();
    let text = |value: Option<Value>, default: &str| {
        value.filter(|value| !value.is_nil()).map_or_else(|| default.to_owned(), |value| to_s(&value).to_text())
    };
    let (service, region) = (text(service, ""), text(region, ""));
    let server = text(server, &format!("{service}.{region}.amazonaws.com"));
    let path = text(path, "/");
    if !path.is_empty() && (!path.starts_with('/') || path.contains(|c: char| c.is_whitespace() || !c.is_ascii())) {
        let message = format!("bad component(expected absolute path component): {path}");
        return Err(raise(ClassId::INVALID_COMPONENT_ERROR, message));
    }
    let query = query_of(host, &params.unwrap_or_default())?;
    let body = text(payload, "");
    let mut headers = header_list(host, &headers.unwrap_or_default())?;
    let options = service_options(&service, &mut headers, &body);
    let credentials = credentials(host, &connection)?;
    let (seconds, _) = host.now();
    let time = crate::value::Time::new(
        crate::value::Instant::new(seconds, 0),
        crate::value::Zone::Utc,
        crate::value::Flavor::Time,
    );
    let time = time.xmlschema(0).replace(['-', ':'], "");
    let method = text(method, "GET");
    let request = Request {
        method: &method,
        host: &server,
        path: &path,
        query: &query,
        headers: &headers,
        body: body.as_bytes(),
    };
    let signer = Signer {
        access_key: &credentials.access_key,
        secret_key: &credentials.secret_key,
        session_token: credentials.session_token.as_deref(),
        region: &region,
        service: &service,
        time: &time,
        checksum_header: options.checksum_header,
        escape_path: options.escape_path,
    };
    let added = sign(&request, &signer);
    let url =
        if query.is_empty() { format!("https://{server}{path}") } else { format!("https://{server}{path}?{query}") };
    Ok(answer(&url, &headers, added))
}

fn answer(url: &str, headers: &[(String, String)], added: Vec<(String, String)>) -> Value {
    let all = Hash::new();
    for (name, value) in headers {
        all.insert_str(&capitalized(name), Value::str(value));
    }
    for (name, value) in added {
        if !headers.iter().any(|(known, _)| known.eq_ignore_ascii_case(&name)) {
            all.insert_str(&capitalized(&name), Value::string(value));
        }
    }
    let answer = Hash::new();
    answer.insert_str("url", Value::str(url));
    answer.insert_str("headers", all.into());
    indifferent(&answer.into())
}

/// Words begin with a capital; the rest stays as it is.
fn capitalized(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    let mut begins = true;
    for c in name.chars() {
        out.push(if begins { c.to_ascii_uppercase() } else { c });
        begins = !(c.is_alphanumeric() || c == '_');
    }
    out
}

/// `params` as a query with spaces as `%20`.
fn query_of(host: &mut dyn Host, params: &Value) -> Result<String> {
    match params {
        Value::Nil => Ok(String::new()),
        Value::Hash(params) if params.is_empty() => Ok(String::new()),
        params => {
            let query = host.send(params, Name::new("to_param"), Args::none())?;
            Ok(to_s(&query).to_text().replace('+', "%20"))
        }
    }
}

fn header_list(host: &mut dyn Host, headers: &Value) -> Result<Vec<(String, String)>> {
    match host.force(headers)? {
        Value::Hash(headers) => {
            let text = |value: &Value| to_s(value).to_text();
            Ok(headers.to_vec().iter().map(|(name, value)| (text(name), text(value))).collect())
        }
        Value::Nil => Ok(Vec::new()),
        other => Err(crate::methods::args::no_conversion(&other, "Hash")),
    }
}

struct Options {
    checksum_header: bool,
    escape_path: bool,
}

/// What some services want differently.
fn service_options(service: &str, headers: &mut Vec<(String, String)>, body: &str) -> Options {
    let has = |headers: &[(String, String)], name: &str| {
        headers.iter().any(|(known, _)| known == name || *known == name.to_lowercase())
    };
    let mut options = Options { checksum_header: true, escape_path: true };
    let mut defaults: Vec<(&str, &str)> = Vec::new();
    match service {
        "ec2" => {
            options.checksum_header = false;
            headers.retain(|(name, _)| name != "Accept" && name != "Content-Type");
        }
        "s3" => {
            options.escape_path = false;
            defaults.extend([("Accept", "application/xml"), ("Content-Type", FORM)]);
        }
        "monitoring" => {
            options.checksum_header = false;
            defaults.extend([("Accept", "application/json"), ("Content-Type", FORM)]);
        }
        "lambda" => {
            options.checksum_header = false;
            defaults.push(("Content-Type", FORM));
        }
        _ => {}
    }
    for (name, value) in defaults {
        if !has(headers, name) {
            headers.push((name.to_owned(), value.to_owned()));
        }
    }
    if service == "s3" && body.trim().is_empty() {
        headers.push(("X-Amz-Content-SHA256".to_owned(), "UNSIGNED-PAYLOAD".to_owned()));
    }
    options
}

struct Credentials {
    access_key: String,
    secret_key: String,
    session_token: Option<String>,
}

/// Keys of the connection, or of the role it names: those are asked for by the connector.
fn credentials(host: &mut dyn Host, connection: &Value) -> Result<Credentials> {
    let Value::Hash(settings) = connection else {
        return Err(raise(ClassId::TYPE_ERROR, "'connection' has to be a Hash"));
    };
    let read = |settings: &Rc<Hash>, name: &str| {
        settings.get_either(name).filter(|value| !value.is_nil()).map(|value| to_s(&value).to_text())
    };
    let role = read(settings, "aws_assume_role").filter(|role| !role.trim().is_empty());
    if role.is_some() {
        let platform = host.platform();
        let assumed = platform.call(host, Name::new("assume_role"), &Args::one(connection.clone()));
        let Some(Value::Hash(keys)) = assumed.transpose()? else {
            return Err(refuse("aws_assume_role needs a connection to ask for temporary credentials"));
        };
        return Ok(Credentials {
            access_key: read(&keys, "api_key").unwrap_or_default(),
            secret_key: read(&keys, "secret_key").unwrap_or_default(),
            session_token: read(&keys, "session_token"),
        });
    }
    match (read(settings, "aws_api_key"), read(settings, "aws_secret_key")) {
        (Some(access_key), Some(secret_key)) => Ok(Credentials { access_key, secret_key, session_token: None }),
        _ => Err(raise(
            ClassId::AWS_MISSING_CREDENTIALS_ERROR,
            "missing credentials, provide credentials with one of the following options:\n  - :access_key_id and :secret_access_key\n  - :credentials\n  - :credentials_provider",
        )),
    }
}
