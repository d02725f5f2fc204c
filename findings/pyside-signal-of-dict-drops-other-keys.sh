#!/usr/bin/env bash
# PySide6 6.11.3: a dict that goes through `Signal(dict)` arrives empty as soon as one of its keys is no text.
#
# `Signal(dict)` is no signal of Python's dict: it carries Qt's QVariantMap, whose keys are text. A dict with another
# key arrives as {}, the entries with text keys too, and a key None arrives as "". Nothing is raised: one line on stderr
# says that something cannot be copied. The order of what does arrive is that of the keys. `Signal(object)`,
# `Signal(tuple)` and `Signal(set)` hand over the very object. `Signal(list)` hands over a new list, in which the
# members of a StrEnum have become plain texts.
# So a signal with anything but text or a type of Qt's is a `Signal(object)`, and the slot's annotation says the type.
#
# Seen with PySide6 6.11.3, CPython 3.11.7:
#   Signal(dict): {'b': 1, 'a': 2} arrives as {'a': 2, 'b': 1}
#   Signal(dict): {'a': 1, 2: 3} arrives as {}
#   Signal(dict): {None: 1} arrives as {'': 1}
#   Signal(list): [<Way.CARD: 'card'>] arrives as ['card']
#   Signal(object): {'a': 1, 2: 3} arrives as the same object
#   Signal(set): {1} arrives as the same object
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check PySide6-Essentials==6.11.3
"$folder/env/bin/python" -W ignore - 2> "$folder/said" <<'PYTHON'
import sys
from enum import StrEnum

from PySide6.QtCore import QCoreApplication, QObject, Signal


class Way(StrEnum):
    CARD = "card"


class Sender(QObject):
    of_dict = Signal(dict)
    of_list = Signal(list)
    of_object = Signal(object)
    of_set = Signal(set)


application = QCoreApplication([])
sender = Sender()
found = []
for kind, sent in (
    ("dict", {"b": 1, "a": 2}),
    ("dict", {"a": 1, 2: 3}),
    ("dict", {None: 1}),
    ("list", [Way.CARD]),
    ("object", {"a": 1, 2: 3}),
    ("set", {1}),
):
    signal, came = getattr(sender, f"of_{kind}"), []
    signal.connect(came.append)
    signal.emit(sent)
    signal.disconnect()
    found.append(f"Signal({kind}): {sent} arrives as {'the same object' if came[0] is sent else came[0]}")
print("\n".join(found))
expected = [
    "Signal(dict): {'b': 1, 'a': 2} arrives as {'a': 2, 'b': 1}",
    "Signal(dict): {'a': 1, 2: 3} arrives as {}",
    "Signal(dict): {None: 1} arrives as {'': 1}",
    "Signal(list): [<Way.CARD: 'card'>] arrives as ['card']",
    "Signal(object): {'a': 1, 2: 3} arrives as the same object",
    "Signal(set): {1} arrives as the same object",
]
sys.exit(0 if found == expected else "this has changed")
PYTHON
