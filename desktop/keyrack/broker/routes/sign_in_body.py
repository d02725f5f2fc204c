"""The progress of a sign-in for a person who is not at the window: what to open, paste, type or confirm."""

from collections.abc import Mapping

from keyrack.broker.protocol.api_errors import VERSION, ApiError, Kind, RelayedFailure, client_rejected, kind_of
from keyrack.core.accounts.account import Account
from keyrack.core.accounts.state import Authorizing
from keyrack.core.failures import Unexpected
from keyrack.core.rack import Rack
from keyrack.core.sign_in.attempt import SignInAttempt
from keyrack.core.status import Status, describe
from keyrack.language.translation import tr
from keyrack.messages.sign_in_question import sign_in_question
from keyrack.oauth.endpoints.device import DeviceAuthorization
from keyrack.oauth.oauth_errors import ClientRejected
from keyrack.primitives.failure import Failure

Body = dict[str, object]

_SIDES: Mapping[str, Kind] = {"keyring": "keyring", "provider": "provider"}


def sign_in_error(why: Failure, name: str) -> ApiError:
    """The error response for what a sign-in failed with.

    Its kind is "keyring", "provider", "unexpected", or "sign_in_needed" for a sign-in that has to be repeated.
    """
    if isinstance(why, Unexpected):
        return RelayedFailure("unexpected", why)
    if isinstance(why, ClientRejected):
        return client_rejected(why, name)
    return RelayedFailure(_SIDES.get(kind_of(why), "sign_in_needed"), why)


def sign_in_progress(rack: Rack, account: Account) -> Body:
    """The account's state and, during a sign-in, its step and what the person can do there.

    Texts are "" and other values null where they do not apply. The steps are those of `state.Step`. Before them
    "keyring" stands while the keyring is read, and "" when no sign-in is under way.
    """
    status, state = describe(account, rack.clock), account.state
    provider = rack.provider_of(account.settings)
    sign_in = rack.sign_ins.of(account)
    authorizing = state if isinstance(state, Authorizing) else None
    device = authorizing.device if authorizing is not None else None
    step = authorizing.step if authorizing is not None else "keyring" if sign_in is not None else ""
    return {
        "version": VERSION,
        "account": account.settings.name,
        "provider": provider.id,
        "provider_name": provider.name,
        "state": status.name,
        "step": step,
        "ends_in": None if authorizing is None or status.left is None else int(status.left),
        "question": ""
        if authorizing is None
        else sign_in_question(authorizing.step, provider.company_name, authorizing.identity),
        "problem": _problem(authorizing),
        "device": None if device is None else _device(device, rack.clock.elapsed()),
        "said": "" if step else _outcome(account, status),
        **_browser(sign_in),
    }


def _problem(authorizing: Authorizing | None) -> str | None:
    """What was wrong. A browser that could not be opened is told by `browser`."""
    if authorizing is None or authorizing.why is None or authorizing.step == "browser":
        return None
    return authorizing.why.sentences()


def _browser(sign_in: SignInAttempt | None) -> Body:
    pending = sign_in.pending if sign_in is not None else None
    open_one = sign_in is not None and pending is not None and pending.open
    return {
        "browser": sign_in.browser if sign_in is not None and open_one else False,
        "takes_paste": open_one,
        "redirect_uri": pending.request.redirect_uri if pending is not None and open_one else "",
    }


def addresses(rack: Rack, account: Account, *, printed: bool) -> Body:
    """The addresses at which a browser begins.

    `start_address` is a new one-time address of this computer. `provider_address` is the provider's own address, if
    `printed`. It is for a browser on another computer, which cannot reach the first one (S36).
    """
    sign_in = rack.sign_ins.of(account)
    pending = sign_in.pending if sign_in is not None else None
    if pending is None or not pending.open:
        return {"start_address": "", "provider_address": "", "user_code_page": ""}
    return {
        "start_address": pending.start_address(),
        "provider_address": pending.request.url.reveal() if printed else "",
        "user_code_page": "",
    }


def _device(device: DeviceAuthorization, now: float) -> Body:
    return {
        "user_code": device.user_code,
        "verification_uri": device.verification_uri,
        "verification_uri_complete": device.complete,
        "expires_in": max(0, int(device.ends - now)),
    }


def _outcome(account: Account, status: Status) -> str:
    if status.name not in ("ready", "refreshing", "retrying", "unsaved"):
        return status.happened
    identity = account.settings.identity
    name = account.settings.name
    if identity:
        signed_in = tr("“{account}” is signed in as {identity}.", account=name, identity=identity)
    else:
        signed_in = tr("“{account}” is signed in.", account=name)
    return " ".join(part for part in (signed_in, status.happened, status.means) if part)
