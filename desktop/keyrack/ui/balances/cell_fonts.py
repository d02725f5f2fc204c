"""The fonts of the table's cells, and how wide a figure is in them."""

from PySide6.QtCore import QLocale
from PySide6.QtGui import QFont, QFontMetricsF

from keyrack.ui.text.amount_text import MISSING, grouped
from keyrack.ui.theme.theme import theme

# Digits after these are small and quiet: they are exact, and they are never what a person looks for first.
LOUD_DECIMALS = 8
_SMALLER = 3

# How many digits a figure has before and after its decimal point, and whether it is below zero.
Shape = tuple[int, int, bool]


class CellFonts:
    """The fonts at one size. Figures are as wide as any with as many digits, so each width is measured once."""

    def __init__(self, *, dense: bool) -> None:
        self.figures = theme().font("caption" if dense else "body")
        self.names = QFont(self.figures)
        self.names.setWeight(QFont.Weight.DemiBold)
        self.tail = QFont(self.figures)
        self.tail.setPixelSize(self.figures.pixelSize() - max(1, theme().px(_SMALLER)))
        self.figure_metrics = QFontMetricsF(self.figures)
        self.name_metrics = QFontMetricsF(self.names)
        self._tail_metrics = QFontMetricsF(self.tail)
        self._wholes: dict[tuple[int, bool], float] = {}
        self._fractions: dict[int, float] = {0: 0.0}
        self.missing = self.figure_metrics.horizontalAdvance(MISSING)

    def whole_width(self, digits: int, *, negative: bool) -> float:
        """Width in pixels of what stands before the decimal point."""
        key = digits, negative
        if key not in self._wholes:
            text = grouped("-" * negative + "0" * digits)
            self._wholes[key] = self.figure_metrics.horizontalAdvance(text)
        return self._wholes[key]

    def fraction_width(self, digits: int) -> float:
        """Width in pixels of the decimal point and what follows it."""
        if digits not in self._fractions:
            loud = self.figure_metrics.horizontalAdvance(QLocale().decimalPoint() + "0" * min(digits, LOUD_DECIMALS))
            tail = self._tail_metrics.horizontalAdvance("0" * max(0, digits - LOUD_DECIMALS))
            self._fractions[digits] = loud + tail
        return self._fractions[digits]
