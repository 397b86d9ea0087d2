//! The transport of a dry run: what reads is sent, what writes is shown and answered without being sent.

use super::{Error, ErrorKind, Outcome, Request, Response, Transport};
use serde_json::Value as Json;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

/// The field of an answer that says where it came from.
pub const ANSWERED_BY: &str = "x-connrun-answered-by";

/// What holds a sample together where nothing tells its element.
const ROOT: &str = "answer";

type Answers = Box<dyn Fn(&Request) -> Option<Outcome> + Send + Sync>;
type Show = Box<dyn Fn(&Request, &Response) + Send + Sync>;

pub struct DryRun {
    inner: Box<dyn Transport>,
    /// What a recording knows.
    recorded: Answers,
    show: Show,
    /// JSON that answers a write.
    sample: Mutex<Option<String>>,
    closed: AtomicBool,
    kept_back: AtomicUsize,
}

impl DryRun {
    pub fn new(inner: Box<dyn Transport>, recorded: Answers, show: Show) -> Self {
        let (closed, kept_back) = (AtomicBool::new(false), AtomicUsize::new(0));
        Self { inner, recorded, show, sample: Mutex::default(), closed, kept_back }
    }

    /// Nothing at all leaves while it is closed.
    pub fn close(&self, closed: bool) {
        self.closed.store(closed, Ordering::SeqCst);
    }

    /// Answers writes with this from now on; without it with an empty object.
    pub fn answer_with(&self, sample: Option<String>) {
        *self.sample.lock().unwrap_or_else(PoisonError::into_inner) = sample;
    }

    /// How many requests were not sent.
    pub fn kept_back(&self) -> usize {
        self.kept_back.load(Ordering::SeqCst)
    }

    fn answer(&self, request: &Request) -> Outcome {
        let (by, mut response) = match (self.recorded)(request) {
            Some(outcome) => ("recording", outcome?),
            None => {
                let sample = self.sample.lock().unwrap_or_else(PoisonError::into_inner).clone();
                let mut response = Response { status: 200, url: request.url.clone(), ..Response::default() };
                // Who asks for XML reads nothing else.
                let xml = request.headers.get("Accept").is_some_and(|accept| accept.contains("xml"));
                let (by, content_type, body) = match (sample, xml) {
                    (sample, true) => {
                        let (by, body) = in_xml(sample.as_deref(), request.body.as_deref());
                        (by, "application/xml", body)
                    }
                    (Some(sample), false) => ("sample_output", "application/json", sample),
                    (None, false) => ("nothing", "application/json", "{}".to_owned()),
                };
                response.headers.append("Content-Type", content_type);
                response.body = body.into_bytes();
                (by, response)
            }
        };
        response.headers.append(ANSWERED_BY, by);
        Ok(response)
    }
}

/// An answer in XML: the sample inside of the element that was sent, else what was sent, for services give back what they
/// are given. By what, and the text.
fn in_xml(sample: Option<&str>, sent: Option<&[u8]>) -> (&'static str, String) {
    let sent = sent.and_then(|body| super::xml::parse(body).ok());
    match (sample.and_then(|sample| serde_json::from_str::<Json>(sample).ok()), sent) {
        (Some(sample), sent) => {
            ("sample_output", super::xml::of_json(sent.as_ref().map_or(ROOT, |sent| sent.name.as_str()), &sample))
        }
        (None, Some(sent)) => ("request", sent.to_xml()),
        (None, None) => ("nothing", super::xml::of_json(ROOT, &Json::Null)),
    }
}

impl Transport for DryRun {
    fn send(&self, request: &Request) -> Outcome {
        if self.closed.load(Ordering::SeqCst) {
            return Err(Error::new(ErrorKind::Offline, request));
        }
        // A request that could not leave fails as it would.
        super::url::absolute(&request.url).map_err(|kind| Error::new(kind, request))?;
        if request.method.is_safe() {
            return self.inner.send(request);
        }
        let response = self.answer(request)?;
        self.kept_back.fetch_add(1, Ordering::SeqCst);
        (self.show)(request, &response);
        Ok(response)
    }
}
