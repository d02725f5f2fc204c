"""What a screen reader says of an account in a list: the same for a minute, because each change is read out."""

import math

from PySide6.QtCore import QCoreApplication

from keyrack.core.status import format_left
from keyrack.language.translation import plural
from keyrack.ui.text.state_text import AccountView

translate = QCoreApplication.translate
_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400


def spoken(view: AccountView, state: str = "") -> str:
    """The `state`, by default in the words of a card's head, with the time left in whole minutes, hours or days."""
    state = state or view.headline()
    left = view.status.left
    if view.name not in ("ready", "refreshing") or left is None or view.endless:
        return state
    return translate("Spoken", "{state}, {time} left").format(state=state, time=spoken_time(left))


def told_sentence(view: AccountView, sentence: str) -> str:
    """The sentence of a token without the seconds that it counts."""
    if view.status.is_key and view.status.lies_idle and view.status.left:
        return translate("Spoken", "The exchange disables it unless it is used. Keyrack tries again and again.")
    if view.name == "ready" and not view.status.is_key and view.status.renews_in is not None:
        return _renewal(view, sentence)
    return sentence


def _renewal(view: AccountView, sentence: str) -> str:
    shared = view.status.shared
    if shared is None or shared.here:
        return translate("Spoken", "Renews by itself.")
    if shared.host and shared.away is None:
        return translate("Spoken", "“{host}” renews it.").format(host=shared.host)
    return sentence


def in_sentences(*parts: str) -> str:
    """Several things that are said one after the other. What is empty is left out."""
    return " ".join(part if part.endswith((".", "。")) else f"{part}." for part in parts if part)


def coarse(wall: float) -> float:
    """The end of the minute of a wall time, for what tells how old something is."""
    return math.ceil(wall / _MINUTE) * _MINUTE


def spoken_time(left: float) -> str:
    """A time in whole minutes, hours or days."""
    if left >= 2 * _DAY:
        return format_left(left)
    if left >= 2 * _HOUR:
        return plural("1 hour", "{n} hours", int(left // _HOUR))
    minutes = math.ceil(left / _MINUTE)
    return plural("1 minute", "{n} minutes", minutes)
