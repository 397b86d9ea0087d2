//! Standard output: results only.

use super::failure::Failure;
use std::io::Write;

/// Writes text. A reader that has gone away (`| head`) is not an error.
pub fn say(text: &str) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(Failure::usage("usage::stdout", format!("standard output cannot be written: {error}")))
        }
        _ => Ok(()),
    }
}
