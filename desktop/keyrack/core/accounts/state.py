"""The sign-in state of an account: one frozen value, no flags."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from keyrack.core.accounts.credential import Credential, Key, renewed_part
from keyrack.oauth.endpoints.device import DeviceAuthorization
from keyrack.oauth.oauth_errors import ServiceEnded
from keyrack.oauth.token import Token
from keyrack.primitives.failure import Failure
from keyrack.primitives.secret import Secret

Step = Literal["browser", "exchanging", "confirming", "refusal", "device", "key", "key_secret", "public_key", "network"]


class Reason(StrEnum):
    """Why an account is signed out. The values are the words of `status --json`."""

    NEW = "new"
    NEW_CREDENTIALS = "new_credentials"
    SIGNED_OUT = "signed_out"
    HANDED_OVER = "handed_over"
    SANDBOX_RESTARTED = "sandbox_restarted"
    DENIED = "denied"
    REFRESH_EXPIRED = "refresh_expired"
    REFRESH_REJECTED = "refresh_rejected"
    INTERRUPTED_REFRESH = "interrupted_refresh"
    ITEM_MISSING = "item_missing"
    ITEM_CORRUPT = "item_corrupt"
    ITEM_NEWER = "item_newer"
    WRONG_ACCOUNT = "wrong_account"


@dataclass(frozen=True, slots=True)
class LoggedOut:
    """No sign-in exists. `why` is the failure of the last attempt, if there was one."""

    reason: Reason
    why: Failure | None = None


@dataclass(frozen=True, slots=True)
class Authorizing:
    """A sign-in is under way.

    `step` is one of these:
    "browser": the person is at the provider. `why` says so where no browser could be opened.
    "exchanging": the code is exchanged for a token.
    "confirming": the person is asked whether `identity` is the right account (S33).
    "refusal": a refusal without state was reported, and the person is asked whether to end the sign-in (S33).
    "device": the code of `device` waits for approval on any device (RFC 8628).
    "key": the person makes an API key on the provider's page, while Keyrack asks whether it is there.
    "key_secret": the key's secret is requested, and the provider may be busy with it.
    "public_key": the person is asked to paste the key's public part. `why` says what was wrong with the last one.
    "network": the provider could not be reached because of `why`, and is asked again at `ends`.
    `ends` is a moment of `Clock.elapsed` in seconds, or None when nothing waits for a person.
    """

    started: float
    ends: float | None
    step: Step
    identity: str = ""
    device: DeviceAuthorization | None = None
    why: Failure | None = None


@dataclass(frozen=True, slots=True)
class Idle:
    """No renewal is under way."""


@dataclass(frozen=True, slots=True)
class Running:
    """A new token was requested."""


@dataclass(frozen=True, slots=True)
class Retrying:
    """The last renewal failed for a temporary reason. The next one is at `at`, a moment of `Clock.elapsed`."""

    at: float
    why: Failure


@dataclass(frozen=True, slots=True)
class Unsaved:
    """A new token is in memory, and the keyring did not store it (S74)."""

    why: Failure


Renewal = Idle | Running | Retrying | Unsaved


@dataclass(frozen=True, slots=True)
class Active:
    """The account is signed in."""

    credential: Credential
    renewal: Renewal = Idle()


@dataclass(frozen=True, slots=True)
class Opening:
    """The keyring has not answered yet. Every account starts in this state."""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """The keyring is absent, locked or its connection lost. The record is unknown, and nothing is lost."""

    why: Failure


@dataclass(frozen=True, slots=True)
class Closed:
    """The provider has ended its service (ProBit Q1). `why` is the answer that said so, None where its file does."""

    why: ServiceEnded | None = None


State = Opening | LoggedOut | Authorizing | Active | Unreadable | Closed


def token_of(state: State) -> Token | None:
    """The token of a signed-in account. None for any other state, and for an account with a key."""
    return state.credential if isinstance(state, Active) and isinstance(state.credential, Token) else None


def renewed_of(state: State) -> Token | None:
    """The token of a signed-in account that renewals keep alive: its own, or the one that made its key."""
    return renewed_part(state.credential) if isinstance(state, Active) else None


def key_of(state: State) -> Key | None:
    """The key of a signed-in account. None for any other state, and for an account with a token."""
    return state.credential if isinstance(state, Active) and isinstance(state.credential, Key) else None


def access_of(state: State) -> Secret | None:
    """What a signed-in account sends: its access token, or the public part of its key. None where there is neither."""
    key, token = key_of(state), token_of(state)
    return key.public if key is not None else token.access if token is not None else None
