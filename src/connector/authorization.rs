//! Who the connection is: the kind of authorization, what it puts on requests, and how it gets new credentials.

use super::Run;
use super::run::{at, context, declared, expect_lambda, hash_of, presence, raised, wrap_array};
use crate::http::{Method, Request};
use crate::methods::watched;
use crate::value::{
    ClassId, Exception, Hash, Result, Unwind, Value, equal, indifferent, indifferent_hash, is_blank, json, raise,
};
use base64::Engine;
use sha2::Digest;
use std::rc::Rc;

/// What the reference says to a choice that leads nowhere; `rescue => e` shows it to lambdas, so its words are kept.
const NO_CHOICE: &str = "Please ensure:\n- 'selected' block is defined and returns value from 'options' list\n\
    - settings file contains value expected by 'selected' block\n\n\
    See more: https://docs.workato.com/developing-connectors/sdk/guides/authentication/multi_auth.html";

/// The authorization that is in force: of a multi-auth connection the selected one.
#[derive(Clone)]
pub struct Authorization {
    source: Rc<Hash>,
}

/// Why a request failed, as far as `refresh_on` looks at it.
pub struct Failure<'a> {
    pub code: Option<u16>,
    pub body: Option<&'a str>,
    pub message: &'a str,
}

impl Authorization {
    /// What stands under a key.
    pub fn get(&self, key: &str) -> Value {
        self.source.get_either(key).unwrap_or_default()
    }

    /// The kind, as written; `none` where nothing is.
    pub fn kind(&self) -> String {
        presence(self.get("type")).map_or_else(|| "none".to_owned(), |kind| crate::value::to_s(&kind).to_text())
    }

    /// The settings choose one of several ways.
    pub fn is_multi(&self) -> bool {
        match self.get("type") {
            Value::Str(kind) => *kind.bytes() == *b"multi",
            Value::Symbol(kind) => kind.text() == "multi",
            _ => false,
        }
    }

    pub fn is_oauth2(&self) -> bool {
        self.kind().to_ascii_lowercase().contains("oauth2")
    }

    /// It can get new credentials.
    pub fn is_reauthorizable(&self) -> bool {
        self.is_oauth2() || !is_blank(&self.get("acquire"))
    }

    /// What puts the credentials on a request.
    pub fn apply(&self) -> Option<Value> {
        [self.get("apply"), self.get("credentials")].into_iter().find(Value::truthy)
    }

    /// Failures that new credentials may cure.
    pub fn refresh_on(&self) -> Vec<Value> {
        patterns(&self.get("refresh_on"))
    }

    /// Good answers that say that the credentials are not good.
    pub fn detect_on(&self) -> Vec<Value> {
        patterns(&self.get("detect_on"))
    }
}

fn patterns(value: &Value) -> Vec<Value> {
    wrap_array(value).into_iter().filter(|pattern| !pattern.is_nil()).collect()
}

impl Run<'_> {
    /// The authorization in force; `None` where the connector has none.
    pub fn authorization(&mut self) -> Result<Option<Authorization>> {
        let declared = &self.session.connection.authorization;
        if is_blank(declared) {
            return Ok(None);
        }
        let Value::Hash(source) = declared.clone() else {
            return Err(raise(
                ClassId::SDK_INVALID_DEFINITION_ERROR,
                "'authorization' of the connection has to be a hash",
            ));
        };
        let authorization = Authorization { source };
        if authorization.is_multi() { self.selected(&authorization).map(Some) } else { Ok(Some(authorization)) }
    }

    /// The one of several ways that the settings choose.
    fn selected(&mut self, multi: &Authorization) -> Result<Authorization> {
        let options = multi.get("options");
        if is_blank(&options) {
            return Err(raise(
                ClassId::SDK_INVALID_MULTI_AUTH_ERROR,
                "Multi-auth connection must define 'options' list",
            ));
        }
        let selected = multi.get("selected");
        let key = if selected.is_nil() {
            self.session.setting("auth_type")
        } else {
            let settings = self.session.settings();
            self.invoke(&selected, &context(ClassId::WITH_DSL), &[settings])?
        };
        let name = crate::value::to_s(&key).to_text();
        match at(&options, &name) {
            Value::Hash(source) => Ok(Authorization { source }),
            _ => {
                let message = format!("Cannot find multi-auth definition for '{name}'. {NO_CHOICE}");
                let known: Vec<String> = match &options {
                    Value::Hash(options) => {
                        options.keys().iter().map(|key| crate::value::to_s(key).to_text()).collect()
                    }
                    _ => Vec::new(),
                };
                let help = format!(
                    "'selected' has to answer with a key of 'options' ({}); set what it reads in the settings",
                    known.join(", ")
                );
                // Nothing chosen is told as a plain error; a choice that is not on the list has a class of its own.
                let class = if is_blank(&key) { ClassId::RUNTIME_ERROR } else { ClassId::SDK_MULTI_AUTH_OPTION_ERROR };
                Err(raised(Exception::new(class, message).with_help(help)))
            }
        }
    }

    /// The authorization, or an error for connectors that need one here.
    pub fn expect_authorization(&mut self) -> Result<Authorization> {
        self.authorization()?.ok_or_else(|| raise(ClassId::NOT_IMPLEMENTED_ERROR, "define authorization: before use"))
    }

    /// A part of the authorization that is text or a lambda with the settings as argument.
    pub fn authorization_text(&mut self, key: &str) -> Result<Value> {
        let value = self.expect_authorization()?.get(key);
        if matches!(value, Value::Proc(_)) {
            let settings = self.session.settings();
            return self.invoke(&value, &context(ClassId::WITH_DSL), &[settings]);
        }
        Ok(value)
    }

    /// The address that relative addresses are seen from; `None` where there is none.
    pub fn base_uri(&mut self) -> Result<Option<String>> {
        let base = match &self.session.connection.base_uri {
            base @ Value::Proc(_) => {
                let settings = self.session.settings();
                self.invoke(base, &context(ClassId::WITH_DSL), &[settings])?
            }
            other => other.clone(),
        };
        match base {
            Value::Nil | Value::False => Ok(None),
            Value::Str(text) => Ok(Some(text.to_text())),
            other => {
                let message = format!("base_uri has to return a String or nil, got {}", other.class().name());
                Err(raise(ClassId::TYPE_ERROR, message))
            }
        }
    }

    /// Runs `acquire`: gives credentials for an authorization code, or for nothing but the settings.
    pub fn acquire(&mut self, code: Value, redirect_url: Value, verifier: Value) -> Result<Value> {
        let acquire = self.expect_authorization()?.get("acquire");
        if !acquire.truthy() {
            return Err(raise(ClassId::SDK_INVALID_DEFINITION_ERROR, "Expect 'acquire' block"));
        }
        let settings = self.session.settings();
        self.unauthorized(|run| {
            run.invoke_resolved(&acquire, &context(ClassId::OPERATION), &[settings, code, redirect_url, verifier])
        })
    }

    /// The proof key of a login: a verifier, and the challenge that shows it without telling it; both as `pkce` makes
    /// them, where there is such a lambda.
    pub fn proof_key(&mut self) -> Result<Value> {
        const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
        const LENGTH: usize = 128;
        let mut verifier = String::with_capacity(LENGTH);
        for _ in 0..LENGTH {
            let at = (self.host.random() % LETTERS.len() as u64) as usize;
            verifier.extend(LETTERS.get(at).map(|letter| char::from(*letter)));
        }
        let digest = sha2::Sha256::digest(verifier.as_bytes());
        let challenge = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(digest);
        let usual = [
            ("verifier", Value::string(verifier)),
            ("challenge", Value::string(challenge)),
            ("challenge_method", Value::str("S256")),
        ];
        let pkce = self.expect_authorization()?.get("pkce");
        if !pkce.truthy() {
            return Ok(hash_of(usual));
        }
        let [verifier, challenge, _] = usual.map(|(_, value)| value);
        self.invoke_resolved(&pkce, &context(ClassId::OPERATION), &[verifier, challenge])
    }

    /// Runs `refresh`.
    pub fn refresh(&mut self, refresh_token: Value) -> Result<Value> {
        let refresh = self.expect_authorization()?.get("refresh");
        if !refresh.truthy() {
            return Err(raise(ClassId::SDK_INVALID_DEFINITION_ERROR, "Expect 'refresh' block"));
        }
        let settings = self.session.settings();
        self.unauthorized(|run| run.invoke_resolved(&refresh, &context(ClassId::OPERATION), &[settings, refresh_token]))
    }

    /// Is this a failure that new credentials may cure?
    pub fn wants_refresh(&mut self, authorization: &Authorization, failure: &Failure<'_>) -> Result<bool> {
        if !authorization.is_reauthorizable() {
            return Ok(false);
        }
        let patterns = authorization.refresh_on();
        if patterns.is_empty() {
            return Ok(true);
        }
        // The code's reason alone counts as the message, too.
        let reason = failure.code.and_then(crate::http::status::reason);
        let texts: Vec<Value> =
            [Some(failure.message), failure.body, reason].into_iter().flatten().map(Value::str).collect();
        for pattern in &patterns {
            if let (Value::Int(wanted), Some(code)) = (pattern, failure.code)
                && *wanted == i64::from(code)
            {
                return Ok(true);
            }
            for text in &texts {
                if self.matches(pattern, text)? {
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }

    /// Gets new credentials and keeps them; false if there are none to be had, so that the failure stands.
    /// `before` are the settings that the failed request was made with.
    pub fn renew(&mut self, authorization: &Authorization, failure: &Failure<'_>, before: &Value) -> Result<bool> {
        if !self.wants_refresh(authorization, failure)? {
            return Ok(false);
        }
        // Another request has renewed them meanwhile.
        if !equal(&self.session.settings(), before) {
            return Ok(true);
        }
        let new = if authorization.is_oauth2() {
            self.new_tokens(authorization)
        } else {
            self.acquire(Value::Nil, Value::Nil, Value::Nil)
        };
        let new = new.map_err(unauthorized)?;
        match new {
            Value::Nil | Value::False => Ok(false),
            Value::Hash(new) => {
                let message = format!("Refresh token triggered on response \"{}\"", failure.message);
                self.session.update_settings(message, &new);
                Ok(true)
            }
            other => Err(not_a_hash("acquire", &other)),
        }
    }

    /// New tokens of an OAuth2 connection: by `refresh`, else by the standard request, else by an `acquire` that needs
    /// no code.
    fn new_tokens(&mut self, authorization: &Authorization) -> Result<Value> {
        if !is_blank(&authorization.get("refresh")) {
            let answer = self.refresh(self.session.setting("refresh_token"))?;
            return merged_tokens(&answer);
        }
        if !is_blank(&authorization.get("token_url")) {
            return self.standard_refresh();
        }
        if let Ok(acquire) = expect_lambda(&authorization.get("acquire"))
            && declared(acquire) <= 1
        {
            return self.acquire(Value::Nil, Value::Nil, Value::Nil);
        }
        Err(raise(
            ClassId::SDK_INVALID_DEFINITION_ERROR,
            "'refresh' block or 'token_url' is required for refreshing the token",
        ))
    }

    /// The refresh request that the standard describes, sent to `token_url`.
    fn standard_refresh(&mut self) -> Result<Value> {
        let token = self.session.setting("refresh_token");
        if is_blank(&token) {
            let message = "refresh_token is empty. \
                           Use workato oauth2 command to acquire access_token and refresh_token";
            let exception = Exception::new(ClassId::SDK_NOT_IMPLEMENTED_ERROR, message.to_owned());
            return Err(raised(
                exception.with_help("the settings have no `refresh_token`: log in anew and put the new tokens there"),
            ));
        }
        let fields = [
            ("client_id", self.authorization_text("client_id")?),
            ("client_secret", self.authorization_text("client_secret")?),
            ("grant_type", Value::str("refresh_token")),
            ("refresh_token", token.clone()),
        ];
        let answer = self.post_token_form(&fields)?;
        let new_token = presence(at(&answer, "refresh_token")).unwrap_or(token);
        Ok(hash_of([("access_token", at(&answer, "access_token")), ("refresh_token", new_token)]))
    }

    /// Exchanges an authorization code at `token_url`, for connections without `acquire`.
    pub fn standard_acquire(&mut self, code: Value, redirect_url: Value, verifier: Value) -> Result<Value> {
        let mut fields = vec![
            ("code", code),
            ("grant_type", Value::str("authorization_code")),
            ("client_id", self.authorization_text("client_id")?),
            ("client_secret", self.authorization_text("client_secret")?),
            ("redirect_uri", redirect_url),
        ];
        if !verifier.is_nil() {
            fields.push(("code_verifier", verifier));
        }
        self.post_token_form(&fields)
    }

    fn post_token_form(&mut self, fields: &[(&'static str, Value)]) -> Result<Value> {
        let url = self.authorization_text("token_url")?;
        let pairs: Vec<_> =
            fields.iter().map(|(name, value)| ((*name).to_owned(), super::params::param(value))).collect();
        let url = crate::value::to_s(&url).to_text();
        let request = Request::new(Method::Post, url)
            .header("Accept", "application/json")
            .header("Content-Type", "application/x-www-form-urlencoded")
            .body(crate::http::query::to_form(&pairs));
        let answer = self.fetch(request)?;
        watched(self.host, |watch| json::parse_watched(&answer.body, json::ParseOptions::default(), watch))?
            .map_err(|error| raise(ClassId::JSON_PARSER_ERROR, error.message))
    }
}

/// `[tokens, settings]`, `[tokens]` or tokens, as one hash.
fn merged_tokens(answer: &Value) -> Result<Value> {
    let (tokens, more) = match answer {
        Value::Array(items) => (items.get(0).unwrap_or_default(), items.get(1).unwrap_or_default()),
        other => (other.clone(), Value::Nil),
    };
    let Value::Hash(tokens) = indifferent(&tokens) else { return Err(not_a_hash("refresh", &tokens)) };
    let merged = tokens.copy();
    if let Value::Hash(more) = &more {
        for (key, value) in more.to_vec() {
            merged.insert(key, value);
        }
    }
    Ok(Value::hash(merged))
}

/// What `acquire` of an OAuth2 connection gives, as settings: tokens over whatever else it sets.
pub fn acquired_settings(answer: &Value) -> Rc<Hash> {
    let Value::Array(items) = answer else { return indifferent_hash(answer) };
    let settings = indifferent_hash(&items.get(2).unwrap_or_default()).copy();
    for (key, value) in indifferent_hash(&items.get(0).unwrap_or_default()).to_vec() {
        settings.insert(key, value);
    }
    Rc::new(settings)
}

/// Marks a failure to get credentials, so that reports can say that it is one; a mistake in the lambda is none.
pub(super) fn unauthorized(unwind: Box<Unwind>) -> Box<Unwind> {
    if let Unwind::Raise(exception) = &*unwind {
        let refused = [
            ClassId::SDK_RUNTIME_ERROR,
            ClassId::SDK_NOT_IMPLEMENTED_ERROR,
            ClassId::SDK_DETECT_ON_ERROR,
            ClassId::SDK_REQUEST_FAILED_ERROR,
        ];
        if refused.contains(&exception.class) && exception.attribute("offline").is_none() {
            exception.set_attribute("kind", Value::symbol("auth"));
        }
    }
    unwind
}

fn not_a_hash(lambda: &str, value: &Value) -> Box<crate::value::Unwind> {
    let message = format!("{lambda} has to return a Hash of settings, got {}", value.class().name());
    raise(ClassId::TYPE_ERROR, message)
}
