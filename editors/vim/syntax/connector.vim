" The text reads as Ruby.
if exists("b:current_syntax")
  finish
endif
runtime! syntax/ruby.vim
let b:current_syntax = "connector"
