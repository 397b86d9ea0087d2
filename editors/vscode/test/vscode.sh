#!/usr/bin/env bash
# Drives the packed extension in a real VS Code (code-server) with Chromium, both without a screen. Heavy, so run by hand:
#   test/vscode.sh [FOLDER]    FOLDER keeps code-server and Chromium's driver between runs; the log and a picture land there, too.
# Needs Node 20, Chromium, ripgrep and, to build code-server's own modules, a C++ compiler with the headers of krb5, X11,
# xkbfile and libsecret. CONNRUN names the program [default: target/debug/connrun].
set -euo pipefail
here=$(cd "$(dirname "$0")/.." && pwd)
folder=${1:-${XDG_CACHE_HOME:-$HOME/.cache}/connrun-vscode}
connrun=${CONNRUN:-$here/../../target/debug/connrun}
port=${PORT:-8931}
log=$folder/vscode.log
mkdir -p "$folder"

prepare() {
  cd "$folder"
  npm pack code-server >/dev/null && tar xzf code-server-*.tgz
  cd package && npm install --omit=dev --ignore-scripts && npm rebuild argon2
  cd lib/vscode && npm install --omit=dev --ignore-scripts
  # One of them fetches a tool with npx, which asks otherwise.
  export npm_config_yes=true
  for module in node-pty @vscode/spdlog native-watchdog @parcel/watcher @vscode/deviceid kerberos; do npm rebuild "$module"; done
  ln -sfn node_modules node_modules.asar
  mkdir -p node_modules/@vscode/ripgrep/bin && ln -sf "$(command -v rg)" node_modules/@vscode/ripgrep/bin/rg
  (cd extensions && npm install --omit=dev --ignore-scripts)
  touch "$folder/prepared"
}
[ -e "$folder/prepared" ] || (prepare)
[ -d "$folder/node_modules/puppeteer-core" ] || npm install --prefix "$folder" --no-save puppeteer-core

# What is tested is what is shipped.
cd "$here"
[ -d node_modules ] || npm ci
npm run -s pack
work=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server"; rm -rf "$work"' EXIT
mkdir -p "$work/extension" "$work/project" "$work/user/User"
unzip -q connrun.vsix 'extension/*' -d "$work"
cp "$here/test/suite.js" "$work/extension/suite.js"
cp "$here/test/broken.conn" "$work/project/a.conn"
printf '{ "connrun.path": "%s", "workbench.startupEditor": "none", "files.autoSave": "off" }\n' "$connrun" >"$work/user/User/settings.json"
rm -f "$log" "$log.seen"

CONNRUN_TEST_LOG=$log node "$folder/package/out/node/entry.js" --auth none --bind-addr "127.0.0.1:$port" \
  --disable-workspace-trust --disable-telemetry --disable-update-check \
  --user-data-dir "$work/user" --extensions-dir "$work/extensions" >"$folder/server.log" 2>&1 &
server=$!
NODE_PATH=$folder/node_modules PORT=$port node "$here/test/drive.cjs" "$work" "$log" "$folder/vscode.png"
cat "$log"
! grep -q '^FAILED' "$log" && grep -q '^DONE' "$log"
