#!/usr/bin/env bash
# PySide6 6.11.3: after the first import of it, the source of every module that is imported later stays in memory.
#
# PySide puts an import of its own in the place of Python's, to find out who writes `from __feature__ import …`. It
# reads the source of each module that imports anything from then on, through linecache, which keeps all the lines it
# has read. A program of 660 modules held 14 MB of sources so, and its start took a tenth longer.
# What was there before is kept as builtins.__orig_import__. Put back, later imports leave nothing in linecache, and
# PySide itself goes on working, but for that feature.
#
# Seen with PySide6 6.11.3, CPython 3.11.7:
#   without PySide: False
#   with PySide: True
#   with Python's import put back: False
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check PySide6-Essentials==6.11.3
mkdir "$folder/lib"
printf 'import json\nVALUE = 1\n' > "$folder/lib/imports_something.py"
cat > "$folder/ask.py" <<'PYTHON'
import builtins
import linecache
import sys

way = sys.argv[1]
if way != "without":
    import PySide6.QtCore
if way == "restored":
    builtins.__import__ = builtins.__orig_import__
import imports_something

print(any(name.endswith("imports_something.py") for name in linecache.cache))
PYTHON
ask() { PYTHONPATH="$folder/lib" "$folder/env/bin/python" "$folder/ask.py" "$1"; }
without=$(ask without)
with=$(ask with)
restored=$(ask restored)
echo "without PySide: $without"
echo "with PySide: $with"
echo "with Python's import put back: $restored"
[ "$without $with $restored" = "False True False" ]
