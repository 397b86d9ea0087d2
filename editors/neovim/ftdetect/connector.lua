vim.api.nvim_create_autocmd({ "BufRead", "BufNewFile" }, {
  pattern = "*.conn",
  callback = function() vim.bo.filetype = "connector" end,
})
