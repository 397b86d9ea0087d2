//! A login in a real browser, Chromium without a window: the command opens it, the demo API sends it back.
//!
//! `cargo test --test it -- --ignored browser` on a machine that has one.

use crate::support::command::{Run, connrun};
use connrun::sandbox::Sandbox;
use std::path::{Path, PathBuf};

const OAUTH2: &str = include_str!("../../connectors/oauth2.conn");

/// The first browser on this machine.
fn chromium() -> PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let names = ["chromium", "chromium-browser", "google-chrome", "chrome"];
    let all = std::env::split_paths(&path).flat_map(|folder| names.map(|name| folder.join(name)));
    all.into_iter().find(|path| path.is_file()).expect("Chromium on the PATH")
}

/// A folder with the program by which a desktop opens addresses: it goes there with Chromium, and keeps the last page.
/// `edit` is what `sed` does to the address first.
fn desktop(folder: &Path, edit: &str) -> String {
    use std::os::unix::fs::PermissionsExt;
    let script = format!(
        "#!/bin/sh\nurl=$(printf %s \"$1\" | sed '{edit}')\n'{}' --headless --no-sandbox --disable-gpu \
         --user-data-dir='{1}/profile' --dump-dom \"$url\" > '{1}/page.html' 2> '{1}/browser.log'\n",
        chromium().display(),
        folder.display()
    );
    let program = folder.join("xdg-open");
    std::fs::write(&program, script).unwrap();
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
    format!("{}:{}", folder.display(), std::env::var("PATH").unwrap())
}

/// What a login comes to whose address is changed on the way: the run, the settings it saved, and the page.
fn login(connector: &str, edit: &str) -> (String, String, String) {
    let (sandbox, folder) = (Sandbox::start(0).unwrap(), tempfile::TempDir::new().unwrap());
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let run: Run = connrun(&format!("connect --wait 60 --port {port} --reroute {}", sandbox.url()))
        .args("--set client_id=demo --set client_secret=demo-secret")
        .file("o.conn", connector)
        .env("PATH", &desktop(folder.path(), edit))
        .stdin("\n\n");
    let printed = run.run().to_string();
    let page = folder.path().join("page.html");
    // The page is written when the browser closes, a moment after it was shown.
    let until = std::time::Instant::now() + std::time::Duration::from_secs(30);
    while std::fs::read_to_string(&page).map_or(true, |page| page.is_empty()) && std::time::Instant::now() < until {
        std::thread::yield_now();
    }
    let saved = std::fs::read_to_string(run.path().join("settings.yaml")).unwrap_or_default();
    (printed, saved, std::fs::read_to_string(page).unwrap_or_default())
}

#[test]
#[ignore = "needs Chromium"]
fn somebody_logs_in() {
    let (printed, saved, page) = login(OAUTH2, "");
    assert!(printed.starts_with("status: 0") && printed.contains("the connection works"), "{printed}");
    assert!(saved.contains("access_token: sandbox-access-") && saved.contains("refresh_token: "), "{saved}");
    assert!(page.contains("Thank you"), "{page}");
}

#[test]
#[ignore = "needs Chromium"]
fn logins_that_come_to_nothing() {
    for (edit, message, title) in [
        (
            "s/consent=granted/consent=denied/",
            "the provider refused the login, access_denied: the user said no",
            "Not connected",
        ),
        ("s/state=[0-9a-f]*/state=another/", "the answer belongs to another login", "Thank you"),
        ("s/consent=granted/lifetime=0/", "this code has expired", "Thank you"),
    ] {
        let connector = OAUTH2.replace("scope=profile", "scope=profile&consent=granted");
        let (printed, saved, page) = login(&connector, edit);
        assert!(printed.starts_with("status: 3") && printed.contains(message), "{edit}\n{printed}");
        assert_eq!(saved, "", "{edit}");
        assert!(page.contains(title), "{edit}\n{page}");
    }
}
