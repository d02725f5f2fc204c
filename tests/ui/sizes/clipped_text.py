"""Finds what a person cannot read or reach: text that is cut, and widgets outside their parent or overlapping."""

from collections.abc import Iterator
from itertools import combinations

from PySide6.QtCore import QRect, Qt, QTextBoundaryFinder
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QCheckBox,
    QComboBox,
    QLabel,
    QLayout,
    QLayoutItem,
    QLineEdit,
    QRadioButton,
    QScrollArea,
    QScrollBar,
    QTableView,
    QWidget,
)
from shiboken6 import Shiboken

from keyrack.ui.theme.theme import theme
from keyrack.ui.widgets.buttons import PlainButton
from keyrack.ui.widgets.controls import ElidedText, Text
from keyrack.ui.window.main_window import LEAST

# A layout rounds, and a font's lines are higher than their letters.
SLACK = 2


def troubles(root: QWidget) -> list[str]:
    """A sentence for each visible widget that is cut, lies outside its parent or on a neighbour.

    A name that may have any length is cut with "…" at every size. A title or a button is so only in a window that is
    smaller than the least one of the design, and there a page may be scrolled to the right. Each says itself whole in
    its tooltip.
    """
    tight = is_tight(root)
    shown = [root, *(each for each in root.findChildren(QWidget) if each.isVisibleTo(root))]
    found = [trouble for each in shown for trouble in (*_cut(each, tight), *_outside(each, tight), *_overlaps(each))]
    return list(dict.fromkeys(found))


def is_tight(window: QWidget) -> bool:
    """Whether the window is smaller than the least one of the design, because the screen is and the text is large."""
    return window.width() < theme().px(LEAST[0]) or window.height() < theme().px(LEAST[1])


def named(widget: QWidget) -> str:
    """A widget as a person finds it."""
    text = getattr(widget, "text", None)
    said = str(text()) if callable(text) else widget.accessibleName()
    return f"{type(widget).__name__} {widget.objectName()} “{said[:48]}”"


def _cut(widget: QWidget, tight: bool) -> Iterator[str]:
    if isinstance(widget, QLabel):
        yield from _cut_label(widget, tight)
    elif isinstance(widget, QCheckBox | QRadioButton):
        yield from _too_small(widget, widget.minimumSizeHint().width(), widget.heightForWidth(widget.width()))
    elif isinstance(widget, QAbstractButton):
        if not (tight and isinstance(widget, PlainButton) and widget.text_is_cut) and widget.text():
            yield from _too_small(widget, widget.sizeHint().width(), widget.sizeHint().height())
    elif isinstance(widget, QComboBox):
        yield from _too_small(widget, widget.minimumSizeHint().width(), widget.minimumSizeHint().height())
    elif isinstance(widget, QLineEdit):
        yield from _cut_line(widget, tight)
    elif isinstance(widget, QTableView):
        bar = widget.horizontalScrollBarPolicy()
        length = widget.horizontalHeader().length()
        if bar == Qt.ScrollBarPolicy.ScrollBarAlwaysOff and length > widget.viewport().width() + SLACK:
            yield f"{named(widget)} has columns outside"


def _cut_label(label: QLabel, tight: bool) -> Iterator[str]:
    if not label.pixmap().isNull():
        drawn = label.pixmap().deviceIndependentSize()
        wide = 0 if label.minimumWidth() == label.maximumWidth() else round(drawn.width())
        yield from _too_small(label, wide, round(drawn.height()))
    elif label.wordWrap():
        words = (label.fontMetrics().horizontalAdvance(part.strip()) for part in _parts(label.text()))
        margin = label.width() - label.contentsRect().width()
        needed = max(words, default=0) + margin
        yield from _too_small(label, needed, label.heightForWidth(label.width()) if label.text() else 0)
    elif label.text():
        told = isinstance(label, Text) and label.text_is_cut and (tight or isinstance(label, ElidedText))
        # What a person reads off and types elsewhere is whole at every size.
        told = told and not label.textInteractionFlags() & Qt.TextInteractionFlag.TextSelectableByKeyboard
        yield from _too_small(label, 0 if told else label.sizeHint().width(), label.sizeHint().height())


def _cut_line(edit: QLineEdit, tight: bool) -> Iterator[str]:
    needed = 0
    if not edit.text() and not tight:
        needed = edit.fontMetrics().horizontalAdvance(f"{edit.placeholderText()}nn")
    yield from _too_small(edit, needed, edit.fontMetrics().height())


def _too_small(widget: QWidget, wide: int, high: int) -> Iterator[str]:
    if wide > widget.width() + SLACK:
        yield f"{named(widget)} needs {wide} in width and has {widget.width()}"
    elif high > widget.height() + SLACK:
        yield f"{named(widget)} needs {high} in height and has {widget.height()}"


def _parent(widget: QWidget) -> QWidget | None:
    """The widget around it. PySide may still know the item of a layout that lay at its address before."""
    found: object = widget.parentWidget()
    if isinstance(found, QLayoutItem):
        Shiboken.invalidate(found)
    return widget.parentWidget()


def _outside(widget: QWidget, tight: bool) -> Iterator[str]:
    parent = _parent(widget)
    if parent is None or widget.isWindow() or isinstance(widget, QScrollBar):
        return
    area = parent.parentWidget()
    if isinstance(area, QAbstractScrollArea) and area.viewport() is parent:
        off = area.horizontalScrollBarPolicy() == Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        if isinstance(area, QScrollArea) and (off or not tight) and widget.width() > parent.width() + SLACK:
            yield f"{named(area)} shows {parent.width()} of the {widget.width()} in width of its page"
    elif isinstance(parent, QLineEdit | QComboBox | QAbstractItemView):
        return
    elif not parent.rect().adjusted(-SLACK, -SLACK, SLACK, SLACK).contains(widget.geometry()):
        yield f"{named(widget)}, {_words(widget.geometry())}, is outside {named(parent)}, {_words(parent.rect())}"


def _overlaps(parent: QWidget) -> Iterator[str]:
    if parent.layout() is None or isinstance(parent, QAbstractScrollArea | QLineEdit | QComboBox):
        return
    for one, other in combinations([each for each in _laid_out_by(parent.layout()) if each.isVisibleTo(parent)], 2):
        common = one.geometry().intersected(other.geometry())
        if common.width() > SLACK and common.height() > SLACK:
            yield f"{named(one)} and {named(other)} overlap by {_words(common)}"


def _laid_out_by(layout: QLayout | None) -> Iterator[QWidget]:
    """The widgets of a layout. What floats over them belongs to none."""
    items = (layout.itemAt(at) for at in range(layout.count())) if layout is not None else ()
    for item in items:
        if item is not None and (widget := item.widget()) is not None:
            yield widget
        elif item is not None:
            yield from _laid_out_by(item.layout())


def _parts(text: str) -> Iterator[str]:
    """What a line is not broken inside of."""
    finder, before = QTextBoundaryFinder(QTextBoundaryFinder.BoundaryType.Line, text), 0
    while (at := finder.toNextBoundary()) >= 0:
        yield text[before:at]
        before = at


def _words(box: QRect) -> str:
    return f"{box.width()} x {box.height()} from {box.x()}, {box.y()}"
