//! A login by OAuth 2: the browser comes back from the provider with a code, which buys tokens.
//!
//! PKCE proves that whoever redeems the code is who asked for it.

use super::prompt::Prompt;
use super::refused;
use super::visit::{self, Visits};
use crate::cli::failure::{Failure, Kind};
use crate::cli::open::Opened;
use crate::cli::secrets::Secrets;
use crate::connector::acquired_settings;
use crate::http::{query, url};
use crate::value::{Value, to_s};

/// Whether the connection is one that a person logs in to.
pub fn is_needed(opened: &mut Opened) -> bool {
    opened
        .connector
        .enter(|run| run.authorization())
        .ok()
        .flatten()
        .is_some_and(|way| way.is_oauth2() && (way.get("authorization_url").truthy() || has_code(&way.get("acquire"))))
}

/// An `acquire` that takes a code.
fn has_code(acquire: &Value) -> bool {
    matches!(acquire, Value::Proc(lambda) if lambda.code.parameters().len() > 1)
}

/// What belongs to one login.
struct Login {
    /// The address that the browser goes to.
    address: url::Url,
    redirect: String,
    state: String,
    verifier: Value,
}

pub fn run(
    opened: &mut Opened,
    prompt: &mut Prompt,
    visits: &mut Visits<'_>,
    secrets: &Secrets,
) -> Result<(), Failure> {
    if !visits.is_possible(prompt) {
        if !opened.connector.session().setting("access_token").is_nil()
            || !opened.connector.session().setting("refresh_token").is_nil()
        {
            return Ok(());
        }
        return Err(refused("nobody is here to log in: the settings have neither `access_token` nor `refresh_token`")
            .help("run `connrun connect` without `--non-interactive` once, and take the settings that it saves"));
    }
    visits.open(prompt)?;
    let login = prepare(opened, visits.redirect.clone())?;
    let answer = visits.fetch(opened, prompt, &login.address)?;
    let code = code_of(&answer, &login.state)?;
    secrets.add("code", &code);
    secrets.add("code_verifier", &to_s(&login.verifier).to_text());
    redeem(opened, &login, &code)?;
    prompt.say("\nLogged in.\n");
    Ok(())
}

/// The address to log in at, with a state, a challenge and who asks.
fn prepare(opened: &mut Opened, redirect: String) -> Result<Login, Failure> {
    let made = opened.connector.enter(|run| {
        let address = to_s(&run.authorization_text("authorization_url")?).to_text();
        let way = run.expect_authorization()?;
        let id = way.get("client_id");
        let client = if id.is_nil() { Value::Nil } else { run.authorization_text("client_id")? };
        // An `acquire` of the connector's own sends the verifier only if it has `pkce`.
        let proof =
            if way.get("pkce").truthy() || !way.get("acquire").truthy() { run.proof_key()? } else { Value::Nil };
        Ok((address, client, proof))
    });
    let (address, client, proof) = match made {
        Ok(made) => made,
        Err(unwind) => {
            let unwind = opened.connector.finish(unwind);
            return Err(opened.failure(&unwind));
        }
    };
    let client = if client.is_nil() { opened.connector.session().setting("client_id") } else { client };
    let state = visit::new_state()?;
    let part = |key: &str| match &proof {
        Value::Hash(proof) => proof.get_either(key).unwrap_or_default(),
        _ => Value::Nil,
    };
    let parsed = destination(&address, "authorization_url")?;
    let wanted = [
        ("response_type", Value::str("code")),
        ("client_id", client),
        ("redirect_uri", Value::str(&redirect)),
        ("state", Value::str(&state)),
        ("code_challenge", part("challenge")),
        ("code_challenge_method", part("challenge_method")),
    ];
    // What the connector says itself stays, but for the state, which is checked.
    let mut pairs: Vec<(String, String)> = parsed.query.as_deref().map(query::parse).unwrap_or_default();
    pairs.retain(|(name, _)| name != "state");
    for (name, value) in wanted.into_iter().filter(|(_, value)| !value.is_nil()) {
        if !pairs.iter().any(|(known, _)| known == name) {
            pairs.push((name.to_owned(), to_s(&value).to_text()));
        }
    }
    let redirect = pairs.iter().find(|(name, _)| name == "redirect_uri").map_or(redirect, |(_, own)| own.clone());
    Ok(Login { address: with_query(parsed, &pairs), redirect, state, verifier: part("verifier") })
}

/// An address that a browser can go to.
pub fn destination(address: &str, named: &str) -> Result<url::Url, Failure> {
    url::absolute(address).ok().filter(url::Url::is_http).ok_or_else(|| {
        let message = format!("{named} gives {address:?}, which is no address to log in at");
        Failure::new(Kind::Connector, crate::diagnostic::Diagnostic::error("run::error", message))
            .help("it has to begin with https://")
    })
}

pub fn with_query(address: url::Url, pairs: &[(String, String)]) -> url::Url {
    let text: Vec<String> = pairs.iter().map(|(name, value)| format!("{name}={}", query::escape(value))).collect();
    url::Url { query: Some(text.join("&")), ..address }
}

/// The code in what came back: an address, the query of one, or the code alone.
fn code_of(answer: &str, state: &str) -> Result<String, Failure> {
    let Some(pairs) = visit::parameters(answer, state)? else { return Ok(answer.to_owned()) };
    let code = pairs.into_iter().find(|(name, _)| name == "code").map(|(_, code)| code);
    code.filter(|code| !code.is_empty())
        .ok_or_else(|| refused("the answer has no `code`").help("`authorization_url` needs `response_type=code`"))
}

/// Buys tokens with the code, and puts them into the settings.
fn redeem(opened: &mut Opened, login: &Login, code: &str) -> Result<(), Failure> {
    opened.connector.restart();
    let (code, redirect, verifier) = (Value::str(code), Value::str(&login.redirect), login.verifier.clone());
    let answer = opened.connector.enter(|run| {
        let own = run.expect_authorization()?.get("acquire").truthy();
        if own { run.acquire(code, redirect, verifier) } else { run.standard_acquire(code, redirect, verifier) }
    });
    let answer = match answer {
        Ok(answer) => answer,
        Err(unwind) => {
            let unwind = opened.connector.finish(unwind);
            let mut failure = opened.failure(&unwind);
            failure.kind = Kind::Auth;
            let more =
                "the code could not be exchanged for tokens; codes are good once and for a short time: run it again";
            let help = failure.diagnostic.help.take();
            failure.diagnostic.help = Some(help.map_or(more.to_owned(), |help| format!("{help}\n{more}")));
            return Err(failure);
        }
    };
    if !matches!(answer, Value::Hash(_) | Value::Array(_)) {
        return Err(refused("`acquire` gave no tokens")
            .help("it has to return a hash of settings, or a list that begins with one"));
    }
    opened.connector.session().merge_settings(&acquired_settings(&answer));
    Ok(())
}
