"""The code or refresh token that the person copies from the provider's page and enters (Bitport Q4, S55)."""

import re
from dataclasses import dataclass, field

from keyrack.core.failures import CodeRefused
from keyrack.oauth.authorization.response import NotOurs, parse
from keyrack.primitives.clock import Clock
from keyrack.primitives.secret import Secret

_VISIBLE = re.compile(r"[\x21-\x7e]{1,8192}\Z")
LONGEST_CODE = 256
LONGEST_ADDRESS = 8192
MOST_FAILURES = 3
PAUSE_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class UserCode:
    """A code to send.

    `redirected` marks one that came out of a pasted redirect address and belongs to the code grant.
    """

    code: Secret = field(repr=False)
    redirected: bool = False


class UserCodes:
    """Reads what the person entered, and enforces a pause after three wrong codes in a row."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._failures: dict[str, tuple[int, float]] = {}

    def read(self, account: str, typed: Secret | None) -> UserCode:
        """The code to send once. Raises CodeRefused, and then nothing is sent."""
        self._check_pause(account)
        text = typed.reveal().strip() if typed is not None else ""
        if not text:
            raise CodeRefused("user_code_missing")
        if "?" in text:
            return UserCode(_code_in(text), redirected=True)
        if len(text) > LONGEST_CODE or not text.isascii() or not text.isprintable() or " " in text:
            raise CodeRefused("user_code_odd")
        return UserCode(Secret(text))

    def read_token(self, account: str, typed: Secret | None) -> Secret:
        """The refresh token to send once. Raises CodeRefused, and then nothing is sent."""
        self._check_pause(account)
        text = typed.reveal().strip() if typed is not None else ""
        if not text:
            raise CodeRefused("refresh_token_missing")
        if not _VISIBLE.match(text):
            raise CodeRefused("refresh_token_odd")
        return Secret(text)

    def record_outcome(self, account: str, *, accepted: bool) -> None:
        """Note whether the provider accepted a code."""
        if accepted:
            self._failures.pop(account, None)
        else:
            count, _ = self._failures.get(account, (0, 0.0))
            self._failures[account] = (count + 1, self._clock.elapsed())

    def _check_pause(self, account: str) -> None:
        count, last = self._failures.get(account, (0, 0.0))
        left = last + PAUSE_SECONDS - self._clock.elapsed()
        if count >= MOST_FAILURES and left > 0:
            raise CodeRefused(
                "user_codes_paused", codes=str(count), pause=f"{PAUSE_SECONDS:.0f}", seconds=str(max(1, round(left)))
            )


def _code_in(address: str) -> Secret:
    """The code of a whole redirect address that was pasted instead (RFC 6749 §4.1.2)."""
    query = address.partition("?")[2].partition("#")[0]
    try:
        code = parse(query).code if len(address) <= LONGEST_ADDRESS else None
    except NotOurs:
        code = None
    if code is None:
        raise CodeRefused("user_code_odd")
    return Secret(code)
