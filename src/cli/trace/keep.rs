//! What is kept of a run's requests: the file of the last run, what is printed as they go, and a HAR file at the end.

use super::draw;
use super::file::{self, Rerun, Writer};
use crate::cli::args::{Display, Network};
use crate::cli::failure::Failure;
use crate::cli::observe::Observer;
use crate::cli::out::Target;
use crate::cli::paint::Paint;
use crate::cli::secrets::Secrets;
use crate::http::trace::{Exchange, Place, Record, curl, har};
use crate::text::Source;
use chrono::{DateTime, Utc};
use std::io::Write;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

/// So much of a body is kept in the file of the last run…
const KEPT: usize = 64 << 10;
/// …and so much in a HAR file.
const ARCHIVED: usize = 16 << 20;

/// What is printed of each exchange.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Show {
    Nothing,
    Line,
    Full,
}

/// Takes the exchanges of one run, from any thread.
pub struct Recorder(Mutex<State>);

struct State {
    began: Instant,
    wall: DateTime<Utc>,
    secrets: Secrets,
    source: Option<Source>,
    show: Show,
    curl: bool,
    paint: Paint,
    count: usize,
    /// None where nothing can be written or shall be.
    file: Option<Writer>,
    har: Option<(Target, Vec<Record>)>,
    observer: Observer,
}

/// What a run is called in its trace: the command and what it runs, never its options, for they may hold secrets.
pub type Title = String;

impl Recorder {
    /// As the options say. A run without a title leaves the last run's file alone.
    ///
    /// Errors: the HAR file cannot be written.
    pub fn new(
        options: &Network,
        display: &Display,
        secrets: &Secrets,
        source: Option<Source>,
        title: Title,
    ) -> Result<Arc<Self>, Failure> {
        let har = match &options.har {
            Some(path) => Some((Target::of(Some(path))?, Vec::new())),
            None => None,
        };
        let wall = Utc::now();
        let connector = source.as_ref().map(|source| source.name().to_owned()).unwrap_or_default();
        let head = file::Head { run: title, connector, began: wall, ran: None };
        Ok(Arc::new(Self(Mutex::new(State {
            began: Instant::now(),
            wall,
            secrets: secrets.clone(),
            source,
            show: match (options.trace, display.verbose) {
                (true, _) => Show::Full,
                (false, true) => Show::Line,
                (false, false) => Show::Nothing,
            },
            curl: options.curl,
            paint: Paint::stderr(display),
            count: 0,
            file: if head.run.is_empty() { None } else { Writer::of(head) },
            har,
            observer: Observer::default(),
        }))))
    }

    /// Tells them of each exchange.
    pub fn tell(&self, observer: &Observer) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).observer = observer.clone();
    }

    /// Keeps what the run is given, so that it can be run again.
    pub fn given(&self, ran: Rerun) {
        if let Some(file) = &mut self.0.lock().unwrap_or_else(PoisonError::into_inner).file {
            file.tell(ran);
        }
    }

    /// One exchange is over.
    pub fn take(&self, exchange: Exchange<'_>) {
        if let Ok(mut state) = self.0.lock() {
            state.take(exchange);
        }
    }

    /// The run is over. Errors: the HAR file could not be written.
    pub fn finish(&self) -> Result<(), Failure> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).finish()
    }
}

impl Drop for Recorder {
    /// A run that failed has its archive, too; why it failed is more important than what comes of this.
    fn drop(&mut self) {
        let _ = self.finish();
    }
}

impl State {
    fn take(&mut self, exchange: Exchange<'_>) {
        self.count += 1;
        self.observer.exchanged(exchange, || self.secrets.redactor());
        if self.show == Show::Nothing && !self.curl && self.file.is_none() && self.har.is_none() {
            return;
        }
        let began = Instant::now().checked_sub(exchange.elapsed()).unwrap_or(self.began);
        let redactor = self.secrets.redactor().naming();
        let most = if self.har.is_some() { ARCHIVED } else { KEPT };
        let mut record = Record::of(exchange, &redactor, most);
        record.number = self.count;
        record.at = began.saturating_duration_since(self.began).as_micros() as f64 / 1000.0;
        record.place = exchange.request.origin.zip(self.source.as_ref()).map(|(span, source)| {
            let place = source.line_column(span.lo);
            Place { file: source.name().to_owned(), line: place.line, column: place.column }
        });
        let mut shown = match self.show {
            Show::Nothing => String::new(),
            Show::Line => draw::line(&record),
            Show::Full => draw::whole(&record, self.paint, Some(draw::EXCERPT)),
        };
        if self.curl {
            shown += &curl::command(&record);
        }
        if !shown.is_empty() {
            // A closed standard error is no reason to fail.
            let _ = std::io::stderr().write_all(shown.as_bytes());
        }
        if let Some(file) = &mut self.file {
            let done = if self.har.is_some() { file.write(&record.cut(KEPT)) } else { file.write(&record) };
            if done.is_err() {
                // A trace is not worth a failure.
                self.file = None;
            }
        }
        if let Some((_, records)) = &mut self.har {
            records.push(record);
        }
    }

    fn finish(&mut self) -> Result<(), Failure> {
        if self.count == 0
            && let Some(file) = &mut self.file
        {
            file.clear();
        }
        self.file = None;
        let Some((target, records)) = self.har.take() else { return Ok(()) };
        target.write(&format!("{:#}\n", har::archive(&records, self.wall)))
    }
}
