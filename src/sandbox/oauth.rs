//! An OAuth 2 provider: authorization codes with PKCE, refresh tokens that rotate, the errors of RFC 6749.
//!
//! Whoever asks is granted access at once: there is nobody to log in. Names and tokens count up, so a run is repeatable.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::PoisonError;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::World;
use super::message::{Asked, Format, Reply};
use crate::http::{content_type, query, url};

/// Clients: the name and the secret; one without a secret has to prove itself with PKCE.
const CLIENTS: &[(&str, Option<&str>)] = &[("demo", Some("demo-secret")), ("demo-public", None)];
/// A refresh token that is good from the start, so that a first run can show what renewal does.
const FIRST_REFRESH_TOKEN: &str = "demo-refresh-token";
/// Codes and tokens a sandbox keeps.
const MOST: usize = 10_000;

/// What was handed out.
pub(super) struct Provider {
    issued: usize,
    codes: BTreeMap<String, Code>,
    /// Access tokens that are good.
    access: BTreeSet<String>,
    /// Refresh tokens that are good: the client, and the access token that came with it.
    refresh: BTreeMap<String, (String, Option<String>)>,
}

struct Code {
    client: String,
    redirect_uri: String,
    challenge: Option<String>,
    expired: bool,
}

/// An error of RFC 6749: its name, and what to do about it.
type Refusal = (&'static str, String);

impl Default for Provider {
    fn default() -> Self {
        let first = (FIRST_REFRESH_TOKEN.to_owned(), ("demo".to_owned(), None));
        Self { issued: 0, codes: BTreeMap::new(), access: BTreeSet::new(), refresh: BTreeMap::from([first]) }
    }
}

/// `GET /oauth/authorize`: back to the client with a code.
pub(super) fn authorize(world: &World, asked: &Asked) -> Reply {
    let client = asked.param("client_id").unwrap_or_default();
    let Some((client, secret)) = CLIENTS.iter().find(|(name, _)| *name == client) else {
        return refused(400, &("invalid_request", format!("there is no client {client:?}; one is \"demo\"")));
    };
    let redirect_uri = asked.param("redirect_uri").unwrap_or_default();
    let Some(target) = url::absolute(redirect_uri).ok().filter(|_| redirect_uri.contains("://")) else {
        let message = "redirect_uri is missing, or no absolute address: where to go back to".to_owned();
        return refused(400, &("invalid_request", message));
    };
    let mut pairs = match code_for(world, asked, client, secret.is_none(), redirect_uri) {
        Ok(code) => vec![("code", code)],
        Err((error, message)) => vec![("error", error.to_owned()), ("error_description", message)],
    };
    pairs.extend(asked.param("state").map(|state| ("state", state.to_owned())));
    let pairs: Vec<_> = pairs.iter().map(|(name, value)| format!("{name}={}", query::escape(value))).collect();
    let all = target.query.iter().filter(|query| !query.is_empty()).cloned().chain(pairs).collect::<Vec<_>>();
    let target = url::Url { query: Some(all.join("&")), ..target };
    Reply::json(302, &json!({ "moved_to": target.to_string() })).header("Location", target.to_string())
}

fn code_for(
    world: &World,
    asked: &Asked,
    client: &str,
    needs_challenge: bool,
    redirect_uri: &str,
) -> Result<String, Refusal> {
    if asked.param("response_type") != Some("code") {
        return Err(("unsupported_response_type", "response_type has to be code".to_owned()));
    }
    if asked.param("consent") == Some("denied") {
        return Err(("access_denied", "the user said no".to_owned()));
    }
    let challenge = asked.param("code_challenge").map(str::to_owned);
    if challenge.is_some() && asked.param("code_challenge_method") != Some("S256") {
        return Err(("invalid_request", "code_challenge_method has to be S256".to_owned()));
    }
    if challenge.is_none() && needs_challenge {
        return Err(("invalid_request", "a client without a secret needs a code_challenge".to_owned()));
    }
    let mut provider = world.oauth.lock().unwrap_or_else(PoisonError::into_inner);
    let code = provider.next("code")?;
    let expired = asked.param("lifetime") == Some("0");
    let issued = Code { client: client.to_owned(), redirect_uri: redirect_uri.to_owned(), challenge, expired };
    provider.codes.insert(code.clone(), issued);
    Ok(code)
}

/// `POST /oauth/token`: tokens for a code or a refresh token.
pub(super) fn token(world: &World, asked: &Asked) -> Reply {
    let form = asked.headers.get("Content-Type").map(content_type::essence);
    if form.as_deref() != Some("application/x-www-form-urlencoded") {
        return refused(400, &("invalid_request", "the body has to be a form".to_owned()));
    }
    let fields = query::parse(&String::from_utf8_lossy(&asked.body));
    let field = |name: &str| fields.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
    let client = match client_of(asked, field("client_id"), field("client_secret")) {
        Ok(client) => client,
        Err(refusal) => return refused(401, &refusal).header("WWW-Authenticate", "Basic realm=\"sandbox\""),
    };
    let mut provider = world.oauth.lock().unwrap_or_else(PoisonError::into_inner);
    let granted = match field("grant_type") {
        Some("authorization_code") => {
            provider.redeem(&client, field("code"), field("redirect_uri"), field("code_verifier"))
        }
        Some("refresh_token") => provider.renew(&client, field("refresh_token")),
        Some(other) => {
            Err(("unsupported_grant_type", format!("{other:?} is neither authorization_code nor refresh_token")))
        }
        None => Err(("invalid_request", "grant_type is missing".to_owned())),
    };
    match granted.and_then(|()| provider.issue(&client)) {
        Ok(tokens) => Reply::json(200, &tokens).header("Cache-Control", "no-store"),
        Err(refusal) => refused(400, &refusal),
    }
}

/// Who asks: by basic authentication, or by fields of the form.
fn client_of(asked: &Asked, id: Option<&str>, secret: Option<&str>) -> Result<String, Refusal> {
    let basic = asked
        .headers
        .get("Authorization")
        .and_then(|field| field.strip_prefix("Basic "))
        .and_then(|encoded| STANDARD.decode(encoded.trim()).ok())
        .and_then(|pair| String::from_utf8(pair).ok());
    let (id, secret) = match basic.as_deref().and_then(|pair| pair.split_once(':')) {
        Some((id, secret)) => (id, Some(secret)),
        None => (id.unwrap_or_default(), secret.filter(|secret| !secret.is_empty())),
    };
    match CLIENTS.iter().find(|(name, _)| *name == id) {
        Some((name, known)) if *known == secret => Ok((*name).to_owned()),
        Some(_) => Err(("invalid_client", format!("the secret of client {id:?} is another one"))),
        None => Err(("invalid_client", format!("there is no client {id:?}; one is \"demo\" with \"demo-secret\""))),
    }
}

impl Provider {
    fn next(&mut self, what: &str) -> Result<String, Refusal> {
        if self.issued >= MOST {
            return Err(("temporarily_unavailable", "the sandbox has given all it has; start another one".to_owned()));
        }
        self.issued += 1;
        Ok(format!("sandbox-{what}-{:04}", self.issued))
    }

    /// Uses a code up, good or not.
    fn redeem(
        &mut self,
        client: &str,
        code: Option<&str>,
        redirect_uri: Option<&str>,
        verifier: Option<&str>,
    ) -> Result<(), Refusal> {
        let code = code.ok_or_else(|| ("invalid_request", "code is missing".to_owned()))?;
        let bad = |message: &str| Err(("invalid_grant", message.to_owned()));
        let Some(issued) = self.codes.remove(code) else {
            return bad("this code was never given, or it has been used");
        };
        if issued.expired {
            return bad("this code has expired");
        }
        if issued.client != client {
            return bad("this code was given to another client");
        }
        if redirect_uri != Some(issued.redirect_uri.as_str()) {
            return bad("redirect_uri is not the one that the code was asked for with");
        }
        match (issued.challenge, verifier) {
            (None, _) => Ok(()),
            (Some(_), None) => bad("code_verifier is missing"),
            (Some(challenge), Some(verifier)) if challenge == challenge_of(verifier) => Ok(()),
            (Some(_), Some(_)) => bad("code_verifier does not belong to the code_challenge"),
        }
    }

    /// Uses a refresh token up, and ends the access token that came with it.
    fn renew(&mut self, client: &str, token: Option<&str>) -> Result<(), Refusal> {
        let token = token.ok_or_else(|| ("invalid_request", "refresh_token is missing".to_owned()))?;
        match self.refresh.get(token) {
            Some((owner, _)) if owner == client => {}
            Some(_) => return Err(("invalid_grant", "this refresh token was given to another client".to_owned())),
            None => {
                let message = "this refresh token was never given, or it has been used: each is good once";
                return Err(("invalid_grant", message.to_owned()));
            }
        }
        if let Some((_, Some(access))) = self.refresh.remove(token) {
            self.access.remove(&access);
        }
        Ok(())
    }

    fn issue(&mut self, client: &str) -> Result<Value, Refusal> {
        let (access, refresh) = (self.next("access")?, self.next("refresh")?);
        self.access.insert(access.clone());
        self.refresh.insert(refresh.clone(), (client.to_owned(), Some(access.clone())));
        Ok(json!({
            "access_token": access,
            "token_type": "Bearer",
            "expires_in": 3600,
            "refresh_token": refresh,
            "scope": "profile",
        }))
    }
}

/// What PKCE's S256 makes of a verifier.
fn challenge_of(verifier: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(verifier))
}

/// `GET /oauth/userinfo`: for access tokens of this provider only.
pub(super) fn user_info(world: &World, asked: &Asked) -> Reply {
    let provider = world.oauth.lock().unwrap_or_else(PoisonError::into_inner);
    if asked.bearer().is_some_and(|token| provider.access.contains(token)) {
        let user = json!({ "sub": "1815", "name": "Ada Lovelace", "email": "ada@example.com", "locale": "en-GB" });
        return Reply::json(200, &user);
    }
    let message = "the access token has expired, or it is not from /oauth/token";
    Reply::error(401, Format::Json, message)
        .header("WWW-Authenticate", "Bearer realm=\"sandbox\", error=\"invalid_token\"")
}

fn refused(status: u16, (error, description): &Refusal) -> Reply {
    Reply::json(status, &json!({ "error": error, "error_description": description }))
        .header("Cache-Control", "no-store")
}

#[cfg(test)]
mod tests {
    use super::challenge_of;

    #[test]
    fn the_challenge_of_the_standard() {
        assert_eq!(
            challenge_of("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"),
            "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
        );
    }
}
