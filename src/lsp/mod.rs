//! The language server: messages in, answers out. What is true of a text is asked of `editor`.

mod convert;
mod documents;
mod formatting;
mod requests;

use documents::Documents;
use lsp_server::{Connection, ErrorCode, Message, Notification, Request, Response};
use serde_json::{Value, json};

/// Serves one client on standard input and output until it says goodbye.
///
/// # Errors
/// Says what ended the session early: a client that breaks the protocol, or a closed pipe.
pub fn serve() -> Result<(), String> {
    let (connection, threads) = Connection::stdio();
    let (id, params) = connection.initialize_start().map_err(|error| error.to_string())?;
    let wide = !offers_utf8(&params);
    connection.initialize_finish(id, capabilities(wide)).map_err(|error| error.to_string())?;
    let mut server = Server { connection: &connection, documents: Documents::new(wide), pulls: pulls(&params) };
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
}

impl Server<'_> {
    fn run(&mut self) -> Result<(), String> {
        while let Ok(message) = self.connection.receiver.recv() {
            match message {
                Message::Request(request) => {
                    if self.connection.handle_shutdown(&request).map_err(|error| error.to_string())? {
                        return Ok(());
                    }
                    self.answer(request)?;
                }
                Message::Notification(notification) => self.note(&notification)?,
                Message::Response(_) => {}
            }
            self.publish_deferred()?;
        }
        Ok(())
    }

    fn send(&self, message: impl Into<Message>) -> Result<(), String> {
        self.connection.sender.send(message.into()).map_err(|error| error.to_string())
    }

    fn answer(&mut self, request: Request) -> Result<(), String> {
        let Request { id, method, params } = request;
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
        while self.connection.receiver.is_empty()
            && let Some(uri) = self.documents.deferred()
        {
            let (found, version) = (self.documents.diagnostics(&uri), self.documents.version(&uri));
            self.publish(&uri, &found, version)?;
        }
        Ok(())
    }

    fn publish(&self, uri: &str, found: &[Value], version: Option<i64>) -> Result<(), String> {
        let params = json!({ "uri": uri, "version": version, "diagnostics": found });
        self.send(Notification::new("textDocument/publishDiagnostics".into(), params))
    }
}
