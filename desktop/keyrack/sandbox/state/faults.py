"""The faults that are switched on: what goes wrong, where, and for how many requests.

`fault_kinds` lists what works at every endpoint. What one provider alone can do (an undocumented or doubtful behaviour)
is declared by its stand-in. A fault with `times` ends after that many requests, the others end by DELETE /faults.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from keyrack.sandbox.state.fault_kinds import EVERYWHERE, IN_MESSAGES, MESSAGES

# Provider id -> endpoint -> the provider's own faults there (as they are written -> what they do).
Declared = Mapping[str, Mapping[str, Mapping[str, str]]]


@dataclass
class Fault:
    """One fault that is switched on. `times` is how many requests are left, or None for all."""

    provider: str
    endpoint: str
    kind: str
    value: str
    times: int | None

    @property
    def written(self) -> str:
        """The fault as it was written."""
        return f"{self.kind}:{self.value}" if self.value else self.kind


class Faults:
    """The faults that are on. A later one of the same kind and endpoint replaces the earlier."""

    def __init__(self, declared: Declared) -> None:
        self._declared = declared
        self._on: list[Fault] = []

    def rows(self) -> list[dict[str, object]]:
        """The faults that are on, as JSON objects of the form that POST /faults takes."""
        return [
            {"provider": f.provider, "endpoint": f.endpoint, "fault": f.written, "times": f.times} for f in self._on
        ]

    def add(self, fields: dict[str, object]) -> None:
        """Switch on the fault of POST /faults. Raises ValueError with a sentence."""
        provider, endpoint, written = (str(fields.get(name, "")) for name in ("provider", "endpoint", "fault"))
        times = fields.get("times")
        if times is not None and (not isinstance(times, int) or isinstance(times, bool) or times < 1):
            raise ValueError("times is a whole number from 1, or absent")
        kind, _, value = written.partition(":")
        self._check(provider, endpoint, kind, written)
        self._remove(lambda f: (f.provider, f.endpoint, f.kind) == (provider, endpoint, kind))
        self._on.append(Fault(provider, endpoint, kind, value, times))

    def remove(self, provider: str, endpoint: str, written: str) -> None:
        """Switch one off, if it is on."""
        self._remove(lambda f: (f.provider, f.endpoint, f.written) == (provider, endpoint, written))

    def clear(self) -> None:
        """Switch everything off."""
        self._on.clear()

    def consume(self, provider: str, endpoint: str) -> dict[str, str]:
        """The faults of one request now (kind -> value). Those with `times` come nearer to their end."""
        every = "" if endpoint.startswith(MESSAGES) else "*"
        found = [f for f in self._on if f.provider == provider and f.endpoint in (every, endpoint)]
        for fault in found:
            fault.times = fault.times and fault.times - 1
        self._remove(lambda f: f.times == 0)
        return {fault.kind: fault.value for fault in found}

    def declares(self, provider: str, endpoint: str) -> bool:
        """Whether the stand-in of this provider declares the endpoint."""
        return endpoint in self._declared.get(provider, {})

    def is_waiting(self, provider: str, endpoint: str) -> bool:
        """Whether a fault waits for the next message of this kind."""
        return any((f.provider, f.endpoint) == (provider, endpoint) for f in self._on)

    def down(self) -> set[str]:
        """The providers whose port refuses connections."""
        return {f.provider for f in self._on if f.kind == "down"}

    def _remove(self, which: Callable[[Fault], bool]) -> None:
        self._on = [f for f in self._on if not which(f)]

    def _check(self, provider: str, endpoint: str, kind: str, written: str) -> None:
        endpoints = self._declared.get(provider)
        if endpoints is None:
            raise ValueError(f"provider is one of {', '.join(self._declared)}")
        if endpoint not in ("*", *endpoints):
            raise ValueError(f"endpoint is * or one of {', '.join(endpoints)}")
        if (written, endpoint) == ("down", "*") or written in endpoints.get(endpoint, {}):
            return
        if kind not in {k.partition(":")[0] for k in (IN_MESSAGES if endpoint.startswith(MESSAGES) else EVERYWHERE)}:
            raise ValueError(f"{written!r} is no fault of {provider} {endpoint}")
        if kind in ("status", "html", "delay", "hold"):
            _number(kind, written.partition(":")[2])


def _number(kind: str, value: str) -> None:
    if kind == "html" and not value:
        return
    number = float(value)
    if number < 0 or (kind in ("status", "html") and number not in range(200, 600)):
        raise ValueError(f"{kind} takes a number such as {'503' if kind in ('status', 'html') else '3'}")
