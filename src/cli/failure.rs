//! Why a command did not do its job: a report and an exit status.

use crate::diagnostic::Diagnostic;
use crate::text::{Source, Span};
use serde_json::Value as Json;

/// What kind of failure it is; decides the exit status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Connector,
    Api,
    Auth,
    Network,
    Limit,
    Offline,
    Usage,
    Interrupted,
}

impl Kind {
    /// 1 the connector or the API failed, 2 wrong use, 3 not authorized, 4 a limit, 130 a signal.
    pub const fn status(self) -> u8 {
        match self {
            Self::Connector | Self::Api | Self::Network | Self::Offline => 1,
            Self::Usage => 2,
            Self::Auth => 3,
            Self::Limit => 4,
            Self::Interrupted => super::interrupt::STATUS,
        }
    }

    pub const fn name(self) -> &'static str {
        match self {
            Self::Connector => "connector",
            Self::Api => "api",
            Self::Auth => "auth",
            Self::Network => "network",
            Self::Limit => "limit",
            Self::Offline => "offline",
            Self::Usage => "usage",
            Self::Interrupted => "interrupted",
        }
    }
}

/// One failure, ready to be reported.
pub struct Failure {
    pub kind: Kind,
    pub diagnostic: Box<Diagnostic>,
    /// The exception class that `rescue` would see.
    pub class: Option<String>,
    /// The calls that led there, innermost first: what, and its place.
    pub trace: Vec<(String, Span)>,
    /// Where `trace` lies.
    pub source: Option<Source>,
    pub request: Option<Json>,
    pub response: Option<Json>,
    /// For `--debug`: the error and what it was made of, each as its class and message.
    pub causes: Vec<String>,
}

impl Failure {
    /// Wrong use: flags, files, names.
    pub fn usage(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(Kind::Usage, Diagnostic::error(code, message))
    }

    /// A signal ended the run.
    pub fn interrupted() -> Self {
        Self::new(Kind::Interrupted, Diagnostic::error("run::interrupted", "interrupted"))
    }

    pub fn new(kind: Kind, diagnostic: Diagnostic) -> Self {
        Self {
            kind,
            diagnostic: Box::new(diagnostic),
            class: None,
            trace: Vec::new(),
            source: None,
            request: None,
            response: None,
            causes: Vec::new(),
        }
    }

    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.diagnostic.help = Some(help.into());
        self
    }

    #[must_use]
    pub fn at(mut self, source: &Source, span: Span, label: &str) -> Self {
        *self.diagnostic = self.diagnostic.within(source).label(span, label);
        self
    }
}
