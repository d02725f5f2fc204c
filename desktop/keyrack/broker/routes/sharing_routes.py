"""Routes of the group of hosts that this one shares accounts with: make, invite, join, list, leave, change the key.

Without a group nothing of `core/group` is imported before one of these is called.

What brings a secret of this host to another one is guarded as an export (S90): who comes into a group, which accounts
it has, and with which key. What takes something from a host is guarded as sign-out and removal, so `unshare`, `take`
and `leave` are free.
"""

import importlib
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from keyrack.broker.protocol.api_errors import VERSION, ApiError
from keyrack.broker.protocol.request_fields import BadField, RequestFields
from keyrack.broker.protocol.route import Call, Route
from keyrack.broker.routes.lock_check import FIELD, check_lock
from keyrack.core.accounts.account import Account
from keyrack.core.rack import Rack
from keyrack.primitives.failure import plain
from keyrack.primitives.secret import Secret

if TYPE_CHECKING:
    from keyrack.core.group.invitation import Invitation
    from keyrack.core.group.membership import Door

LONGEST_WAIT = 30.0
_MOST_MEMBERS = 16
_ADDRESS = ("user", "ca", "certificate", "key")
_DOOR = ("members", "group", "host", "password", *_ADDRESS)

Body = Mapping[str, object]


async def make(call: Call) -> Body:
    """Make a group of this host alone. A `password` is that of the `user` at the store.

    Where a lock passphrase is set, `lock_passphrase` has to be it, here and in `share`, `invite`, `decide`, `join` and
    `change_key`: whoever is in the group gets all that is shared later.
    """
    fields = RequestFields(call.body, FIELD, *_DOOR)
    door = _door(fields)
    await _check_lock(call, fields)
    settings = await call.rack.background.finish(call.rack.parts.several_hosts.membership.create(door))
    return {"version": VERSION, "group": settings.group, "host": settings.host, "prefix": settings.prefix}


async def show(call: Call) -> Body:
    """Who is in the group, and which accounts each host renews."""
    membership = call.rack.parts.several_hosts.membership
    group = await membership.check()
    found = await importlib.import_module("keyrack.core.group.host_list").list_hosts(group)
    return {
        "version": VERSION,
        "group": group.settings.group,
        "key_number": group.seal.newest,
        "unknown_keys": list(membership.file.unknown),
        "hosts": [
            {"name": plain(host.name), "here": host.here, "renews": _accounts(call.rack, host.renews)}
            for host in found.hosts
        ],
        "shared": [each["name"] for each in _accounts(call.rack, found.shared)],
    }


async def leave(call: Call) -> Body:
    """Leave the group. With `keep` the shared accounts stay here as this host's own."""
    fields = RequestFields(call.body, "keep")
    if not fields.has("keep"):
        raise BadField("keep_missing")
    work = call.rack.parts.several_hosts.membership.leave(keep=fields.flag("keep"))
    return {"version": VERSION, "told": await call.rack.background.finish(work)}


async def change_key(call: Call) -> Body:
    """Seal every record again with a new key. `after_restore` takes records that went back."""
    fields = RequestFields(call.body, FIELD, "after_restore")
    after_restore = fields.flag("after_restore")
    await _check_lock(call, fields)
    work = call.rack.parts.several_hosts.membership.change_key(after_restore=after_restore)
    change = await call.rack.background.finish(work)
    return {"version": VERSION, "sealed_again": change.sealed_again, "left": [plain(key) for key in change.left]}


async def share(call: Call) -> Body:
    """Share an account with every host of the group.

    The account's setting for programs holds here as for an export (S90), and it is recorded as given (S92).
    """
    fields, sharing = RequestFields(call.body, FIELD), call.rack.parts.several_hosts
    if not sharing.in_group:
        await sharing.membership.check()
    await _check_lock(call, fields)
    await _admit(call, [call.named])
    await call.rack.background.finish(sharing.share(call.named))
    return {"version": VERSION, "account": call.named.settings.name}


async def unshare(call: Call) -> Body:
    """Make a shared account this host's own. It leaves all others."""
    RequestFields(call.body)
    _check_shared(call.named)
    await call.rack.background.finish(call.rack.parts.several_hosts.unshare(call.named))
    return {"version": VERSION, "account": call.named.settings.name}


async def take(call: Call) -> Body:
    """Have this host renew a shared account."""
    RequestFields(call.body)
    _check_shared(call.named)
    await call.rack.background.finish(call.rack.parts.several_hosts.take(call.named))
    return {"version": VERSION, "account": call.named.settings.name}


async def invite(call: Call) -> Body:
    """Invite one host. The response has the code.

    What a shared account says of programs that want its token holds here too (S90), and each is recorded as given to
    the program that asks (S92).
    """
    sharing = call.rack.parts.several_hosts
    await _check_lock(call, RequestFields(call.body, FIELD))
    await _admit(call, _shared(call.rack))
    invitation = await call.rack.background.finish(sharing.entrances.invite())
    group = await sharing.membership.open()
    return {
        **_invitation_body(invitation),
        "code": invitation.code.text.reveal(),
        "members": list(group.settings.members),
        "group": group.settings.group,
    }


async def look(call: Call) -> Body:
    """How far the invitation is. It waits up to `wait` seconds for another step than `step`."""
    fields = RequestFields(call.query, "wait", "step")
    entrances = call.rack.parts.several_hosts.entrances
    return _invitation_body(await entrances.look(fields.text("step"), fields.seconds("wait", LONGEST_WAIT)))


async def decide(call: Call) -> Body:
    """Let the host in that asks, or end the invitation, whether one asks or not."""
    fields, entrances = RequestFields(call.body, FIELD, "let_in"), call.rack.parts.several_hosts.entrances
    if not fields.has("let_in"):
        raise BadField("let_in_missing")
    let_in = fields.flag("let_in")
    if let_in:
        await _check_lock(call, fields)
        for account in _shared(call.rack):
            call.rack.access.admit_still(account, call.program)
    return _invitation_body(await call.rack.background.finish(entrances.decide(let_in=let_in)))


async def join(call: Call) -> Body:
    """Ask to join with the `code` of an invitation. The response says which host invites.

    Without `members` a host asks for the new key of the group that it is in.
    """
    fields = RequestFields(call.body, FIELD, "code", *_DOOR)
    door = _door(fields) if fields.has("members") or not call.rack.parts.several_hosts.in_group else None
    code = importlib.import_module("keyrack.core.group.joining_code").read_code(Secret(fields.text("code")))
    await _check_lock(call, fields)
    work = call.rack.parts.several_hosts.entrances.join(door, code)
    joining = await call.rack.background.finish(work)
    return {"version": VERSION, "inviting": plain(joining.inviting)}


async def wait_to_join(call: Call) -> Body:
    """Whether this host was let in. It waits up to `wait` seconds for that."""
    fields, sharing = RequestFields(call.query, "wait"), call.rack.parts.several_hosts
    joined = await call.rack.background.finish(sharing.entrances.wait_for_answer(fields.seconds("wait", LONGEST_WAIT)))
    settings = sharing.membership.file.read() if joined else None
    return {
        "version": VERSION,
        "joined": joined,
        "group": settings.group if settings is not None else "",
        "host": settings.host if settings is not None else "",
    }


async def stop_joining(call: Call) -> Body:
    """Give the try up, and with it the invitation."""
    RequestFields(call.body)
    await call.rack.background.finish(call.rack.parts.several_hosts.entrances.give_up())
    return {"version": VERSION}


async def _check_lock(call: Call, fields: RequestFields) -> None:
    await check_lock(call.rack, fields, ApiError("usage", "share_passphrase_of_lock"))


async def _admit(call: Call, accounts: list[Account]) -> None:
    """Ask for every account whether the program may have its secrets, and record that they are given."""
    access = call.rack.access
    for account in accounts:
        await access.admit(account, call.program)
    for account in accounts:
        access.admit_still(account, call.program)
        access.released(account, call.program)


def _shared(rack: Rack) -> list[Account]:
    return [account for account in rack.accounts if account.settings.group]


def _check_shared(account: Account) -> None:
    if not account.settings.group:
        raise ApiError("usage", "share_not_shared", name=account.settings.name)


def _door(fields: RequestFields) -> "Door":
    module: Any = importlib.import_module("keyrack.core.group.sharing_file")
    named = {name: fields.text(name) for name in _ADDRESS}
    address = module.checked_address({**named, "members": fields.texts("members", most=_MOST_MEMBERS)})
    password = fields.text("password")
    make_door: Any = importlib.import_module("keyrack.core.group.membership").Door
    found: Door = make_door(address, fields.text("group"), fields.text("host"), Secret(password) if password else None)
    return found


def _invitation_body(invitation: "Invitation") -> Mapping[str, object]:
    return {"version": VERSION, "step": invitation.step, "guest": plain(invitation.guest)}


def _accounts(rack: Rack, ids: Iterable[str]) -> list[Mapping[str, object]]:
    """Those that this host knows. What was removed from the group stays in the store as a mark, and is left out."""
    known = (rack.accounts.kept.get(id) for id in ids)
    return [_account(account) for account in known if account is not None and account.settings.group]


def _account(account: Account) -> Mapping[str, object]:
    since = account.renewer.since if account.renewer is not None else None
    return {"name": account.settings.name, "since": None if since is None else int(since)}


_PATH = "/v1/share"
ROUTES = (
    Route("POST", f"{_PATH}/group", make),
    Route("GET", f"{_PATH}/group", show),
    Route("POST", f"{_PATH}/leave", leave),
    Route("POST", f"{_PATH}/key", change_key),
    Route("POST", f"{_PATH}/invitation", invite),
    Route("GET", f"{_PATH}/invitation", look, query=frozenset({"wait", "step"})),
    Route("POST", f"{_PATH}/invitation/answer", decide),
    Route("POST", f"{_PATH}/joining", join),
    Route("GET", f"{_PATH}/joining", wait_to_join, query=frozenset({"wait"})),
    Route("DELETE", f"{_PATH}/joining", stop_joining),
    Route("POST", "/v1/accounts/{name}/share", share),
    Route("DELETE", "/v1/accounts/{name}/share", unshare),
    Route("POST", "/v1/accounts/{name}/share/take", take),
)
