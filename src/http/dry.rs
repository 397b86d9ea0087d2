//! The transport of a dry run: what reads is sent, what writes is shown and answered without being sent.

use super::{Error, ErrorKind, Outcome, Request, Response, Transport};
use serde_json::Value as Json;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

/// The field of an answer that says where it came from.
pub const ANSWERED_BY: &str = "x-connrun-answered-by";

/// What holds a sample together that has no element around it.
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
                let by = if sample.is_some() { "sample_output" } else { "nothing" };
                let mut response = Response { status: 200, url: request.url.clone(), ..Response::default() };
                // Who asks for XML reads nothing else.
                let xml = request.headers.get("Accept").is_some_and(|accept| accept.contains("xml"));
                let (content_type, body) = match (sample, xml) {
                    (Some(sample), true) => ("application/xml", written_as_xml(&sample)),
                    (None, true) => ("application/xml", super::xml::of_json(ROOT, &Json::Null)),
                    (sample, false) => ("application/json", sample.unwrap_or_else(|| "{}".to_owned())),
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

/// A sample as XML; what stands alone in it with all the rest below it is the outermost element.
fn written_as_xml(sample: &str) -> String {
    let value: Json = serde_json::from_str(sample).unwrap_or_default();
    match value.as_object().map(|fields| fields.iter().collect::<Vec<_>>()).as_deref() {
        Some([(name, inside @ Json::Object(_))]) => super::xml::of_json(name, inside),
        _ => super::xml::of_json(ROOT, &value),
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
