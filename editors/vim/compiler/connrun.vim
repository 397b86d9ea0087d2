" :compiler connrun, then :make checks the file and fills the quickfix list.
let current_compiler = "connrun"
CompilerSet makeprg=connrun\ check\ --quiet\ --format\ short\ %:S
CompilerSet errorformat=%f:%l:%c:\ %trror:\ %m,%f:%l:%c:\ %tarning:\ %m,%f:%l:%c:\ h%tnt:\ %m,%-G%.%#
