"""The parts of the core that every sign-in uses."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from keyrack.core.api_keys.key_context import ApiKeyContext
from keyrack.core.sign_in.restore import Restorer
from keyrack.core.sign_in.user_code import UserCodes
from keyrack.core.sites.sites import Sites
from keyrack.core.tokens.refresher import Refresher
from keyrack.core.vault.record_store import RecordStore
from keyrack.oauth.loopback.redirects import Redirects
from keyrack.primitives.clock import Clock


@dataclass(frozen=True, slots=True)
class SignInContext:
    """The parts of the core, as far as a sign-in needs them. `browser` opens an address in the person's browser."""

    sites: Sites
    records: RecordStore
    redirects: Redirects
    clock: Clock
    restorer: Restorer
    refresher: Refresher
    codes: UserCodes
    keys: ApiKeyContext
    browser: Callable[[str], Awaitable[None]]
