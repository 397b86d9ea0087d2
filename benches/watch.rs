//! How long it takes from a save to the result: `exec --watch` with a recording, the time from the moment the connector
//! has been written until the line that ends a run is read. Usage: `cargo bench --bench watch [-- SAVES]`.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const CONNECTOR: &str = include_str!("../connectors/customers.conn");
/// What changes from save to save.
const MARK: &str = "title: '";

fn main() {
    let saves = std::env::args().find_map(|argument| argument.parse().ok()).unwrap_or(40_usize);
    let folder = tempfile::TempDir::new().expect("a folder");
    let connector = folder.path().join("customers.conn");
    std::fs::write(&connector, CONNECTOR).expect("the connector");
    let run = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_connrun"));
        command.args(["exec", "action", "get_customer_by_id", "-i", "{\"id\": 1234}"]).args(arguments);
        command.current_dir(folder.path()).stdin(Stdio::null()).stderr(Stdio::null()).env("NO_COLOR", "1");
        command
    };
    let recorded = run(&["--sandbox", "--record", "r.yaml", "-o", "first.json"]).status().expect("a recording");
    assert!(recorded.success());
    let mut child = run(&["--replay", "r.yaml", "--watch"]).stdout(Stdio::piped()).spawn().expect("a watch");
    let mut lines = BufReader::new(child.stdout.take().expect("its output")).lines().map_while(Result::ok);
    let ended = |line: &String| line.contains(" ms");
    lines.find(ended).expect("the first result");
    let mut times: Vec<Duration> = (0..saves).map(|save| saved(&connector, save, &mut lines, ended)).collect();
    child.kill().expect("an end");
    child.wait().expect("its end");
    times.sort_unstable();
    let at = |part: f64| times[((times.len() - 1) as f64 * part) as usize].as_secs_f64() * 1000.0;
    println!(
        "{saves} saves, from save to result: median {:.1} ms, nine of ten within {:.1} ms, longest {:.1} ms",
        at(0.5),
        at(0.9),
        at(1.0)
    );
}

/// Saves another connector and waits for what comes of it.
fn saved(
    path: &Path,
    save: usize,
    lines: &mut impl Iterator<Item = String>,
    ended: impl FnMut(&String) -> bool,
) -> Duration {
    // Between two saves people think; the moment within a look at the files must not always be the same.
    std::thread::sleep(Duration::from_millis(50 + (save as u64 * 7) % 31));
    let text = CONNECTOR.replacen(MARK, &format!("{MARK}{save} "), 1);
    let began = Instant::now();
    std::fs::write(path, text).expect("a save");
    lines.find(ended).expect("a result");
    began.elapsed()
}
