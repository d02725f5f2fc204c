"""A key that a provider made for Keyrack, which signs requests."""

from dataclasses import dataclass, field

from keyrack.primitives.secret import Secret


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key pair of an API. `id` is the provider's name for it, or "".

    `key` is None while the provider has not handed it over yet (WhiteBIT Fast API key Q2).
    """

    secret: Secret = field(repr=False)
    key: Secret | None = field(default=None, repr=False)
    id: str = ""
