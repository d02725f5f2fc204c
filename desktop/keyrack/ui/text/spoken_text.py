"""What a screen reader says of an account in a list: the same for a minute, because each change is read out."""

import math

from PySide6.QtCore import QCoreApplication

from keyrack.core.status import format_left
from keyrack.ui.text.state_text import AccountView

translate = QCoreApplication.translate
_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400


def spoken(view: AccountView) -> str:
    """The state, with the time left in whole minutes, hours or days."""
    left = view.status.left
    if view.name not in ("ready", "refreshing") or left is None or view.endless:
        return view.headline()
    return translate("Spoken", "{state}, {time} left").format(state=view.headline(), time=_time(left))


def _time(left: float) -> str:
    if left >= 2 * _DAY:
        return format_left(left)
    if left >= 2 * _HOUR:
        return translate("Spoken", "{n} hours").format(n=int(left // _HOUR))
    minutes = math.ceil(left / _MINUTE)
    return translate("Spoken", "1 minute") if minutes == 1 else translate("Spoken", "{n} minutes").format(n=minutes)
