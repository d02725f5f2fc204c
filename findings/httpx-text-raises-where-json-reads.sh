#!/usr/bin/env bash
# httpx 0.28.1: one answer that `response.json()` reads and whose `response.text` raises an error.
#
# `text` follows the charset of Content-Type and promises to replace what does not decode. `json()` ignores that charset
# and guesses from the first bytes, as RFC 8259 allows. For a charset utf-16 the replacing does not hold: bytes without a
# byte order mark raise UnicodeError ("UTF-16 stream does not start with BOM"), which is no httpx error and is not caught
# by `except httpx.HTTPError`. So a client that reads an answer as JSON and then puts `response.text` into its error
# report can fail in the report alone. An unknown charset ("utf8mb4") raises nothing: there httpx falls back to UTF-8.
#
# Seen with httpx 0.28.1, CPython 3.11.7, for the UTF-8 bytes {"error": "née"}:
#   charset=utf-8: json reads, text reads
#   charset=utf8mb4: json reads, text reads
#   charset=us-ascii: json reads, text reads with replacements
#   charset=utf-16: json reads, text raises UnicodeError
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check httpx==0.28.1
"$folder/env/bin/python" - <<'PYTHON'
import json
import sys

import httpx

TOLD = {"error": "née"}


def reading(response):
    try:
        text = response.text
    except httpx.HTTPError as problem:
        return f"raises {type(problem).__name__} of httpx"
    except UnicodeError as problem:
        return f"raises {type(problem).__name__}"
    return "reads with replacements" if "\ufffd" in text else "reads"


seen = {}
for charset in ("utf-8", "utf8mb4", "us-ascii", "utf-16"):
    headers = {"Content-Type": f"application/json; charset={charset}"}
    response = httpx.Response(200, headers=headers, content=json.dumps(TOLD, ensure_ascii=False).encode())
    as_json = "reads" if response.json() == TOLD else "differs"
    seen[charset] = (as_json, reading(response))
    print(f"charset={charset}: json {as_json}, text {seen[charset][1]}")
expected = {
    "utf-8": ("reads", "reads"),
    "utf8mb4": ("reads", "reads"),
    "us-ascii": ("reads", "reads with replacements"),
    "utf-16": ("reads", "raises UnicodeError"),
}
sys.exit(0 if seen == expected else "this has changed")
PYTHON
