#!/usr/bin/env bash
# Qt 6.11.3: a table tells a screen reader the head of a column that is hidden as one that is there.
#
# A column of a QTableView that is hidden keeps its head in the accessible tree, with its name. The head is 0 pixels wide,
# and its state does not say that it is invisible, while the cells of the same column are marked invisible. So a reader
# that goes by heads reads out a column that has no cells, and a program that hides columns where there is no room for
# them has to give their heads no name meanwhile.
#
# Seen with PySide6 6.11.3, CPython 3.11.7:
#   Asset: 100 wide, invisible: False, its cells invisible: [False, False]
#   Wallet: 0 wide, invisible: False, its cells invisible: [True, True]
#   Value: 100 wide, invisible: False, its cells invisible: [False, False]
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check PySide6-Essentials==6.11.3
QT_QPA_PLATFORM=offscreen "$folder/env/bin/python" -W ignore - <<'PYTHON'
import sys

from PySide6.QtGui import QAccessible, QStandardItemModel
from PySide6.QtWidgets import QApplication, QTableView

application = QApplication([])
model = QStandardItemModel(2, 3)
model.setHorizontalHeaderLabels(["Asset", "Wallet", "Value"])
table = QTableView()
table.setModel(model)
table.setColumnHidden(1, True)
table.show()
application.processEvents()
QAccessible.setActive(True)
told = QAccessible.queryAccessibleInterface(table)
parts = [told.child(at) for at in range(told.childCount())]
heads = [part for part in parts if part.role() == QAccessible.Role.ColumnHeader]
cells = [part for part in parts if part.role() == QAccessible.Role.Cell]
found = []
for at, head in enumerate(heads):
    hidden = [bool(cell.state().invisible) for cell in cells[at :: len(heads)]]
    name, invisible = head.text(QAccessible.Text.Name), bool(head.state().invisible)
    found.append((name, head.rect().width() > 0, invisible, hidden))
    print(f"{name}: {head.rect().width()} wide, invisible: {invisible}, its cells invisible: {hidden}")
expected = [
    ("Asset", True, False, [False, False]),
    ("Wallet", False, False, [True, True]),
    ("Value", True, False, [False, False]),
]
sys.exit(0 if found == expected else "this has changed")
PYTHON
