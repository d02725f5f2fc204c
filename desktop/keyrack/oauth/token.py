"""A token with its lifetimes, as Keyrack uses it in memory."""

from dataclasses import dataclass, field

from keyrack.primitives.secret import Secret


@dataclass(frozen=True, slots=True)
class Token:
    """An access token with its refresh token (RFC 6749 section 5.1).

    Times are moments of the clock that counts suspend, in seconds. `access` is None after a restart until the token
    was renewed (S65). `lifetime` and `expires` are None when the server named none (S47). `renewable` says whether a
    new one can be requested without a person. `signed_in` and `sign_in_lifetime` are those of a sign-in whose end no
    renewal moves. `verifier` is the code verifier that a renewal repeats (Saxo Q2). `api` is the API's address that
    the response named.
    """

    access: Secret | None
    issued: float
    lifetime: float | None
    refresh: Secret | None = None
    refresh_lifetime: float | None = None
    refresh_issued: float | None = None
    scopes: tuple[str, ...] = field(default=())
    renewable: bool = False
    signed_in: float | None = None
    sign_in_lifetime: float | None = None
    verifier: Secret | None = None
    api: str = ""

    @property
    def expires(self) -> float | None:
        """When the access token ends."""
        return None if self.lifetime is None else self.issued + self.lifetime

    @property
    def refresh_expires(self) -> float | None:
        """When the sign-in ends, unless it is renewed before where a renewal moves that (WhiteBIT Q3: 600 s)."""
        return min((began + lifetime for began, lifetime in self._windows()), default=None)

    @property
    def sign_in_window(self) -> float | None:
        """The lifetime of what ends at `refresh_expires`."""
        return min(((began + lifetime, lifetime) for began, lifetime in self._windows()), default=(0.0, None))[1]

    def _windows(self) -> list[tuple[float, float]]:
        """The beginning and the lifetime of the refresh token, and of the whole sign-in."""
        pairs = ((self.refresh_issued, self.refresh_lifetime), (self.signed_in, self.sign_in_lifetime))
        return [(began, lifetime) for began, lifetime in pairs if began is not None and lifetime is not None]
