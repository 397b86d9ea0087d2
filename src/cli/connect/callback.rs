//! A little server on loopback that a browser comes back to after a login.

use std::io::{self, BufRead, BufReader, Write};
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::time::Duration;

/// How long a browser may take for its request.
const PATIENCE: Duration = Duration::from_secs(10);
/// The longest request line.
const LONGEST: u64 = 16 * 1024;

/// The address that a browser asked for.
pub struct Callback(pub String);

/// Listens until the process ends.
pub struct Listener {
    sockets: Vec<TcpListener>,
}

impl Listener {
    /// Errors: the port is taken, or not allowed.
    pub fn start(port: u16) -> io::Result<Self> {
        let mut sockets = vec![TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, port)))?];
        // `localhost` may be either; a machine without the newer protocol does without.
        sockets.extend(TcpListener::bind(SocketAddr::from((Ipv6Addr::LOCALHOST, port))));
        Ok(Self { sockets })
    }

    /// Hands over each request for the callback, as long as it is wanted.
    pub fn each(&self, take: impl Fn(Callback) -> bool + Send + Sync + 'static) {
        let take = Arc::new(take);
        for socket in &self.sockets {
            let Ok(socket) = socket.try_clone() else { continue };
            let take = Arc::clone(&take);
            std::thread::spawn(move || {
                for browser in socket.incoming().map_while(Result::ok) {
                    // A browser that leaves in the middle concerns nobody.
                    if let Ok(Some(callback)) = asked(&browser)
                        && !take(callback)
                    {
                        return;
                    }
                }
            });
        }
    }
}

/// Reads one request and answers it; `None` for what is no callback, such as the icon of a page.
fn asked(browser: &TcpStream) -> io::Result<Option<Callback>> {
    browser.set_read_timeout(Some(PATIENCE))?;
    let mut reader = BufReader::new(io::Read::take(browser, LONGEST));
    let mut line = String::new();
    reader.read_line(&mut line)?;
    let target = line.split(' ').nth(1).unwrap_or_default().to_owned();
    // The rest of the head is read, so that the browser does not meet a closed door.
    let mut field = String::new();
    while reader.read_line(&mut field)? > 2 {
        field.clear();
    }
    let is_callback = target.contains("code=") || target.contains("error=") || target.contains("state=");
    let (status, title, text) = if !is_callback {
        ("404 Not Found", "Nothing here", "connrun waits for a login, at another address.")
    } else if target.contains("error=") {
        ("200 OK", "Not connected", "The login was refused. The terminal says why; you can close this page.")
    } else {
        ("200 OK", "Thank you", "Go on in the terminal; you can close this page.")
    };
    let page = format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>{title}</title>\
         <body style=\"font:18px/1.5 system-ui,sans-serif;max-width:32em;margin:18vh auto;padding:0 1em\">\
         <h1>{title}</h1><p>{text}</p></body></html>\n"
    );
    let mut out = browser;
    write!(
        out,
        "HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {}\r\nCache-Control: no-store\r\n\
         Connection: close\r\n\r\n{page}",
        page.len()
    )?;
    Ok(is_callback.then_some(Callback(target)))
}
