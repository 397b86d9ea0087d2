//! A server that misbehaves on demand: canned answers, cut connections, dripping bytes. It keeps what it was sent.

use std::collections::VecDeque;
use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

/// What a request gets.
#[derive(Clone, Debug)]
pub enum Reply {
    /// These bytes; the connection stays open.
    Bytes(Vec<u8>),
    /// These bytes, then the end of the connection.
    Cut(Vec<u8>),
    /// These bytes, then silence until the server is dropped.
    Hang(Vec<u8>),
    /// The first bytes, then the second ones over and over.
    Drip(Vec<u8>, Vec<u8>),
}

impl Reply {
    /// A complete answer with a length.
    pub fn ok(body: impl AsRef<[u8]>) -> Self {
        Self::full("200 OK", &[], body)
    }

    /// A complete answer with a status line's code and reason, header fields and a length.
    pub fn full(status: &str, fields: &[(&str, &str)], body: impl AsRef<[u8]>) -> Self {
        let body = body.as_ref();
        let fields: Vec<_> = fields.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        let mut bytes =
            format!("HTTP/1.1 {status}\r\n{}Content-Length: {}\r\n\r\n", fields.concat(), body.len()).into_bytes();
        bytes.extend_from_slice(body);
        Self::Bytes(bytes)
    }

    /// A redirect.
    pub fn redirect(code: u16, location: &str) -> Self {
        Self::full(&format!("{code} Elsewhere"), &[("Location", location)], "")
    }
}

#[derive(Default)]
struct Shared {
    replies: Mutex<VecDeque<Reply>>,
    requests: Mutex<Vec<Vec<u8>>>,
    connections: AtomicUsize,
    sockets: Mutex<Vec<TcpStream>>,
    stopped: AtomicBool,
    stop: (Mutex<()>, Condvar),
}

/// Answers requests with the replies in order, whichever connection they come on; without one left, with 500.
pub struct Server {
    address: SocketAddr,
    shared: Arc<Shared>,
    acceptor: Option<JoinHandle<()>>,
}

impl Server {
    pub fn start(replies: impl IntoIterator<Item = Reply>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let shared = Arc::new(Shared { replies: Mutex::new(replies.into_iter().collect()), ..Shared::default() });
        let acceptor = std::thread::spawn({
            let shared = shared.clone();
            move || {
                for socket in listener.incoming().map_while(Result::ok) {
                    if shared.stopped.load(Ordering::SeqCst) {
                        return;
                    }
                    shared.connections.fetch_add(1, Ordering::SeqCst);
                    shared.sockets.lock().unwrap().push(socket.try_clone().unwrap());
                    let shared = shared.clone();
                    std::thread::spawn(move || serve(socket, &shared));
                }
            }
        });
        Self { address, shared, acceptor: Some(acceptor) }
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Adds a reply to those that are left.
    pub fn push(&self, reply: Reply) {
        self.shared.replies.lock().unwrap().push_back(reply);
    }

    /// Every request so far, byte for byte, with this server's address written as `HOST`.
    pub fn requests(&self) -> Vec<String> {
        let address = self.address.to_string();
        let requests = self.shared.requests.lock().unwrap();
        requests.iter().map(|bytes| String::from_utf8_lossy(bytes).replace(&address, "HOST")).collect()
    }

    pub fn connections(&self) -> usize {
        self.shared.connections.load(Ordering::SeqCst)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.shared.stopped.store(true, Ordering::SeqCst);
        self.shared.stop.1.notify_all();
        for socket in self.shared.sockets.lock().unwrap().iter() {
            let _ = socket.shutdown(Shutdown::Both);
        }
        let _ = TcpStream::connect(self.address);
        let _ = self.acceptor.take().map(JoinHandle::join);
    }
}

fn serve(mut socket: TcpStream, shared: &Shared) {
    let mut unread = Vec::new();
    while let Some(request) = read_request(&mut socket, &mut unread) {
        shared.requests.lock().unwrap().push(request);
        let reply = shared.replies.lock().unwrap().pop_front();
        let sent = match reply.unwrap_or_else(|| Reply::full("500 No Reply Left", &[], "")) {
            Reply::Bytes(bytes) => socket.write_all(&bytes),
            Reply::Cut(bytes) => {
                let _ = socket.write_all(&bytes);
                let _ = socket.shutdown(Shutdown::Both);
                return;
            }
            Reply::Hang(bytes) => socket.write_all(&bytes).map(|()| shared.wait(None)),
            Reply::Drip(first, again) => socket.write_all(&first).and_then(|()| {
                while !shared.stopped.load(Ordering::SeqCst) {
                    socket.write_all(&again)?;
                    shared.wait(Some(Duration::from_millis(2)));
                }
                Ok(())
            }),
        };
        if sent.is_err() {
            return;
        }
    }
}

impl Shared {
    /// Waits for the end of the server, or a while.
    fn wait(&self, at_most: Option<Duration>) {
        let mut guard = self.stop.0.lock().unwrap();
        while !self.stopped.load(Ordering::SeqCst) {
            // Woken now and then in case the end came between the check and the wait.
            let time = at_most.unwrap_or(Duration::from_millis(20));
            guard = self.stop.1.wait_timeout(guard, time).unwrap().0;
            if at_most.is_some() {
                return;
            }
        }
    }
}

/// Head and body of one request as they came; `None` at the end of the connection.
pub(super) fn read_request(socket: &mut TcpStream, unread: &mut Vec<u8>) -> Option<Vec<u8>> {
    loop {
        if let Some(length) = complete(unread) {
            let rest = unread.split_off(length);
            return Some(std::mem::replace(unread, rest));
        }
        let mut buffer = [0; 4096];
        match socket.read(&mut buffer) {
            Ok(0) | Err(_) => return None,
            Ok(count) => unread.extend_from_slice(&buffer[..count]),
        }
    }
}

/// How long the first request in `bytes` is, once all of it is there.
fn complete(bytes: &[u8]) -> Option<usize> {
    let head = bytes.windows(4).position(|window| window == b"\r\n\r\n")? + 4;
    let text = String::from_utf8_lossy(&bytes[..head]).to_lowercase();
    let field = |name: &str| text.lines().find_map(|line| line.strip_prefix(name)).map(str::trim);
    if field("transfer-encoding:") == Some("chunked") {
        return bytes[head..].windows(5).position(|window| window == b"0\r\n\r\n").map(|at| head + at + 5);
    }
    let length: usize = field("content-length:").map_or(0, |length| length.parse().unwrap());
    (bytes.len() >= head + length).then_some(head + length)
}
