//! An API whose answers are worked out from the question: what polls and syncs are tried against.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;

/// Answers `GET path?query` (and anything else) with JSON; `None` hangs up.
pub type Answer = dyn Fn(&str) -> Option<String> + Send + Sync;

/// Runs as long as the test process.
pub struct Feed {
    address: SocketAddr,
}

impl Feed {
    pub fn start(answer: impl Fn(&str) -> Option<String> + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let answer: Arc<Answer> = Arc::new(answer);
        std::thread::spawn(move || {
            for socket in listener.incoming().map_while(Result::ok) {
                let answer = Arc::clone(&answer);
                std::thread::spawn(move || serve(socket, &*answer));
            }
        });
        Self { address }
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }
}

/// Requests of one connection; whoever is killed in between just goes away.
fn serve(mut socket: TcpStream, answer: &Answer) {
    let mut lines = BufReader::new(socket.try_clone().unwrap());
    loop {
        let mut first = String::new();
        if lines.read_line(&mut first).unwrap_or_default() == 0 {
            return;
        }
        let mut length = 0;
        loop {
            let mut line = String::new();
            if lines.read_line(&mut line).unwrap_or_default() == 0 {
                return;
            }
            if line.trim().is_empty() {
                break;
            }
            if let Some(number) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                length = number.trim().parse().unwrap_or_default();
            }
        }
        let mut body = vec![0; length];
        if lines.read_exact(&mut body).is_err() {
            return;
        }
        let Some(text) = answer(first.split(' ').nth(1).unwrap_or_default()) else { return };
        let head =
            format!("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n", text.len());
        if socket.write_all(head.as_bytes()).and_then(|()| socket.write_all(text.as_bytes())).is_err() {
            return;
        }
    }
}

/// A number in a query.
pub fn number(path: &str, name: &str) -> Option<usize> {
    let query = path.split_once('?')?.1;
    let value = query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))?;
    value.parse().ok()
}
