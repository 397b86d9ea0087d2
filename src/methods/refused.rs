//! What a connector may not do here, and why: one table of functions, one of constants.
//!
//! The reference runs connectors in a container of their own; this binary runs them in its own process, so a connector
//! reaches the world only through requests.

const PROCESSES: &str = "a connector may not start processes";
const FILES: &str = "a connector may not touch the file system; requests and streams carry its data";
const CODE: &str = "code made at run time cannot be checked; write it as a lambda or a method of `methods`";
const LIBRARIES: &str = "connrun brings its own library; leave the line out";
const CLASSES: &str = "a connector is one hash of lambdas; it defines no classes or modules";
const THREADS: &str = "a run has one thread; `parallel` sends requests side by side";
const SOCKETS: &str = "requests go out through get, post and the other verbs, so that they can be traced and replayed";
const HOST: &str = "a connector does not see the machine it runs on; settings hold what it needs";
const INSIDE: &str = "a connector does not see the inside of the program that runs it";
const RECORDS: &str = "a hash holds named values";
const XML: &str = "`from_xml` and `response_format_xml` read XML into hashes";
const HTTP: &str = "`get`, `post` and the other verbs make requests: `post(url).payload(body).headers(…)`";
const ENCODING: &str = "Ruby 3 does not have it; `text.encode_url` escapes a part of an address";
const DECODING: &str = "Ruby 3 does not have it; `CGI.unescape(text)` reads an escaped text";
const CACHE: &str = "nothing is kept between runs: the closure of a trigger, `continue` and the settings are";
const YAML: &str = "`workato.parse_yaml(text)` reads YAML, `workato.render_yaml(value)` writes it";
const INPUT: &str = "a connector has no keyboard; its input comes with the run";

/// Sorted by name.
const FUNCTIONS: &[(&str, &str)] = &[
    ("`", PROCESSES),
    ("at_exit", INSIDE),
    ("autoload", LIBRARIES),
    ("binding", INSIDE),
    ("class_eval", CODE),
    ("define_method", CLASSES),
    ("eval", CODE),
    ("exec", PROCESSES),
    ("exit!", INSIDE),
    ("extend", CLASSES),
    ("fork", PROCESSES),
    ("gets", INPUT),
    ("include", CLASSES),
    ("instance_eval", CODE),
    ("instance_exec", CODE),
    ("load", LIBRARIES),
    ("module_eval", CODE),
    ("open", FILES),
    ("prepend", CLASSES),
    ("readline", INPUT),
    ("readlines", INPUT),
    ("refine", CLASSES),
    ("require", LIBRARIES),
    ("require_dependency", LIBRARIES),
    ("require_relative", LIBRARIES),
    ("set_trace_func", INSIDE),
    ("spawn", PROCESSES),
    ("syscall", PROCESSES),
    ("system", PROCESSES),
    ("trace_var", INSIDE),
    ("trap", PROCESSES),
    ("using", CLASSES),
];

/// What `require` may name although nothing is to be loaded: connrun brings these, as the reference does. Sorted.
const BROUGHT: &[&str] = &[
    "base64",
    "bigdecimal",
    "cgi",
    "csv",
    "date",
    "digest",
    "erb",
    "json",
    "openssl",
    "securerandom",
    "set",
    "time",
    "uri",
];

/// Sorted by name. A constant below one of these is refused with it.
const CONSTANTS: &[(&str, &str)] = &[
    ("ARGF", INPUT),
    ("ARGV", HOST),
    ("ActiveRecord", LIBRARIES),
    ("Bundler", LIBRARIES),
    ("Concurrent", THREADS),
    ("DATA", FILES),
    ("Dir", FILES),
    ("ENV", HOST),
    ("Etc", HOST),
    ("Excon", SOCKETS),
    ("Faraday", SOCKETS),
    ("Fiber", THREADS),
    ("File", FILES),
    ("FileTest", FILES),
    ("FileUtils", FILES),
    ("GC", INSIDE),
    ("Gem", LIBRARIES),
    ("HTTParty", SOCKETS),
    ("IO", FILES),
    ("Logger", FILES),
    ("Marshal", INSIDE),
    ("Monitor", THREADS),
    ("Mutex", THREADS),
    ("Net", SOCKETS),
    ("Nokogiri", XML),
    ("ObjectSpace", INSIDE),
    ("Open3", PROCESSES),
    ("OpenStruct", RECORDS),
    ("OpenURI", SOCKETS),
    ("PTY", PROCESSES),
    ("Pathname", FILES),
    ("Psych", YAML),
    ("Queue", THREADS),
    ("REXML", XML),
    ("RUBY_PLATFORM", HOST),
    ("Ractor", THREADS),
    ("Rails", LIBRARIES),
    ("Resolv", SOCKETS),
    ("RubyVM", INSIDE),
    ("STDERR", FILES),
    ("STDIN", INPUT),
    ("STDOUT", FILES),
    ("Signal", PROCESSES),
    ("Socket", SOCKETS),
    ("Struct", RECORDS),
    ("TCPServer", SOCKETS),
    ("TCPSocket", SOCKETS),
    ("TOPLEVEL_BINDING", INSIDE),
    ("Tempfile", FILES),
    ("Thread", THREADS),
    ("ThreadGroup", THREADS),
    ("Tmpdir", FILES),
    ("TracePoint", INSIDE),
    ("UDPSocket", SOCKETS),
    ("UNIXSocket", SOCKETS),
    ("YAML", YAML),
];

/// Methods of libraries that connectors meet elsewhere, and of older versions of Ruby, and what there is instead. Sorted by
/// name.
const NAMES: &[(&str, &str)] = &[
    ("URI.decode", DECODING),
    ("URI.encode", ENCODING),
    ("URI.escape", ENCODING),
    ("URI.unescape", DECODING),
    ("body=", HTTP),
    ("cache", CACHE),
    ("extname", "files have no place here; `name.split('.').last` gives what follows the last dot"),
    ("load_file", FILES),
    ("post_form", HTTP),
    ("read_timeout=", HTTP),
    ("request", "the answer of a failed request is a text; to name its address, keep that in a variable"),
    ("safe_load", YAML),
    ("seek", "streams are read from one offset to another: `workato.stream.in(source) { |chunk, from, to| … }`"),
    ("set", CACHE),
    ("set_form_data", HTTP),
    ("use_ssl=", HTTP),
];

/// What to use instead of a method that other libraries have, if it is known.
pub fn name(name: &str) -> Option<&'static str> {
    find(NAMES, name)
}

/// Why a method of a constant is refused that is not refused as a whole.
pub fn method(constant: &str, name: &str) -> Option<&'static str> {
    (constant == "Process" && name != "clock_gettime").then_some(PROCESSES)
}

/// Why a bare call of that name is refused, if it is.
pub fn function(name: &str) -> Option<&'static str> {
    find(FUNCTIONS, name)
}

/// Why a constant is refused, if it is.
pub fn constant(path: &str) -> Option<&'static str> {
    let path = path.strip_prefix("::").unwrap_or(path);
    let top = path.split("::").next().unwrap_or(path);
    find(CONSTANTS, path).or_else(|| find(CONSTANTS, top))
}

/// Whether `require` of that library finds it there already: `json`, `digest/md5`, `active_support/all`.
pub fn brings(library: &str) -> bool {
    let top = library.split('/').next().unwrap_or(library);
    top == "active_support" || BROUGHT.binary_search(&top).is_ok()
}

fn find(table: &[(&'static str, &'static str)], name: &str) -> Option<&'static str> {
    table.binary_search_by(|(key, _)| (*key).cmp(name)).ok().map(|at| table[at].1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_sorted_so_that_they_can_be_searched() {
        assert!(FUNCTIONS.is_sorted_by(|a, b| a.0 < b.0));
        assert!(CONSTANTS.is_sorted_by(|a, b| a.0 < b.0));
        assert!(BROUGHT.is_sorted());
        assert!(NAMES.is_sorted_by(|a, b| a.0 < b.0));
    }

    #[test]
    fn a_constant_below_a_refused_one_is_refused_with_it() {
        assert_eq!(constant("Net::HTTP::Get"), Some(SOCKETS));
        assert_eq!(constant("::File"), Some(FILES));
        assert_eq!(constant("Process::CLOCK_MONOTONIC"), None);
        assert_eq!(constant("JSON::ParserError"), None);
        assert_eq!(function("system"), Some(PROCESSES));
        assert_eq!(function("format"), None);
    }
}
