#!/usr/bin/env bash
# usage: editors/helix/test.sh [BINARY] [HX]: opens a broken connector in Helix, in a terminal that nobody sees (tmux), and
# reads the screen: a diagnostic arrives, hover and completion answer, a fix cures.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
binary=$(realpath "${1:-$here/../../target/debug/connrun}")
hx=$(command -v "${2:-hx}")
work=$(mktemp -d)
screen="connrun-helix-$$"
trap 'tmux -L "$screen" kill-server 2>/dev/null || true; rm -rf "$work"' EXIT
mkdir -p "$work/bin" "$work/helix"
ln -s "$binary" "$work/bin/connrun"
cp -r "$here/languages.toml" "$here/runtime" "$work/helix"
printf '[editor]\nidle-timeout = 50\n[editor.inline-diagnostics]\ncursor-line = "hint"\n' > "$work/helix/config.toml"
cat > "$work/test.conn" <<'CONN'
{
  title: 'Acme'

  actions: {
    get: {
      execute: lambda do |connection, input|
        call('clean', input)
      end
    }
  },

  methods: {
    clean: lambda do |hash|
      hash.compact
    end
  }
}
CONN
export PATH="$work/bin:$PATH" XDG_CONFIG_HOME="$work" XDG_CACHE_HOME="$work" HOME="$work" LC_ALL=C.UTF-8
tmux -L "$screen" -f /dev/null new-session -d -x 160 -y 40 "$hx" "$work/test.conn"
# What follows an escape too soon is taken for one key with it.
escape() { keys Escape && sleep 0.3; }
keys() { tmux -L "$screen" send-keys "$@"; }
shown() {
  for _ in $(seq 150); do
    if tmux -L "$screen" capture-pane -p | grep -qE "$2"; then return; fi
    sleep 0.1
  done
  echo "helix: $1" >&2
  tmux -L "$screen" capture-pane -p >&2
  exit 1
}
gone() {
  for _ in $(seq 150); do
    if ! tmux -L "$screen" capture-pane -p | grep -qE "$2"; then return; fi
    sleep 0.1
  done
  echo "helix: $1" >&2
  exit 1
}
keys j
shown "no diagnostic" 'missing `,`'
keys 6gge Space k
shown "no hover" 'actions\.\*\.execute'
escape
keys 7gg f "'" a C-x
shown "no completion" '│?.*clean.*(name|reference)|clean +'
escape
escape
keys 2gg Space a
shown "no fix" 'add the comma'
keys Enter
escape
gone "the fix does not cure" 'missing `,`'
echo "$("$hx" --version): a diagnostic, hover, completion and a fix arrive"
