//! `aws`: Signature Version 4 for Amazon's services, with keys of the settings or of an assumed role.

use super::Run;
use super::run::{at, hash_of, presence, raised};
use crate::http::query::to_query;
use crate::http::{Method, Request, content_type::header_name_of_symbol};
use crate::methods::xml::watched_document;
use crate::methods::{Args, watched};
use crate::value::{ClassId, Exception, Hash, Kind, Object, Result, Value, indifferent_hash, is_blank, raise, to_s};
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use std::any::Any;
use std::rc::Rc;

/// Credentials that end within this many seconds are renewed.
const RENEW_BEFORE: i64 = 60;
const FORM: &str = "application/x-www-form-urlencoded; charset=utf-8";
const NO_EXTERNAL_ID: &str = "dummy-aws-iam-external-id";
const NO_ACCOUNT_ID: &str = "dummy-aws-workato-account-id";

/// The value of `aws`; its methods are a table of their own.
pub struct Aws;

impl Object for Aws {
    fn kind(&self) -> Kind {
        Kind::Namespace
    }

    fn class(&self) -> ClassId {
        ClassId::NAMESPACE
    }

    fn namespace(&self) -> Option<&'static str> {
        Some("aws")
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// Keys that sign.
struct Credentials {
    key: String,
    secret: String,
    session_token: Option<String>,
}

/// What is signed.
struct Signing {
    service: String,
    region: String,
    host: String,
    path: String,
    method: String,
    params: Value,
    headers: Rc<Hash>,
    payload: Vec<u8>,
}

impl Run<'_> {
    /// `aws.generate_signature(connection:, service:, region:, …)`: `{ url, headers }`.
    pub fn aws_signature(&mut self, args: &Args) -> Result<Value> {
        let names = ["connection", "service", "region", "host", "path", "method", "params", "headers", "payload"];
        let [connection, service, region, host, path, method, params, headers, payload] =
            args.clone().known_keywords(names, 3)?;
        let text = |value: Option<Value>, default: &str| {
            value.filter(|value| !value.is_nil()).map_or_else(|| default.to_owned(), |value| to_s(&value).to_text())
        };
        let connection = connection.unwrap_or_default();
        let (service, region) = (text(service, ""), text(region, ""));
        let credentials = self.aws_credentials(&connection)?;
        let signing = Signing {
            host: text(host, &format!("{service}.{region}.amazonaws.com")),
            path: text(path, "/"),
            method: text(method, "GET").to_ascii_uppercase(),
            params: self.resolve(&params.unwrap_or_default())?,
            headers: indifferent_hash(&headers.unwrap_or_default()),
            payload: to_s(&payload.unwrap_or_default()).bytes().to_vec(),
            service,
            region,
        };
        let is_fine = |c: char| c.is_ascii_alphanumeric() || "!$%&'()*+,-./:;=@_~".contains(c);
        let fine = signing.path.is_empty() || (signing.path.starts_with('/') && signing.path.chars().all(is_fine));
        if !fine {
            let message = format!("bad component(expected absolute path component): {}", signing.path);
            return Err(raise(ClassId::INVALID_COMPONENT_ERROR, message));
        }
        let (url, headers) = sign(signing, &credentials, self.host.now().0);
        Ok(hash_of([("url", Value::string(url)), ("headers", headers)]))
    }

    /// `aws.iam_external_id`
    pub fn aws_external_id(&self) -> Value {
        presence(self.session.setting("aws_external_id")).unwrap_or_else(|| Value::str(NO_EXTERNAL_ID))
    }

    /// `aws.workato_account_id`
    pub fn aws_account_id(&self) -> Value {
        let own = presence(self.session.setting("aws_workato_account_id"));
        let given = || self.session.environment.amazon.account_id.as_deref().map(Value::str);
        own.or_else(given).unwrap_or_else(|| Value::str(NO_ACCOUNT_ID))
    }

    fn aws_credentials(&mut self, connection: &Value) -> Result<Credentials> {
        let text = |value: Value| to_s(&value).to_text();
        if is_blank(&at(connection, "aws_assume_role")) {
            let (key, secret) = (at(connection, "aws_api_key"), at(connection, "aws_secret_key"));
            if is_blank(&key) || is_blank(&secret) {
                let message = "missing credentials, provide credentials with aws_api_key and aws_secret_key";
                let exception = Exception::new(ClassId::SDK_ARGUMENT_ERROR, message.to_owned());
                return Err(raised(exception.with_help("or assume a role: aws_assume_role in the settings")));
            }
            return Ok(Credentials { key: text(key), secret: text(secret), session_token: None });
        }
        let known = presence(at(connection, "temp_credentials"))
            .or_else(|| presence(self.session.setting("temp_credentials")))
            .unwrap_or_default();
        let expires = at(&known, "expiration");
        let soon = self.host.now().0 + RENEW_BEFORE;
        let temporary = if epoch(self, &expires)?.is_some_and(|expires| expires > soon) {
            known
        } else {
            let renewed = self.assume_role(connection)?;
            let settings = Hash::indifferent();
            settings.insert_str("temp_credentials", renewed.clone());
            self.session.update_settings("Refresh AWS temporary credentials".to_owned(), &settings);
            renewed
        };
        Ok(Credentials {
            key: text(at(&temporary, "api_key")),
            secret: text(at(&temporary, "secret_key")),
            session_token: presence(at(&temporary, "session_token")).map(text),
        })
    }

    /// Keys for a while, from the security token service; without the external id where it is not wanted.
    fn assume_role(&mut self, connection: &Value) -> Result<Value> {
        let own = presence(at(connection, "aws_external_id")).unwrap_or_else(|| self.aws_external_id());
        match self.request_role(connection, Some(&own)) {
            Err(unwind) if matches!(*unwind, crate::value::Unwind::Raise(_)) => self.request_role(connection, None),
            result => result,
        }
    }

    fn request_role(&mut self, connection: &Value, external_id: Option<&Value>) -> Result<Value> {
        let role = &self.session.environment.amazon;
        let first = |setting: &str, known: &Option<String>| {
            presence(at(connection, setting))
                .or_else(|| presence(self.session.setting(setting)))
                .map(|value| to_s(&value).to_text())
                .or_else(|| known.clone())
        };
        let credentials = Credentials {
            key: first("access_key_id", &role.key).unwrap_or_default(),
            secret: first("secret_access_key", &role.secret).unwrap_or_default(),
            session_token: None,
        };
        let params = Hash::new();
        params.insert_str("Version", Value::str("2011-06-15"));
        params.insert_str("Action", Value::str("AssumeRole"));
        params.insert_str("RoleSessionName", Value::str("workato"));
        params.insert_str("RoleArn", at(connection, "aws_assume_role"));
        if let Some(id) = external_id {
            params.insert_str("ExternalId", id.clone());
        }
        let headers = Hash::indifferent();
        headers.insert_str("Accept", Value::str("application/xml"));
        headers.insert_str("Content-Type", Value::str(FORM));
        let signing = Signing {
            service: "sts".to_owned(),
            region: "us-east-1".to_owned(),
            host: "sts.amazonaws.com".to_owned(),
            path: "/".to_owned(),
            method: "GET".to_owned(),
            params: Value::hash(params),
            headers: Rc::new(headers),
            payload: Vec::new(),
        };
        let (url, headers) = sign(signing, &credentials, self.host.now().0);
        let mut request = Request::new(Method::Get, url);
        if let Value::Hash(headers) = headers {
            for (name, value) in headers.to_vec() {
                request.headers.set(to_s(&name).to_text(), to_s(&value).to_text());
            }
        }
        let answer = self.fetch(request)?;
        let document = watched(self.host, |watch| watched_document(&answer.body, false, watch))?
            .map_err(|error| raise(ClassId::SDK_XML_RESPONSE_FORMAT_ERROR, error.to_string()))?;
        let steps = ["AssumeRoleResponse", "AssumeRoleResult", "Credentials"];
        let found = steps.iter().fold(document, |value, step| first_of(&at(&value, step)));
        let part = |name: &str| at(&first_of(&at(&found, name)), "content!");
        Ok(hash_of([
            ("session_token", part("SessionToken")),
            ("api_key", part("AccessKeyId")),
            ("secret_key", part("SecretAccessKey")),
            ("expiration", part("Expiration")),
        ]))
    }
}

fn first_of(value: &Value) -> Value {
    match value {
        Value::Array(items) => items.get(0).unwrap_or_default(),
        other => other.clone(),
    }
}

/// Seconds since the epoch of a time or of text that names one.
fn epoch(run: &mut Run<'_>, value: &Value) -> Result<Option<i64>> {
    if is_blank(value) {
        return Ok(None);
    }
    let time = run.try_send(value, "to_time", &[])?;
    match run.try_send(&time, "to_i", &[])? {
        Value::Int(seconds) => Ok(Some(seconds)),
        _ => Ok(None),
    }
}

/// The address and all headers of the signed request.
fn sign(mut signing: Signing, credentials: &Credentials, now: i64) -> (String, Value) {
    let mut given = Vec::new();
    for (name, value) in signing.headers.to_vec() {
        given.push((to_s(&name).to_text(), to_s(&value).to_text()));
    }
    let checksum_header = service_habits(&signing.service, &mut given, signing.payload.is_empty());
    let query = match std::mem::take(&mut signing.params) {
        Value::Hash(params) => to_query(&super::params::pairs(&params)).replace('+', "%20"),
        other => super::params::to_param(&other).unwrap_or_default(),
    };
    let question_mark = if query.is_empty() { "" } else { "?" };
    let url = format!("https://{}{}{question_mark}{query}", signing.host, signing.path);
    let time = chrono::DateTime::from_timestamp(now, 0).unwrap_or_default().format("%Y%m%dT%H%M%SZ").to_string();
    let has = |given: &[(String, String)], name: &str| {
        given.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.clone())
    };
    let digest = has(&given, "x-amz-content-sha256").unwrap_or_else(|| hex::encode(Sha256::digest(&signing.payload)));
    let mut added = vec![
        ("host".to_owned(), has(&given, "host").unwrap_or_else(|| signing.host.clone())),
        ("x-amz-date".to_owned(), has(&given, "x-amz-date").unwrap_or(time)),
    ];
    if let Some(token) = &credentials.session_token {
        added.push(("x-amz-security-token".to_owned(), token.clone()));
    }
    if checksum_header {
        added.push(("x-amz-content-sha256".to_owned(), digest.clone()));
    }
    let stamp = added.get(1).map(|(_, stamp)| stamp.clone()).unwrap_or_default();
    let mut all = given.clone();
    all.retain(|(name, _)| !added.iter().any(|(new, _)| new.eq_ignore_ascii_case(name)));
    all.extend(added.iter().cloned());
    let authorization = authorization(&signing, &all, &query, &digest, &stamp, credentials);
    added.push(("authorization".to_owned(), authorization));
    let headers = Hash::indifferent();
    let spelt = |name: &str| name.split('-').map(capitalised).collect::<Vec<_>>().join("-");
    for (name, value) in &given {
        headers.insert_str(&spelt(name), Value::str(value));
    }
    for (name, value) in added {
        if !given.iter().any(|(known, _)| known.eq_ignore_ascii_case(&name)) {
            headers.insert_str(&spelt(&name), Value::string(value));
        }
    }
    (url, Value::hash(headers))
}

/// The first letter of a word in upper case, the others as they are.
fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    match letters.next() {
        Some(first) if first.is_ascii_lowercase() => header_name_of_symbol(&first.to_string()) + letters.as_str(),
        _ => word.to_owned(),
    }
}

/// What single services want; says whether the digest of the body is a header.
fn service_habits(service: &str, headers: &mut Vec<(String, String)>, no_payload: bool) -> bool {
    let has =
        |headers: &[(String, String)], name: &str| headers.iter().any(|(known, _)| known.eq_ignore_ascii_case(name));
    let mut default = |name: &str, value: &str| {
        if !has(headers, name) {
            headers.push((name.to_owned(), value.to_owned()));
        }
    };
    match service {
        "ec2" => {
            headers.retain(|(name, _)| name != "Accept" && name != "Content-Type");
            false
        }
        "s3" => {
            default("Accept", "application/xml");
            default("Content-Type", FORM);
            if no_payload {
                headers.retain(|(name, _)| !name.eq_ignore_ascii_case("X-Amz-Content-SHA256"));
                headers.push(("X-Amz-Content-SHA256".to_owned(), "UNSIGNED-PAYLOAD".to_owned()));
            }
            true
        }
        "monitoring" => {
            default("Accept", "application/json");
            default("Content-Type", FORM);
            false
        }
        "lambda" => {
            default("Content-Type", FORM);
            false
        }
        _ => true,
    }
}

/// Headers that proxies may change are not signed.
const UNSIGNED: &[&str] = &[
    "authorization",
    "cache-control",
    "connection",
    "expect",
    "from",
    "if-match",
    "if-modified-since",
    "if-none-match",
    "if-range",
    "if-unmodified-since",
    "max-forwards",
    "pragma",
    "proxy-authorization",
    "referer",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "user-agent",
    "x-amzn-trace-id",
];

fn authorization(
    signing: &Signing,
    headers: &[(String, String)],
    query: &str,
    digest: &str,
    stamp: &str,
    credentials: &Credentials,
) -> String {
    let mut signed: Vec<(String, String)> = headers
        .iter()
        .map(|(name, value)| (name.to_ascii_lowercase(), value.split_whitespace().collect::<Vec<_>>().join(" ")))
        .filter(|(name, _)| !UNSIGNED.contains(&name.as_str()))
        .collect();
    signed.sort();
    let names = signed.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(";");
    let lines: String = signed.iter().map(|(name, value)| format!("{name}:{value}\n")).collect();
    let path = if signing.service == "s3" { signing.path.clone() } else { escaped_path(&signing.path) };
    let mut pairs: Vec<&str> = query.split('&').filter(|pair| !pair.is_empty()).collect();
    pairs.sort_unstable();
    let request = format!("{}\n{path}\n{}\n{lines}\n{names}\n{digest}", signing.method, pairs.join("&"));
    let day = stamp.get(..8).unwrap_or_default();
    let scope = format!("{day}/{}/{}/aws4_request", signing.region, signing.service);
    let to_sign = format!("AWS4-HMAC-SHA256\n{stamp}\n{scope}\n{}", hex::encode(Sha256::digest(request)));
    let mut key = format!("AWS4{}", credentials.secret).into_bytes();
    for part in [day, &signing.region, &signing.service, "aws4_request"] {
        key = mac(&key, part.as_bytes());
    }
    let signature = hex::encode(mac(&key, to_sign.as_bytes()));
    format!("AWS4-HMAC-SHA256 Credential={}/{scope}, SignedHeaders={names}, Signature={signature}", credentials.key)
}

/// Each segment escaped once more; an empty path is the root.
fn escaped_path(path: &str) -> String {
    if path.is_empty() {
        return "/".to_owned();
    }
    path.split('/').map(|segment| crate::http::query::escape(segment).replace('+', "%20")).collect::<Vec<_>>().join("/")
}

fn mac(key: &[u8], text: &[u8]) -> Vec<u8> {
    match Hmac::<Sha256>::new_from_slice(key) {
        Ok(mut mac) => {
            mac.update(text);
            mac.finalize().into_bytes().to_vec()
        }
        // An HMAC takes keys of any length.
        Err(_) => Vec::new(),
    }
}
