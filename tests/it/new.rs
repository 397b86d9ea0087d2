//! `connrun new`: every template makes a connector that is sound, formatted, and runs at once.

use crate::support::command::{Printed, Run, connrun};
use connrun::scaffold::TEMPLATES;
use std::path::Path;

fn new(name: &str) -> (Run, Printed) {
    let run = connrun(&format!("new acme-crm --template {name}"));
    let printed = run.run();
    assert_eq!((printed.status, printed.stderr.as_str()), (0, ""), "{name}");
    (run, printed)
}

/// Runs a command as a person would type it in that folder; words are split at blanks outside of single quotes.
fn typed(command: &str, folder: &Path) -> Printed {
    let arguments = command.strip_prefix("connrun ").unwrap();
    let mut run = connrun("").env("CONNRUN_STATE", folder.join("state.db").to_str().unwrap());
    for (at, piece) in arguments.split('\'').enumerate() {
        if at % 2 == 1 {
            run = run.arg(piece);
        } else {
            run = piece.split_whitespace().fold(run, |run, word| run.arg(word));
        }
    }
    run.run_in(folder)
}

#[test]
fn every_template_is_sound_and_runs() {
    for template in TEMPLATES {
        let (run, _) = new(template.name);
        let folder = run.path().join("acme-crm");
        for command in
            ["connrun check --portable --deny warnings .", "connrun fmt --check .", "connrun describe", "connrun test"]
        {
            let printed = typed(command, &folder);
            assert_eq!(printed.status, 0, "{} {command}\n{printed}", template.name);
        }
        for (command, _) in template.tries {
            let printed = typed(command, &folder);
            assert_eq!(printed.status, 0, "{} {command}\n{printed}", template.name);
            assert!(printed.stdout.len() > 10, "{} {command}\n{printed}", template.name);
        }
        let test = typed("connrun exec test -s settings.example.yaml --sandbox", &folder);
        assert!(test.status == 0 || !folder.join("settings.example.yaml").exists(), "{} {test}", template.name);
    }
}

#[test]
fn what_is_told() {
    let (run, printed) = new("token");
    let readme = std::fs::read_to_string(run.path().join("acme-crm/README.md")).unwrap();
    insta::assert_snapshot!(format!("{}\n--- README.md\n{readme}", printed.stdout), @r#"
    A connector of the kind `token`:

      acme-crm/connector.conn             the connector, with comments for whoever changes it
      acme-crm/settings.example.yaml      what settings.yaml looks like
      acme-crm/tests/connector.test.yaml  what `connrun test` runs
      acme-crm/README.md                  how to run it
      acme-crm/.gitignore                 keeps settings and keys out of git

    Next, without an account:

      cd acme-crm
      connrun exec action get_customer -i '{"id": 1234}' --sandbox        # reads a customer
      connrun exec action create_customer -i '{"name": "Ada"}' --sandbox  # writes one
      connrun describe                                                    # what is in it
      connrun check connector.conn                                        # after each change
      connrun test                                                        # what is in tests/

    --- README.md
    # Acme Crm

    A connector for an API that takes a token: actions that read and write, a trigger that polls.

    ## Try it

    Against the demo API that connrun brings along, without an account:

    ```sh
    # reads a customer
    connrun exec action get_customer -i '{"id": 1234}' --sandbox

    # writes one
    connrun exec action create_customer -i '{"name": "Ada"}' --sandbox

    # polls, and remembers
    connrun trigger new_customer -i '{"since": "2017-01-04T05:00:00Z"}' --sandbox
    ```

    ## With an account

    `connrun connect` asks for the settings, tests the connection and writes `settings.yaml`, which never belongs into version
    control. After that leave `--sandbox` away.

    ## Change it

    ```sh
    connrun describe                  # what is in it
    connrun check connector.conn      # every mistake in one go
    connrun test                      # what is in tests/
    connrun fmt connector.conn        # white space in order
    connrun explain poll              # what a key, a method or a message means
    ```
    "#);
    let connector = std::fs::read_to_string(run.path().join("acme-crm/connector.conn")).unwrap();
    assert!(connector.contains("title: 'Acme Crm'"), "{connector}");
}

#[test]
fn nothing_is_overwritten() {
    let taken = connrun("new acme").file("acme/README.md", "mine").file("acme/notes.txt", "");
    insta::assert_snapshot!(taken.run().to_string(), @r"
    status: 2
    --- stdout
    --- stderr
    usage::exists

      × acme has README.md already
      help: nothing was written; name another folder, or move them away
    ");
    assert_eq!(std::fs::read_to_string(taken.path().join("acme/README.md")).unwrap(), "mine");
    assert_eq!(std::fs::read_dir(taken.path().join("acme")).unwrap().count(), 2);
    let beside = connrun("new acme").file("acme/notes.txt", "");
    assert_eq!(beside.run().status, 0);
    insta::assert_snapshot!(connrun("new acme").file("acme", "").run().to_string(), @r"
    status: 2
    --- stdout
    --- stderr
    usage::exists

      × acme is there already, and it is no folder
      help: name another folder
    ");
    insta::assert_snapshot!(connrun("new acme --template soap").run().to_string(), @r"
    status: 2
    --- stdout
    --- stderr
    error: invalid value 'soap' for '--template <TEMPLATE>'
      [possible values: token, oauth2, public, webhook, graphql]

    For more information, try '--help'.
    ");
}

#[test]
fn completions_of_shells() {
    for (shell, expected) in [("bash", "complete -F"), ("zsh", "#compdef connrun"), ("fish", "complete -c connrun")] {
        let printed = connrun(&format!("completions {shell}")).run();
        assert!(printed.status == 0 && printed.stdout.contains(expected), "{shell}");
    }
}
