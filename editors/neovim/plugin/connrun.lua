-- Starts the server for every connector; Neovim before 0.11 has no vim.lsp.enable.
local options = vim.g.connrun_options or {}
vim.lsp.commands["connrun.exec"] = function(command)
  local uri, words = unpack(command.arguments)
  local file = vim.uri_to_fname(uri)
  vim.cmd("silent write | botright split | enew")
  vim.fn.termopen(vim.list_extend({ "connrun", "exec" }, vim.list_extend(vim.deepcopy(words), { "-c", file })))
end
options.commands = { "connrun.exec" }
if vim.lsp.enable then
  vim.lsp.config("connrun", { init_options = options })
  vim.lsp.enable("connrun")
  return
end
local client
vim.api.nvim_create_autocmd("FileType", {
  pattern = "connector",
  callback = function(event)
    if not client or not vim.lsp.get_client_by_id(client) then
      client = vim.lsp.start_client({
        name = "connrun",
        cmd = { "connrun", "lsp" },
        root_dir = vim.fn.getcwd(),
        init_options = options,
      })
    end
    vim.lsp.buf_attach_client(event.buf, client)
  end,
})
