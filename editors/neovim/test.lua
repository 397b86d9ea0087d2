-- Run by editors/test.sh: opens a broken connector and asks for what an author would.
local function fail(what)
  io.stderr:write("neovim: " .. what .. "\n")
  vim.cmd("cquit 1")
end
local function wait(what, test)
  if not vim.wait(10000, test, 20) then fail(what) end
end
vim.cmd("edit " .. vim.env.CONNRUN_TEST_FILE)
wait("no diagnostics", function() return #vim.diagnostic.get(0) > 0 end)
local found = vim.diagnostic.get(0)[1]
if found.code ~= "syntax::missing-comma" then fail("the wrong diagnostic: " .. tostring(found.code)) end
local function ask(method, line, column)
  local params = { textDocument = { uri = vim.uri_from_bufnr(0) }, position = { line = line, character = column } }
  if method == "textDocument/codeAction" then
    params.range = { start = params.position, ["end"] = params.position }
    params.context = { diagnostics = {} }
  end
  local answers = vim.lsp.buf_request_sync(0, method, params, 5000) or {}
  for _, answer in pairs(answers) do
    if answer.result then return answer.result end
  end
  fail("no answer to " .. method)
end
local hover = ask("textDocument/hover", 5, 8)
if not hover.contents.value:find("actions.*.execute", 1, true) then fail("hover says " .. hover.contents.value) end
local labels = {}
for _, item in ipairs(ask("textDocument/completion", 6, 14).items) do labels[item.label] = true end
if not labels.clean then fail("completion does not offer `clean`") end
local lens = ask("textDocument/codeLens", 0, 0)[1]
if not lens or lens.command.title ~= "▶ run action get" then fail("no lens") end
if not vim.lsp.commands[lens.command.command] then fail("nothing runs the lens") end
local action = ask("textDocument/codeAction", found.lnum, 0)[1]
vim.lsp.util.apply_workspace_edit(action.edit, "utf-16")
wait("the fix does not cure", function() return #vim.diagnostic.get(0) == 0 end)
print("neovim " .. vim.version().major .. "." .. vim.version().minor .. ": diagnostics, hover, completion, a lens and a fix arrive\n")
vim.cmd("qall!")
