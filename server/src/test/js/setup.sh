#!/bin/sh
# Installs what the tests in this folder need: the npm packages of package-lock.json and Chromium.
# Quick when everything is installed; prints what is missing and exits with 1 when that fails.
set -eu
cd "$(dirname "$0")"

fail() {
  echo "setup.sh: $1" >&2
  exit 1
}

has() {
  command -v "$1" >/dev/null 2>&1
}

has_chromium() {
  has chromium || has chromium-browser || has google-chrome
}

has node || fail "Node.js is not installed; version 20.19 or newer is needed"
node -e '
  const [major, minor] = process.versions.node.split(".").map(Number);
  process.exit(major > 20 || (major === 20 && minor >= 19) ? 0 : 1);
' || fail "Node.js $(node --version) is too old; version 20.19 or newer is needed"

if ! has_chromium; then
  if ! has apt-get || [ "$(id -u)" -ne 0 ]; then
    fail "Chromium is not installed, and only root on Debian can install it from here"
  fi
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq &&
    apt-get install -y -qq --no-install-recommends chromium >/dev/null ||
    fail "Chromium could not be installed, see above"
fi

# npm writes this file last, so an interrupted installation is done again
installed=node_modules/.package-lock.json
if [ ! -e "$installed" ] || [ package-lock.json -nt "$installed" ]; then
  has npm || fail "npm is not installed"
  npm ci --no-audit --no-fund --loglevel=error || fail "the npm packages could not be installed, see above"
fi
