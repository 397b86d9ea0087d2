//! A login by OAuth 2: the browser goes to the provider and comes back to this machine with a code, which buys tokens.
//!
//! PKCE proves that whoever redeems the code is who asked for it; the state proves that the answer belongs to this login.

use super::args::Connect;
use super::callback::{Callback, Listener};
use super::prompt::Prompt;
use super::refused;
use crate::cli::failure::{Failure, Kind};
use crate::cli::open::Opened;
use crate::connector::acquired_settings;
use crate::http::{query, url};
use crate::value::{Value, to_s};
use std::time::{Duration, Instant};

const PATH: &str = "/oauth/callback";

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
    address: String,
    redirect: String,
    state: String,
    verifier: Value,
}

pub fn run(opened: &mut Opened, prompt: &mut Prompt, options: &Connect) -> Result<(), Failure> {
    let sandbox = options.network.sandbox;
    if prompt.silent && !sandbox {
        if !opened.connector.session().setting("access_token").is_nil()
            || !opened.connector.session().setting("refresh_token").is_nil()
        {
            return Ok(());
        }
        return Err(refused("nobody is here to log in: the settings have neither `access_token` nor `refresh_token`")
            .help("run `connrun connect` without `--non-interactive` once, and take the settings that it saves"));
    }
    let redirect = options.redirect_url.clone().unwrap_or_else(|| format!("http://localhost:{}{PATH}", options.port));
    let listener = if sandbox
        || options.redirect_url.as_ref().is_some_and(|url| !url.contains("localhost") && !url.contains("127.0.0.1"))
    {
        None
    } else {
        Some(Listener::start(options.port).map_err(|error| busy(options.port, &error))?)
    };
    let login = prepare(opened, redirect)?;
    let answer = match (&listener, sandbox) {
        (_, true) => through_sandbox(opened, &login)?,
        (listener, false) => {
            invite(prompt, &login, listener.is_some(), options);
            wait(prompt, listener.as_ref(), Duration::from_secs(options.wait))?
        }
    };
    let code = code_of(&answer, &login)?;
    redeem(opened, &login, &code)?;
    prompt.say("\nLogged in.\n");
    Ok(())
}

fn busy(port: u16, error: &std::io::Error) -> Failure {
    let reason = error.to_string();
    let reason = reason.split(" (os error").next().unwrap_or_default();
    Failure::usage("usage::port", format!("the login cannot come back to port {port}: {reason}")).help(
        "choose another one with `--port`; the provider has to know the address, too: \
         http://localhost:PORT/oauth/callback",
    )
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
    let mut random = [0; 16];
    getrandom::fill(&mut random).map_err(|error| refused(format!("there is no chance to make a state of: {error}")))?;
    let state = hex::encode(random);
    let part = |key: &str| match &proof {
        Value::Hash(proof) => proof.get_either(key).unwrap_or_default(),
        _ => Value::Nil,
    };
    let parsed = url::absolute(&address).ok().filter(url::Url::is_http);
    let Some(parsed) = parsed else {
        let message = format!("authorization_url gives {address:?}, which is no address to log in at");
        return Err(Failure::new(Kind::Connector, crate::diagnostic::Diagnostic::error("run::error", message))
            .help("it has to begin with https://"));
    };
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
    let text: Vec<String> = pairs.iter().map(|(name, value)| format!("{name}={}", query::escape(value))).collect();
    let address = url::Url { query: Some(text.join("&")), ..parsed }.to_string();
    let address = match opened.rerouted() {
        Some(base) => moved(&address, base),
        None => address,
    };
    Ok(Login { address, redirect, state, verifier: part("verifier") })
}

/// The same path and query at another host, where all requests go.
fn moved(address: &str, base: &str) -> String {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    let path = rest.find('/').map_or("", |at| rest.get(at..).unwrap_or_default());
    format!("{}{path}", base.trim_end_matches('/'))
}

/// Asks the demo API as a browser would: nobody has to log in there.
fn through_sandbox(opened: &mut Opened, login: &Login) -> Result<String, Failure> {
    let request = crate::http::Request::new(crate::http::Method::Get, login.address.clone());
    let live = crate::http::live::Live::new(crate::http::live::Settings::default()).map_err(refused)?;
    let response = crate::http::Transport::send(&live, &request)
        .map_err(|error| refused(format!("the demo API does not answer: {error}")))?;
    match response.headers.get("location") {
        Some(location) => Ok(location.to_owned()),
        None => {
            let _ = opened;
            let said = String::from_utf8_lossy(&response.body).into_owned();
            Err(refused(format!("the demo API refuses the login: {}", said.trim()))
                .help("its client is `demo`, with the secret `demo-secret`"))
        }
    }
}

fn invite(prompt: &mut Prompt, login: &Login, listens: bool, options: &Connect) {
    prompt.say(&format!("\nLog in at this address:\n\n  {}\n\n", login.address));
    let paste = "paste the address that it ends at, or the code in it";
    if listens {
        prompt.say(&format!("The browser comes back to {}. If it cannot, {paste}.\n", login.redirect));
    } else {
        prompt.say(&format!("Afterwards {paste}.\n"));
    }
    if !options.no_browser && open::that_detached(&login.address).is_err() {
        prompt.say("No browser could be opened here: open the address yourself.\n");
    }
}

/// What the browser brings, or what somebody pastes, whichever comes first.
fn wait(prompt: &mut Prompt, listener: Option<&Listener>, most: Duration) -> Result<String, Failure> {
    let (sender, receiver) = std::sync::mpsc::channel::<String>();
    if let Some(listener) = listener {
        let sender = sender.clone();
        listener.each(move |callback: Callback| sender.send(callback.0).is_ok());
    }
    std::thread::spawn(move || {
        for line in std::io::stdin().lines().map_while(Result::ok) {
            let line = line.trim();
            if !line.is_empty() && sender.send(line.to_owned()).is_err() {
                return;
            }
        }
    });
    let until = Instant::now() + most;
    let answer = match listener {
        Some(_) => receiver.recv_timeout(until.saturating_duration_since(Instant::now())).ok(),
        // Nothing but the input can bring it.
        None => receiver.recv().ok(),
    };
    let seconds = most.as_secs();
    answer.ok_or_else(|| {
        prompt.say("\n");
        refused(format!("nobody came back from the login within {seconds} seconds"))
            .help("run it again; `--wait` gives more time, and the address that the browser ends at can be pasted here")
    })
}

/// The code in what came back: an address, the query of one, or the code alone.
fn code_of(answer: &str, login: &Login) -> Result<String, Failure> {
    let looks = answer.contains("code=") || answer.contains("error=") || answer.contains("://");
    if !looks {
        return Ok(answer.to_owned());
    }
    let after = answer.split_once('?').map_or(answer, |(_, query)| query);
    let pairs = query::parse(after.split('#').next().unwrap_or(after));
    let get = |name: &str| pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
    if get("state") != Some(login.state.as_str()) {
        let message = match get("state") {
            Some(_) => "the answer belongs to another login: its `state` is not the one that was sent",
            None => "the answer has no `state`, so nobody knows whether it belongs to this login",
        };
        return Err(
            refused(message).help("nothing was taken from it; run the command again, and finish the login it starts")
        );
    }
    if let Some(error) = get("error") {
        let why = get("error_description").map(|why| format!(": {why}")).unwrap_or_default();
        let help = match error {
            "access_denied" => "whoever logged in did not agree, or may not; run it again and agree",
            "invalid_scope" => "the scopes in `authorization_url` are not those that the provider knows",
            "unauthorized_client" | "invalid_client" => "check the client, and what it is allowed at the provider",
            _ => "the provider says so; its documentation knows more",
        };
        return Err(refused(format!("the provider refused the login, {error}{why}")).help(help));
    }
    get("code")
        .filter(|code| !code.is_empty())
        .map(str::to_owned)
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
