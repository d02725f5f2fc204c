"""Typed signals without Qt: an object reports a change to its listeners."""

from collections.abc import Callable
from typing import Generic, ParamSpec

from keyrack.language.translation import asked, speaking

P = ParamSpec("P")


class Signal(Generic[P]):
    """A list of listeners that are called in the order in which they connected."""

    def __init__(self) -> None:
        self._listeners: list[Callable[P, object]] = []

    @property
    def listener_count(self) -> int:
        """How many listeners are connected."""
        return len(self._listeners)

    def connect(self, listener: Callable[P, object]) -> Callable[[], None]:
        """Call `listener` at each `emit`. The returned function disconnects it."""
        self._listeners.append(listener)

        def disconnect() -> None:
            if listener in self._listeners:
                self._listeners.remove(listener)

        return disconnect

    def emit(self, *args: P.args, **kwargs: P.kwargs) -> None:
        """Call every listener that is connected now.

        They speak the language of the process, even where a request in another language caused the change.
        """
        if asked():
            with speaking(""):
                self._call(*args, **kwargs)
        else:
            self._call(*args, **kwargs)

    def _call(self, *args: P.args, **kwargs: P.kwargs) -> None:
        for listener in tuple(self._listeners):
            listener(*args, **kwargs)
