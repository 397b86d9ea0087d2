//! A page as Markdown.

use super::{Block, Page, Row};

pub fn markdown(page: &Page) -> String {
    let mut out = format!("# {}\n", page.title);
    if !page.about.is_empty() {
        out.push_str(&format!("\n{}\n", page.about));
    }
    for section in &page.sections {
        out.push_str(&format!("\n{} {}\n", "#".repeat(usize::from(section.level)), section.title));
        for block in &section.blocks {
            out.push('\n');
            match block {
                Block::Text(text) => out.push_str(&format!("{text}\n")),
                Block::Caption(caption) => out.push_str(&format!("**{caption}**\n")),
                Block::Code(language, code) => out.push_str(&format!("```{language}\n{code}```\n")),
                Block::Table(rows) => table(&mut out, rows),
            }
        }
    }
    out
}

fn table(out: &mut String, rows: &[Row]) {
    let is_silent = rows.iter().all(|row| row.about.is_empty());
    out.push_str(if is_silent { "| field | | |\n|---|---|---|\n" } else { "| field | | | |\n|---|---|---|---|\n" });
    let mut path: Vec<&str> = Vec::new();
    for row in rows {
        path.truncate(row.depth);
        path.push(&row.name);
        let mark = if row.required { " *" } else { "" };
        let about = if is_silent { String::new() } else { format!(" {} |", cell(&row.about)) };
        out.push_str(&format!("| `{}`{mark} | {} | {} |{about}\n", path.join("."), cell(&row.label), row.kind));
    }
    if rows.iter().any(|row| row.required) {
        out.push_str("\n\\* has to be filled in\n");
    }
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}
