//! A visit to a page elsewhere: the browser goes there, and comes back to this machine with an answer.
//!
//! The state proves that the answer belongs to this visit.

use super::args::Connect;
use super::callback::{Callback, Listener};
use super::prompt::{Came, Prompt};
use super::refused;
use crate::cli::failure::Failure;
use crate::cli::open::Opened;
use crate::http::{query, url};
use std::time::Duration;

const PATH: &str = "/oauth/callback";

/// Visits of one run: they come back to the same door.
pub struct Visits<'a> {
    pub options: &'a Connect,
    /// Where the browser comes back to.
    pub redirect: String,
    /// Nobody has to log in at the demo API.
    sandbox: bool,
    opened: bool,
}

impl<'a> Visits<'a> {
    pub fn new(options: &'a Connect) -> Self {
        let usual = || format!("http://localhost:{}{PATH}", options.port);
        Self {
            options,
            redirect: options.redirect_url.clone().unwrap_or_else(usual),
            sandbox: options.network.sandbox,
            opened: false,
        }
    }

    /// Nobody is needed, or somebody is there.
    pub fn is_possible(&self, prompt: &Prompt) -> bool {
        self.sandbox || !prompt.silent
    }

    /// Whether the browser can bring the answer itself.
    fn has_door(&self) -> bool {
        let elsewhere = |url: &String| !url.contains("localhost") && !url.contains("127.0.0.1");
        !self.sandbox && !self.options.redirect_url.as_ref().is_some_and(elsewhere)
    }

    /// Opens the door, if it is not open yet. Errors: the port is taken.
    pub fn open(&mut self, prompt: &mut Prompt) -> Result<(), Failure> {
        if !self.has_door() || self.opened {
            return Ok(());
        }
        let port = self.options.port;
        let listener = Listener::start(port).map_err(|error| busy(port, &error))?;
        let door = prompt.door();
        listener.each(move |Callback(address)| door.send(Came::Visitor(address)).is_ok());
        self.opened = true;
        Ok(())
    }

    /// Sends the browser to an address, and gives what it brought.
    pub fn fetch(&self, opened: &Opened, prompt: &mut Prompt, address: &url::Url) -> Result<String, Failure> {
        let address = match opened.rerouted() {
            Some(base) => moved(&address.to_string(), base),
            None => address.to_string(),
        };
        if self.sandbox {
            return through_sandbox(&address);
        }
        prompt.say(&format!("\nLog in at this address:\n\n  {address}\n\n"));
        let paste = "paste the address that it ends at, or the code in it";
        if self.has_door() {
            prompt.say(&format!("The browser comes back to {}. If it cannot, {paste}.\n", self.redirect));
        } else {
            prompt.say(&format!("Afterwards {paste}.\n"));
        }
        if !self.options.no_browser && open::that_detached(&address).is_err() {
            prompt.say("No browser could be opened here: open the address yourself.\n");
        }
        let seconds = self.options.wait;
        prompt.wait(self.has_door(), Duration::from_secs(seconds)).ok_or_else(|| {
            prompt.say("\n");
            let missing = if self.has_door() {
                format!("nobody came back from the login within {seconds} seconds")
            } else {
                "nobody pasted what came of the login: the input has ended".to_owned()
            };
            refused(missing).help(
                "run it again; `--wait` gives more time, and the address that the browser ends at can be pasted here",
            )
        })
    }
}

/// Errors: the address to come back to is none.
pub fn check(options: &Connect) -> Result<(), Failure> {
    let Some(given) = &options.redirect_url else { return Ok(()) };
    if url::absolute(given).is_ok_and(|url| url.scheme.is_some() && given.contains("://")) {
        return Ok(());
    }
    Err(Failure::usage("usage::redirect-url", format!("`--redirect-url {given}` is no address to come back to"))
        .help("give the whole address that the provider knows, such as https://example.com/oauth/callback"))
}

/// The parameters that came back, after a look at whose they are. `None` for what is no address: a code alone.
pub fn parameters(answer: &str, state: &str) -> Result<Option<Vec<(String, String)>>, Failure> {
    let looks = answer.contains("code=") || answer.contains("error=") || answer.contains("state=");
    if !looks && !answer.contains("://") {
        return Ok(None);
    }
    let after = answer.split_once('?').map_or(answer, |(_, query)| query);
    let pairs = query::parse(after.split('#').next().unwrap_or(after));
    let get = |name: &str| pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
    if get("state") != Some(state) {
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
    Ok(Some(pairs))
}

/// What nobody can guess.
pub fn new_state() -> Result<String, Failure> {
    let mut random = [0; 16];
    getrandom::fill(&mut random).map_err(|error| refused(format!("there is no chance to make a state of: {error}")))?;
    Ok(hex::encode(random))
}

fn busy(port: u16, error: &std::io::Error) -> Failure {
    let reason = error.to_string();
    let reason = reason.split(" (os error").next().unwrap_or_default();
    Failure::usage("usage::port", format!("the login cannot come back to port {port}: {reason}")).help(
        "choose another one with `--port`; the provider has to know the address, too: \
         http://localhost:PORT/oauth/callback",
    )
}

/// The same path and query at another host, where all requests go.
fn moved(address: &str, base: &str) -> String {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    let path = rest.find('/').map_or("", |at| rest.get(at..).unwrap_or_default());
    format!("{}{path}", base.trim_end_matches('/'))
}

/// Asks the demo API as a browser would: nobody has to log in there.
fn through_sandbox(address: &str) -> Result<String, Failure> {
    let request = crate::http::Request::new(crate::http::Method::Get, address);
    let live = crate::http::live::Live::new(crate::http::live::Settings::default()).map_err(refused)?;
    let response = crate::http::Transport::send(&live, &request)
        .map_err(|error| refused(format!("the demo API does not answer: {error}")))?;
    if let Some(location) = response.headers.get("location") {
        return Ok(location.to_owned());
    }
    let said = String::from_utf8_lossy(&response.body).into_owned();
    Err(refused(format!("the demo API refuses the login: {}", said.trim()))
        .help("its client is `demo`, with the secret `demo-secret`"))
}
