"""What a request asks for, field by field, each with what is wrong with it."""

import math
from collections.abc import Mapping

from keyrack.broker.protocol.api_errors import ApiError
from keyrack.primitives.failure import plain

_LONGEST = 8192


class BadField(ApiError):
    """A field of the request cannot be taken."""

    def __init__(self, code: str, **params: str) -> None:
        super().__init__("usage", code, **params)


class RequestFields:
    """The fields of a body or a query; one that nobody knows is a mistake, not a wish that is passed over."""

    def __init__(self, given: Mapping[str, object], *known: str) -> None:
        self._given = given
        strange = next((name for name in given if name not in known), None)
        if strange is not None:
            code = "field_unknown" if known else "no_field_known"
            raise BadField(code, field=plain(strange, 60), known=", ".join(known))

    def text(self, name: str, default: str = "") -> str:
        """A text of at most 8 KiB."""
        found = self._given.get(name, default)
        if not isinstance(found, str) or len(found) > _LONGEST:
            raise BadField("field_not_text", field=name, longest=str(_LONGEST))
        return found

    def flag(self, name: str, *, default: bool = False) -> bool:
        """True or false."""
        found = self._given.get(name, default)
        if not isinstance(found, bool):
            raise BadField("field_not_flag", field=name)
        return found

    def seconds(self, name: str, most: float) -> float:
        """A number of seconds, 0 where none is given."""
        try:
            found = float(str(self._given.get(name, 0)))
        except ValueError:
            found = math.nan
        if not 0 <= found <= most:
            raise BadField("field_not_seconds", field=name, most=f"{most:g}")
        return found

    def table(self, name: str, *known: str) -> "RequestFields | None":
        """An object in the object, None where there is none."""
        found = self._given.get(name)
        if found is None:
            return None
        if not isinstance(found, Mapping):
            raise BadField("field_not_object", field=name)
        return RequestFields(found, *known)

    def has(self, name: str) -> bool:
        """Whether it was given at all."""
        return name in self._given
