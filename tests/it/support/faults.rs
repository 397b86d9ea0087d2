//! A server that does what HTTP does not foresee: it plays a script of bytes and pauses to everybody who asks.

use super::server::read_request;
use std::fmt;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

/// What is shown of bytes in a script.
const SHOWN: usize = 100;

/// What goes over a connection once a request has come in; then the connection ends.
#[derive(Clone, Debug, Default)]
pub struct Script(Vec<Step>);

#[derive(Clone, Debug)]
enum Step {
    Send(Vec<u8>),
    Repeat(Vec<u8>, usize),
    Forever(Vec<u8>),
    Drip(Vec<u8>),
    Silence,
}

impl Script {
    /// Ends the connection at once.
    pub fn nothing() -> Self {
        Self::default()
    }

    /// These bytes.
    pub fn bytes(bytes: impl AsRef<[u8]>) -> Self {
        Self::default().send(bytes)
    }

    /// A good answer: status line, these fields, the body with its length.
    pub fn answer(fields: &str, body: impl AsRef<[u8]>) -> Self {
        let body = body.as_ref();
        Self::bytes(format!("HTTP/1.1 200 OK\r\n{fields}Content-Length: {}\r\n\r\n", body.len())).send(body)
    }

    pub fn send(mut self, bytes: impl AsRef<[u8]>) -> Self {
        self.0.push(Step::Send(bytes.as_ref().to_vec()));
        self
    }

    /// These bytes so many times.
    pub fn repeat(mut self, bytes: impl AsRef<[u8]>, times: usize) -> Self {
        self.0.push(Step::Repeat(bytes.as_ref().to_vec(), times));
        self
    }

    /// These bytes over and over until the client has enough.
    pub fn forever(mut self, bytes: impl AsRef<[u8]>) -> Self {
        self.0.push(Step::Forever(bytes.as_ref().to_vec()));
        self
    }

    /// The same, one byte at a time with pauses.
    pub fn drip(mut self, bytes: impl AsRef<[u8]>) -> Self {
        self.0.push(Step::Drip(bytes.as_ref().to_vec()));
        self
    }

    /// Nothing more, and no end, until the client has enough.
    pub fn silence(mut self) -> Self {
        self.0.push(Step::Silence);
        self
    }

    fn play(&self, socket: &mut TcpStream) -> std::io::Result<()> {
        for step in &self.0 {
            match step {
                Step::Send(bytes) => socket.write_all(bytes)?,
                Step::Repeat(bytes, times) => {
                    let block = bytes.repeat((65_536 / bytes.len().max(1)).clamp(1, *times));
                    let total = bytes.len() * times;
                    for start in (0..total).step_by(block.len()) {
                        socket.write_all(&block[..block.len().min(total - start)])?;
                    }
                }
                Step::Forever(bytes) => {
                    let block = bytes.repeat((4096 / bytes.len()).max(1));
                    loop {
                        socket.write_all(&block)?;
                    }
                }
                Step::Drip(bytes) => {
                    for byte in bytes.iter().cycle() {
                        socket.write_all(&[*byte])?;
                        if is_left(socket, Duration::from_millis(10)) {
                            return Ok(());
                        }
                    }
                }
                Step::Silence => while !is_left(socket, Duration::from_secs(1)) {},
            }
        }
        Ok(())
    }
}

/// Waits that long for the client to close the connection.
fn is_left(socket: &mut TcpStream, pause: Duration) -> bool {
    socket.set_read_timeout(Some(pause)).unwrap();
    match socket.read(&mut [0; 64]) {
        Ok(count) => count == 0,
        Err(error) => !matches!(error.kind(), std::io::ErrorKind::WouldBlock | std::io::ErrorKind::TimedOut),
    }
}

impl fmt::Display for Script {
    /// One line a step; long ones are cut and their length is given.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for step in &self.0 {
            match step {
                Step::Send(bytes) => writeln!(f, "  send {}", shown(bytes))?,
                Step::Repeat(bytes, times) => writeln!(f, "  send {} {times} times", shown(bytes))?,
                Step::Forever(bytes) => writeln!(f, "  send {} without end", shown(bytes))?,
                Step::Drip(bytes) => writeln!(f, "  send {} byte by byte, without end", shown(bytes))?,
                Step::Silence => writeln!(f, "  be silent")?,
            }
        }
        if matches!(self.0.last(), Some(Step::Silence | Step::Forever(_) | Step::Drip(_))) {
            return Ok(());
        }
        writeln!(f, "  close")
    }
}

fn shown(bytes: &[u8]) -> String {
    let cut = &bytes[..bytes.len().min(SHOWN)];
    let text = format!("\"{}\"", cut.escape_ascii().to_string().replace("\\'", "'").replace("\\\"", "\""));
    if cut.len() < bytes.len() { format!("{text}… ({} bytes)", bytes.len()) } else { text }
}

/// Plays one script to every connection, on loopback.
pub struct FaultServer {
    address: SocketAddr,
    requests: Arc<AtomicUsize>,
    stopped: Arc<AtomicBool>,
    acceptor: Option<JoinHandle<()>>,
}

impl FaultServer {
    pub fn start(script: Script) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let (requests, stopped) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicBool::new(false)));
        let acceptor = std::thread::spawn({
            let (requests, stopped, script) = (Arc::clone(&requests), Arc::clone(&stopped), Arc::new(script));
            move || {
                for mut socket in listener.incoming().map_while(Result::ok) {
                    if stopped.load(Ordering::SeqCst) {
                        return;
                    }
                    let (requests, script) = (Arc::clone(&requests), Arc::clone(&script));
                    // It ends with the client, or with the process.
                    std::thread::spawn(move || {
                        if read_request(&mut socket, &mut Vec::new()).is_some() {
                            requests.fetch_add(1, Ordering::SeqCst);
                            // A client that has had enough is what we are here for.
                            let _ = script.play(&mut socket);
                        }
                    });
                }
            }
        });
        Self { address, requests, stopped, acceptor: Some(acceptor) }
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// How many requests came in.
    pub fn requests(&self) -> usize {
        self.requests.load(Ordering::SeqCst)
    }
}

impl Drop for FaultServer {
    fn drop(&mut self) {
        self.stopped.store(true, Ordering::SeqCst);
        let _ = TcpStream::connect(self.address);
        let _ = self.acceptor.take().map(JoinHandle::join);
    }
}
