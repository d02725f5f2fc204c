"""Reads the fields of a request, each with its own error."""

import math
from collections.abc import Mapping

from keyrack.broker.protocol.api_errors import ApiError
from keyrack.primitives.failure import plain

_LONGEST = 8192


class BadField(ApiError):
    """A field of the request has a wrong value, is unknown or is missing."""

    def __init__(self, code: str, **params: str) -> None:
        super().__init__("usage", code, **params)


class RequestFields:
    """The fields of a body or of a query. Unknown fields are an error."""

    def __init__(self, sent: Mapping[str, object], *known: str) -> None:
        self._sent = sent
        unknown = next((name for name in sent if name not in known), None)
        if unknown is not None:
            code = "field_unknown" if known else "no_field_known"
            raise BadField(code, field=plain(unknown, 60), known=", ".join(known))

    def text(self, name: str, default: str = "") -> str:
        """A string of at most 8192 characters."""
        found = self._sent.get(name, default)
        if not isinstance(found, str) or len(found) > _LONGEST:
            raise BadField("field_not_text", field=name, longest=str(_LONGEST))
        return found

    def flag(self, name: str, *, default: bool = False) -> bool:
        """True or false."""
        found = self._sent.get(name, default)
        if not isinstance(found, bool):
            raise BadField("field_not_flag", field=name)
        return found

    def seconds(self, name: str, most: float) -> float:
        """A number of seconds from 0 to `most`, 0 if it is missing."""
        try:
            found = float(str(self._sent.get(name, 0)))
        except ValueError:
            found = math.nan
        if not 0 <= found <= most:
            raise BadField("field_not_seconds", field=name, most=f"{most:g}")
        return found

    def table(self, name: str, *known: str) -> "RequestFields | None":
        """An object in the object, None if it is missing."""
        found = self._sent.get(name)
        if found is None:
            return None
        if not isinstance(found, Mapping):
            raise BadField("field_not_object", field=name)
        return RequestFields(found, *known)

    def has(self, name: str) -> bool:
        """Whether the field was sent at all."""
        return name in self._sent
