#!/usr/bin/env bash
# Makes .venv with what the machine has, or says what to install.
set -euo pipefail

python="${PYTHON:-python3}"
command -v "$python" >/dev/null || { echo "Python is missing. Debian: apt install python3 python3-venv" >&2; exit 1; }
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
  echo "The portal needs Python 3.11 or later; $python is $("$python" -V). Name another: make PYTHON=python3.12 run" >&2
  exit 1
}
echo "Making the environment .venv (once; a minute or two)"
if "$python" -c 'import ensurepip, venv' 2>/dev/null; then
  exec "$python" -m venv .venv
elif command -v virtualenv >/dev/null; then
  exec virtualenv -q -p "$python" .venv
fi
echo "Python cannot make environments here. Debian: apt install python3-venv (or virtualenv)" >&2
exit 1
