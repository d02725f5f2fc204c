"""Keys drawn as the caps of a keyboard."""

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from keyrack.ui.theme.metrics import GRID
from keyrack.ui.widgets.flow_layout import ButtonLines

translate = QCoreApplication.translate

# More alternatives than these are shown by the first and the last one.
_MOST = 3


class KeyCaps(ButtonLines):
    """One cap for each key that is held, and room between alternatives, which go on in another line where they must."""

    def __init__(self, keys: tuple[str, ...], parent: QWidget | None = None) -> None:
        shown = keys if len(keys) <= _MOST else (keys[0], "", keys[-1].split("+")[-1])
        super().__init__(*(_held_together(each) for each in shown))
        self.setParent(parent)
        self.setAccessibleName(", ".join("+".join(_cap_texts(each)) if each else "…" for each in shown))


def _held_together(keys: str) -> QWidget:
    """The caps of keys that are held at once, and "…" for "" in place of several."""
    held = QWidget()
    row = QHBoxLayout(held)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(GRID)
    for cap in _cap_texts(keys) if keys else ["…"]:
        row.addWidget(_cap(cap, role="key" if keys else "caption"))
    return held


def _cap(text: str, role: str) -> QLabel:
    label = QLabel()
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setText(text)
    label.setProperty("role", role)
    label.setAlignment(Qt.AlignmentFlag.AlignCenter)
    return label


def _cap_texts(keys: str) -> list[str]:
    """What stands on each cap, such as Ctrl and N."""
    return [_text(part) for part in keys.split("+")]


def _text(part: str) -> str:
    own = {
        "Up": "↑",
        "Down": "↓",
        "Left": "←",
        "Right": "→",
        "PgDown": translate("KeyCaps", "PgDn"),
        "Return": translate("KeyCaps", "Enter"),
        "Ctrl": translate("KeyCaps", "Ctrl"),
        "Shift": translate("KeyCaps", "Shift"),
    }
    return own.get(part) or QKeySequence(part).toString(QKeySequence.SequenceFormat.NativeText)
