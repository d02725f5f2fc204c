"""Which of some widgets Qt paints."""

from PySide6.QtCore import QEvent, QObject


class PaintedWidgets(QObject):
    """Those of the watched widgets that were painted since `clear`."""

    def __init__(self, *watched: QObject) -> None:
        super().__init__()
        self._painted: list[QObject] = []
        for widget in watched:
            widget.installEventFilter(self)

    def __contains__(self, widget: QObject) -> bool:
        return widget in self._painted

    def clear(self) -> None:
        """Forget those of before."""
        self._painted.clear()

    def eventFilter(self, widget: QObject, event: QEvent) -> bool:
        """Note a paint event. Every event goes on."""
        if event.type() == QEvent.Type.Paint:
            self._painted.append(widget)
        return False
