//! The grammar's parser. Only this directory sees its `Rule`.

use pest_derive::Parser;

#[derive(Parser)]
#[grammar = "grammar/space.pest"]
#[grammar = "grammar/words.pest"]
#[grammar = "grammar/literals.pest"]
#[grammar = "grammar/expressions.pest"]
#[grammar = "grammar/control.pest"]
#[grammar = "grammar/patterns.pest"]
pub struct Grammar;
