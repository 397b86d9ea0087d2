//! From text to dates and times: what a text says (`lenient`, `strptime`, `formats`), and what that means (`complete`).

pub mod clock;
pub mod complete;
mod digits_run;
pub mod formats;
mod lenient;
mod parts;
mod pattern;
mod slots;
mod strptime;
mod zone_offset;

pub use lenient::parse;
pub use parts::{Field, Parts};
pub use strptime::strptime;
pub use zone_offset::zone_offset;
