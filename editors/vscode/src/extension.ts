// A thin client: finds the connrun program, starts `connrun lsp`, and runs parts of a connector in a terminal. What is true of
// a connector is said by the server.

import { execFile } from "node:child_process";
import * as path from "node:path";
import * as vscode from "vscode";
import {
  LanguageClient,
  type LanguageClientOptions,
  type Location,
  type MessageSignature,
  type Position,
  type ServerOptions,
} from "vscode-languageclient/node";

/** The oldest server that this client talks to. */
const OLDEST = [0, 1, 0];

/** Settings that the server is told once, when it starts. */
const RESTARTING = ["connrun.path", "connrun.lenses", "connrun.inlayHints"];

let client: LanguageClient | undefined;
let status: vscode.LanguageStatusItem | undefined;

/** Refusals to format are no accidents: saving a text that is being written must not open a window. */
class Client extends LanguageClient {
  override handleFailedRequest<T>(
    type: MessageSignature,
    token: vscode.CancellationToken | undefined,
    error: unknown,
    defaultValue: T,
    showNotification?: boolean,
  ): T {
    if (/ormatting$/.test(type.method) && error instanceof Error) {
      vscode.window.setStatusBarMessage(`connrun: ${error.message}`, 8000);
      return defaultValue;
    }
    return super.handleFailedRequest(type, token, error, defaultValue, showNotification);
  }
}

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  status = vscode.languages.createLanguageStatusItem("connrun", { language: "connector" });
  status.name = "connrun";
  context.subscriptions.push(
    status,
    vscode.commands.registerCommand("connrun.restart", restart),
    vscode.commands.registerCommand("connrun.run", run),
    vscode.commands.registerCommand("connrun.exec", exec),
    vscode.commands.registerCommand("connrun.mentions", mentions),
    vscode.workspace.onDidChangeConfiguration((change) => RESTARTING.some((name) => change.affectsConfiguration(name)) && restart()),
    vscode.workspace.onDidGrantWorkspaceTrust(restart),
  );
  await start();
}

export async function deactivate(): Promise<void> {
  await client?.stop();
  client = undefined;
}

async function restart(): Promise<void> {
  await deactivate();
  await start();
}

/** The program as the settings name it; in a workspace that is not trusted these are the user's own. */
function program(): string {
  const given = vscode.workspace.getConfiguration("connrun").get<string>("path", "").trim() || "connrun";
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? "";
  const named = given.replace("${workspaceFolder}", folder);
  return named.includes("/") || named.includes("\\") ? path.resolve(folder, named) : named;
}

async function start(): Promise<void> {
  const command = program();
  const version = await versionOf(command);
  if (version === undefined) return missing(command);
  if (older(version)) {
    void vscode.window.showWarningMessage(`connrun ${version} is older than this extension expects (${OLDEST.join(".")}).`);
  }
  const server: ServerOptions = { command, args: ["lsp"] };
  const clientOptions: LanguageClientOptions = {
    documentSelector: [
      { language: "connector", scheme: "file" },
      { language: "connector", scheme: "untitled" },
    ],
    outputChannelName: "connrun",
    initializationOptions: options(),
  };
  client = new Client("connrun", "connrun", server, clientOptions);
  await client.start();
  if (status) {
    status.severity = vscode.LanguageStatusSeverity.Information;
    status.text = `connrun ${version}`;
    status.command = { command: "connrun.restart", title: "Restart" };
  }
}

/** What the server may show: where the workspace is not trusted, nothing that runs. */
function options() {
  const settings = vscode.workspace.getConfiguration("connrun");
  const lenses = settings.get<boolean>("lenses", true);
  const commands = lenses ? ["connrun.mentions", ...(vscode.workspace.isTrusted ? ["connrun.exec"] : [])] : [];
  return { commands, inlayHints: settings.get<boolean>("inlayHints", false) };
}

function versionOf(command: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    execFile(command, ["--version"], { timeout: 10_000 }, (error, stdout) => {
      resolve(error ? undefined : (/\d+(\.\d+)+/.exec(stdout)?.[0] ?? "0"));
    });
  });
}

function older(version: string): boolean {
  const parts = version.split(".").map(Number);
  const at = OLDEST.findIndex((part, index) => part !== (parts[index] ?? 0));
  return at >= 0 && (parts[at] ?? 0) < (OLDEST[at] ?? 0);
}

async function missing(command: string): Promise<void> {
  if (status) {
    status.severity = vscode.LanguageStatusSeverity.Error;
    status.text = "connrun was not found";
  }
  const settings = "Open Settings";
  const text = `The program \`${command}\` was not found or does not run. Install connrun, or say where it is in \`connrun.path\`.`;
  if ((await vscode.window.showErrorMessage(text, settings)) === settings) {
    await vscode.commands.executeCommand("workbench.action.openSettings", "connrun.path");
  }
}

/** Asks what to run, and runs it in a terminal, where its input and settings can be added. */
async function run(): Promise<void> {
  const document = vscode.window.activeTextEditor?.document;
  if (document?.languageId !== "connector" || document.isUntitled || !vscode.workspace.isTrusted) return;
  const symbols = await vscode.commands.executeCommand<vscode.DocumentSymbol[] | undefined>(
    "vscode.executeDocumentSymbolProvider",
    document.uri,
  );
  const parts = (section: string, kind: string) =>
    (symbols?.find((symbol) => symbol.name === section)?.children ?? []).map((symbol) => ({
      label: `${kind} ${symbol.name}`,
      description: symbol.detail,
      args: ["exec", kind, symbol.name],
    }));
  const test = { label: "test", description: "the test of the connection", args: ["exec", "test"] };
  const all = [test, ...parts("actions", "action"), ...parts("triggers", "trigger")];
  const chosen = await vscode.window.showQuickPick(all, { placeHolder: "What to run" });
  if (!chosen) return;
  await inTerminal(document, chosen.args);
}

/** A lens: runs what it stands above. */
async function exec(uri: string, args: string[]): Promise<void> {
  if (!vscode.workspace.isTrusted) return;
  await inTerminal(await vscode.workspace.openTextDocument(vscode.Uri.parse(uri)), ["exec", ...args]);
}

async function inTerminal(document: vscode.TextDocument, args: string[]): Promise<void> {
  await document.save();
  const terminal = vscode.window.createTerminal({ name: "connrun", cwd: path.dirname(document.uri.fsPath) });
  terminal.show();
  const words = [program(), ...args, "-c", path.basename(document.uri.fsPath)];
  // Not sent off: an input or an account may still be missing.
  terminal.sendText(words.map((word) => (/^[\w./:-]+$/.test(word) ? word : JSON.stringify(word))).join(" "), false);
}

/** A lens: shows where something is mentioned. */
async function mentions(uri: string, position: Position, places: Location[]): Promise<void> {
  const convert = client?.protocol2CodeConverter;
  if (!convert || places.length === 0) return;
  const found = places.map((place) => convert.asLocation(place));
  const command = "editor.action.showReferences";
  await vscode.commands.executeCommand(command, vscode.Uri.parse(uri), convert.asPosition(position), found);
}
