" What `editors/test.sh` asks of Vim: colours by `synstack`, and `:make`. The first thing that is wrong ends the test.
function! s:Fail(what)
  call writefile(['vim: ' . a:what], '/dev/stderr', 'a')
  cquit
endfunction

" The names of what the place of a pattern is highlighted as.
function! s:Groups(pattern)
  call cursor(1, 1)
  if search(a:pattern, 'cW') == 0
    call s:Fail('no ' . a:pattern)
  endif
  return map(synstack(line('.'), col('.')), 'synIDattr(v:val, "name")')
endfunction

if &filetype !=# 'connector'
  call s:Fail('the file type is ' . &filetype)
endif
for [s:pattern, s:group] in [
      \ ['title:', 'connectorKey'],
      \ ['actions:', 'connectorSection'],
      \ ['execute:', 'connectorKey'],
      \ ["call('clean'", 'connectorFunction'],
      \ ['clean: lambda', 'rubySymbol'],
      \ ["'Acme'", 'rubyStringDelimiter'],
      \ ['lambda do', 'rubyKeyword'],
      \ ]
  if match(s:Groups(s:pattern), s:group) < 0
    call s:Fail(s:pattern . ' is ' . string(s:Groups(s:pattern)) . ', not ' . s:group)
  endif
endfor

compiler connrun
silent make!
let s:found = map(getqflist(), '[v:val.lnum, v:val.col, v:val.type, v:val.valid]')
if s:found !=# [[2, 16, 'e', 1]]
  call s:Fail('quickfix has ' . string(getqflist()))
endif
qall!
