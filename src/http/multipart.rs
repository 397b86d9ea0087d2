//! The writer of `multipart/form-data` bodies.

/// One part: a plain field, or a file when it has a content type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    pub name: String,
    pub data: Vec<u8>,
    pub file: Option<File>,
}

/// What makes a part a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    pub content_type: String,
    /// The field's name when not given.
    pub filename: Option<String>,
}

/// What every boundary starts with; sixteen letters and digits follow.
pub const BOUNDARY_PREFIX: &str = "----RubyFormBoundary";

/// The header value that goes with the body.
pub fn content_type(boundary: &str) -> String {
    format!("multipart/form-data; boundary={boundary}")
}

/// Parts in order. Names go out as they are, but for line ends, which would start a header of their own.
pub fn write(parts: &[Part], boundary: &str) -> Vec<u8> {
    if parts.is_empty() {
        return format!("--{boundary}\r\n--\r\n").into_bytes();
    }
    let mut body = Vec::new();
    for part in parts {
        let name = one_line(&part.name);
        let file = part.file.as_ref().map_or_else(String::new, |file| {
            let filename = one_line(file.filename.as_deref().unwrap_or(&part.name));
            format!("; filename=\"{filename}\"\r\nContent-Type: {}", one_line(&file.content_type))
        });
        let head = format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n");
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(&part.data);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
    body
}

fn one_line(text: &str) -> String {
    text.replace('\r', "%0D").replace('\n', "%0A")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_and_files() {
        let plain = |name: &str, data: &str| Part { name: name.into(), data: data.into(), file: None };
        let file =
            |filename: Option<&str>| File { content_type: "text/plain".into(), filename: filename.map(str::to_owned) };
        let parts = [
            plain("a", "x"),
            Part { file: Some(file(Some("a.txt"))), ..plain("f", "file body\n") },
            Part { file: Some(file(None)), ..plain("g\r\n", "") },
        ];
        insta::assert_snapshot!(String::from_utf8_lossy(&write(&parts, "B")).replace('\r', "␍"), @r#"
        --B␍
        Content-Disposition: form-data; name="a"␍
        ␍
        x␍
        --B␍
        Content-Disposition: form-data; name="f"; filename="a.txt"␍
        Content-Type: text/plain␍
        ␍
        file body
        ␍
        --B␍
        Content-Disposition: form-data; name="g%0D%0A"; filename="g%0D%0A"␍
        Content-Type: text/plain␍
        ␍
        ␍
        --B--␍
        "#);
    }
}
