//! Texts close to valid ones, the same in every run.

/// A small generator with a fixed seed (xorshift), so that a failure can be repeated.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A number below the limit; 0 where the limit is 0.
    pub fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit.max(1) as u64) as usize
    }
}

const TOKENS: [&str; 40] = [
    "{", "}", "[", "]", "(", ")", "do", "end", "if", "|", "\"", "'", "#{", "%w[", "/", "<<~A\n", ",", ":", "=>", "=",
    ".", "&.", "..", "?", "\n", "\\", "-", "*", "&", "case", "in", "rescue", "->", "!", "é", "\u{1}", "@", "$", "_1",
    "%",
];

/// The text with one token deleted, doubled or inserted, or the rest cut off.
pub fn mutate(seed: &str, random: &mut Random) -> String {
    let tokens = split(seed);
    let at = random.below(tokens.len());
    let mut out: Vec<&str> = tokens.clone();
    match random.below(4) {
        0 => drop(out.remove(at)),
        1 => out.insert(at, tokens[at]),
        2 => out.insert(at, TOKENS[random.below(TOKENS.len())]),
        _ => {
            let cut = random.below(seed.len() + 1);
            return seed.chars().take(cut).collect();
        }
    }
    out.concat()
}

/// Words, and single characters.
fn split(text: &str) -> Vec<&str> {
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let word = rest.find(|c: char| !c.is_alphanumeric()).unwrap_or(rest.len());
        let (token, tail) = rest.split_at(word.max(first.len_utf8()));
        tokens.push(token);
        rest = tail;
    }
    tokens
}
