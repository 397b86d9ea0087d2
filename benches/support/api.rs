//! The API that the measured runs talk to: a list of records, a file with ranges, a place to upload to.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};

/// Records of `/records`; each is 100 bytes, commas included.
pub const RECORDS: usize = 1_000_000;
/// Bytes of `/file`.
pub const FILE: u64 = 2 << 30;

/// Serves until the process ends. Gives `http://127.0.0.1:PORT`.
pub fn start() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("an address");
    std::thread::spawn(move || {
        for socket in listener.incoming().map_while(Result::ok) {
            std::thread::spawn(move || serve(&socket));
        }
    });
    format!("http://{address}")
}

fn serve(socket: &TcpStream) {
    let _ = socket.set_nodelay(true);
    let mut reader = BufReader::new(socket);
    // A client that hangs up ends it.
    while answer(&mut reader, socket).is_some_and(|sent| sent.is_ok()) {}
}

/// Reads one request and answers it; `None` at the end of the connection.
fn answer(reader: &mut BufReader<&TcpStream>, mut socket: &TcpStream) -> Option<std::io::Result<()>> {
    let (mut path, mut range, mut length) = (String::new(), None, 0);
    for at in 0.. {
        let mut line = String::new();
        if reader.read_line(&mut line).ok()? == 0 {
            return None;
        }
        let line = line.trim_end();
        if at == 0 {
            line.split(' ').nth(1)?.clone_into(&mut path);
        }
        let lower = line.to_ascii_lowercase();
        if let Some(value) = lower.strip_prefix("range: bytes=") {
            let (from, to) = value.split_once('-')?;
            range = Some((from.parse::<u64>().ok()?, to.parse::<u64>().ok()?.min(FILE - 1)));
        }
        if let Some(value) = lower.strip_prefix("content-length: ") {
            length = value.parse().ok()?;
        }
        if line.is_empty() {
            break;
        }
    }
    std::io::copy(&mut reader.take(length), &mut std::io::sink()).ok()?;
    Some(match (path.as_str(), range) {
        ("/records", _) => records(socket),
        ("/file", Some((from, to))) => file(socket, to + 1 - from),
        _ => socket.write_all(
            b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 27\r\n\r\n{\"id\": 1, \"name\": \"Ada L.\"}",
        ),
    })
}

/// `[…]` of exactly 100 bytes a record.
fn records(mut socket: &TcpStream) -> std::io::Result<()> {
    let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";
    write!(socket, "{head}Content-Length: {}\r\n\r\n", RECORDS * 100 + 2)?;
    socket.write_all(b"[")?;
    let mut block = String::new();
    for id in 0..RECORDS {
        let end = if id + 1 == RECORDS { ' ' } else { ',' };
        let record = format!(
            r#"{{"id":{id:07},"name":"Customer {id:07}","email":"c{id:07}@example.com","total":{}.5,"open":true}}"#,
            id % 1000 + 1000
        );
        block.push_str(&format!("{}{end}", pad(&record.replace(":0", ":1"))));
        if block.len() > 1 << 16 {
            socket.write_all(block.as_bytes())?;
            block.clear();
        }
    }
    block.push(']');
    socket.write_all(block.as_bytes())
}

/// Blanks up to 99 bytes.
fn pad(record: &str) -> String {
    format!("{record:<99}")
}

fn file(mut socket: &TcpStream, length: u64) -> std::io::Result<()> {
    let head = "HTTP/1.1 206 Partial Content\r\nContent-Type: application/octet-stream\r\n";
    write!(socket, "{head}Content-Length: {length}\r\n\r\n")?;
    let block = vec![b'x'; 1 << 16];
    let mut left = length;
    while left > 0 {
        let now = left.min(block.len() as u64);
        socket.write_all(&block[..now as usize])?;
        left -= now;
    }
    Ok(())
}
