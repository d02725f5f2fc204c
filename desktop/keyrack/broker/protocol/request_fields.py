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

    def text(self, name: str, default: str = "", *, longest: int = _LONGEST) -> str:
        """A string of at most `longest` characters, 8192 if nothing else is said."""
        value = self._sent.get(name, default)
        if not isinstance(value, str) or len(value) > longest:
            raise BadField("field_not_text", field=name, longest=str(longest))
        return value

    def texts(self, name: str, *, most: int) -> list[str]:
        """A list of at most `most` strings."""
        value = self._sent.get(name, [])
        if not isinstance(value, list) or len(value) > most or not all(isinstance(text, str) for text in value):
            raise BadField("field_not_texts", field=name)
        return list(value)

    def flag(self, name: str, *, default: bool = False) -> bool:
        """True or false."""
        value = self._sent.get(name, default)
        if not isinstance(value, bool):
            raise BadField("field_not_flag", field=name)
        return value

    def seconds(self, name: str, most: float) -> float:
        """A number of seconds from 0 to `most`, 0 if it is missing."""
        try:
            value = float(str(self._sent.get(name, 0)))
        except ValueError:
            value = math.nan
        if not 0 <= value <= most:
            raise BadField("field_not_seconds", field=name, most=f"{most:g}")
        return value

    def table(self, name: str, *known: str) -> "RequestFields | None":
        """An object in the object, None if it is missing."""
        value = self._sent.get(name)
        if value is None:
            return None
        if not isinstance(value, Mapping):
            raise BadField("field_not_object", field=name)
        return RequestFields(value, *known)

    def has(self, name: str) -> bool:
        """Whether the field was sent at all."""
        return name in self._sent
