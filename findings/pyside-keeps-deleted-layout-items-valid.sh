#!/usr/bin/env bash
# PySide6 6.11.3 holds layout items for valid after Qt has deleted them.
#
# `addLayout` makes a wrapper for every item of the layout that is added. The wrapper lives as long as the layout's own,
# nobody has asked for it, and it is not told when Qt deletes the item with its widget. Shiboken finds wrappers by
# address, so what Qt puts at that address next has two. Where one of them is a widget without a parent that nothing
# else refers to, the program can end in the middle of that widget's deletion.
# A program is safe that holds a reference to such a widget until its `destroyed` signal.
#
# Prints: before 0, added 3, after 3 valid items of 0 that Qt has
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check "PySide6_Essentials==6.11.3" "shiboken6==6.11.3"
cat > "$folder/items.py" <<'CODE'
import shiboken6
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLabel, QVBoxLayout, QWidget, QWidgetItem


def valid_items():
    return sum(type(each) is QWidgetItem for each in shiboken6.getAllValidWrappers())


app = QApplication([])
page = QWidget()
column, row = QVBoxLayout(page), QHBoxLayout()
labels = [QLabel(str(n)) for n in range(3)]
for label in labels:
    row.addWidget(label)
before = valid_items()
column.addLayout(row)
added = valid_items()
for label in labels:
    label.deleteLater()
QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
print(f"before {before}, added {added}, after {valid_items()} valid items of {row.count()} that Qt has")
CODE
found=$(QT_QPA_PLATFORM=offscreen "$folder/venv/bin/python" "$folder/items.py" 2>/dev/null)
echo "$found"
test "$found" = "before 0, added 3, after 3 valid items of 0 that Qt has"
