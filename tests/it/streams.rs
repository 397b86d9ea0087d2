//! `exec stream`: whole streams on standard output and in files.

use crate::support::command::{Run, connrun};

const STREAMS: &str = r#"{
  title: 'Streams',
  streams: {
    letters: lambda do |_input, from, to, _size|
      text = 'Grüße, "Welt"'
      bytes = text.bytes[from..to] || []
      [bytes.pack('C*'), to >= text.bytesize - 1]
    end,
    bytes: lambda do |_input, from, to, _size|
      [(from..[to, 299].min).map { |number| number % 256 }.pack('C*'), to >= 299]
    end,
    nothing: lambda do |_input, _from, _to, _size|
      [nil, true]
    end,
    broken: lambda do |_input, from, _to, size|
      error('the service is gone') if from >= size * 2
      ['x' * size, false]
    end,
    numbers: lambda do |_input, _from, _to, _size|
      [[1, 2], true]
    end
  },
  methods: {
    text: lambda { 'plain' },
    hash: lambda { { a: "\xff".b } }
  }
}
"#;

fn streams(arguments: &str) -> Run {
    connrun(arguments).file("streams.conn", STREAMS)
}

#[test]
fn whole_streams_are_printed() {
    let mut all = String::new();
    for arguments in [
        "exec stream letters",
        "exec streams.letters! --frame-size 3",
        "exec streams.letters! --frame-size 3 --binary raw",
        "exec stream letters --frame-size 6",
        "exec streams.bytes! --frame-size 7",
        "exec streams.bytes! --frame-size 7 --binary base64",
        "exec stream nothing",
        "exec stream nothing --binary raw",
        "exec stream numbers",
        "exec streams.broken! --frame-size 4",
        "exec streams.broken! --frame-size 4 --binary raw",
        "exec stream leters",
        "exec streams.letters! --frame-size 0",
        "exec method text --binary raw",
        "exec method hash --binary raw",
    ] {
        all += &streams(arguments).transcript();
        all.push('\n');
    }
    insta::assert_snapshot!(all);
}

/// A file is there when the stream is; what it held before stays when the stream breaks.
#[test]
fn streams_in_files() {
    let run = streams("exec streams.bytes! --frame-size 100 --binary raw -o out.bin");
    assert_eq!(run.run().to_string(), "status: 0\n--- stdout\n--- stderr\n");
    let expected: Vec<u8> = (0..300_u32).map(|number| number as u8).collect();
    assert_eq!(std::fs::read(run.path().join("out.bin")).unwrap(), expected);

    let run = streams("exec streams.broken! --frame-size 100 --binary raw -o old.bin").file("old.bin", "old");
    assert_eq!(run.run().status, 1);
    assert_eq!(std::fs::read(run.path().join("old.bin")).unwrap(), b"old");
    assert_eq!(std::fs::read_dir(run.path()).unwrap().count(), 2, "nothing is left beside it");

    let run = streams("exec stream letters -o no/such/folder.bin --binary raw");
    assert_eq!((run.run().status, run.run().stdout.as_str()), (2, ""));
}
