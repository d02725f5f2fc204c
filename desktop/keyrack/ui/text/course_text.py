"""The course of a value in words: moments, changes, and what is left out of them."""

from decimal import ROUND_HALF_EVEN, Context, Decimal
from itertools import pairwise
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QDateTime, QLocale

from keyrack.core.history.periods import PERIODS, PeriodName
from keyrack.language.translation import plural
from keyrack.primitives.failure import plain
from keyrack.ui.text.amount_text import amount, day
from keyrack.ui.text.value_text import about, money

if TYPE_CHECKING:
    from keyrack.core.history.course import Course, Point
    from keyrack.core.history.periods import Period

translate = QCoreApplication.translate
_WIDE = Context(prec=500, rounding=ROUND_HALF_EVEN)
_CENT = Decimal("0.01")
_MOST = Decimal(100_000)
_LONGEST_UNIT = 12
MINUS = "\u2212"


def period_name(name: PeriodName) -> str:
    """A period as a choice."""
    return {
        "day": translate("Course", "Day"),
        "week": translate("Course", "Week"),
        "month": translate("Course", "Month"),
        "year": translate("Course", "Year"),
    }[name]


def in_period(name: PeriodName) -> str:
    """A period in a sentence."""
    return {
        "day": translate("Course", "in a day"),
        "week": translate("Course", "in a week"),
        "month": translate("Course", "in a month"),
        "year": translate("Course", "in a year"),
    }[name]


def moment(at: int, period: "Period") -> str:
    """A moment of a period, in a year without the time of day."""
    when = QDateTime.fromSecsSinceEpoch(at)
    time = QLocale().toString(when.time(), QLocale().timeFormat(QLocale.FormatType.ShortFormat).replace(":ss", ""))
    if period.name == "day":
        return time
    return day(when) if period.name == "year" else f"{day(when)} {time}"


def begin_text(now: float, period: "Period") -> str:
    """When there will be a change to tell, where there is none yet: it needs two slots, and this one is the first."""
    begins = period.next_slot(now)
    today = QDateTime.fromSecsSinceEpoch(begins).date() == QDateTime.fromSecsSinceEpoch(int(now)).date()
    words = translate("Course", "The first point comes at {moment}.")
    return words.format(moment=moment(begins, PERIODS["day"] if today else period))


def point_text(point: "Point | None", unit: str, period: "Period") -> str:
    """The value at a moment, or that nothing is known."""
    if point is None:
        return translate("Course", "Not known")
    return f"{about(point.amount, unit)}  ·  {moment(point.at, period)}"


def change_text(course: "Course", unit: str, period: "Period") -> str:
    """The change in money and percent over the period, or since something is known. "" for less than two points."""
    first, change = course.first, course.change
    if first is None or change is None:
        return ""
    figure = f"{signed(change, unit)} {plain(unit, _LONGEST_UNIT)}"
    share = "" if course.percent is None else f" ({signed_percent(course.percent)})"
    if course.reaches_back:
        since = in_period(period.name)
    else:
        since = translate("Course", "since {moment}").format(moment=moment(first.at, period))
    return f"{figure}{share} {since}"


def signed(value: Decimal, unit: str) -> str:
    """An amount with its sign, rounded as values are."""
    sign = "+" if value > 0 else MINUS if value < 0 else "±"
    return sign + money(abs(value), unit)


def signed_percent(value: Decimal) -> str:
    """A share with its sign and two decimals."""
    size = abs(value)
    if size >= _MOST:
        return f"{'+' if value > 0 else MINUS}> {amount(_MOST)} %"
    rounded = _WIDE.quantize(size, _CENT)
    sign = "" if not rounded else "+" if value > 0 else MINUS
    return f"{sign}{amount(rounded)} %"


def share_text(value: Decimal, whole: Decimal) -> str:
    """A part of a whole in percent, without decimals."""
    percent = _WIDE.multiply(_WIDE.divide(value, whole), Decimal(100))
    rounded = _WIDE.quantize(percent, Decimal(1))
    return f"{amount(rounded)} %" if rounded else "< 1 %"


def left_out_text(count: int) -> str:
    """How many accounts of a sum its course leaves out. "" for none."""
    if count <= 0:
        return ""
    return plural(
        "The line leaves out 1 account, not known all this time.",
        "The line leaves out {n} accounts, not known all this time.",
        count,
    )


def told_course(course: "Course | None", unit: str, period: "Period", *, private: bool) -> str:
    """The whole picture for a screen reader: change, lowest and highest value, and the gaps."""
    if private:
        return translate("Course", "The amounts are hidden.")
    points = [point for point in course.slots if point is not None] if course is not None else []
    if course is None or not points:
        return translate("Course", "Nothing is known of this time.")
    low, high = min(points, key=lambda point: point.amount), max(points, key=lambda point: point.amount)
    parts = [change_text(course, unit, period)]
    parts.append(translate("Course", "lowest {point}").format(point=point_text(low, unit, period)))
    parts.append(translate("Course", "highest {point}").format(point=point_text(high, unit, period)))
    gaps = gap_count(course)
    if gaps:
        parts.append(plural("1 gap", "{n} gaps", gaps))
    return "; ".join(part for part in parts if part) + "."


def gap_count(course: "Course") -> int:
    """How many stretches between the first and the last known slot are not known."""
    known = [point is not None for point in course.slots]
    if True not in known:
        return 0
    inner = known[known.index(True) : len(known) - known[::-1].index(True)]
    return sum(not here and before for before, here in pairwise(inner))
