"""A key that a provider made for this program, and what it signs requests with."""

from dataclasses import dataclass, field

from keyrack.primitives.secret import Secret


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key pair of an API; `id` is how the provider names it, "" where it has no name.

    `key` is None while the provider has not handed it over yet (WhiteBIT Fast API key Q2).
    """

    secret: Secret = field(repr=False)
    key: Secret | None = field(default=None, repr=False)
    id: str = ""
