"""How wide a figure is as the table draws it, measured apart from the table's own sums."""

from PySide6.QtGui import QFontMetricsF

from keyrack.ui.balances.table_view import BalancesTable

_LOUD = 8


def drawn_width(table: BalancesTable, text: str) -> float:
    """The width in pixels of a figure whose decimals after the eighth are small."""
    whole, point, fraction = text.partition(".")
    large = QFontMetricsF(table.fonts.figures).horizontalAdvance(whole + point + fraction[:_LOUD])
    return large + QFontMetricsF(table.fonts.tail).horizontalAdvance(fraction[_LOUD:])
