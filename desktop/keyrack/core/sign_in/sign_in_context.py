"""What every sign-in works with."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from keyrack.core.api_keys.key_context import KeyMeans
from keyrack.core.sign_in.restore import Opener
from keyrack.core.sign_in.user_code import UserCodes
from keyrack.core.sites.sites import Services
from keyrack.core.tokens.refresher import Refresher
from keyrack.core.vault.record_store import Records
from keyrack.oauth.loopback.redirects import Redirects
from keyrack.primitives.clock import Clock


@dataclass(frozen=True, slots=True)
class Means:
    """The rack's rooms, as far as a sign-in needs them."""

    services: Services
    records: Records
    redirects: Redirects
    clock: Clock
    opener: Opener
    refresher: Refresher
    codes: UserCodes
    keys: KeyMeans
    browser: Callable[[str], Awaitable[None]]
