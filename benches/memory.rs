//! How much memory a run takes: a large answer mapped to a smaller one, beside Ruby with the libraries of the reference
//! SDK, and a stream. `cargo bench --bench memory`.
//!
//! `CONNRUN` may name another binary. Peaks are `VmHWM` of `/proc`, so they are known on Linux only.

#[path = "support/api.rs"]
mod api;

use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const CONNECTOR: &str = r"
{
  title: 'Memory',

  connection: {
    authorization: { type: 'none' }
  },

  actions: {
    map: {
      execute: lambda do |_connection, input|
        names = get(input['url']).map { |record| { id: record['id'], name: record['name'] } }
        { count: names.length, last: names.last }
      end
    },

    copy: {
      execute: lambda do |_connection, input|
        pieces = 0
        workato.stream.in(workato.stream.out('download', input)) do |chunk, from, to, eof, _next_from|
          put(input['to']).request_body(chunk).headers('Content-Range' => ('bytes %d-%d/*' % [from, to])).presence
          pieces += 1
        end
        { pieces: pieces }
      end
    }
  },

  streams: {
    download: lambda do |input, from, to, _size|
      last = [to, input['size'] - 1].min
      data = get(input['url']).headers('Range' => ('bytes=%d-%d' % [from, last])).response_format_raw
      [data, last == input['size'] - 1]
    end
  }
}
";

fn main() {
    let base = api::start();
    let folder = std::env::temp_dir().join(format!("connrun-memory-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let connector = folder.join("memory.conn");
    std::fs::write(&connector, CONNECTOR).expect("a file");
    let run = |action: &str, input: String| {
        let mut command = Command::new(program());
        let path = format!("actions.{action}.execute");
        command.args(["exec", &path, "--compact", "-i", &input, "-c"]).arg(&connector);
        measured(command.stdout(Stdio::piped()))
    };
    println!("{:28} {:>10} {:>10} {:>8} {:>9}", "", "body MB", "peak MB", "peak/body", "seconds");
    let records = api::RECORDS as f64 * 100.0 / 1e6;
    let input = format!(r#"{{"url": "{base}/records"}}"#);
    row("JSON of 1,000,000 records", records, run("map", input));
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/support/map.rb");
    let mut ruby = Command::new("ruby");
    ruby.args([script, &format!("{base}/records")]);
    if Command::new("ruby").args(["-ractive_support", "-e", ""]).status().is_ok_and(|status| status.success()) {
        row("the same in Ruby", records, measured(ruby.stdout(Stdio::piped())));
    }
    // The whole of a stream, as it comes: what `exec stream` holds of it.
    let input = format!(r#"{{"url": "{base}/file", "size": {}}}"#, api::FILE);
    for (name, form) in [("exec stream of 2 GB, raw", "raw"), ("exec stream of 2 GB, JSON", "base64")] {
        let mut command = Command::new(program());
        command.args(["exec", "stream", "download", "--binary", form, "-o", "/dev/null", "-i", &input, "-c"]);
        row(name, api::FILE as f64 / 1e6, measured(command.arg(&connector).stdout(Stdio::piped())));
    }
    let input = format!(r#"{{"url": "{base}/file", "to": "{base}/upload", "size": {}}}"#, api::FILE);
    row("stream of 2 GB", api::FILE as f64 / 1e6, run("copy", input));
    let _ = std::fs::remove_dir_all(folder);
}

fn program() -> String {
    let path = std::env::var("CONNRUN").ok().or(option_env!("CARGO_BIN_EXE_connrun").map(str::to_owned));
    path.expect("CONNRUN or cargo bench")
}

fn row(name: &str, body: f64, (peak, seconds, output): (Option<f64>, f64, String)) {
    let known = |value: Option<f64>, digits: usize| value.map_or("?".to_owned(), |value| format!("{value:.digits$}"));
    let ratio = known(peak.map(|peak| peak / body), 2);
    println!("{name:28} {body:>10.0} {:>10} {ratio:>8} {seconds:>9.1}   {}", known(peak, 0), output.trim());
}

/// Peak in MB, seconds, and what was printed.
fn measured(command: &mut Command) -> (Option<f64>, f64, String) {
    let started = Instant::now();
    let mut child = command.spawn().expect("connrun");
    let mut peak = None;
    while matches!(child.try_wait(), Ok(None)) {
        peak = high_water(&child).or(peak);
        std::thread::sleep(Duration::from_millis(2));
    }
    let seconds = started.elapsed().as_secs_f64();
    let output = child.wait_with_output().map(|output| String::from_utf8_lossy(&output.stdout).into_owned());
    (peak, seconds, output.unwrap_or_default())
}

/// The most that was in memory so far.
fn high_water(child: &Child) -> Option<f64> {
    let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kilobytes: f64 = line.trim().trim_end_matches("kB").trim().parse().ok()?;
    Some(kilobytes * 1024.0 / 1e6)
}
