"""Has a screen reader say something once, wherever the focus is."""

from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QAccessibleEvent, QAccessibleStateChangeEvent
from PySide6.QtWidgets import QWidget

from keyrack.language.command_quotes import quoted

_Politeness = QAccessible.AnnouncementPoliteness


def announce(widget: QWidget, text: str, *, urgent: bool = False) -> None:
    """Say `text` in the window of `widget`, after what is being said, or at once if it is urgent.

    Without a screen reader nothing is done.
    """
    if QAccessible.isActive() and text:
        event = QAccessibleAnnouncementEvent(widget, quoted(text))
        event.setPoliteness(_Politeness.Assertive if urgent else _Politeness.Polite)
        QAccessible.updateAccessibility(event)


def tell_selected(widget: QWidget) -> None:
    """Have a screen reader ask anew whether a widget is selected."""
    if QAccessible.isActive():
        changed = QAccessible.State()
        changed.selected = True
        QAccessible.updateAccessibility(QAccessibleStateChangeEvent(widget, changed))


def tell_described(widget: QWidget) -> None:
    """Have what was kept of the widget's description be read anew, because no event told of each change."""
    if QAccessible.isActive():
        QAccessible.updateAccessibility(QAccessibleEvent(widget, QAccessible.Event.DescriptionChanged))
