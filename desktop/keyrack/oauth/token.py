"""A token with its lifetimes, as Keyrack uses it in memory."""

from dataclasses import dataclass, field

from keyrack.primitives.secret import Secret


@dataclass(frozen=True, slots=True)
class Token:
    """An access token with its refresh token (RFC 6749 section 5.1).

    Times are moments of the clock that counts suspend, in seconds. `access` is None after a restart until the token
    was renewed (S65). `lifetime` and `expires` are None when the server named none (S47). `renewable` says whether a
    new one can be requested without a person.
    """

    access: Secret | None
    issued: float
    lifetime: float | None
    refresh: Secret | None = None
    refresh_lifetime: float | None = None
    refresh_issued: float | None = None
    scopes: tuple[str, ...] = field(default=())
    renewable: bool = False

    @property
    def expires(self) -> float | None:
        """When the access token ends."""
        return None if self.lifetime is None else self.issued + self.lifetime

    @property
    def refresh_expires(self) -> float | None:
        """When the sign-in ends unless it is renewed before (WhiteBIT Q3: 600 s)."""
        if self.refresh_lifetime is None or self.refresh_issued is None:
            return None
        return self.refresh_issued + self.refresh_lifetime
