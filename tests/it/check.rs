//! `connrun check`: what the rules say of a connector that breaks each of them, and of none of our own.

use crate::support::command::connrun;
use std::path::Path;

const FAULTY: &str = "\
{
  title: 'Acme',
  titel: 'Acme',

  connection: {
    fields: [
      { name: 'token', label: 'Token', control_type: 'pasword', optinal: false },
      { name: 'color', label: 'Color', control_type: 'select', pick_list: 'colours', type: 'sting' }
    ]
  },

  actions: {
    get: {
      exeute: 1,
      input_fields: lambda do |object_definitions|
        object_definitions['usr']
      end,
      execute: lambda do |input, connection|
        unused = 1
        call('claen', input)
        call(:clean, 1, 2)
        input['name'].upcasse
      end
    }
  },

  triggers: {
    made: {
      poll: lambda do |connection, input, closure, more, most|
        { events: [], events: [] }
      end
    }
  },

  methods: {
    clean: lambda do |hash|
      hash.compact
    end,
    never: lambda do
      1 # connrun:allow nothing
    end
  },

  pick_lists: {
    colors: lambda do |_connection|
      [['Red', 'red']]
    end
  },

  object_definitions: {
    user: {
      fields: lambda do |_connection, _config_fields, object_definitions|
        [{ name: 'id', type: 'integer' }].concat(object_definitions['user'])
      end
    }
  }
}
";

#[test]
fn every_rule() {
    let run = connrun("check a.conn --format github").file("a.conn", FAULTY).run();
    insta::assert_snapshot!(run.stdout);
    assert_eq!(run.status, 0);
}

#[test]
fn comments_allow() {
    let text = "{\n  title: 'A',\n  # connrun:allow unknown-key\n  titel: 'B',\n  tilte: 'C' # connrun:allow all\n}\n";
    let run = connrun("check a.conn --format json").file("a.conn", text).run();
    assert_eq!(run.stdout, "[]\n");
}

#[test]
fn warnings_may_be_denied() {
    let run = connrun("check a.conn --deny warnings -q").file("a.conn", FAULTY).run();
    assert_eq!(run.status, 1);
}

#[test]
fn as_sarif() {
    let run = connrun("check a.conn --format sarif").file("a.conn", "{\n  title: 'A'\n  version: '1'\n}\n").run();
    let log: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    let result = &log["runs"][0]["results"][0];
    assert_eq!(result["ruleId"], "syntax::missing-comma");
    assert_eq!(result["locations"][0]["physicalLocation"]["region"]["startLine"], 2);
    assert_eq!(run.status, 1);
}

/// After a syntax error nothing is said of what may be missing because of it.
#[test]
fn quiet_around_errors() {
    let text = "{\n  actions: {\n    go: {\n      execute: lambda do |connection, input|\n        call('x'\n      end\n    }\n  }\n}\n";
    let run = connrun("check a.conn --format github").file("a.conn", text).run();
    assert_eq!(run.stdout.lines().count(), 1, "{}", run.stdout);
}

#[test]
fn our_own_connectors_are_clean() {
    for name in ["customers", "github", "rss"] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("connectors/{name}.conn"));
        let run = connrun("check --format github --deny warnings").arg(&path.display().to_string()).run();
        assert_eq!((run.stdout.as_str(), run.status), ("", 0), "{name}");
    }
}

/// Each code that the source mentions is explained.
#[test]
fn every_code_is_explained() {
    let mut pending = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    while let Some(folder) = pending.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                pending.push(path);
                continue;
            }
            for part in
                std::fs::read_to_string(&path).unwrap().split('"').filter(|part| !part.contains([' ', '{', '\n']))
            {
                if part.starts_with("syntax::") || part.starts_with("check::") {
                    assert!(connrun::diagnostic::code(part).is_some(), "{part} in {}", path.display());
                }
            }
        }
    }
}
