vim.bo.commentstring = "# %s"
vim.bo.shiftwidth = 2
vim.bo.expandtab = true
-- The text reads as Ruby, so its highlighting fits.
if vim.treesitter and vim.treesitter.language and vim.treesitter.language.register then
  vim.treesitter.language.register("ruby", "connector")
end
vim.bo.syntax = "ruby"
vim.cmd("runtime! indent/ruby.vim")
