//! The HTTP server: the API of what runs, and the addresses of webhooks. Knows nothing of how things run: a [`Desk`]
//! answers. The only place with asynchronous code; a desk may take its time, it is asked on threads of its own.

mod access;
mod mustache;
mod openapi;
mod reply;
mod routes;

pub use access::{Access, is_loopback, same};
pub use mustache::{Escape, render};
pub use reply::{Asked, Reply};
pub use routes::{ROUTES, Route};

use axum::Router;
use axum::body::Body;
use axum::extract::{RawPathParams, Request};
use axum::response::Response;
use axum::routing::{MethodFilter, on};
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;
use tokio::sync::watch;

/// Requests that have begun get so long to end when the server stops.
const PATIENCE: Duration = Duration::from_secs(10);
/// Heads and addresses that are longer than any API needs are refused by hyper; a body may take so long to arrive.
const ARRIVAL: Duration = Duration::from_secs(60);

/// Who knows what runs. Every answer may be given at the same time as others.
pub trait Desk: Send + Sync + 'static {
    /// How the server does, in an object with `status`.
    fn health(&self) -> Reply;

    /// All triggers, or all syncs.
    fn list(&self, kind: Kind) -> Reply;

    /// One of them.
    fn show(&self, kind: Kind, name: &str) -> Reply;

    /// Lets one run now, stop, or go on.
    fn order(&self, kind: Kind, name: &str, order: Order) -> Reply;

    /// Jobs, by `trigger`, `status` and `last`.
    fn runs(&self, asked: &Asked) -> Reply;

    /// One job.
    fn run(&self, id: &str) -> Reply;

    /// Gives a job up, or lets it begin anew.
    fn order_run(&self, id: &str, order: RunOrder) -> Reply;

    /// Goes on with the job that waits with that token.
    fn resume(&self, token: &str, asked: &Asked) -> Reply;

    /// Numbers in Prometheus' text format.
    fn metrics(&self) -> Reply;

    /// A request at the address of a trigger or of a connector's triggers.
    fn notified(&self, whom: Whom<'_>, asked: &Asked) -> Reply;
}

/// What a name belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Trigger,
    Sync,
}

/// What is to be done with a trigger or sync.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    Run,
    Pause,
    Resume,
}

/// What is to be done with a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RunOrder {
    Cancel,
    Replay,
}

/// Whom a webhook is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whom<'a> {
    Trigger(&'a str),
    /// All triggers of that connector: each says by its key whether it is meant.
    Connector(&'a str),
}

/// A server that listens; dropping it lets it end what it is at.
pub struct Http {
    address: SocketAddr,
    stop: watch::Sender<bool>,
    thread: Option<JoinHandle<()>>,
}

/// What all requests have in common.
pub(crate) struct Hall {
    pub desk: Arc<dyn Desk>,
    pub access: Access,
    pub max_body: usize,
}

impl Http {
    /// Listens on an address such as `127.0.0.1:8080`; port 0 picks a free one.
    pub fn start(listen: &str, access: Access, max_body: usize, desk: Arc<dyn Desk>) -> io::Result<Self> {
        let listener = TcpListener::bind(listen)?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let (stop, stopped) = watch::channel(false);
        let hall = Arc::new(Hall { desk, access, max_body });
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let thread = std::thread::Builder::new().name("http".to_owned()).spawn(move || {
            // An error here is the end of the listener; whoever asks finds nobody.
            let _ = runtime.block_on(listen_on(listener, router(&hall), stopped));
            runtime.shutdown_timeout(PATIENCE);
        })?;
        Ok(Self { address, stop, thread: Some(thread) })
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for Http {
    fn drop(&mut self) {
        let _ = self.stop.send(true);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

async fn listen_on(listener: TcpListener, router: Router, mut stopped: watch::Receiver<bool>) -> io::Result<()> {
    let listener = tokio::net::TcpListener::from_std(listener)?;
    let mut late = stopped.clone();
    let serving = axum::serve(listener, router).with_graceful_shutdown(async move {
        let _ = stopped.wait_for(|stopped| *stopped).await;
    });
    let too_late = async move {
        let _ = late.wait_for(|stopped| *stopped).await;
        tokio::time::sleep(PATIENCE).await;
    };
    // Connections that are kept open without a request must not keep the process.
    tokio::select! {
        ended = serving => ended,
        () = too_late => Ok(()),
    }
}

/// The table of routes as axum has it.
fn router(hall: &Arc<Hall>) -> Router {
    let mut router = Router::new();
    for route in ROUTES {
        let hall = Arc::clone(hall);
        let handler = move |params: RawPathParams, request: Request| {
            let hall = Arc::clone(&hall);
            let params = params.iter().map(|(_, value)| value.to_owned()).collect::<Vec<_>>();
            async move { answer(hall, route, params, request).await }
        };
        let filter = match route.method {
            "POST" => MethodFilter::POST,
            "*" => MethodFilter::GET.or(MethodFilter::POST).or(MethodFilter::PUT).or(MethodFilter::PATCH),
            _ => MethodFilter::GET,
        };
        router = router.route(route.path, on(filter, handler));
    }
    let missing = |request: Request| async move { routes::nothing_at(request.uri().path()).into_response() };
    let refused = |request: Request| async move {
        routes::not_taken(request.method().as_str(), request.uri().path()).into_response()
    };
    router.fallback(missing).method_not_allowed_fallback(refused)
}

async fn answer(hall: Arc<Hall>, route: &'static Route, params: Vec<String>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    if let Err(reply) = hall.access.admit(route, &head) {
        return reply.into_response();
    }
    let too_large = || {
        let message = format!("the body is larger than {} bytes", hall.max_body);
        Reply::error(413, message).help("`max_body` under `[server]` in connrun.toml allows more").into_response()
    };
    if head.headers.get("content-length").and_then(length).is_some_and(|length| length > hall.max_body as u64) {
        return too_large();
    }
    let body = match tokio::time::timeout(ARRIVAL, axum::body::to_bytes(body, hall.max_body)).await {
        Ok(Ok(body)) => body,
        Ok(Err(error)) if is_length_limit(&error) => return too_large(),
        Ok(Err(_)) => return Reply::error(400, "the body did not arrive").into_response(),
        Err(_) => return Reply::error(408, "the body took too long to arrive").into_response(),
    };
    let asked = Asked::new(&head, params, body.to_vec());
    let desk = Arc::clone(&hall.desk);
    let replied = tokio::task::spawn_blocking(move || (route.handler)(&*desk, &asked)).await;
    replied.unwrap_or_else(|_| Reply::error(500, "the server failed to answer")).into_response()
}

fn length(value: &axum::http::HeaderValue) -> Option<u64> {
    value.to_str().ok()?.parse().ok()
}

fn is_length_limit(error: &axum::Error) -> bool {
    let mut source = std::error::Error::source(error);
    while let Some(error) = source {
        if error.to_string().contains("length limit") {
            return true;
        }
        source = error.source();
    }
    false
}

impl Reply {
    fn into_response(self) -> Response {
        let mut response = Response::builder().status(self.status);
        for (name, value) in self.headers.iter() {
            // What came from outside must not begin a field of its own.
            let value: String = value.chars().filter(|c| !c.is_control()).collect();
            response = response.header(name, value);
        }
        response.body(Body::from(self.body)).unwrap_or_else(|_| {
            let mut failed = Response::new(Body::from("the answer has a header that is none\n"));
            *failed.status_mut() = axum::http::StatusCode::INTERNAL_SERVER_ERROR;
            failed
        })
    }
}
