"""Exact amounts, times and sizes as text. No figure passes through a float."""

from decimal import ROUND_HALF_EVEN, Context, Decimal

from PySide6.QtCore import QCoreApplication, QDateTime, QLocale, Qt

from keyrack.language.translation import plural

translate = QCoreApplication.translate
HIDDEN = "•••••"
MISSING = "–"
THIN_SPACE = "\u202f"
_NO_BREAK = "\u00a0"
_UNITS = ("kB", "MB", "GB", "TB", "PB")
LARGEST_POWER = 120
_ROUNDED = 8
_WIDE = Context(prec=500, rounding=ROUND_HALF_EVEN)


def amount(value: Decimal | None) -> str:
    """Every digit of `value` with the locale's decimal point and grouping. A dash for None."""
    whole, point, fraction = parts(value)
    return whole + point + fraction


def rounded(value: Decimal | None) -> str:
    """An amount with at most 8 decimals, for where there is no room for each digit. A smaller one is "< 0.00000001"."""
    if value is None or not value.is_finite() or abs(value.adjusted()) > LARGEST_POWER:
        return MISSING
    if -int(value.as_tuple().exponent) <= _ROUNDED:
        return amount(value)
    least = Decimal(1).scaleb(-_ROUNDED)
    short = _WIDE.quantize(value, least)
    if not short and value:
        return f"< {amount(least)}" if value > 0 else f"> {amount(-least)}"
    return amount(short)


def parts(value: Decimal | None) -> tuple[str, str, str]:
    """What stands before the decimal point, the point itself ("" without one) and what follows it."""
    if value is None or not value.is_finite() or abs(value.adjusted()) > LARGEST_POWER:
        return MISSING, "", ""
    whole, _, fraction = format(value, "f").partition(".")
    return grouped(whole), QLocale().decimalPoint() if fraction else "", fraction


def grouped(digits: str) -> str:
    """Whole digits in groups of three, as the locale groups them."""
    sign = "-" if digits.startswith("-") else ""
    digits = digits.removeprefix("-")
    named = QLocale().language() != QLocale.Language.C
    separator = QLocale().groupSeparator() if named else THIN_SPACE
    head = len(digits) % 3
    groups = [digits[:head]] if head else []
    groups += [digits[i : i + 3] for i in range(head, len(digits), 3)]
    return sign + separator.join(groups)


def size(count: int | None) -> str:
    """A number of bytes in decimal units with one digit after the point, rounded exactly."""
    if count is None:
        return MISSING
    if abs(count) < 1000:
        return plural("{n} byte", "{n} bytes", count)
    power = min((len(str(abs(count))) - 1) // 3, len(_UNITS))
    scaled = (Decimal(count) / (Decimal(1000) ** power)).quantize(Decimal("0.1"))
    return f"{amount(scaled)} {_UNITS[power - 1]}"


def exact_bytes(count: int | None) -> str:
    """A number of bytes with every digit."""
    if count is None:
        return MISSING
    return plural("{n} byte", "{n} bytes", count, n=grouped(str(count)))


def clock_time(wall: float) -> str:
    """The time of day in the user's locale, with the date when it is not today."""
    moment = QDateTime.fromSecsSinceEpoch(int(wall))
    style = QLocale().timeFormat(QLocale.FormatType.ShortFormat)
    if "s" not in style:
        style = style.replace("mm", "mm:ss", 1)
    time = QLocale().toString(moment.time(), style)
    if moment.date() == QDateTime.currentDateTime().date():
        return time
    return f"{day(moment)} {time}"


def day(moment: QDateTime) -> str:
    """The date in the user's locale. ISO 8601 in the C locale."""
    if QLocale().language() == QLocale.Language.C:
        return moment.date().toString(Qt.DateFormat.ISODate)
    return QLocale().toString(moment.date(), QLocale.FormatType.ShortFormat)


def iso_day(date: str) -> str:
    """A date such as 2026-12-01 in the user's locale."""
    return day(QDateTime.fromString(date, Qt.DateFormat.ISODate))


def age(seconds: float) -> str:
    """The time that has passed, in one unit. No line ends between the number and the unit."""
    passed = max(0, int(seconds))
    if passed < 60:
        text, n = translate("Amounts", "{n} s ago"), passed
    elif passed < 3600:
        text, n = translate("Amounts", "{n} min ago"), passed // 60
    elif passed < 86_400:
        text, n = translate("Amounts", "{n} h ago"), passed // 3600
    else:
        text, n = translate("Amounts", "{n} d ago"), passed // 86_400
    return text.replace("{n} ", "{n}" + _NO_BREAK).format(n=n)
