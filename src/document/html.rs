//! A page as one file of HTML: its style within, nothing fetched, light and dark.

use super::{Block, Page, Row};

const STYLE: &str = include_str!("page.css");

pub fn html(page: &Page) -> String {
    let mut nav = String::new();
    let mut body = String::new();
    for section in &page.sections {
        let (level, id, title) = (section.level, escape(&section.id), escape(&section.title));
        nav.push_str(&format!("<a class=\"l{level}\" href=\"#{id}\">{title}</a>\n"));
        body.push_str(&format!("<section class=\"l{level}\" id=\"{id}\">\n<h{level}>{title}</h{level}>\n"));
        section.blocks.iter().for_each(|block| write(&mut body, block));
        body.push_str("</section>\n");
    }
    let title = escape(&page.title);
    let about =
        if page.about.is_empty() { String::new() } else { format!("<p class=\"about\">{}</p>\n", inline(&page.about)) };
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{title}</title>\n\
         <style>\n{STYLE}</style>\n</head>\n<body>\n<nav>\n<strong>{title}</strong>\n{nav}</nav>\n<main>\n<h1>{title}</h1>\n{about}{body}</main>\n\
         </body>\n</html>\n"
    )
}

fn write(out: &mut String, block: &Block) {
    match block {
        Block::Text(text) => out.push_str(&format!("<p>{}</p>\n", inline(text))),
        Block::Caption(caption) => out.push_str(&format!("<h4>{}</h4>\n", escape(caption))),
        Block::Code(_, code) => out.push_str(&format!("<pre>{}</pre>\n", escape(code.trim_end()))),
        Block::Table(rows) => table(out, rows),
    }
}

fn table(out: &mut String, rows: &[Row]) {
    out.push_str("<div class=\"scroll\"><table>\n<tr><th>Field</th><th>Name</th><th>Kind</th><th></th></tr>\n");
    for row in rows {
        let mark = if row.required { " <b class=\"must\" title=\"has to be filled in\">required</b>" } else { "" };
        out.push_str(&format!(
            "<tr><td class=\"d{}\">{}{mark}</td><td><code>{}</code></td><td>{}</td><td>{}</td></tr>\n",
            row.depth.min(6),
            escape(&row.label),
            escape(&row.name),
            escape(&row.kind),
            inline(&row.about)
        ));
    }
    out.push_str("</table></div>\n");
}

/// A text with its `code` and **words of weight** marked.
fn inline(text: &str) -> String {
    let mut out = String::new();
    for (at, piece) in text.split('`').enumerate() {
        if at % 2 == 1 {
            out.push_str(&format!("<code>{}</code>", escape(piece)));
            continue;
        }
        for (at, piece) in piece.split("**").enumerate() {
            let piece = escape(piece);
            out.push_str(&if at % 2 == 1 { format!("<b>{piece}</b>") } else { piece });
        }
    }
    out
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
