//! A text as tokens, with the blank space between them measured: what a formatter moves. The grammar says where literals
//! begin and end and what an ambiguous character means; everything between its pairs is punctuation and words.

use std::ops::Range;

use pest::iterators::Pair;

use super::grammar::Rule;
use super::prepare::Prepared;
use crate::text::Span;

/// A tab counts as this many columns.
const TAB: u32 = 2;

/// One token, and the space before it as it was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    pub kind: TokenKind,
    pub span: Span,
    /// Line breaks between the token before and this one.
    pub breaks: u32,
    /// Blanks before it on its line.
    pub blanks: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// A name, a constant, a variable, `nil`, `return`.
    Word,
    /// A string, a number, a symbol, a regular expression: never touched, even where it has several lines.
    Literal,
    /// `name:`
    Label,
    /// The colon after a quoted key.
    KeyColon,
    /// `# …`, without the blanks at its end.
    Comment,
    /// `=begin … =end`
    BlockComment,
    /// The lines of heredocs, from the line break before them to the end of the last one's closing line.
    Heredocs,
    Comma,
    Semicolon,
    /// `.` and `&.`
    Dot,
    /// `::`
    Scope,
    /// An operator with an operand on both sides.
    Operator,
    Assign,
    Rocket,
    Question,
    /// The colon of `a ? b : c`.
    Colon,
    Range,
    /// `!`, `-`, `+`, `~` before their operand.
    Unary,
    /// `*`, `**`, `&` before an argument or a parameter; `^` of a pattern.
    Prefix,
    /// `->`
    Lambda,
    /// A word after which an expression has to go on: `and`, `not`, `if` behind a statement.
    Joiner,
    /// A word after which statements begin: `then`, `do` of a loop.
    Starter,
    /// `else`, `when`, `rescue` and the like.
    Middle,
    Open(Bracket),
    Close(Bracket),
    /// The backslash that joins two lines.
    Backslash,
}

/// What opens and closes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bracket {
    /// Parentheses around arguments or parameters, and of `not(`.
    Arguments,
    /// Parentheses around statements.
    Group,
    Index,
    Array,
    Hash,
    /// Braces around a block's statements.
    Block,
    /// Bars around a block's parameters.
    Bars,
    /// A word, up to its `end`.
    Word,
    /// `case`, up to its `end`.
    Case,
}

/// What a rule of the grammar tells about its text.
enum Role {
    /// One token, however it looks inside.
    Whole(TokenKind),
    /// The first so many bytes are a token; what follows is read on.
    Head(usize, TokenKind),
    /// A word at the front is a token.
    HeadWord(TokenKind),
    Enclosed(usize, usize, Bracket),
    /// A word at the front, `end` at the back.
    Ended(Bracket),
    /// Only if it begins with a parenthesis.
    Parenthesized,
    /// `Name(…)`, `Name[…]`: the bracket comes after other pairs.
    Plain,
}

fn role(rule: Rule, text: &str) -> Role {
    use TokenKind as Kind;
    match rule {
        Rule::name | Rule::method | Rule::variable | Rule::constant | Rule::top_constant | Rule::def_name => {
            Role::Whole(Kind::Word)
        }
        Rule::instance_var | Rule::global => Role::Whole(Kind::Word),
        Rule::true_kw | Rule::false_kw | Rule::nil_kw | Rule::self_kw | Rule::jump_kw | Rule::yield_kw => {
            Role::Whole(Kind::Word)
        }
        Rule::file_kw | Rule::line_kw | Rule::encoding_kw => Role::Whole(Kind::Word),
        Rule::single | Rule::double | Rule::template | Rule::character | Rule::symbol | Rule::quoted_symbol => {
            Role::Whole(Kind::Literal)
        }
        Rule::number | Rule::regex | Rule::raw_list | Rule::list | Rule::raw_string | Rule::percent_string => {
            Role::Whole(Kind::Literal)
        }
        Rule::percent_symbol | Rule::percent_regex | Rule::heredoc => Role::Whole(Kind::Literal),
        Rule::label => Role::Whole(Kind::Label),
        Rule::string_colon => Role::Whole(Kind::KeyColon),
        Rule::comma => Role::Whole(Kind::Comma),
        Rule::safe => Role::Whole(Kind::Dot),
        Rule::operator => Role::Whole(Kind::Operator),
        Rule::assign | Rule::endless => Role::Whole(Kind::Assign),
        Rule::rocket => Role::Whole(Kind::Rocket),
        Rule::question => Role::Whole(Kind::Question),
        Rule::range_operator | Rule::range_prefix => Role::Whole(Kind::Range),
        Rule::unary => Role::Whole(Kind::Unary),
        Rule::and_or | Rule::if_mod | Rule::unless_mod | Rule::rescue_kw | Rule::not_kw | Rule::defined_kw => {
            Role::Whole(Kind::Joiner)
        }
        Rule::in_kw | Rule::while_mod | Rule::until_mod => Role::Whole(Kind::Joiner),
        Rule::splat | Rule::block_pass | Rule::rest_param | Rule::block_param | Rule::pattern_splat => {
            Role::Head(1, Kind::Prefix)
        }
        Rule::pin_pattern => Role::Head(1, Kind::Prefix),
        Rule::double_splat | Rule::keyword_rest_param | Rule::pattern_rest => Role::Head(2, Kind::Prefix),
        Rule::lambda => Role::Head(2, Kind::Lambda),
        Rule::elsif_clause | Rule::else_clause | Rule::when_clause | Rule::in_clause => Role::HeadWord(Kind::Middle),
        Rule::rescue_clause | Rule::ensure_clause => Role::HeadWord(Kind::Middle),
        Rule::hash | Rule::hash_pattern => Role::Enclosed(1, 1, Bracket::Hash),
        Rule::array | Rule::array_pattern => Role::Enclosed(1, 1, Bracket::Array),
        Rule::index => Role::Enclosed(1, 1, Bracket::Index),
        Rule::parens | Rule::destructure_param | Rule::array_arguments | Rule::hash_arguments => {
            Role::Enclosed(1, 1, Bracket::Arguments)
        }
        Rule::not_call => Role::Enclosed("not(".len(), 1, Bracket::Arguments),
        Rule::paren | Rule::group_pattern => Role::Enclosed(1, 1, Bracket::Group),
        Rule::brace_block | Rule::lambda_braces => Role::Enclosed(1, 1, Bracket::Block),
        Rule::block_params => Role::Enclosed(1, 1, Bracket::Bars),
        Rule::lambda_params | Rule::def_parens if text.starts_with('(') => Role::Parenthesized,
        Rule::do_block | Rule::lambda_do | Rule::if_expr | Rule::unless_expr | Rule::while_expr | Rule::for_expr => {
            Role::Ended(Bracket::Word)
        }
        Rule::begin_expr | Rule::def_expr => Role::Ended(Bracket::Word),
        Rule::case_expr => Role::Ended(Bracket::Case),
        _ => Role::Plain,
    }
}

/// The tokens of a text that the grammar read as `root`.
pub fn of(root: &Pair<'_, Rule>, text: &str, prepared: &Prepared<'_>) -> Vec<Token> {
    let at = if text.starts_with('\u{FEFF}') { '\u{FEFF}'.len_utf8() } else { 0 };
    let mut reader = Reader {
        text: text.get(..prepared.text.len()).unwrap_or(text),
        blanks: prepared.blanks.iter().filter(|range| range.start >= at).cloned().collect(),
        next_blank: 0,
        at,
        breaks: 0,
        columns: 0,
        tokens: Vec::with_capacity(text.len() / 4),
        pattern_key: None,
    };
    root.clone().into_inner().for_each(|pair| reader.pair(pair));
    reader.gap(reader.text.len());
    reader.tokens
}

struct Reader<'t> {
    text: &'t str,
    /// What the grammar did not see: heredocs, block comments.
    blanks: Vec<Range<usize>>,
    next_blank: usize,
    at: usize,
    breaks: u32,
    columns: u32,
    tokens: Vec<Token>,
    /// The end of a quoted key in a pattern: the colon there belongs to it.
    pattern_key: Option<usize>,
}

impl Reader<'_> {
    fn pair(&mut self, pair: Pair<'_, Rule>) {
        let rule = pair.as_rule();
        let (lo, hi) = (pair.as_span().start(), pair.as_span().end());
        if lo < self.at || lo == hi {
            return;
        }
        match role(rule, pair.as_str()) {
            Role::Whole(kind) => {
                self.gap(lo);
                self.push(kind, hi);
            }
            Role::Head(length, kind) => {
                self.gap(lo);
                self.push(kind, lo + length);
                self.inside(pair);
            }
            Role::HeadWord(kind) => {
                self.gap(lo);
                self.push(kind, lo + word(pair.as_str()));
                self.inside(pair);
            }
            Role::Enclosed(front, back, bracket) => self.enclosed(pair, front, back, bracket),
            Role::Parenthesized => self.enclosed(pair, 1, 1, Bracket::Arguments),
            Role::Ended(bracket) => {
                let front = word(pair.as_str());
                if pair.clone().into_inner().any(|inner| inner.as_rule() == Rule::endless) {
                    self.gap(lo);
                    self.push(TokenKind::Word, lo + front);
                    return self.inside(pair);
                }
                self.enclosed(pair, front, "end".len(), bracket);
            }
            Role::Plain if rule == Rule::pattern_entry => {
                self.pattern_key = pair.clone().into_inner().next().map(|key| key.as_span().end());
                self.inside(pair);
            }
            Role::Plain => self.inside(pair),
        }
    }

    fn inside(&mut self, pair: Pair<'_, Rule>) {
        let hi = pair.as_span().end();
        pair.into_inner().for_each(|inner| self.pair(inner));
        self.gap(hi);
    }

    fn enclosed(&mut self, pair: Pair<'_, Rule>, front: usize, back: usize, bracket: Bracket) {
        let (lo, hi) = (pair.as_span().start(), pair.as_span().end());
        self.gap(lo);
        self.push(TokenKind::Open(bracket), lo + front);
        pair.into_inner().for_each(|inner| self.pair(inner));
        self.gap(hi - back);
        self.push(TokenKind::Close(bracket), hi);
    }

    fn push(&mut self, kind: TokenKind, end: usize) {
        let span = Span::new(self.at as u32, end as u32);
        let (breaks, blanks) = (std::mem::take(&mut self.breaks), std::mem::take(&mut self.columns));
        self.tokens.push(Token { kind, span, breaks, blanks });
        self.at = end;
        // Blanks inside of a literal are part of it.
        while self.blanks.get(self.next_blank).is_some_and(|blank| blank.start < end) {
            self.next_blank += 1;
        }
    }

    /// Reads what lies between the grammar's pairs, up to `end`.
    fn gap(&mut self, end: usize) {
        while self.at < end {
            if let Some(blank) = self.blanks.get(self.next_blank).filter(|blank| blank.start == self.at).cloned() {
                self.unseen(blank);
                continue;
            }
            match self.text.as_bytes()[self.at] {
                b'\n' => {
                    self.breaks += 1;
                    self.columns = 0;
                    self.at += 1;
                }
                b'\t' => {
                    self.columns += TAB;
                    self.at += 1;
                }
                b' ' | b'\x0b' | b'\x0c' | b'\x01' => {
                    self.columns += 1;
                    self.at += 1;
                }
                b'\r' => self.at += 1,
                _ => self.mark(end),
            }
        }
    }

    /// A stretch that the grammar did not see.
    fn unseen(&mut self, blank: Range<usize>) {
        if self.text.as_bytes().get(blank.start) == Some(&b'\n') {
            let carriage = self.text.as_bytes().get(blank.end - 1) == Some(&b'\r');
            return self.push(TokenKind::Heredocs, blank.end - usize::from(carriage));
        }
        let length = self.text.get(blank.clone()).map_or(blank.len(), |text| text.trim_end().len());
        self.push(TokenKind::BlockComment, blank.start + length);
        self.at = blank.end;
    }

    fn mark(&mut self, end: usize) {
        let rest = self.text.get(self.at..).unwrap_or_default();
        let (kind, length) = match rest.as_bytes() {
            [b'#', ..] => {
                let line = rest.split('\n').next().unwrap_or_default();
                return self.push(TokenKind::Comment, self.at + line.trim_end().len());
            }
            [b',', ..] => (TokenKind::Comma, 1),
            [b';', ..] => (TokenKind::Semicolon, 1),
            [b':', b':', ..] => (TokenKind::Scope, 2),
            [b':', ..] if self.pattern_key == Some(self.at) => (TokenKind::KeyColon, 1),
            [b':', ..] => (TokenKind::Colon, 1),
            [b'=', b'>', ..] => (TokenKind::Rocket, 2),
            [b'=', ..] => (TokenKind::Assign, 1),
            [b'.', ..] => (TokenKind::Dot, 1),
            [b'|', ..] => (TokenKind::Operator, 1),
            [b'\\', ..] => (TokenKind::Backslash, 1),
            _ => match word(rest.get(..end - self.at).unwrap_or_default()) {
                0 => (TokenKind::Word, rest.chars().next().map_or(1, char::len_utf8)),
                length => (keyword(rest.get(..length).unwrap_or_default()), length),
            },
        };
        self.push(kind, self.at + length);
    }
}

fn keyword(word: &str) -> TokenKind {
    match word {
        "then" | "do" => TokenKind::Starter,
        "in" => TokenKind::Joiner,
        _ => TokenKind::Word,
    }
}

/// The length of the word that `text` begins with.
fn word(text: &str) -> usize {
    text.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_' || *byte >= 0x80).count()
}
