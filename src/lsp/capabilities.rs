//! What a client can do, and what the server says that it can do.

use super::formatting;
use crate::text::Unit;
use serde_json::{Value, json};

/// What a client says of itself.
#[derive(Clone, Copy)]
pub struct Client {
    pub unit: Unit,
    /// It asks for findings itself, so none are sent unasked.
    pub pulls: bool,
    /// It wants to see words that are not written.
    pub hints: bool,
    /// Its commands: without them no lens does anything, so none is made.
    pub runs: bool,
    pub shows_mentions: bool,
}

/// What a client has to have for its lenses. The first takes an address and the arguments of `connrun exec`, the second what
/// `editor.action.showReferences` of VS Code takes: an address, a position, places.
pub const RUN: &str = "connrun.exec";
pub const MENTIONS: &str = "connrun.mentions";

impl Client {
    pub fn new(params: &Value) -> Self {
        let offered = params.pointer("/capabilities/general/positionEncodings").and_then(Value::as_array);
        let options = &params["initializationOptions"];
        let commands = options["commands"].as_array();
        let has = |command: &str| commands.is_some_and(|all| all.iter().any(|known| known == command));
        let bytes = offered.is_some_and(|encodings| encodings.iter().any(|encoding| encoding == "utf-8"));
        Self {
            unit: if bytes { Unit::Byte } else { Unit::Utf16 },
            pulls: params.pointer("/capabilities/textDocument/diagnostic").is_some_and(Value::is_object),
            hints: options["inlayHints"] == true,
            runs: has(RUN),
            shows_mentions: has(MENTIONS),
        }
    }
}

pub fn server(client: Client) -> Value {
    let mut all = json!({
        "capabilities": {
            "positionEncoding": if client.unit == Unit::Byte { "utf-8" } else { "utf-16" },
            "textDocumentSync": { "openClose": true, "change": 2, "save": false },
            "completionProvider": { "triggerCharacters": [".", "'", "\"", ":", "["] },
            "hoverProvider": true,
            "signatureHelpProvider": { "triggerCharacters": ["(", ",", "|"] },
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
            "codeActionProvider": { "codeActionKinds": ["quickfix", "refactor.rewrite", "source.fixAll"] },
            "codeLensProvider": if client.runs || client.shows_mentions { json!({}) } else { Value::Null },
            "inlayHintProvider": client.hints,
            "workspaceSymbolProvider": true,
            "renameProvider": { "prepareProvider": true },
            "diagnosticProvider": { "interFileDependencies": false, "workspaceDiagnostics": false },
        },
        "serverInfo": { "name": "connrun", "version": env!("CARGO_PKG_VERSION") },
    });
    formatting::capabilities(&mut all["capabilities"]);
    all
}
