"""A long text that is read, with columns of equal letters."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QContextMenuEvent, QFontDatabase, QGuiApplication
from PySide6.QtWidgets import QPlainTextEdit

from keyrack.ui.parts.entry_menu import EntryMenu, menu_place
from keyrack.ui.theme.metrics import TYPE
from keyrack.ui.theme.theme import theme

_LEAST = 120


class TextShown(QPlainTextEdit):
    """A read-only text. Tab leaves it, and what is selected in it can be copied."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setReadOnly(True)
        self.setAccessibleName(name)
        self.setTabChangesFocus(True)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setUndoRedoEnabled(False)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        theme().changed.connect(self._use)
        self._use()

    def sizeHint(self) -> QSize:
        """Some lines. It takes all the room that there is."""
        return QSize(super().sizeHint().width(), theme().px(_LEAST))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """What can be done with the text and with what is selected in it."""
        some = self.textCursor().hasSelection()
        menu = EntryMenu("text_menu", self)
        menu.add("copy", self.tr("Copy"), self.copy, keys="Ctrl+C", picture="copy", possible=some)
        menu.add("copy_all", self.tr("Copy the whole text"), self._copy_all, picture="copy")
        menu.addSeparator()
        menu.add("select_all", self.tr("Select all"), self.selectAll, keys="Ctrl+A")
        menu.popup(menu_place(self, event))

    def _copy_all(self) -> None:
        QGuiApplication.clipboard().setText(self.toPlainText())

    def _use(self) -> None:
        """Letters of the caption's size."""
        size, _weight = TYPE["caption"]
        family = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont).family().replace('"', "")
        self.setStyleSheet(f'QPlainTextEdit {{ font-family: "{family}"; font-size: {theme().px(size)}px; }}')
        self.setMinimumHeight(theme().px(_LEAST))
