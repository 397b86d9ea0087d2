//! A demo API on loopback, inside this process: the services that the guides and the examples talk to.
//!
//! What it answers depends on what it was asked and nothing else: no clock, no chance, no files.

mod customers;
mod graphql;
mod invoices;
mod issues;
mod message;
mod oauth;
mod routes;
mod server;
mod tools;
mod webhooks;

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

pub use routes::{ROUTES, Route};

/// A running sandbox; dropping it closes its connections and ends its threads.
pub struct Sandbox {
    server: server::Server,
}

/// What the services remember while the sandbox runs.
pub(crate) struct World {
    customers: Mutex<customers::Customers>,
    issues: Mutex<issues::Trackers>,
    invoices: Mutex<invoices::Book>,
    oauth: Mutex<oauth::Provider>,
    hooks: Mutex<webhooks::Hooks>,
    stopped: (Mutex<bool>, Condvar),
}

impl Sandbox {
    /// Listens on `127.0.0.1`; port 0 picks a free one. Errors: the port is taken or not allowed.
    pub fn start(port: u16) -> io::Result<Self> {
        let world = Arc::new(World {
            customers: Mutex::new(customers::Customers::generate()),
            issues: Mutex::default(),
            invoices: Mutex::default(),
            oauth: Mutex::default(),
            hooks: Mutex::default(),
            stopped: (Mutex::new(false), Condvar::new()),
        });
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        Ok(Self { server: server::Server::start(address, world)? })
    }

    /// `http://127.0.0.1:PORT`
    pub fn url(&self) -> String {
        format!("http://{}", self.server.address())
    }
}

impl World {
    /// Waits, but not beyond the end of the sandbox.
    fn pause(&self, time: Duration) {
        let (stopped, bell) = &self.stopped;
        let guard = stopped.lock().unwrap_or_else(PoisonError::into_inner);
        drop(bell.wait_timeout_while(guard, time, |stopped| !*stopped));
    }

    fn stop(&self) {
        let (stopped, bell) = &self.stopped;
        *stopped.lock().unwrap_or_else(PoisonError::into_inner) = true;
        bell.notify_all();
    }

    fn is_stopped(&self) -> bool {
        *self.stopped.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
