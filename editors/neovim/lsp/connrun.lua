-- Neovim 0.11 and later: vim.lsp.enable("connrun")
return {
  cmd = { "connrun", "lsp" },
  filetypes = { "connector" },
  root_markers = { "connrun.toml", ".git" },
}
