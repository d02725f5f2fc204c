"""Every sentence of the window is translated: with a catalogue of brackets, no screen has words outside them."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QAbstractItemView, QApplication, QLineEdit, QMenu, QWidget
from pytestqt.qtbot import QtBot

from keyrack.ui.integration.window_language import CatalogueTranslator
from keyrack.ui.widgets.controls import delete_later
from tests.language.pseudo import pseudo, unmarked
from tests.ui.harness import WindowHarness
from tests.ui.sizes.every_screen import FIRST_SCREENS, SCREENS
from tests.ui.sizes.other_windows import menus, other_windows
from tests.ui.sizes.walk import SHOWN, close, harness_of, laid_out, show, text_size

# What has no other form in any language: keys, codes of assets, addresses, paths, scopes and names of technical things.
_KEPT = re.compile(
    r"\b(?:Ctrl|Shift|Alt|Esc|Up|Down|Space|F\d+|[A-Z0-9]{2,5}|[kMGTP]B|client_credentials|Main|Spot)\b|[^\s⟦⟧]*[./@…_][^\s⟦⟧]*|Keyrack"
)
# What the screens of the tests themselves say.
_SAID = (
    "Keep in the tray",
    "Quit anyway",
    "Not in the keyring yet",
    "The lock passphrase is set.",
    "This is not the passphrase of the export.",
    "TSGX-JDKN",
    "Sample (sample)",
    "info, spot",
    "trading, withdrawal",
    "Qt 6.",  # the libraries and their licences
)


def texts(root: QWidget) -> Iterator[tuple[str, str]]:
    """Everything that can be read or heard in a window, each with the name of its widget."""
    for widget in (root, *root.findChildren(QWidget)):
        if widget.isVisible() or isinstance(widget, QMenu):
            where = f"{type(widget).__name__} {widget.objectName()}"
            yield from ((where, text) for text in (*_properties(widget), *_cells(widget)))


def _properties(widget: QWidget) -> Iterator[str]:
    names = ["full_text", "title", "placeholderText", "toolTip", "accessibleName", "accessibleDescription"]
    if not isinstance(widget, QLineEdit):  # what the person entered is no sentence of ours
        names.append("text")
    for name in names:
        if callable(read := getattr(widget, name, None)):
            yield str(read())
    if isinstance(widget, QMenu):
        yield from (action.text() for action in widget.actions())


def _cells(widget: QWidget) -> Iterator[str]:
    if isinstance(widget, QAbstractItemView) and (model := widget.model()) is not None:
        for column in range(model.columnCount()):
            yield str(model.headerData(column, Qt.Orientation.Horizontal) or "")
            yield from (str(model.index(row, column).data() or "") for row in range(min(3, model.rowCount())))


def words_outside(root: QWidget, names: re.Pattern[str]) -> set[str]:
    """The texts that were not translated, or not as a whole."""
    found = set()
    for where, text in texts(root):
        ours = _KEPT.sub(" ", names.sub(" ", re.sub(r"<[^>]*>", "", text)))
        if unmarked(ours) and not text.startswith(_SAID):
            found.add(f"{where}: {text}")
    return found


def names_of(harness: WindowHarness) -> re.Pattern[str]:
    """The names of accounts, providers and their places, which are the same in every language."""
    sites = harness.rack.catalog.values()
    names = {account.settings.name for account in harness.rack.accounts}
    names |= {provider.name for provider in sites} | {
        place.name for provider in sites for place in provider.regions.values()
    }
    names |= {"Sample", "desk-1", "desk-2"}  # a provider of the person's own and hosts, which screens add
    return re.compile("|".join(re.escape(name) for name in sorted(names, key=len, reverse=True)))


@pytest.mark.parametrize("first", [False, True], ids=["accounts", "first start"])
async def test_no_screen_has_words_that_are_not_translated(
    first: bool, tmp_path: Path, qapp: QApplication, qtbot: QtBot
) -> None:
    translator = CatalogueTranslator()
    found: dict[str, set[str]] = {}
    with text_size(qapp, 10, (1000, 680)), pseudo():
        QCoreApplication.installTranslator(translator)
        try:
            harness = await harness_of(tmp_path, () if first else SHOWN)
            names = names_of(harness)
            for screen in FIRST_SCREENS if first else SCREENS:
                await show(harness, screen)
                laid_out()
                if outside := words_outside(harness.window, names):
                    found[screen.name] = outside
                screen.leave(harness)
            if not first:
                found.update(_of_menus(harness))
            await close(harness)
        finally:
            QCoreApplication.removeTranslator(translator)
    lines = sorted({line for screen in found.values() for line in screen})
    assert lines == [], "\n".join(lines)


def _of_menus(harness: WindowHarness) -> dict[str, set[str]]:
    names = names_of(harness)
    found = {title: words_outside(menu, names) for title, menu in menus(harness)}
    for title, window in other_windows():
        found[title] = words_outside(window, names)
        delete_later(window)
    return {title: outside for title, outside in found.items() if outside}
