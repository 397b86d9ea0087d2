//! Settings: shown, set, edited, encrypted as the reference encrypts them, and kept after a refresh.

use crate::support::command::{Run, connrun};
use crate::support::exchanges::Exchanges;
use serde_json::json;
use std::path::Path;
use std::process::Command;

const ACCOUNTS: &str = "\
# everybody
acme: # the first
  host: acme.example
  token: s3cret-of-acme # from May
other:
  token: s3cret-of-other
integration:
  client_id: s3cret-client
  token: s3cret-of-all
";

const CONNECTOR: &str = "
{ title: 'T',
  connection: {
    fields: [{ name: 'host', control_type: 'url' }, { name: 'token' }],
    authorization: {
      type: 'oauth2',
      apply: lambda { |connection, token| headers('Authorization' => \"Bearer #{token}\") },
      refresh_on: [401],
      refresh: lambda { |connection, token| post(\"#{connection['host']}/token\").payload(old: token) }
    } },
  test: lambda { |connection| get(\"#{connection['host']}/me\") } }";

fn read(run: &Run, name: &str) -> String {
    std::fs::read_to_string(run.path().join(name)).unwrap()
}

/// The same folder, another command.
fn next(folder: &Run, arguments: &[&str], stdin: &str) -> String {
    let mut run = connrun("");
    for argument in arguments {
        run = run.arg(argument);
    }
    let printed = run.stdin(stdin).run_in(folder.path());
    assert_eq!(printed.status, 0, "{printed}");
    printed.stdout
}

#[test]
fn settings_are_shown_without_secrets() {
    let run = |arguments: &str| connrun(arguments).file("settings.yaml", ACCOUNTS).file("connector.conn", CONNECTOR);
    run("settings show").snapshot("settings_show");
    run("settings show -n acme").snapshot("settings_show_account");
    run("settings show -n acme --show-secrets").snapshot("settings_show_secrets");
    connrun("settings show").snapshot("settings_show_nothing");
}

#[test]
fn settings_are_set_where_they_stand() {
    let run = |arguments: &str| connrun(arguments).file("settings.yaml", ACCOUNTS);
    let set = run("settings set -n acme token=new port=8080").arg("note=a: b");
    assert_eq!(set.run().status, 0);
    insta::assert_snapshot!(read(&set, "settings.yaml"), @r#"
    # everybody
    acme: # the first
      host: acme.example
      token: new # from May
      port: "8080"
      note: "a: b"
    other:
      token: s3cret-of-other
    integration:
      client_id: s3cret-client
      token: s3cret-of-all
    "#);
    run("settings set token=x").snapshot("settings_set_without_account");
    run("settings set -n acme =x").snapshot("settings_set_without_name");
    let fresh = connrun("settings set token").stdin("from-input\n");
    fresh.snapshot("settings_set_from_input");
    assert_eq!(read(&fresh, "settings.yaml"), "token: from-input\n");
}

#[test]
fn what_all_accounts_share_is_under_each() {
    let source = "{ test: lambda { |connection| connection } }";
    let run = connrun("exec test --compact -n other").file("settings.yaml", ACCOUNTS).file("connector.conn", source);
    assert_eq!(run.run().stdout, "{\"client_id\":\"s3cret-client\",\"token\":\"s3cret-of-other\"}\n");
    let single = connrun("exec test --compact")
        .file("settings.yaml", "integration:\n  id: 1\nname: x\n")
        .file("connector.conn", source);
    assert_eq!(single.run().stdout, "{\"id\":1,\"name\":\"x\"}\n");
}

#[test]
fn encrypting_and_decrypting() {
    let run = connrun("settings encrypt").file("settings.yaml", ACCOUNTS).file(".gitignore", "target");
    run.snapshot("settings_encrypt");
    assert!(!run.path().join("settings.yaml").exists());
    assert_eq!(read(&run, ".gitignore"), "target\nmaster.key\n");
    assert_eq!(read(&run, "master.key").len(), 32);
    assert_eq!(read(&run, "settings.yaml.enc").split("--").count(), 3);
    next(&run, &["settings", "set", "-n", "other", "token=changed"], "");
    let shown = next(&run, &["settings", "show", "-n", "other", "--show-secrets"], "");
    assert!(shown.contains("\"changed\""), "{shown}");
    next(&run, &["settings", "decrypt"], "");
    assert_eq!(read(&run, "settings.yaml"), ACCOUNTS.replace("s3cret-of-other", "changed"));
    assert!(!run.path().join("settings.yaml.enc").exists());

    let again = connrun("settings decrypt").file("settings.yaml.enc", "a--b").file("master.key", "no key");
    again.snapshot("settings_decrypt_bad_key");
    let damaged = connrun("settings decrypt").file("settings.yaml.enc", "a--b").file("master.key", "0".repeat(32));
    damaged.snapshot("settings_decrypt_damaged");
    connrun("settings encrypt").file("settings.yaml", "a: [").snapshot("settings_encrypt_bad_yaml");
    connrun("settings encrypt")
        .file("settings.yaml", "a: 1")
        .file("settings.yaml.enc", "old")
        .snapshot("settings_encrypt_existing");
}

#[cfg(unix)]
#[test]
fn files_with_secrets_are_their_owners_only() {
    use std::os::unix::fs::PermissionsExt;
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let run = connrun("settings set token=x");
    assert_eq!(run.run().status, 0);
    assert_eq!(mode(&run.path().join("settings.yaml")), 0o600);
    next(&run, &["settings", "encrypt"], "");
    assert_eq!(mode(&run.path().join("settings.yaml.enc")), 0o600);
    assert_eq!(mode(&run.path().join("master.key")), 0o600);
}

#[cfg(unix)]
#[test]
fn an_editor_changes_them_or_nothing() {
    let folder = |editor: &str| {
        connrun("settings edit").file("settings.yaml", "token: old\n").env("EDITOR", editor).env("VISUAL", "")
    };
    let run = folder("sed -i s/old/new/");
    assert_eq!(run.run().status, 0);
    assert_eq!(read(&run, "settings.yaml"), "token: new\n");
    let broken = folder("sed -i s/old/[/");
    broken.snapshot("settings_edit_broken");
    assert_eq!(read(&broken, "settings.yaml"), "token: old\n");
    let left: Vec<_> = std::fs::read_dir(broken.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, ["settings.yaml"]);
    folder("false").snapshot("settings_edit_failed");
}

#[test]
fn new_tokens_are_kept_where_the_old_ones_stood() {
    let server = Exchanges::start();
    let settings = format!(
        "# tokens\nacme: # first\n  host: {}\n  access_token: old-token # keep\n  refresh_token: old-refresh\nother:\n  host: x\n",
        server.base
    );
    let answers = [
        json!({ "path": "/me", "status": 401, "json": {} }),
        json!({ "path": "/token", "json": { "access_token": "new-token", "refresh_token": "new-refresh" } }),
        json!({ "path": "/me", "json": { "me": 1 } }),
    ];
    let expected = settings.replace("old-token", "new-token").replace("old-refresh", "new-refresh");
    for (saved, wanted, text) in
        [("yes", &expected, "saved"), ("no", &settings, "not saved"), ("ask", &settings, "not saved")]
    {
        server.load(&answers);
        let run = connrun(&format!("exec test --compact -n acme --save-settings {saved}"))
            .file("settings.yaml", &settings)
            .file("connector.conn", CONNECTOR);
        let printed = run.run();
        assert_eq!(printed.stdout, "{\"me\":1}\n", "{printed}");
        assert_eq!(&read(&run, "settings.yaml"), wanted, "{saved}");
        let remark = format!("are {text}");
        assert!(printed.stderr.contains(&remark) && !printed.stderr.contains("new-token"), "{printed}");
    }
    server.load(&answers);
    let sealed = connrun("settings encrypt").file("settings.yaml", &settings).file("connector.conn", CONNECTOR);
    assert_eq!(sealed.run().status, 0);
    next(&sealed, &["exec", "test", "-n", "acme", "--save-settings"], "");
    next(&sealed, &["settings", "decrypt"], "");
    assert_eq!(read(&sealed, "settings.yaml"), expected);
}

/// Ruby's own code for such files: what the reference uses.
const RUBY: &str = r"
require 'openssl'
require 'base64'
key = [File.read('master.key').strip].pack('H*')
path = 'settings.yaml.enc'
cipher = OpenSSL::Cipher.new('aes-128-gcm')
if ARGV[0] == 'read'
  text, iv, tag = File.binread(path).split('--').map { |part| Base64.strict_decode64(part) }
  cipher.decrypt
  cipher.key = key
  cipher.iv = iv
  cipher.auth_tag = tag
  cipher.auth_data = ''
  plain = Marshal.load(cipher.update(text) + cipher.final)
  raise plain.encoding.to_s unless plain.encoding == Encoding::UTF_8
  $stdout.binmode.write(plain)
else
  cipher.encrypt
  cipher.key = key
  iv = cipher.random_iv
  cipher.auth_data = ''
  text = cipher.update(Marshal.dump(File.read('plain.yaml', encoding: 'UTF-8'))) + cipher.final
  File.binwrite(path, [text, iv, cipher.auth_tag].map { |part| Base64.strict_encode64(part) }.join('--'))
end
";

/// `None` where there is no Ruby.
fn ruby(folder: &Path, argument: &str) -> Option<Vec<u8>> {
    let output = Command::new("ruby").args(["-e", RUBY, argument]).current_dir(folder).output().ok()?;
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(output.stdout)
}

#[test]
fn ruby_reads_what_was_written_here_and_the_other_way_round() {
    let long = format!("token: é{}\n", "x".repeat(70_000));
    for text in ["token: s3cret-ü\n", &long] {
        let run = connrun("settings encrypt").file("settings.yaml", text);
        assert_eq!(run.run().status, 0);
        let Some(read_there) = ruby(run.path(), "read") else {
            eprintln!("skipped: there is no ruby on this machine");
            return;
        };
        assert_eq!(String::from_utf8(read_there).unwrap(), text);
        let changed = text.replace("token", "other");
        std::fs::write(run.path().join("plain.yaml"), &changed).unwrap();
        ruby(run.path(), "write");
        next(&run, &["settings", "decrypt"], "");
        assert_eq!(read(&run, "settings.yaml"), changed);
    }
}

#[cfg(unix)]
#[test]
fn signals_end_a_run() {
    let source = "{ actions: { wait: { execute: lambda { |_c, _i| puts 'waiting'; sleep(60) } } } }";
    let folder = connrun("").file("connector.conn", source);
    let mut child = Command::new(env!("CARGO_BIN_EXE_connrun"))
        .args(["exec", "actions.wait.execute"])
        .current_dir(folder.path())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let mut stderr = std::io::BufReader::new(child.stderr.take().unwrap());
    let mut line = String::new();
    std::io::BufRead::read_line(&mut stderr, &mut line).unwrap();
    assert_eq!(line, "waiting\n");
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
    assert_eq!(child.wait().unwrap().code(), Some(130));
    let mut rest = String::new();
    std::io::Read::read_to_string(&mut stderr, &mut rest).unwrap();
    assert!(rest.contains("interrupted"), "{rest}");
}

#[test]
fn schemas_of_operations() {
    let source = "{
      object_definitions: { o: { fields: lambda { |_c, _f| [{ name: 'id', type: 'integer' },
        { name: 'lines', type: 'array', of: 'object', properties: [{ name: 'on', type: 'date' }] }] } } },
      actions: { a: {
        config_fields: [{ name: 'kind', optional: false, pick_list: [['A', 'a'], ['B', 'b']] }],
        input_fields: lambda { |od, _c, f| f['kind'] == 'b' ? od['o'] : [{ name: 'url', optional: false, format: 'url', hint: 'Where' }] },
        output_fields: lambda { |od| od['o'] } } } }";
    let run = |arguments: &str| connrun(arguments).file("connector.conn", source);
    run("schema action a").snapshot("schema_action");
    run("schema action a --config-fields").arg(r#"{"kind":"b"}"#).snapshot("schema_with_config_fields");
    run("schema action b").snapshot("schema_unknown");
    run("schema action a --config-fields 1").snapshot("schema_bad_config_fields");
}
