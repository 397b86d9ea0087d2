" :compiler connrun, then :make checks the file and fills the quickfix list.
let current_compiler = "connrun"
CompilerSet makeprg=connrun\ check\ --format\ github\ %:S
CompilerSet errorformat=::%trror\ file=%f\\,line=%l\\,col=%c\\,title=%m,::%tarning\ file=%f\\,line=%l\\,col=%c\\,title=%m,%-G%.%#
