"""A list of listeners without arguments; the core's signals live above this room."""

from collections.abc import Callable


class Announcement:
    """Something happened, and whoever listens is told."""

    def __init__(self) -> None:
        self._listeners: list[Callable[[], object]] = []

    def connect(self, listener: Callable[[], object]) -> Callable[[], None]:
        """Call `listener` at each `emit`; the returned function ends that."""
        self._listeners.append(listener)

        def disconnect() -> None:
            if listener in self._listeners:
                self._listeners.remove(listener)

        return disconnect

    def emit(self) -> None:
        """Tell every listener that is connected now."""
        for listener in tuple(self._listeners):
            listener()
