// Runs inside of VS Code, with its whole API, and writes what it sees into the log.
const fs = require("node:fs");
const vscode = require("vscode");

const path = process.env.CONNRUN_TEST_LOG;
const say = (line) => fs.appendFileSync(path, `${line}\n`);
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Waits until `look` gives something. */
async function until(what, look, seconds = 20) {
  const start = Date.now();
  while (Date.now() - start < seconds * 1000) {
    const found = await look();
    if (found) {
      say(`ok ${what} (${Date.now() - start} ms)`);
      return found;
    }
    await sleep(20);
  }
  throw new Error(`${what}: waited in vain`);
}

function same(what, found, expected) {
  if (JSON.stringify(found) !== JSON.stringify(expected)) throw new Error(`${what}: ${JSON.stringify(found)}`);
  say(`ok ${what}: ${JSON.stringify(found)}`);
}

const ask = (command, uri, ...more) => vscode.commands.executeCommand(`vscode.execute${command}`, uri, ...more);

async function look() {
  const uri = vscode.Uri.joinPath(vscode.workspace.workspaceFolders[0].uri, "a.conn");
  const document = await vscode.workspace.openTextDocument(uri);
  const editor = await vscode.window.showTextDocument(document);
  same("language", document.languageId, "connector");
  const codes = () => vscode.languages.getDiagnostics(uri).map((one) => one.code?.value ?? one.code);
  await until("findings", () => codes().length > 0);
  same("codes", codes()[0], "syntax::missing-comma");
  await vscode.commands.executeCommand("workbench.actions.view.problems");

  const at = (text, add = 0) => document.positionAt(document.getText().indexOf(text) + add);
  const hovers = await ask("HoverProvider", uri, at("authorization", 3));
  same("hover", hovers.length > 0 && hovers[0].contents[0].value.length > 20, true);
  const symbols = await ask("DocumentSymbolProvider", uri);
  same("outline", symbols.map((one) => one.name), ["title", "connection", "actions"]);
  const lenses = await until("lenses", async () => {
    const found = await ask("CodeLensProvider", uri);
    return found.length > 0 && found;
  });
  same("lens", lenses.map((one) => one.command?.title), ["▶ run action get_thing"]);
  same("not formatted while broken", (await ask("FormatDocumentProvider", uri, {}))?.length ?? 0, 0);
  // The picture is taken here.
  say("READY");
  await until("picture", () => fs.existsSync(`${path}.seen`));

  const actions = await ask("CodeActionProvider", uri, new vscode.Range(at("  actions"), at("  actions")).with(at("  }\n  actions")));
  const fix = actions.find((one) => one.kind?.value === "quickfix");
  same("fix", Boolean(fix), true);
  await vscode.workspace.applyEdit(fix.edit);
  await until("one finding less", () => codes().length > 0 && !codes().includes("syntax::missing-comma"));
  await vscode.commands.executeCommand("editor.action.formatDocument");
  await until("formatted", () => document.getText().includes("\n        headers("));
  same("fixed text", document.getText().includes("  },\n  actions: {"), true);

  await editor.edit((edit) => edit.insert(at("      titel"), "      "));
  await editor.edit((edit) => edit.insert(at("            titel", 6), "\n"));
  const place = at("      titel", 0);
  const items = await ask("CompletionItemProvider", uri, new vscode.Position(place.line - 1, 6));
  const labels = items.items.map((one) => one.label.label ?? one.label);
  same("completion", ["input_fields", "output_fields"].every((name) => labels.includes(name)), true);
}

exports.run = async () => {
  try {
    await look();
    say("DONE");
  } catch (error) {
    say(`FAILED ${error.stack ?? error}`);
    throw error;
  }
};
