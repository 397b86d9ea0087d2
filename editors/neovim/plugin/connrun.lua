-- Starts the server for every connector; Neovim before 0.11 has no vim.lsp.enable.
if vim.lsp.enable then
  vim.lsp.enable("connrun")
  return
end
local client
vim.api.nvim_create_autocmd("FileType", {
  pattern = "connector",
  callback = function(event)
    if not client or not vim.lsp.get_client_by_id(client) then
      client = vim.lsp.start_client({ name = "connrun", cmd = { "connrun", "lsp" }, root_dir = vim.fn.getcwd() })
    end
    vim.lsp.buf_attach_client(event.buf, client)
  end,
})
