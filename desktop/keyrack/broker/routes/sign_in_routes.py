"""Routes that sign in and out: the same sign-in as in the window, reported step by step.

A sign-in continues after the request that began it. A later request is answered with what it failed with.
"""

import asyncio
from collections.abc import Callable, Mapping
from typing import get_args

from keyrack.broker.protocol.api_errors import ApiError
from keyrack.broker.protocol.request_fields import BadField, RequestFields
from keyrack.broker.protocol.route import Answer, Call, Route
from keyrack.broker.routes.sign_in_body import addresses, sign_in_error, sign_in_progress
from keyrack.core.accounts.account import Account
from keyrack.core.accounts.state import Step
from keyrack.core.rack import Rack
from keyrack.primitives.secret import Secret
from keyrack.providers.schema import ENTERED_FLOWS

LONGEST_WAIT = 30.0
LONGEST_ADDRESS = 32 * 1024
_STEPS: Mapping[str, Step] = {step: step for step in get_args(Step)}


async def begin(call: Call) -> Answer:
    """Sign in, or join the sign-in under way.

    Responds when the sign-in waits for the person or has ended, at the latest after `RouteTimeouts.step` (25 s).
    `open_browser` false opens no browser. `print` adds the provider's own address to the local one.
    """
    account, rack, fields = call.named, call.rack, RequestFields(call.body, "open_browser", "print")
    browser, printed = fields.flag("open_browser", default=True), fields.flag("print")
    if rack.sign_ins.of(account) is None:
        if account.settings.flow in ENTERED_FLOWS:
            where = {**addresses(rack, account, printed=False), "user_code_page": _code_page(rack, account)}
            return {**sign_in_progress(rack, account), "step": account.settings.flow, **where}
        await _start(rack, account, browser=browser)
    await rack.sign_ins.wait_for_step(account, call.timeouts.step)
    return {**_progress(rack, account), **addresses(rack, account, printed=printed)}


async def _start(rack: Rack, account: Account, code: Secret | None = None, *, browser: bool = True) -> None:
    """Start the sign-in in a background task. Returns once it is under way."""
    task = rack.background.start(rack.sign_in(account, code, browser=browser))
    while rack.sign_ins.of(account) is None and not task.done():  # noqa: ASYNC110 - the first turn of the task
        await asyncio.sleep(0)


def _progress(rack: Rack, account: Account) -> dict[str, object]:
    """The sign-in's progress. Raises what a sign-in that is over failed with."""
    why = rack.sign_ins.outcome(account) if rack.sign_ins.of(account) is None else None
    if why is not None:
        raise sign_in_error(why, account.settings.name)
    return sign_in_progress(rack, account)


def _code_page(rack: Rack, account: Account) -> str:
    """The page that shows the code or the refresh token."""
    provider, settings = rack.provider_of(account.settings), account.settings
    if settings.flow == "user_code":
        return provider.regions[settings.region].user_code_page
    return provider.flows[settings.flow].credentials_url


async def show(call: Call) -> Answer:
    """The sign-in's progress. With `wait` it is sent once the step differs from `step`, or the sign-in has ended."""
    account, fields = call.named, RequestFields(call.query, "wait", "step")
    seconds, after = fields.seconds("wait", LONGEST_WAIT), _STEPS.get(fields.text("step"))
    await call.rack.sign_ins.wait_for_step(account, seconds, after=after)
    return _progress(call.rack, account)


async def answer(call: Call) -> Answer:
    """Send what the person has to the sign-in: an address, a code, a key, or yes or no. Responds as `begin` does."""
    account, fields = call.named, RequestFields(call.body, *_NAMES)
    sent = [name for name in _NAMES if fields.has(name)]
    if len(sent) != 1:
        raise BadField("one_answer_needed", fields=", ".join(_NAMES))
    if sent[0] in ENTERED_FLOWS:
        await _start_with_entered(call.rack, account, fields, sent[0])
    else:
        _apply(call.rack, account, fields, sent[0])
    await call.rack.sign_ins.wait_for_step(account, call.timeouts.step)
    return _progress(call.rack, account)


def _apply(rack: Rack, account: Account, fields: RequestFields, name: str) -> None:
    sign_in = rack.sign_ins.of(account)
    steps, take = _ANSWERS[name]
    if sign_in is None or sign_in.step_for_person not in steps:
        raise NotAsked
    take(rack, account, fields)


async def _start_with_entered(rack: Rack, account: Account, fields: RequestFields, name: str) -> None:
    """Start the sign-in that this user code or refresh token is for (S55)."""
    entered = Secret(fields.text(name))
    if account.settings.flow != name or rack.sign_ins.of(account) is not None:
        raise NotAsked
    await _start(rack, account, entered)


def _paste(rack: Rack, account: Account, fields: RequestFields) -> None:
    rack.sign_ins.paste(account, fields.text("address", longest=LONGEST_ADDRESS))


def _confirm(rack: Rack, account: Account, fields: RequestFields) -> None:
    rack.sign_ins.confirm(account, fields.flag("confirm"))


def _paste_key(rack: Rack, account: Account, fields: RequestFields) -> None:
    rack.sign_ins.paste_key(account, fields.text("public_key"))


class NotAsked(ApiError):
    """No sign-in of the account waits for this answer."""

    def __init__(self) -> None:
        super().__init__("usage", "answer_not_awaited")


async def cancel(call: Call) -> Answer:
    """End the sign-in at any step, except while its token is being stored (S25)."""
    account = call.named
    await call.rack.background.finish(call.rack.sign_ins.end(account))
    return sign_in_progress(call.rack, account)


async def sign_out(call: Call) -> Answer:
    """Forget the tokens and keep the credentials. `at_provider` says what became of the tokens there (S51)."""
    account = call.named
    at_provider = await call.rack.background.finish(call.rack.sign_out(account))
    return {**sign_in_progress(call.rack, account), "at_provider": at_provider}


_Take = Callable[[Rack, Account, RequestFields], None]
_ANSWERS: Mapping[str, tuple[tuple[Step, ...], _Take]] = {
    "address": (("browser", "refusal"), _paste),
    "confirm": (("confirming", "refusal"), _confirm),
    "public_key": (("public_key",), _paste_key),
}
_NAMES = (*_ANSWERS, "user_code", "refresh_token")

ROUTES = (
    Route("POST", "/v1/accounts/{name}/login", begin),
    Route("GET", "/v1/accounts/{name}/login", show, unattended=True, query=frozenset({"wait", "step"})),
    Route("DELETE", "/v1/accounts/{name}/login", cancel, unattended=True),
    Route("POST", "/v1/accounts/{name}/login/answer", answer),
    Route("POST", "/v1/accounts/{name}/logout", sign_out),
)
