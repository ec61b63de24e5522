"use strict";

// Starts `cedu-rules lsp` and lets the editor speak with it. Colours and brackets need nothing of this.

const { window, workspace } = require("vscode");
const { LanguageClient } = require("vscode-languageclient/node");

const SECTION = "cedu-rules";
const INSTALL = "pip install 'cedu_rules[lsp]'";

let client;

async function activate() {
  const settings = workspace.getConfiguration(SECTION);
  const command = settings.get("server.command");
  const server = { command, args: ["lsp"] };
  client = new LanguageClient(SECTION, "cedu_rules", { run: server, debug: server }, {
    documentSelector: [{ language: "cedu-std" }],
    initializationOptions: { language: settings.get("language"), pages: settings.get("pages") },
    synchronize: { configurationSection: SECTION },
  });
  try {
    await client.start();
  } catch {
    client = undefined;
    window.showWarningMessage(
      `cedu_rules: \`${command} lsp\` does not start; install it with ${INSTALL}, or set its path in the settings.`,
    );
  }
}

function deactivate() {
  return client === undefined ? undefined : client.stop();
}

module.exports = { activate, deactivate };
