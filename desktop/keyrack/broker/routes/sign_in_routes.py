"""Signing in and out over the socket: the very sign-in of the window, told step by step to whoever asks.

A sign-in outlives the request that began it. What it failed with is the answer to whoever asks how it ended.
"""

import asyncio
from collections.abc import Callable, Mapping
from typing import get_args

from keyrack.broker.protocol.api_errors import ApiError
from keyrack.broker.protocol.request_fields import BadField, RequestFields
from keyrack.broker.protocol.route import Answer, Call, Route
from keyrack.broker.routes.sign_in_body import addresses, failed, login_answer
from keyrack.core.accounts.account import Account
from keyrack.core.accounts.state import Step
from keyrack.core.rack import Rack
from keyrack.primitives.secret import Secret

LONGEST_WAIT = 30.0
STEP_SECONDS = 25.0
_STEPS: Mapping[str, Step] = {step: step for step in get_args(Step)}


async def begin(call: Call) -> Answer:
    """Sign in, or join the sign-in under way; answers when it waits for a person or has ended, at the latest in 25 s.

    `open_browser` false opens none; `print` asks for the provider's own address beside the local one.
    """
    account, rack, fields = call.named, call.rack, RequestFields(call.body, "open_browser", "print")
    browser, printed = fields.flag("open_browser", default=True), fields.flag("print")
    if rack.sign_ins.of(account) is None:
        if account.settings.flow == "user_code":
            where = {**addresses(rack, account, printed=False), "user_code_page": _code_page(rack, account)}
            return {**login_answer(rack, account), "step": "user_code", **where}
        await _start(rack, account, browser=browser)
    await rack.sign_ins.moves(account, STEP_SECONDS)
    return {**_told(rack, account), **addresses(rack, account, printed=printed)}


async def _start(rack: Rack, account: Account, code: Secret | None = None, *, browser: bool = True) -> None:
    """Begin in a task of its own; returns once the sign-in is under way."""
    task = rack.background.start(rack.sign_in(account, code, browser=browser))
    while rack.sign_ins.of(account) is None and not task.done():  # noqa: ASYNC110 - the first turn of the task
        await asyncio.sleep(0)


def _told(rack: Rack, account: Account) -> dict[str, object]:
    """How it stands; raises what a sign-in that is over failed with."""
    why = rack.sign_ins.outcome(account) if rack.sign_ins.of(account) is None else None
    if why is not None:
        raise failed(why, account.settings.name)
    return login_answer(rack, account)


def _code_page(rack: Rack, account: Account) -> str:
    return rack.provider_of(account.settings).regions[account.settings.region].user_code_page


async def look(call: Call) -> Answer:
    """How it stands; with `wait` once it is at another step than `step`, or has ended."""
    account, fields = call.named, RequestFields(call.query, "wait", "step")
    seconds, beyond = fields.seconds("wait", LONGEST_WAIT), _STEPS.get(fields.text("step"))
    await call.rack.sign_ins.moves(account, seconds, beyond=beyond)
    return _told(call.rack, account)


async def answer(call: Call) -> Answer:
    """Go on with what the person has: an address, a code, a key, or a yes or no; told like `begin`."""
    account, fields = call.named, RequestFields(call.body, *_NAMES)
    given = [name for name in _NAMES if fields.has(name)]
    if len(given) != 1:
        raise BadField("one_answer_needed", fields=", ".join(_NAMES))
    if given == ["user_code"]:
        await _take_code(call.rack, account, fields)
    else:
        _take(call.rack, account, fields, given[0])
    await call.rack.sign_ins.moves(account, STEP_SECONDS)
    return _told(call.rack, account)


def _take(rack: Rack, account: Account, fields: RequestFields, name: str) -> None:
    sign_in = rack.sign_ins.of(account)
    steps, take = _ANSWERS[name]
    if sign_in is None or sign_in.asks not in steps:
        raise NotAsked
    take(rack, account, fields)


async def _take_code(rack: Rack, account: Account, fields: RequestFields) -> None:
    """A code begins the sign-in that it is for (S55)."""
    code = Secret(fields.text("user_code"))
    if account.settings.flow != "user_code" or rack.sign_ins.of(account) is not None:
        raise NotAsked
    await _start(rack, account, code)


def _paste(rack: Rack, account: Account, fields: RequestFields) -> None:
    rack.sign_ins.paste(account, fields.text("address"))


def _confirm(rack: Rack, account: Account, fields: RequestFields) -> None:
    rack.sign_ins.confirm(account, fields.flag("confirm"))


def _paste_key(rack: Rack, account: Account, fields: RequestFields) -> None:
    rack.sign_ins.paste_key(account, fields.text("public_key"))


class NotAsked(ApiError):
    """No sign-in of the account waits for this answer."""

    def __init__(self) -> None:
        super().__init__("usage", "answer_not_awaited")


async def cancel(call: Call) -> Answer:
    """End the sign-in, at whatever step it is, except while its token is being stored (S25)."""
    account = call.named
    await call.rack.background.finish(call.rack.sign_ins.end(account))
    return login_answer(call.rack, account)


async def sign_out(call: Call) -> Answer:
    """Forget the tokens and keep the credentials; `at_provider` says what became of them there (S51)."""
    account = call.named
    at_provider = await call.rack.background.finish(call.rack.sign_out(account))
    return {**login_answer(call.rack, account), "at_provider": at_provider}


_Take = Callable[[Rack, Account, RequestFields], None]
_ANSWERS: Mapping[str, tuple[tuple[Step, ...], _Take]] = {
    "address": (("browser", "refusal"), _paste),
    "confirm": (("confirming", "refusal"), _confirm),
    "public_key": (("public_key",), _paste_key),
}
_NAMES = (*_ANSWERS, "user_code")

ROUTES = (
    Route("POST", "/v1/accounts/{name}/login", begin),
    Route("GET", "/v1/accounts/{name}/login", look, unattended=True, query=frozenset({"wait", "step"})),
    Route("DELETE", "/v1/accounts/{name}/login", cancel, unattended=True),
    Route("POST", "/v1/accounts/{name}/login/answer", answer),
    Route("POST", "/v1/accounts/{name}/logout", sign_out),
)
