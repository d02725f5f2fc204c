"""How a sign-in stands, for a person who is not at the window: what to open, to paste, to type or to answer."""

import shlex
from collections.abc import Mapping

from keyrack.broker.protocol.api_errors import VERSION, ApiError, Kind, RelayedFailure, kind_of
from keyrack.core.accounts.account import Account
from keyrack.core.accounts.state import Authorizing
from keyrack.core.failures import Unexpected
from keyrack.core.rack import Rack
from keyrack.core.sign_in.attempt import SignInAttempt
from keyrack.core.status import Status, describe
from keyrack.messages.catalogue import message
from keyrack.oauth.endpoints.device import DeviceAuthorization
from keyrack.oauth.oauth_errors import ClientRejected
from keyrack.primitives.failure import Failure

Told = dict[str, object]

_SIDES: Mapping[str, Kind] = {"keyring": "keyring", "provider": "provider"}


def failed(why: Failure, name: str) -> ApiError:
    """What a sign-in failed with: at the keyring, at the provider, or one that has to be tried again.

    The other side's own words are quoted last, where the window shows them in the account's activity.
    """
    if isinstance(why, Unexpected):
        return RelayedFailure("unexpected", why, quoted=True)
    if isinstance(why, ClientRejected):  # waiting does not help, unlike with a provider that is away
        todo = message("enter_secret_again", {"name": shlex.quote(name)}).happened
        return RelayedFailure("sign_in_needed", why, todo=todo, quoted=True)
    return RelayedFailure(_SIDES.get(kind_of(why), "sign_in_needed"), why, quoted=True)


def login_answer(rack: Rack, account: Account) -> Told:
    """The state, and at a step of a sign-in how to go on; texts are "" and the rest null where they do not apply.

    The steps are those of `state.Step`, before them "keyring" while that is asked, and "" when nothing is under way.
    """
    status, state = describe(account, rack.clock), account.state
    provider = rack.provider_of(account.settings)
    sign_in = rack.sign_ins.of(account)
    at = state if isinstance(state, Authorizing) else None
    device = at.device if at is not None else None
    step = at.step if at is not None else "keyring" if sign_in is not None else ""
    return {
        "version": VERSION,
        "account": account.settings.name,
        "provider": provider.id,
        "provider_name": provider.name,
        "state": status.name,
        "step": step,
        "ends_in": None if at is None or status.left is None else int(status.left),
        "question": _question(provider.name, at),
        "problem": None if at is None or at.why is None else at.why.sentences(),
        "device": None if device is None else _device(device, rack.clock.elapsed()),
        "said": "" if step else _said(account, status),
        **_browser(sign_in),
    }


def _browser(sign_in: SignInAttempt | None) -> Told:
    waiting = sign_in.waiting if sign_in is not None else None
    open_one = sign_in is not None and waiting is not None and waiting.open
    return {
        "browser": sign_in.browser if sign_in is not None and open_one else False,
        "takes_paste": open_one,
        "redirect_uri": waiting.request.redirect_uri if waiting is not None and open_one else "",
    }


def addresses(rack: Rack, account: Account, *, printed: bool) -> Told:
    """Where a browser begins: a new one-time address of this computer, and the provider's own if it is to be printed.

    The second is for a browser elsewhere, which cannot reach the first (S36).
    """
    sign_in = rack.sign_ins.of(account)
    waiting = sign_in.waiting if sign_in is not None else None
    if waiting is None or not waiting.open:
        return {"start_address": "", "provider_address": "", "user_code_page": ""}
    return {
        "start_address": waiting.start_address(),
        "provider_address": waiting.request.url.reveal() if printed else "",
        "user_code_page": "",
    }


def _device(device: DeviceAuthorization, now: float) -> Told:
    return {
        "user_code": device.user_code,
        "verification_uri": device.verification_uri,
        "verification_uri_complete": device.complete,
        "expires_in": max(0, int(device.ends - now)),
    }


def _question(provider: str, at: Authorizing | None) -> str:
    """The question of a step that a yes or a no answers (S33)."""
    if at is not None and at.step == "refusal":
        return f"{provider} reported a refusal, which may not be yours. End this sign-in?"
    if at is None or at.step != "confirming":
        return ""
    if at.identity:
        return f"{provider} signed in {at.identity}. Is this the account you meant?"
    return f"{provider} signed in without saying as whom. Did you just press Approve there?"


def _said(account: Account, status: Status) -> str:
    if status.name not in ("ready", "refreshing", "retrying", "unsaved"):
        return status.happened
    identity = account.settings.identity
    signed_in = f"“{account.settings.name}” is signed in{f' as {identity}' if identity else ''}."
    return " ".join(part for part in (signed_in, status.happened, status.means) if part)
