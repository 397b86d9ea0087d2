//! The language server: messages in, answers out. What is true of a text is asked of `editor`.

mod convert;
mod documents;
mod formatting;
mod requests;

use documents::Documents;
use lsp_server::{Connection, ErrorCode, Message, Notification, Request, RequestId, Response};
use serde_json::{Value, json};
use std::collections::VecDeque;
use std::sync::mpsc::{self, Receiver};

/// Serves one client on standard input and output until it says goodbye.
///
/// # Errors
/// Says what ended the session early: a client that breaks the protocol, or a closed pipe.
pub fn serve() -> Result<(), String> {
    let (connection, threads) = Connection::stdio();
    let (id, params) = connection.initialize_start().map_err(|error| error.to_string())?;
    let wide = !offers_utf8(&params);
    connection.initialize_finish(id, capabilities(wide)).map_err(|error| error.to_string())?;
    let (documents, pulls) = (Documents::new(wide), pulls(&params));
    let (incoming, arrived) = (connection.receiver.clone(), mpsc::channel());
    // The connection hands over one message at a time; what waits behind it has to be known.
    std::thread::spawn(move || incoming.iter().all(|message| arrived.0.send(message).is_ok()));
    let (messages, waiting) = (arrived.1, VecDeque::new());
    let mut server = Server { connection: &connection, messages, documents, pulls, waiting, ending: false };
    server.run()?;
    drop(connection);
    threads.join().map_err(|error| error.to_string())
}

fn offers_utf8(params: &Value) -> bool {
    let offered = params.pointer("/capabilities/general/positionEncodings").and_then(Value::as_array);
    offered.is_some_and(|encodings| encodings.iter().any(|encoding| encoding == "utf-8"))
}

/// The client asks for diagnostics itself, so none are sent unasked.
fn pulls(params: &Value) -> bool {
    params.pointer("/capabilities/textDocument/diagnostic").is_some_and(Value::is_object)
}

fn capabilities(wide: bool) -> Value {
    let mut all = json!({
        "capabilities": {
            "positionEncoding": if wide { "utf-16" } else { "utf-8" },
            "textDocumentSync": { "openClose": true, "change": 2, "save": false },
            "completionProvider": { "triggerCharacters": [".", "'", "\"", ":", "["] },
            "hoverProvider": true,
            "signatureHelpProvider": { "triggerCharacters": ["(", ","] },
            "definitionProvider": true,
            "referencesProvider": true,
            "documentHighlightProvider": true,
            "documentSymbolProvider": true,
            "foldingRangeProvider": true,
            "selectionRangeProvider": true,
            "semanticTokensProvider": {
                "legend": {
                    "tokenTypes": ["keyword", "property", "parameter", "variable", "function", "method", "enumMember"],
                    "tokenModifiers": ["declaration"],
                },
                "full": true,
            },
            "codeActionProvider": { "codeActionKinds": ["quickfix", "source.fixAll"] },
            "renameProvider": { "prepareProvider": true },
            "diagnosticProvider": { "interFileDependencies": false, "workspaceDiagnostics": false },
        },
        "serverInfo": { "name": "connrun", "version": env!("CARGO_PKG_VERSION") },
    });
    formatting::capabilities(&mut all["capabilities"]);
    all
}

struct Server<'c> {
    connection: &'c Connection,
    documents: Documents,
    pulls: bool,
    messages: Receiver<Message>,
    /// The client has asked for the end, and will send no more than `exit`.
    ending: bool,
    /// Messages that came while another was served.
    waiting: VecDeque<Message>,
}

impl Server<'_> {
    fn run(&mut self) -> Result<(), String> {
        while let Some(message) = self.next() {
            match message {
                Message::Request(request) => match self.outdated(&request) {
                    Some(refusal) => self.send(refusal)?,
                    None => self.answer(request)?,
                },
                Message::Notification(notification) if notification.method == "exit" => {
                    return if self.ending { Ok(()) } else { Err("the client left without a word".into()) };
                }
                Message::Notification(notification) => self.note(&notification)?,
                Message::Response(_) => {}
            }
            self.publish_deferred()?;
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

    /// The refusal of a request that was called off, or whose text is about to change, so that nobody wants the answer.
    fn outdated(&self, request: &Request) -> Option<Response> {
        let refuse = |code, message: &str| Some(Response::new_err(request.id.clone(), code, message.to_owned()));
        if self.ending {
            return refuse(ErrorCode::InvalidRequest as i32, "the session has been ended");
        }
        let uri = request.params.pointer("/textDocument/uri");
        let whole = matches!(
            request.method.as_str(),
            "textDocument/semanticTokens/full" | "textDocument/documentSymbol" | "textDocument/foldingRange"
        );
        for message in &self.waiting {
            let Message::Notification(note) = message else { continue };
            let named = serde_json::from_value::<RequestId>(note.params["id"].clone());
            if note.method == "$/cancelRequest" && named.is_ok_and(|id| id == request.id) {
                return refuse(ErrorCode::RequestCanceled as i32, "called off");
            }
            if whole && note.method == "textDocument/didChange" && note.params.pointer("/textDocument/uri") == uri {
                return refuse(ErrorCode::ContentModified as i32, "the text has changed");
            }
        }
        None
    }

    fn send(&self, message: impl Into<Message>) -> Result<(), String> {
        self.connection.sender.send(message.into()).map_err(|error| error.to_string())
    }

    fn answer(&mut self, request: Request) -> Result<(), String> {
        let Request { id, method, params } = request;
        if method == "shutdown" {
            self.ending = true;
            return self.send(Response::new_ok(id, Value::Null));
        }
        let response = match requests::answer(&mut self.documents, &method, &params) {
            Some(Ok(result)) => Response::new_ok(id, result),
            Some(Err(message)) => Response::new_err(id, ErrorCode::RequestFailed as i32, message),
            None => Response::new_err(id, ErrorCode::MethodNotFound as i32, format!("there is no `{method}` here")),
        };
        self.send(response)
    }

    fn note(&mut self, notification: &Notification) -> Result<(), String> {
        let params = &notification.params;
        let Some(uri) = params.pointer("/textDocument/uri").and_then(Value::as_str) else { return Ok(()) };
        match notification.method.as_str() {
            "textDocument/didOpen" => self.documents.open(uri, params),
            "textDocument/didChange" => self.documents.change(uri, params),
            "textDocument/didClose" => {
                self.documents.close(uri);
                return self.publish(uri, &[], None);
            }
            _ => return Ok(()),
        }
        if !self.pulls {
            self.documents.defer(uri);
        }
        Ok(())
    }

    /// Sends what is found in texts that changed. While more messages wait it would be stale.
    fn publish_deferred(&mut self) -> Result<(), String> {
        self.look();
        while self.waiting.is_empty()
            && let Some(uri) = self.documents.deferred()
        {
            let (found, version) = (self.documents.diagnostics(&uri), self.documents.version(&uri));
            self.publish(&uri, &found, version)?;
            self.look();
        }
        Ok(())
    }

    fn publish(&self, uri: &str, found: &[Value], version: Option<i64>) -> Result<(), String> {
        let params = json!({ "uri": uri, "version": version, "diagnostics": found });
        self.send(Notification::new("textDocument/publishDiagnostics".into(), params))
    }
}
