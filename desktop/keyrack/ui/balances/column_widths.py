"""The width of each column of the table, and which columns fit into it."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from heapq import nlargest

from PySide6.QtCore import QModelIndex

from keyrack.ui.balances.cell_fonts import CellFonts, Shape
from keyrack.ui.balances.table_model import AMOUNTS, FIGURES, BalancesModel, Column
from keyrack.ui.text.amount_text import LARGEST_POWER
from keyrack.ui.text.value_text import LONGEST_VALUE
from keyrack.ui.theme.metrics import GAP_S
from keyrack.ui.theme.theme import theme

# An amount with more decimals than these is cut in the middle. The whole of it is in the tooltip.
_FRACTION_SHOWN = 24
_NARROWEST = 84
_WIDEST = 420
_NAME_LEAST = 64
_PLACE_LEAST = 56
_NAME_MOST = 210
_SPREAD_MOST = 96
_NAMES_MEASURED = 64


@dataclass(frozen=True, slots=True)
class Fit:
    """The columns that are shown with their widths in pixels, and how their figures stand.

    `dense` figures are at caption size. `aligned` ones have their decimal points below each other.
    """

    widths: dict[Column, int]
    dense: bool = False
    aligned: bool = True

    @property
    def whole(self) -> int:
        """The width of all columns in pixels."""
        return sum(self.widths.values())


class ColumnWidths:
    """Measures what the columns need. Figures of as many digits are measured once, however many rows have them.

    `head` measures the head of a column.
    """

    def __init__(self, model: BalancesModel, head: Callable[[int], int]) -> None:
        self._model = model
        self._head = head
        self._fonts: dict[bool, CellFonts] = {}
        self._shapes: dict[int, set[Shape | None]] = {}
        self._names: dict[int, list[str]] = {}
        self._values: list[str] | None = None
        model.modelReset.connect(self.forget_rows)
        model.dataChanged.connect(self._forget_figures)

    def forget_rows(self) -> None:
        """Measure everything anew, for other rows."""
        self._names.clear()
        self._shapes.clear()
        self._values = None

    def forget_fonts(self) -> None:
        """Measure everything anew, for other fonts."""
        self._fonts.clear()

    def _forget_figures(self, first: QModelIndex, last: QModelIndex) -> None:
        for column in range(first.column(), last.column() + 1):
            self._shapes.pop(column, None)
        if last.column() == Column.VALUE:
            self._values = None

    def fonts(self, *, dense: bool) -> CellFonts:
        """The fonts at caption size, or at body size."""
        if dense not in self._fonts:
            self._fonts[dense] = CellFonts(dense=dense)
        return self._fonts[dense]

    def fitting(self, room: int) -> Fit:
        """The tidiest way that fits into `room` pixels. Where none does, the columns are wider than it."""
        fit = Fit({})
        for columns, dense, aligned in self._ways():
            fit = Fit({column: self.of(column, dense, aligned) for column in columns}, dense, aligned)
            if fit.whole <= room:
                return self._spread(fit, room)
        return fit

    def _ways(self) -> Iterator[tuple[Sequence[Column], bool, bool]]:
        """Small figures first. Then what is in use goes, which the other two amounts say too, and then the value.

        A remark stands in the place of what is in use, so what is available goes instead. Last of all the total stands
        alone, before any figure is cut.
        """
        whole = [column for column in Column if column != Column.PLACE or any(self._longest(Column.PLACE))]
        without_value = [column for column in whole if column != Column.VALUE]
        remarked = any(row.remark for row in self._model.rows)
        for columns in (whole, without_value) if self._model.unit else (without_value,):
            yield from ((columns, dense, True) for dense in (False, True))
            if not remarked:
                yield from ((_folded(columns), dense, True) for dense in (False, True))
        if remarked:
            yield without_value, True, False
            yield [column for column in without_value if column != Column.AVAILABLE], True, False
        else:
            yield _folded(without_value), True, False
        yield [column for column in without_value if column not in (Column.AVAILABLE, Column.IN_USE)], True, False

    def _spread(self, fit: Fit, room: int) -> Fit:
        """Share out what is left, so that no two figures stand far apart. The names have the rest."""
        figures = [column for column in fit.widths if column in FIGURES]
        more = min((room - fit.whole) // len(figures), theme().px(_SPREAD_MOST))
        widths = {column: width + more * (column in FIGURES) for column, width in fit.widths.items()}
        names = [column for column in widths if column not in FIGURES]
        rest = room - sum(widths.values())
        for column in names:
            widths[column] += rest // len(names)
        return Fit(widths, fit.dense, fit.aligned)

    def of(self, column: int, dense: bool, aligned: bool = True) -> int:
        """Width in pixels that the column's head and its widest cell need."""
        return max(self._head(column), self._of_cells(column, dense, aligned))

    def _of_cells(self, column: int, dense: bool, aligned: bool) -> int:
        fonts = self.fonts(dense=dense)
        if column == Column.VALUE:
            least, wide = theme().px(_NAME_LEAST), _widest(fonts, self._value_texts())
            return max(least, round(wide) + 2 * GAP_S + 2)
        if column in AMOUNTS:
            needed = round(self._amount_width(column, fonts, aligned)) + 2 * GAP_S + 2
            return max(theme().px(_NARROWEST), min(needed, theme().px(_WIDEST)))
        names = self._longest(column)
        wide = max((fonts.name_metrics.horizontalAdvance(name) for name in names), default=0.0)
        least = theme().px(_PLACE_LEAST if column == Column.PLACE and dense else _NAME_LEAST)
        return round(max(least, min(wide + 2 * GAP_S + 1, theme().px(_NAME_MOST))))

    def fraction(self, column: int, fonts: CellFonts) -> float:
        """Width in pixels of the column's longest fraction."""
        return max((fonts.fraction_width(shape[1]) for shape in self._shapes_of(column) if shape), default=0.0)

    def _amount_width(self, column: int, fonts: CellFonts, aligned: bool) -> float:
        shapes = [shape for shape in self._shapes_of(column) if shape]
        wholes = [fonts.whole_width(digits, negative=negative) for digits, _, negative in shapes]
        if aligned:
            return max(wholes, default=0.0) + self.fraction(column, fonts)
        return max(
            (whole + fonts.fraction_width(shape[1]) for whole, shape in zip(wholes, shapes, strict=True)), default=0.0
        )

    def _shapes_of(self, column: int) -> set[Shape | None]:
        if column not in self._shapes:
            self._shapes[column] = {_shape(row.figure(column)) for row in self._model.rows}
        return self._shapes[column]

    def _longest(self, column: int) -> list[str]:
        """The names of most letters. Of thousands, only these are measured. A wider one is cut, with a tooltip."""
        if column not in self._names:
            distinct = {row.name if column == Column.ASSET else row.place for row in self._model.rows}
            self._names[column] = nlargest(_NAMES_MEASURED, distinct, key=len)
        return self._names[column]

    def _value_texts(self) -> list[str]:
        """The texts of which one is the widest, for all values have as many decimals."""
        if self._values is None:
            known = [row.value for row in self._model.rows if row.value is not None]
            ordinary = [value for value in known if value.adjusted() < LONGEST_VALUE]
            ends: set[Decimal | None] = {None} if len(known) < len(self._model.rows) else set()
            for values in (known, ordinary, [abs(value) for value in ordinary if value]):
                ends |= {min(values), max(values)} if values else set()
            self._values = [self._model.value_text(value) for value in ends]
        return self._values


def _folded(columns: Sequence[Column]) -> list[Column]:
    return [column for column in columns if column != Column.IN_USE]


def _widest(fonts: CellFonts, texts: Iterable[str]) -> float:
    return max((fonts.figure_metrics.horizontalAdvance(text) for text in texts), default=0.0)


def _shape(figure: Decimal | None) -> Shape | None:
    """The figure's digits as `parts` writes them."""
    if figure is None or abs(figure.adjusted()) > LARGEST_POWER:
        return None
    whole, _, fraction = format(figure, "f").partition(".")
    negative = whole[0] == "-"
    return len(whole) - negative, min(len(fraction), _FRACTION_SHOWN), negative
