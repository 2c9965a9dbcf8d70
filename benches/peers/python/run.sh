#!/usr/bin/env bash
# Measures the Python peers, in a virtual environment of their own.
set -euo pipefail
cd "$(dirname "$0")"

[ -x .venv/bin/python ] || python3 -m venv .venv
.venv/bin/pip install --quiet --disable-pip-version-check --requirement requirements.txt
exec .venv/bin/python peers.py
