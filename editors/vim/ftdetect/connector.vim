autocmd BufRead,BufNewFile *.conn setfiletype connector
