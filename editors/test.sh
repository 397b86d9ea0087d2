#!/usr/bin/env bash
# usage: editors/test.sh [BINARY]: drives each editor that is installed, without a screen, against the language server.
# Debian has them as neovim, emacs-nox with elpa-eglot, and vim-nox.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
binary=$(realpath "${1:-$here/../target/debug/connrun}")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/bin"
ln -s "$binary" "$work/bin/connrun"
export PATH="$work/bin:$PATH" HOME="$work" CONNRUN_TEST_FILE="$work/test.conn"
cat > "$CONNRUN_TEST_FILE" <<'CONN'
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
tested=0
if command -v nvim > /dev/null; then
  timeout 60 nvim --headless --clean --cmd "set runtimepath^=$here/neovim" -c "luafile $here/neovim/test.lua"
  tested=$((tested + 1))
fi
if command -v emacs > /dev/null; then
  timeout 60 emacs --batch -L "$here/emacs" -l "$here/emacs/test.el"
  # Compiled in a folder of its own: Emacs puts the result in place of whatever is there, be it a device.
  cp "$here/emacs/connector-mode.el" "$work"
  timeout 60 emacs --batch --eval '(setq byte-compile-error-on-warn t)' -f batch-byte-compile "$work/connector-mode.el"
  tested=$((tested + 1))
fi
if command -v vim > /dev/null && vim --version | grep -q '+syntax'; then
  timeout 60 vim -u NONE -es -N --cmd "set runtimepath^=$here/vim" -c 'filetype plugin on' -c 'syntax on' \
    -c "edit $CONNRUN_TEST_FILE" -c "source $here/vim/test.vim" < /dev/null > /dev/null
  echo "$(vim --version | sed -n '1s/.*IMproved \([0-9.]*\).*/vim \1/p'): highlighting, :make and the quickfix list work"
  tested=$((tested + 1))
fi
[ "$tested" -gt 0 ] || { echo "no editor is installed" >&2; exit 1; }
