"""What every sign-in works with."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from keyrack.core.key_means import KeyMeans
from keyrack.core.opening import Opener
from keyrack.core.records import Records
from keyrack.core.refresher import Refresher
from keyrack.core.services import Services
from keyrack.core.user_codes import UserCodes
from keyrack.oauth.loopback import Redirects
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
