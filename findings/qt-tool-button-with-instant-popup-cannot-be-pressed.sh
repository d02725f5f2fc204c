#!/usr/bin/env bash
# PySide6 6.11.3: a QToolButton with InstantPopup and no menu has no action at all, so a screen reader cannot press it.
#
# InstantPopup says that a press opens the menu at once. On a button without a menu it changes nothing for mouse and
# keyboard: a click is a click. QAccessibleToolButton however leaves out Press as soon as the mode is InstantPopup, and
# offers ShowMenu only where there is a menu. Nothing is left: a client of AT-SPI finds a push button without any action.
# A second surprise of the same kind: a QLabel whose accessible object is a plain QAccessibleWidget, such as one made
# to give it the role of a heading, has no name. Only the object that Qt itself makes for a label reads its words.
# So the mode is set together with a menu, and an object of one's own for a label says the label's text as its name.
#
# Seen with PySide6 6.11.3, CPython 3.11.7:
#   DelayedPopup: Press
#   InstantPopup: nothing
#   InstantPopup with a menu: ShowMenu
#   the label's name: 'Title', as a heading ''
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check PySide6-Essentials==6.11.3
QT_QPA_PLATFORM=offscreen "$folder/env/bin/python" -W ignore - <<'PYTHON'
import sys

from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QAccessibleWidget, QApplication, QLabel, QMenu, QToolButton

application = QApplication([])
Mode = QToolButton.ToolButtonPopupMode


def actions(mode, menu=None):
    button = QToolButton(text="Back")
    button.setPopupMode(mode)
    if menu is not None:
        button.setMenu(menu)
    names = QAccessible.queryAccessibleInterface(button).actionInterface().actionNames()
    return ", ".join(name for name in names if name != "SetFocus") or "nothing"


def name(widget):
    return QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name)


class Title(QLabel):
    pass


plain = Title("Title")
before = name(plain)
QAccessible.installFactory(
    lambda kind, widget: QAccessibleWidget(widget, QAccessible.Role.Heading) if kind == "Title" else None
)
heading = Title("Title")
menu = QMenu()
found = (
    actions(Mode.DelayedPopup),
    actions(Mode.InstantPopup),
    actions(Mode.InstantPopup, menu),
    before,
    name(heading),
)
print(f"DelayedPopup: {found[0]}")
print(f"InstantPopup: {found[1]}")
print(f"InstantPopup with a menu: {found[2]}")
print(f"the label's name: {found[3]!r}, as a heading {found[4]!r}")
sys.exit(0 if found == ("Press", "nothing", "ShowMenu", "Title", "") else "this has changed")
PYTHON
