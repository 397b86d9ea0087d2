//! A flame graph: each call a box as wide as its time, what it called on top of it. One SVG file without scripts; every
//! box tells its time where the pointer rests.

use super::{Kind, Tree};
use crate::http::xml::Writer;

const WIDTH: f64 = 1200.0;
const MARGIN: f64 = 10.0;
const ROW: f64 = 18.0;
/// Above and below the boxes.
const HEAD: f64 = 40.0;
const FOOT: f64 = 30.0;
/// Of a character of the font.
const CHARACTER: f64 = 7.2;
/// What is narrower cannot be seen.
const NARROWEST: f64 = 0.3;

/// A call to be drawn: row from the bottom, left side, width, colour, what stands on it and what it tells.
struct Shape {
    depth: usize,
    left: f64,
    width: f64,
    fill: String,
    label: String,
    title: String,
}

pub fn svg(tree: &Tree) -> String {
    let mut shapes = Vec::new();
    let all = tree.seconds.max(f64::MIN_POSITIVE);
    lay_out(tree, 0, MARGIN, (WIDTH - 2.0 * MARGIN) / all, all, &mut shapes);
    let depth = shapes.iter().map(|shape| shape.depth).max().unwrap_or(0) + 1;
    let height = HEAD + depth as f64 * ROW + FOOT;
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH}\" height=\"{height}\" viewBox=\"0 0 {WIDTH} {height}\">\n\
         <style>text {{ font: 12px monospace; fill: #1b1b1b }} .head {{ font-size: 15px }} .note {{ fill: #555 }} \
         g:hover rect {{ stroke: #1b1b1b }}</style>\n\
         <rect width=\"100%\" height=\"100%\" fill=\"#fdfdfb\"/>\n\
         <text class=\"head\" x=\"{MARGIN}\" y=\"24\">{}</text>\n",
        escaped(&format!("{} · {}", tree.name, time(tree.seconds)))
    );
    for shape in &shapes {
        out += &draw(shape, height);
    }
    let note = "width: time · orange: lambdas · blue: requests · grey: connrun itself";
    out += &format!("<text class=\"note\" x=\"{MARGIN}\" y=\"{}\">{note}</text>\n", height - 10.0);
    out + "</svg>\n"
}

fn lay_out(tree: &Tree, depth: usize, left: f64, scale: f64, all: f64, shapes: &mut Vec<Shape>) {
    let width = tree.seconds * scale;
    if width < NARROWEST {
        return;
    }
    let calls = if tree.calls == 1 { String::new() } else { format!(", {} calls", tree.calls) };
    let line = tree.line.map(|line| format!(", line {line}")).unwrap_or_default();
    let share = tree.seconds * 100.0 / all;
    shapes.push(Shape {
        depth,
        left,
        width,
        fill: colour(tree),
        label: tree.name.clone(),
        title: format!("{}: {} ({share:.1} %){calls}{line}", tree.name, time(tree.seconds)),
    });
    // Requests of the same time are drawn after each other, as narrow as that takes.
    let inner: f64 = tree.inner.iter().map(|inner| inner.seconds).sum();
    let scale = if inner > tree.seconds { scale * tree.seconds / inner } else { scale };
    let mut left = left;
    for inner in &tree.inner {
        lay_out(inner, depth + 1, left, scale, all, shapes);
        left += inner.seconds * scale;
    }
}

fn draw(shape: &Shape, height: f64) -> String {
    let (x, y) = (shape.left, height - FOOT - (shape.depth + 1) as f64 * ROW);
    let fits = ((shape.width - 6.0) / CHARACTER).max(0.0) as usize;
    let label = cut(&shape.label, fits);
    let text = match label.as_str() {
        "" => String::new(),
        label => format!("<text x=\"{:.1}\" y=\"{:.1}\">{}</text>", x + 3.0, y + 13.0, escaped(label)),
    };
    format!(
        "<g><title>{}</title><rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{:.1}\" height=\"{:.1}\" rx=\"2\" fill=\"{}\"/>{text}</g>\n",
        escaped(&shape.title),
        (shape.width - 0.5).max(NARROWEST),
        ROW - 1.0,
        shape.fill
    )
}

/// A name that does not fit loses its end; of three characters nobody learns anything.
fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    if most < 4 { String::new() } else { text.chars().take(most - 1).chain(std::iter::once('…')).collect() }
}

/// Neighbours differ a little, the same name is always the same.
fn colour(tree: &Tree) -> String {
    let shade = tree.name.bytes().fold(7_u32, |sum, byte| sum.wrapping_mul(31).wrapping_add(u32::from(byte)));
    let (hue, lightness) = match tree.kind {
        Kind::Run => return "#cfcfcb".to_owned(),
        Kind::Lambda => (28 + shade % 22, 66 + shade / 22 % 9),
        Kind::Request => (203 + shade % 16, 72 + shade / 16 % 8),
    };
    format!("hsl({hue}, 85%, {lightness}%)")
}

fn escaped(text: &str) -> String {
    let mut xml = Writer::default();
    let plain: String = text.chars().filter(|c| !c.is_control()).collect();
    xml.text(&plain);
    xml.finish()
}

/// Seconds as people read them.
pub fn time(seconds: f64) -> String {
    match seconds * 1000.0 {
        long if long >= 10_000.0 => format!("{seconds:.1} s"),
        short => format!("{short:.1} ms"),
    }
}
