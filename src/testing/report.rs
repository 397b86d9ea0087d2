//! Results for other programs: TAP and JUnit's XML.

use super::Complaint;
use crate::http::xml::Writer;

/// One result, ready to be reported.
pub struct Line<'a> {
    pub suite: &'a str,
    pub name: &'a str,
    pub complaints: &'a [Complaint],
    pub seconds: f64,
}

/// Test Anything Protocol, version 14.
pub fn tap(lines: &[Line<'_>]) -> String {
    let mut out = format!("TAP version 14\n1..{}\n", lines.len());
    for (at, line) in lines.iter().enumerate() {
        let word = if line.complaints.is_empty() { "ok" } else { "not ok" };
        let name = format!("{}: {}", line.suite, line.name).replace(['\n', '#'], " ");
        out += &format!("{word} {} - {name}\n", at + 1);
        if !line.complaints.is_empty() {
            let message = said(line.complaints).replace('\n', "\n    ");
            out += &format!("  ---\n  message: |\n    {message}\n  ...\n");
        }
    }
    out
}

/// The XML that build servers read.
pub fn junit(lines: &[Line<'_>]) -> String {
    let failed = |lines: &[Line<'_>]| lines.iter().filter(|line| !line.complaints.is_empty()).count();
    let escaped = |text: &str| {
        let mut xml = Writer::default();
        // What no XML can hold would make the whole report unreadable.
        let plain: String = text.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect();
        xml.text(&plain);
        xml.finish().replace('"', "&quot;")
    };
    let seconds: f64 = lines.iter().map(|line| line.seconds).sum();
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    out += &format!("<testsuites tests=\"{}\" failures=\"{}\" time=\"{seconds:.3}\">\n", lines.len(), failed(lines));
    for suite in lines.chunk_by(|a, b| a.suite == b.suite) {
        let Some(first) = suite.first() else { continue };
        let (name, count) = (escaped(first.suite), suite.len());
        out += &format!("  <testsuite name=\"{name}\" tests=\"{count}\" failures=\"{}\">\n", failed(suite));
        for line in suite {
            let head = format!(
                "    <testcase classname=\"{name}\" name=\"{}\" time=\"{:.3}\"",
                escaped(line.name),
                line.seconds
            );
            out += &match line.complaints {
                [] => format!("{head}/>\n"),
                complaints => {
                    let said = escaped(&said(complaints));
                    let first = said.lines().next().unwrap_or_default();
                    format!("{head}>\n      <failure message=\"{first}\">{said}</failure>\n    </testcase>\n")
                }
            };
        }
        out += "  </testsuite>\n";
    }
    out + "</testsuites>\n"
}

fn said(complaints: &[Complaint]) -> String {
    let said = complaints.iter().map(|complaint| match complaint {
        Complaint::Line(line) => line.clone(),
        Complaint::Differs { what, expected, actual } => {
            format!("{what} is not as expected\nexpected: {expected}\nactual: {actual}")
        }
    });
    said.collect::<Vec<_>>().join("\n")
}
