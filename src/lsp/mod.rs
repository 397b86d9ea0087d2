//! The language server: messages in, answers out. What is true of a text is asked of `editor`.

mod capabilities;
mod convert;
mod documents;
mod formatting;
mod requests;
mod wire;
mod workspace;

use capabilities::Client;
use documents::Documents;
use serde_json::Value;
use std::collections::VecDeque;
use std::io::{BufReader, BufWriter};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{self, Receiver, Sender};
use wire::{Code, Message};
use workspace::Workspace;

/// Serves one client on standard input and output until it says goodbye.
///
/// # Errors
/// Says what ended the session early: a client that breaks the protocol, or a closed pipe.
pub fn serve() -> Result<(), String> {
    let (arrived, messages) = mpsc::channel();
    let (bodies, leaving) = mpsc::channel();
    // Reading goes on while an answer is worked out: what waits behind it has to be known.
    std::thread::spawn(move || {
        let mut input = BufReader::new(std::io::stdin().lock());
        while let Ok(Some(message)) = wire::read(&mut input) {
            if arrived.send(message).is_err() {
                return;
            }
        }
    });
    let writer = std::thread::spawn(move || wire::write(&mut BufWriter::new(std::io::stdout().lock()), &leaving));
    let mut server = Server { messages, bodies, session: Session::New, waiting: VecDeque::new() };
    let end = server.run();
    drop(server);
    writer.join().map_err(|_| "the answers cannot be written")?.map_err(|error| error.to_string())?;
    end
}

struct Server {
    messages: Receiver<Message>,
    bodies: Sender<String>,
    session: Session,
    /// Messages that came while another was served.
    waiting: VecDeque<Message>,
}

enum Session {
    /// Nobody has introduced himself yet.
    New,
    Open(Open),
    /// The client has asked for the end, and will send no more than `exit`.
    Ending,
}

struct Open {
    client: Client,
    documents: Documents,
    workspace: Workspace,
}

impl Server {
    fn run(&mut self) -> Result<(), String> {
        while let Some(message) = self.next() {
            match message {
                Message::Request { id, method, params } => {
                    let answer = self.answer(&id, &method, &params);
                    self.send(answer)?;
                }
                Message::Note { method, .. } if method == "exit" => {
                    let asked = matches!(self.session, Session::Ending);
                    return if asked { Ok(()) } else { Err("the client left without a word".into()) };
                }
                Message::Note { method, params } => self.note(&method, &params)?,
                Message::Broken { id, code, reason } => self.send(wire::refusal(&id, code, &reason))?,
                Message::Answer => {}
            }
            self.publish_deferred()?;
            if let Session::Open(open) = &mut self.session
                && let Some(complaint) = open.documents.complaint()
            {
                self.send(complaint)?;
            }
        }
        Ok(())
    }

    /// The next message, after a look at all that wait behind it.
    fn next(&mut self) -> Option<Message> {
        self.look();
        self.waiting.pop_front().or_else(|| self.messages.recv().ok())
    }

    fn look(&mut self) {
        self.waiting.extend(self.messages.try_iter());
    }

    fn send(&self, body: String) -> Result<(), String> {
        self.bodies.send(body).map_err(|_| "the pipe to the client is closed".to_owned())
    }

    fn answer(&mut self, id: &Value, method: &str, params: &Value) -> String {
        if let Some((code, reason)) = self.outdated(id, method, params) {
            return wire::refusal(id, code, reason);
        }
        match (&mut self.session, method) {
            (Session::Ending, _) => wire::refusal(id, Code::NoMessage, "the session has been ended"),
            (_, "shutdown") => {
                self.session = Session::Ending;
                wire::answer(id, "null")
            }
            (Session::New, "initialize") => {
                let client = Client::new(params);
                let (documents, workspace) = (Documents::new(client.unit), Workspace::new(params, client.unit));
                self.session = Session::Open(Open { client, documents, workspace });
                wire::answer(id, &capabilities::server(client).to_string())
            }
            (Session::New, _) => wire::refusal(id, Code::NotInitialized, "`initialize` comes first"),
            (Session::Open(open), _) => open.answer(id, method, params),
        }
    }

    /// Why nobody wants the answer any more: the request was called off, or its text is about to change.
    fn outdated(&self, id: &Value, method: &str, params: &Value) -> Option<(Code, &'static str)> {
        let uri = params.pointer("/textDocument/uri");
        let whole = matches!(
            method,
            "textDocument/semanticTokens/full" | "textDocument/documentSymbol" | "textDocument/foldingRange"
        );
        self.waiting.iter().find_map(|message| match message {
            Message::Note { method, params } if method == "$/cancelRequest" && params["id"] == *id => {
                Some((Code::CalledOff, "called off"))
            }
            Message::Note { method, params }
                if whole && method == "textDocument/didChange" && params.pointer("/textDocument/uri") == uri =>
            {
                Some((Code::Changed, "the text has changed"))
            }
            _ => None,
        })
    }

    fn note(&mut self, method: &str, params: &Value) -> Result<(), String> {
        let Session::Open(open) = &mut self.session else { return Ok(()) };
        let Some(uri) = params.pointer("/textDocument/uri").and_then(Value::as_str) else { return Ok(()) };
        match method {
            "textDocument/didOpen" => open.documents.open(uri, params),
            "textDocument/didChange" => open.documents.change(uri, params),
            "textDocument/didClose" => {
                let cleared = open.documents.close(uri);
                return cleared.map_or(Ok(()), |findings| self.send(findings));
            }
            _ => return Ok(()),
        }
        if !open.client.pulls {
            open.documents.defer(uri);
        }
        Ok(())
    }

    /// Sends what is found in texts that changed. While more messages wait it would be stale.
    fn publish_deferred(&mut self) -> Result<(), String> {
        self.look();
        while self.waiting.is_empty()
            && let Session::Open(open) = &mut self.session
            && let Some(uri) = open.documents.deferred()
        {
            if let Some(findings) = open.publish(&uri) {
                self.send(findings)?;
            }
            self.look();
        }
        Ok(())
    }
}

impl Open {
    fn answer(&mut self, id: &Value, method: &str, params: &Value) -> String {
        let answered = catch_unwind(AssertUnwindSafe(|| match method {
            "workspace/symbol" => Some(Ok(self.workspace.symbols(&mut self.documents, params))),
            _ => requests::answer(&mut self.documents, self.client, method, params),
        }));
        match answered {
            Ok(Some(Ok(result))) => wire::answer(id, &result),
            Ok(Some(Err(reason))) => wire::refusal(id, Code::Failed, &reason),
            Ok(None) => wire::refusal(id, Code::NoMethod, &format!("there is no `{method}` here")),
            Err(_) => {
                self.documents.forget(params.pointer("/textDocument/uri").and_then(Value::as_str));
                wire::refusal(
                    id,
                    Code::Defect,
                    &format!("connrun failed at `{method}`: please report it with the file"),
                )
            }
        }
    }

    /// What is found in a text, as a message. Where looking for it fails, nothing is sent and the text is read anew next time.
    fn publish(&mut self, uri: &str) -> Option<String> {
        let found = catch_unwind(AssertUnwindSafe(|| self.documents.publication(uri)));
        found.unwrap_or_else(|_| {
            self.documents.forget(Some(uri));
            None
        })
    }
}
