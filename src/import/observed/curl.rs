//! Requests from command lines of curl, as documentation and browsers give them.

use super::{Observed, Payload};
use crate::import::model::Auth;

/// Options with a value that do not change the request.
const IGNORED: &[&str] = &[
    "-o",
    "--output",
    "-m",
    "--max-time",
    "--connect-timeout",
    "--retry",
    "-w",
    "--write-out",
    "--cacert",
    "-E",
    "--cert",
    "--key",
    "-x",
    "--proxy",
    "--resolve",
    "-c",
    "--cookie-jar",
    "-T",
    "--upload-file",
    "-D",
    "--dump-header",
];

/// The requests of all commands in a text. Errors: none is there, or one cannot be read.
pub fn requests(text: &str) -> Result<Vec<Observed>, String> {
    let joined = text.replace("\\\r\n", " ").replace("\\\n", " ").replace("^\r\n", " ").replace("^\n", " ");
    let mut requests = Vec::new();
    for words in commands(&joined)? {
        let words: Vec<&str> = words.iter().map(String::as_str).filter(|word| *word != "$").collect();
        if let [program, options @ ..] = words.as_slice()
            && (*program == "curl" || program.ends_with("/curl"))
        {
            requests.push(request(options)?);
        }
    }
    if requests.is_empty() {
        return Err("there is no command that begins with `curl`".to_owned());
    }
    Ok(requests)
}

/// The words of each command, as a shell would read them; comments and pipes end one.
fn commands(text: &str) -> Result<Vec<Vec<String>>, String> {
    let (mut commands, mut words, mut word) = (Vec::new(), Vec::new(), None::<String>);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\'' | '"' => {
                let dollar = word.as_deref() == Some("$") && c == '\'';
                let word = word.get_or_insert_default();
                if dollar {
                    word.clear();
                }
                loop {
                    match chars.next().ok_or_else(|| format!("a quote {c} is not closed"))? {
                        end if end == c => break,
                        '\\' if c == '"' || dollar => match chars.next() {
                            Some('n') if dollar => word.push('\n'),
                            Some('t') if dollar => word.push('\t'),
                            Some(escaped) if dollar || "\"\\$`".contains(escaped) => word.push(escaped),
                            Some(plain) => word.extend(['\\', plain]),
                            None => {}
                        },
                        inner => word.push(inner),
                    }
                }
            }
            '\\' => word.get_or_insert_default().extend(chars.next()),
            '#' if word.is_none() => while chars.next_if(|c| *c != '\n').is_some() {},
            '\n' | ';' | '|' | '&' if !(c == '&' && word.is_some()) => {
                words.extend(word.take());
                commands.push(std::mem::take(&mut words));
            }
            c if c.is_whitespace() => words.extend(word.take()),
            c => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    commands.push(words);
    commands.retain(|words| !words.is_empty());
    Ok(commands)
}

/// What options add up to.
#[derive(Default)]
struct Given {
    method: Option<String>,
    url: Option<String>,
    headers: Vec<(String, String)>,
    data: Vec<String>,
    form: Vec<(String, String, bool)>,
    json: bool,
    get: bool,
    head: bool,
    basic: bool,
}

fn request(options: &[&str]) -> Result<Observed, String> {
    let mut given = Given::default();
    let mut options = options.iter();
    while let Some(option) = options.next() {
        let (name, mut inline) = match option.split_once('=') {
            Some((name, value)) if name.starts_with("--") => (name, Some(value)),
            _ if option.starts_with('-') && !option.starts_with("--") && option.len() > 2 => {
                let (name, value) = option.split_at_checked(2).unwrap_or((option, ""));
                if "XHdFubAe".contains(name.trim_start_matches('-')) { (name, Some(value)) } else { (*option, None) }
            }
            _ => (*option, None),
        };
        let mut value = || {
            inline.take().or_else(|| options.next().copied()).ok_or_else(|| format!("{name} is given without a value"))
        };
        take(&mut given, name, &mut value)?;
    }
    given.observed()
}

fn take<'a>(
    given: &mut Given,
    name: &'a str,
    value: &mut dyn FnMut() -> Result<&'a str, String>,
) -> Result<(), String> {
    match name {
        "-X" | "--request" => given.method = Some(value()?.to_ascii_uppercase()),
        "--url" => given.url = Some(value()?.to_owned()),
        "-H" | "--header" => {
            let header = value()?;
            let pair = header.split_once(':').map(|(name, value)| (name.trim(), value.trim()));
            given.headers.extend(pair.map(|(name, value)| (name.to_owned(), value.to_owned())));
        }
        "-d" | "--data" | "--data-raw" | "--data-binary" | "--data-ascii" => given.data.push(value()?.to_owned()),
        "--data-urlencode" => {
            let pair = value()?;
            let encoded =
                pair.split_once('=').map(|(name, text)| format!("{name}={}", crate::http::query::escape(text)));
            given.data.push(encoded.unwrap_or_else(|| crate::http::query::escape(pair)));
        }
        "--json" => {
            given.json = true;
            given.data.push(value()?.to_owned());
        }
        "-F" | "--form" | "--form-string" => {
            if let Some((name, text)) = value()?.split_once('=') {
                given.form.push((name.to_owned(), text.trim_start_matches('@').to_owned(), text.starts_with('@')));
            }
        }
        "-u" | "--user" => {
            value()?;
            given.basic = true;
        }
        "-b" | "--cookie" => given.headers.push(("Cookie".to_owned(), value()?.to_owned())),
        "-A" | "--user-agent" | "-e" | "--referer" => drop(value()?),
        "-G" | "--get" => given.get = true,
        "-I" | "--head" => given.head = true,
        name if IGNORED.contains(&name) => drop(value()?),
        name if name.starts_with('-') => {}
        url => given.url = given.url.take().or_else(|| Some(url.to_owned())),
    }
    Ok(())
}

impl Given {
    fn observed(self) -> Result<Observed, String> {
        let mut url = self.url.ok_or("a command has no address")?;
        if !url.contains("://") {
            url = format!("http://{url}");
        }
        let mut data = self.data.join("&");
        if self.get && !data.is_empty() {
            let joint = if url.contains('?') { '&' } else { '?' };
            url = format!("{url}{joint}{}", std::mem::take(&mut data));
        }
        let content_type = self.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("content-type"));
        let usual = if self.json { "application/json" } else { "application/x-www-form-urlencoded" };
        let content_type = content_type.map_or(usual, |(_, value)| value.as_str());
        let has_body = !data.is_empty() || !self.form.is_empty();
        let body = if self.form.is_empty() { Payload::of(content_type, &data) } else { Payload::Multipart(self.form) };
        let usual = match (self.head, has_body) {
            (true, _) => "HEAD",
            (_, true) => "POST",
            _ => "GET",
        };
        Ok(Observed {
            method: self.method.unwrap_or_else(|| usual.to_owned()),
            url,
            headers: self.headers,
            body,
            auth: self.basic.then_some(Auth::Basic),
            ..Observed::default()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn command_lines() {
        for (command, expected) in [
            ("curl https://a.io/x", "GET https://a.io/x None"),
            ("curl -XDELETE 'https://a.io/x?y=1&z=2'", "DELETE https://a.io/x?y=1&z=2 None"),
            ("curl a.io -d a=1 -d 'b=2 3'", "POST http://a.io Form([(\"a\", \"1\"), (\"b\", \"2 3\")])"),
            ("curl -G a.io -d a=1", "GET http://a.io?a=1 None"),
            ("curl a.io \\\n --json '{\"a\": [1]}'", "POST http://a.io Json(Object {\"a\": Array [Number(1)]})"),
            ("$ curl a.io --data-raw $'it\\'s' -H 'Content-Type: text/plain'", "POST http://a.io Text(\"it's\")"),
            ("# first\ncurl -sSL a.io -F f=@x.png | jq .", "POST http://a.io Multipart([(\"f\", \"x.png\", true)])"),
        ] {
            let requests = requests(command).unwrap();
            let Observed { method, url, body, .. } = &requests[0];
            assert_eq!(format!("{method} {url} {body:?}"), expected, "{command}");
        }
        for (command, expected) in [
            ("wget x", "there is no command that begins with `curl`"),
            ("curl 'x", "a quote ' is not closed"),
            ("curl -X", "-X is given without a value"),
            ("curl -s", "a command has no address"),
        ] {
            assert_eq!(requests(command).unwrap_err(), expected, "{command}");
        }
    }
}
