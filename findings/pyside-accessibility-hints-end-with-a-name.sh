#!/usr/bin/env bash
# PySide6 6.11.3: the accessibility hints are called deleted as soon as no Python name holds the style hints they are of.
#
# QGuiApplication.styleHints() gives an object that lives as long as the application, and so does what its
# accessibility() gives, with the contrast preference. In Python the second one is tied to the wrapper of the first:
# chained in one line, or kept after the name of the first is gone, it raises RuntimeError, "already deleted", although
# Qt has deleted nothing: asked for again, it answers.
# So whoever follows the contrast preference keeps the style hints too.
#
# Seen with PySide6 6.11.3, CPython 3.11.7:
#   chained: RuntimeError
#   both held: NoPreference
#   the style hints let go: RuntimeError
#   the style hints asked for again: NoPreference
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check PySide6-Essentials==6.11.3
QT_QPA_PLATFORM=offscreen "$folder/env/bin/python" -W ignore - <<'PYTHON'
import sys

from PySide6.QtGui import QGuiApplication

application = QGuiApplication([])


def preference(hints):
    try:
        return hints.contrastPreference().name
    except RuntimeError as error:
        return type(error).__name__ if "already deleted" in str(error) else str(error)


chained = preference(QGuiApplication.styleHints().accessibility())
style = QGuiApplication.styleHints()
hints = style.accessibility()
held = preference(hints)
del style
let_go = preference(hints)
style = QGuiApplication.styleHints()
again = preference(style.accessibility())
found = (chained, held, let_go, again)
for what, seen in zip(("chained", "both held", "the style hints let go", "the style hints asked for again"), found):
    print(f"{what}: {seen}")
sys.exit(0 if found == ("RuntimeError", "NoPreference", "RuntimeError", "NoPreference") else "this has changed")
PYTHON
