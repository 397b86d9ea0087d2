//! `connrun serve` as a process of its own, and what a client of its API sees.

#![allow(dead_code)] // Each topic uses a part of it.

use serde_json::Value as Json;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// Nothing that a test waits for takes so long.
const PATIENCE: Duration = Duration::from_secs(60);

/// A server that runs in a folder of its own.
pub struct Serving {
    child: Child,
    said: Receiver<String>,
    printed: Receiver<String>,
    /// Everything that was said so far.
    pub heard: Vec<String>,
    pub url: String,
}

/// A folder with these files.
pub fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = TempDir::new().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    folder
}

fn lines(stream: impl Read + Send + 'static) -> Receiver<String> {
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        for line in BufReader::new(stream).lines().map_while(Result::ok) {
            if sender.send(line).is_err() {
                return;
            }
        }
    });
    receiver
}

impl Serving {
    /// Starts in a folder that has a `connrun.toml`, on a free port.
    pub fn start(folder: &Path, arguments: &[&str]) -> Self {
        Self::start_with(folder, arguments, &[])
    }

    pub fn start_with(folder: &Path, arguments: &[&str], variables: &[(&str, &str)]) -> Self {
        let listens = arguments.contains(&"--listen");
        let free: &[&str] = if listens { &[] } else { &["--listen", "127.0.0.1:0"] };
        let mut child = Command::new(env!("CARGO_BIN_EXE_connrun"))
            .arg("serve")
            .args(free)
            .args(arguments)
            .current_dir(folder)
            .env("NO_COLOR", "1")
            .envs(variables.iter().copied())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let (said, printed) = (lines(child.stderr.take().unwrap()), lines(child.stdout.take().unwrap()));
        let mut serving = Self { child, said, printed, heard: Vec::new(), url: String::new() };
        let hello = serving.wait_for("http://");
        let at = hello.find("http://").unwrap();
        hello[at..].split(';').next().unwrap().clone_into(&mut serving.url);
        serving
    }

    /// The next line that holds the text.
    pub fn wait_for(&mut self, text: &str) -> String {
        let until = Instant::now() + PATIENCE;
        loop {
            let left = until.saturating_duration_since(Instant::now());
            let Ok(line) = self.said.recv_timeout(left) else {
                panic!("never said {text:?}, but\n{}", self.heard.join("\n"));
            };
            self.heard.push(line.clone());
            if line.contains(text) {
                return line;
            }
        }
    }

    /// The next lines of standard output.
    pub fn printed(&self, count: usize) -> Vec<Json> {
        let line = |_| self.printed.recv_timeout(PATIENCE).expect("more lines on standard output");
        (0..count).map(line).map(|line| serde_json::from_str(&line).unwrap()).collect()
    }

    /// Whether nothing more was printed.
    pub fn is_silent(&self) -> bool {
        self.printed.try_recv().is_err()
    }

    pub fn get(&self, path: &str) -> (u16, Json) {
        self.ask("GET", path, &[], b"")
    }

    pub fn post(&self, path: &str) -> (u16, Json) {
        self.ask("POST", path, &[], b"")
    }

    /// One request; an answer that is no JSON comes as a text.
    pub fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> (u16, Json) {
        let (status, _, body) = ask(&self.url, method, path, headers, body);
        let text = String::from_utf8_lossy(&body).into_owned();
        (status, serde_json::from_slice(&body).unwrap_or(Json::String(text)))
    }

    /// Asks until the answer at that path fits.
    pub fn until(&self, path: &str, fits: impl Fn(&Json) -> bool) -> Json {
        let until = Instant::now() + PATIENCE;
        loop {
            let (_, answer) = self.get(path);
            if fits(&answer) {
                return answer;
            }
            assert!(Instant::now() < until, "{path} stays {answer:#}");
            std::thread::yield_now();
        }
    }

    pub fn signal(&self, name: &str) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args([&format!("-{name}"), &id]).status().unwrap().success());
    }

    /// Asks it to stop; its status and everything it has said.
    pub fn stop(mut self) -> (i32, String) {
        self.signal("TERM");
        let status = self.child.wait().unwrap().code().unwrap_or(-1);
        self.heard.extend(self.said.iter());
        (status, self.heard.join("\n"))
    }

    /// Waits for its end: its status.
    pub fn ended(mut self) -> i32 {
        self.child.wait().unwrap().code().unwrap_or(-1)
    }

    /// Ends it in the midst of whatever it does.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        // It may have ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// One request on a connection of its own: status, head and body.
pub fn ask(url: &str, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> (u16, String, Vec<u8>) {
    let host = url.trim_start_matches("http://");
    let mut socket = TcpStream::connect(host).unwrap();
    socket.set_read_timeout(Some(PATIENCE)).unwrap();
    let own_host = headers.iter().all(|(name, _)| !name.eq_ignore_ascii_case("host"));
    let mut head = format!("{method} {path} HTTP/1.1\r\nConnection: close\r\nContent-Length: {}\r\n", body.len());
    if own_host {
        head.push_str(&format!("Host: {host}\r\n"));
    }
    headers.iter().for_each(|(name, value)| head.push_str(&format!("{name}: {value}\r\n")));
    // A server that refuses early may have closed its side.
    let _ = socket
        .write_all(head.as_bytes())
        .and_then(|()| socket.write_all(b"\r\n"))
        .and_then(|()| socket.write_all(body));
    let mut answer = Vec::new();
    let _ = socket.read_to_end(&mut answer);
    let end = answer.windows(4).position(|window| window == b"\r\n\r\n").expect("an answer with a head");
    let head = String::from_utf8_lossy(&answer[..end]).into_owned();
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or_default();
    (status, head, answer[end + 4..].to_vec())
}
