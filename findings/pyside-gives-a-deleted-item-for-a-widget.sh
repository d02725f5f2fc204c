#!/usr/bin/env bash
# PySide6 6.11.3: once `itemAt` has shown an item of a layout, a later widget can come back from Qt as that item.
#
# PySide finds the Python object of a C++ object by its address. An item of a layout is no QObject, so PySide is not
# told when Qt deletes it, as Qt does at every turn of a QDialogButtonBox. `shiboken6.isValid` goes on to say yes, and
# what Qt makes next at that address is taken for the item, though it is of another type. A QSpacerItem has the size of
# the QLineEdit that Qt makes in a spin box. So a line that only looks at a layout makes `lineEdit()`, `parentWidget()`
# or `allWidgets()` elsewhere hand out a spacer, with an AttributeError at the next use: here mostly.
# So a program keeps what it puts into a layout, and does not ask the layout for it.
#
# Seen with PySide6 6.11.3, CPython 3.11.7:
#   items not asked for: 50 of 50 line edits are a QLineEdit
#   items asked for: most of 50 line edits are a QSpacerItem, which raise AttributeError for text()
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check PySide6-Essentials==6.11.3
QT_QPA_PLATFORM=offscreen "$folder/env/bin/python" -W ignore - <<'PYTHON'
import os
import sys

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialogButtonBox, QLineEdit, QSpacerItem, QSpinBox

application = QApplication([])
COUNT = 50
kept = []


def line_edits(ask):
    """What is said to be the line edit of each spin box that is made after a box of buttons was turned."""
    boxes = [QDialogButtonBox(QDialogButtonBox.StandardButton.Ok) for _ in range(COUNT)]
    if ask:
        kept.extend(box.layout().itemAt(0) for box in boxes)
    for box in boxes:
        box.setOrientation(Qt.Orientation.Vertical)
        kept.append(QSpinBox())
        yield kept[-1].lineEdit()
    kept.extend(boxes)


def unasked():
    right = sum(type(each) is QLineEdit for each in line_edits(ask=False))
    return f"{right} of {COUNT} line edits are a QLineEdit"


def asked():
    wrong = [each for each in line_edits(ask=True) if type(each) is QSpacerItem]
    if len(wrong) <= COUNT // 2 or any(hasattr(each, "text") for each in wrong):
        return f"{len(wrong)} of {COUNT} are a QSpacerItem"
    return f"most of {COUNT} line edits are a QSpacerItem, which raise AttributeError for text()"


found = [f"items not asked for: {unasked()}", f"items asked for: {asked()}"]
print("\n".join(found))
expected = [
    "items not asked for: 50 of 50 line edits are a QLineEdit",
    "items asked for: most of 50 line edits are a QSpacerItem, which raise AttributeError for text()",
]
sys.stdout.flush()
# Not by the interpreter's end, at which PySide would go through objects that are no longer what it takes them for.
os._exit(0 if found == expected else 1)
PYTHON
