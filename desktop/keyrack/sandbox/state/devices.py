"""Sign-ins of programs that show a code, which the person types on a page (RFC 8628)."""

import secrets
from dataclasses import dataclass

from keyrack.sandbox.state.clients import Client
from keyrack.sandbox.state.sandbox_clock import Clock

# Without vowels and without letters that look alike (RFC 8628 §6.1).
_LETTERS = "BCDFGHJKLMNPQRSTVWXZ"
_SLOW_DOWN = 5.0
_TOLERANCE = 0.5


@dataclass
class Device:
    """One sign-in that waits. `account` is set when the person approved, `refused` when the person refused."""

    client: Client
    user_code: str
    expires: float
    interval: float
    last_poll: float | None = None
    account: str | None = None
    refused: bool = False


class Devices:
    """All sign-ins that wait, by their device code. A granted or refused one is reported once."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._waiting: dict[str, Device] = {}

    def begin(self, client: Client, lifetime: float, interval: float) -> tuple[str, Device]:
        """A new device code and the sign-in that waits. Both times are seconds."""
        letters = "".join(secrets.choice(_LETTERS) for _ in range(8))
        made = Device(client, f"{letters[:4]}-{letters[4:]}", self._clock.now() + lifetime, interval)
        code = secrets.token_urlsafe(32)
        self._waiting[code] = made
        return code, made

    def find(self, text: str) -> Device | None:
        """The sign-in that waits for this user code, in any spelling. None when there is none."""
        wanted = _letters(text)
        for device in self._waiting.values():
            open_still = device.account is None and not device.refused and device.expires > self._clock.now()
            if wanted and open_still and _letters(device.user_code) == wanted:
                return device
        return None

    def poll(self, code: str, client: Client) -> str:
        """The account that was granted, after an "@", else the error of RFC 8628 §3.5."""
        device = self._waiting.get(code)
        if device is None or device.client.client_id != client.client_id:
            return "invalid_grant"
        if device.expires <= self._clock.now():
            return "expired_token"
        if device.refused or device.account is not None:
            del self._waiting[code]
            return "access_denied" if device.refused else f"@{device.account}"
        return "slow_down" if self._too_fast(device) else "authorization_pending"

    def _too_fast(self, device: Device) -> bool:
        now, before = self._clock.now(), device.last_poll
        device.last_poll = now
        fast = before is not None and now - before < device.interval - _TOLERANCE
        if fast:
            device.interval += _SLOW_DOWN
        return fast


def _letters(text: str) -> str:
    return "".join(letter for letter in text.upper() if letter.isalnum())
