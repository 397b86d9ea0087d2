//! How many requests a second a connector sends over one kept connection, beside a bare loop of the client it is built on.
//! `cargo bench --bench throughput`. `CONNRUN` may name another binary.

#[path = "support/api.rs"]
mod api;

use std::process::Command;
use std::time::Instant;

/// Requests of a run.
const REQUESTS: u32 = 20_000;
/// The two take turns so often; the best of each counts, for others use the machine, too.
const TURNS: usize = 5;

const CONNECTOR: &str = r"
{
  title: 'Throughput',

  connection: {
    authorization: { type: 'none' }
  },

  methods: {
    ask: lambda do |url, times|
      times.times.sum { get(url)['id'] }
    end
  }
}
";

fn main() {
    let url = format!("{}/thing", api::start());
    let file = std::env::temp_dir().join(format!("connrun-throughput-{}.conn", std::process::id()));
    std::fs::write(&file, CONNECTOR).expect("a file");
    let path = std::env::var("CONNRUN").ok().or(option_env!("CARGO_BIN_EXE_connrun").map(str::to_owned));
    let path = path.expect("CONNRUN or cargo bench");
    let connector = |times: u32| {
        let mut command = Command::new(&path);
        command.args(["exec", "methods.ask", "--args", &format!(r#"["{url}", {times}]"#), "-c"]).arg(&file);
        let started = Instant::now();
        let output = command.output().expect("connrun");
        assert_eq!(String::from_utf8_lossy(&output.stdout).trim(), times.to_string());
        started.elapsed().as_secs_f64()
    };
    let (mut bare, mut ours) = (0.0_f64, 0.0_f64);
    for _ in 0..TURNS {
        bare = bare.max(f64::from(REQUESTS) / loop_of(&url));
        // A run of one request is what starting takes.
        let seconds = connector(REQUESTS) - connector(1);
        ours = ours.max(f64::from(REQUESTS - 1) / seconds);
    }
    println!("{:24} {bare:>10.0} requests/s", "a bare loop of ureq");
    println!("{:24} {ours:>10.0} requests/s", "connrun");
    println!("{:24} {:>10.0} %", "connrun / bare", 100.0 * ours / bare);
    let _ = std::fs::remove_file(file);
}

/// Seconds of the bare loop: requests, answers read as JSON, nothing else.
fn loop_of(url: &str) -> f64 {
    let agent = ureq::Agent::new_with_defaults();
    let started = Instant::now();
    let mut sum = 0;
    for _ in 0..REQUESTS {
        let text = agent.get(url).call().expect("an answer").body_mut().read_to_string().expect("a text");
        let json: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        sum += json["id"].as_u64().expect("a number");
    }
    assert_eq!(sum, u64::from(REQUESTS));
    started.elapsed().as_secs_f64()
}
