//! HTTP/1.1 over std sockets, a thread a connection: keep-alive, chunked bodies, limits on everything.

use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use super::message::{Asked, Format, Reply};
use super::{World, routes};
use crate::http::{Headers, query, status};

const MAX_HEAD: usize = 64 * 1024;
const MAX_FIELDS: usize = 200;
const MAX_BODY: usize = 16 * 1024 * 1024;
const MAX_CONNECTIONS: usize = 200;
/// How long a client may take between two bytes, and a connection stay unused.
const PATIENCE: Duration = Duration::from_secs(30);

/// The sockets that are open, by the number of their connection.
type Sockets = Arc<Mutex<Vec<(u64, TcpStream)>>>;

pub(super) struct Server {
    address: SocketAddr,
    world: Arc<World>,
    sockets: Sockets,
    acceptor: Option<JoinHandle<()>>,
}

impl Server {
    pub fn start(address: SocketAddr, world: Arc<World>) -> io::Result<Self> {
        let listener = TcpListener::bind(address)?;
        let address = listener.local_addr()?;
        let sockets = Sockets::default();
        let acceptor = std::thread::Builder::new().name("sandbox".to_owned()).spawn({
            let (world, sockets) = (world.clone(), sockets.clone());
            move || accept(&listener, &world, &sockets)
        })?;
        Ok(Self { address, world, sockets, acceptor: Some(acceptor) })
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.world.stop();
        // Wakes the acceptor; if that fails, it has ended already.
        let _ = TcpStream::connect_timeout(&self.address, Duration::from_secs(1));
        if let Some(acceptor) = self.acceptor.take() {
            let _ = acceptor.join();
        }
        for (_, socket) in self.sockets.lock().unwrap_or_else(PoisonError::into_inner).drain(..) {
            let _ = socket.shutdown(Shutdown::Both);
        }
    }
}

fn accept(listener: &TcpListener, world: &Arc<World>, sockets: &Sockets) {
    let numbers = AtomicU64::new(0);
    for socket in listener.incoming() {
        if world.is_stopped() {
            return;
        }
        // A connection that failed before it began concerns nobody else.
        let Ok(socket) = socket else { continue };
        let number = numbers.fetch_add(1, Ordering::Relaxed);
        let mut open = sockets.lock().unwrap_or_else(PoisonError::into_inner);
        let Ok(copy) = socket.try_clone() else { continue };
        if open.len() >= MAX_CONNECTIONS {
            drop(open);
            let reply = Reply::error(503, Format::Json, "too many connections at once");
            let _ = write_reply(&socket, &reply, false, false);
            continue;
        }
        open.push((number, copy));
        drop(open);
        let (world, sockets) = (world.clone(), sockets.clone());
        let spawned = std::thread::Builder::new().name("sandbox connection".to_owned()).spawn({
            let sockets = sockets.clone();
            move || {
                // An error here is the client's going away.
                let _ = converse(&socket, &world);
                forget(&sockets, number);
            }
        });
        if spawned.is_err() {
            forget(&sockets, number);
        }
    }
}

fn forget(sockets: &Sockets, number: u64) {
    let mut open = sockets.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(at) = open.iter().position(|(known, _)| *known == number) {
        let (_, socket) = open.swap_remove(at);
        let _ = socket.shutdown(Shutdown::Both);
    }
}

/// Why there is no request to answer.
enum Trouble {
    /// The client left, or has been silent too long.
    Gone,
    /// It sent something we refuse; the connection ends after saying so.
    Refused(u16, String),
}

impl From<io::Error> for Trouble {
    fn from(_: io::Error) -> Self {
        Self::Gone
    }
}

fn converse(socket: &TcpStream, world: &World) -> io::Result<()> {
    socket.set_read_timeout(Some(PATIENCE))?;
    socket.set_write_timeout(Some(PATIENCE))?;
    socket.set_nodelay(true)?;
    let mut wire = Wire { socket, unread: Vec::new() };
    while !world.is_stopped() {
        match wire.request() {
            Ok((asked, keep)) => {
                let bodiless = asked.method == "HEAD";
                let reply = routes::answer(world, asked);
                write_reply(socket, &reply, bodiless, keep)?;
                if !keep {
                    break;
                }
            }
            Err(Trouble::Gone) => break,
            Err(Trouble::Refused(status, message)) => {
                write_reply(socket, &Reply::error(status, Format::Json, message), false, false)?;
                return linger(socket);
            }
        }
    }
    Ok(())
}

/// Reads on for a moment after a refusal: closing with bytes unread would take the reply away from the client.
fn linger(mut socket: &TcpStream) -> io::Result<()> {
    socket.shutdown(Shutdown::Write)?;
    socket.set_read_timeout(Some(Duration::from_secs(1)))?;
    let mut buffer = [0; 8192];
    for _ in 0..256 {
        if socket.read(&mut buffer)? == 0 {
            break;
        }
    }
    Ok(())
}

fn write_reply(mut socket: &TcpStream, reply: &Reply, bodiless: bool, keep: bool) -> io::Result<()> {
    let reason = status::reason(reply.status).unwrap_or("Unknown");
    let mut head = format!("HTTP/1.1 {} {reason}\r\n", reply.status);
    for (name, value) in reply.headers.iter() {
        // What came from a client must not begin a field of its own.
        let value: String = value.chars().filter(|c| !c.is_control()).collect();
        head.extend([name, ": ", &value, "\r\n"]);
    }
    if !matches!(reply.status, 100..=199 | 204 | 304) {
        head.extend(["Content-Length: ", &reply.body.len().to_string(), "\r\n"]);
    }
    head.extend(["Connection: ", if keep { "keep-alive" } else { "close" }, "\r\n\r\n"]);
    let mut bytes = head.into_bytes();
    if !bodiless && !matches!(reply.status, 204 | 304) {
        bytes.extend_from_slice(&reply.body);
    }
    socket.write_all(&bytes)?;
    socket.flush()
}

/// Reads requests off a connection.
struct Wire<'a> {
    socket: &'a TcpStream,
    /// Bytes that came but belong to what follows.
    unread: Vec<u8>,
}

impl Wire<'_> {
    /// The next request, and whether the connection stays open after it.
    fn request(&mut self) -> Result<(Asked, bool), Trouble> {
        let (mut asked, version, length) = self.head()?;
        let connection = asked.headers.get("Connection").unwrap_or_default().to_ascii_lowercase();
        let keep = if version == 0 { connection.contains("keep-alive") } else { !connection.contains("close") };
        let chunked = asked
            .headers
            .get("Transfer-Encoding")
            .is_some_and(|coding| coding.to_ascii_lowercase().ends_with("chunked"));
        if (chunked || length > 0) && asked.headers.get("Expect").is_some() {
            self.socket.write_all(b"HTTP/1.1 100 Continue\r\n\r\n")?;
        }
        asked.body = if chunked { self.chunks()? } else { self.exactly(length)? };
        Ok((asked, keep))
    }

    fn more(&mut self) -> Result<(), Trouble> {
        let mut buffer = [0; 8192];
        let count = self.socket.read(&mut buffer)?;
        if count == 0 {
            return Err(Trouble::Gone);
        }
        self.unread.extend_from_slice(buffer.get(..count).unwrap_or_default());
        Ok(())
    }

    /// The request line and fields, the minor HTTP version, and the length of the body.
    fn head(&mut self) -> Result<(Asked, u8, usize), Trouble> {
        loop {
            let mut fields = [httparse::EMPTY_HEADER; MAX_FIELDS];
            let mut parsed = httparse::Request::new(&mut fields);
            match parsed.parse(&self.unread) {
                Ok(httparse::Status::Complete(size)) => {
                    let asked = asked(&parsed)?;
                    let version = parsed.version.unwrap_or(1);
                    self.unread.drain(..size);
                    let length = content_length(&asked.headers)?;
                    return Ok((asked, version, length));
                }
                Ok(httparse::Status::Partial) if self.unread.len() > MAX_HEAD => {
                    return Err(Trouble::Refused(431, format!("the head is larger than {MAX_HEAD} bytes")));
                }
                Ok(httparse::Status::Partial) => self.more()?,
                Err(httparse::Error::TooManyHeaders) => {
                    return Err(Trouble::Refused(431, format!("there are more than {MAX_FIELDS} header fields")));
                }
                Err(error) => return Err(Trouble::Refused(400, format!("this is not HTTP: {error}"))),
            }
        }
    }

    fn exactly(&mut self, length: usize) -> Result<Vec<u8>, Trouble> {
        while self.unread.len() < length {
            self.more()?;
        }
        let rest = self.unread.split_off(length);
        Ok(std::mem::replace(&mut self.unread, rest))
    }

    fn line(&mut self) -> Result<String, Trouble> {
        loop {
            if let Some(end) = self.unread.windows(2).position(|pair| pair == b"\r\n") {
                let line = self.exactly(end + 2)?;
                return Ok(String::from_utf8_lossy(&line).trim_end().to_owned());
            }
            if self.unread.len() > 4096 {
                return Err(Trouble::Refused(400, "a line of the chunked body does not end".to_owned()));
            }
            self.more()?;
        }
    }

    fn chunks(&mut self) -> Result<Vec<u8>, Trouble> {
        let mut body = Vec::new();
        loop {
            let line = self.line()?;
            let size = line.split(';').next().unwrap_or_default().trim();
            let size = usize::from_str_radix(size, 16)
                .map_err(|_| Trouble::Refused(400, format!("{size:?} is not the size of a chunk")))?;
            if size == 0 {
                break;
            }
            if size > MAX_BODY || body.len() + size > MAX_BODY {
                return Err(too_large());
            }
            body.extend(self.exactly(size)?);
            if !self.line()?.is_empty() {
                return Err(Trouble::Refused(400, "a chunk is longer than it says".to_owned()));
            }
        }
        // Trailing fields are read and dropped.
        while !self.line()?.is_empty() {}
        Ok(body)
    }
}

fn too_large() -> Trouble {
    Trouble::Refused(413, format!("the body is larger than {MAX_BODY} bytes"))
}

fn content_length(headers: &Headers) -> Result<usize, Trouble> {
    let Some(text) = headers.get("Content-Length") else { return Ok(0) };
    let length: usize =
        text.trim().parse().map_err(|_| Trouble::Refused(400, format!("Content-Length {text:?} is not a number")))?;
    if length > MAX_BODY { Err(too_large()) } else { Ok(length) }
}

fn asked(parsed: &httparse::Request) -> Result<Asked, Trouble> {
    let target = parsed.path.unwrap_or("/");
    // A proxy's client names the host in the request line.
    let local = match target.split_once("://") {
        Some((scheme, rest)) if !scheme.contains('/') => rest.find('/').and_then(|at| rest.get(at..)).unwrap_or("/"),
        _ => target,
    };
    let local = local.split('#').next().unwrap_or_default();
    let (path, query_string) = local.split_once('?').unwrap_or((local, ""));
    if !path.starts_with('/') && path != "*" {
        return Err(Trouble::Refused(400, format!("{target:?} is not a path")));
    }
    Ok(Asked {
        method: parsed.method.unwrap_or("GET").to_owned(),
        path: path.to_owned(),
        query_string: query_string.to_owned(),
        query: query::parse(query_string),
        headers: parsed
            .headers
            .iter()
            .map(|field| (field.name, String::from_utf8_lossy(field.value).into_owned()))
            .collect(),
        ..Asked::default()
    })
}
