"""Routes that export accounts into a file and import them from one. The files are read and written here (S69)."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from keyrack.broker.protocol.api_errors import VERSION, no_account
from keyrack.broker.protocol.request_fields import RequestFields
from keyrack.broker.protocol.route import Call, Route
from keyrack.broker.routes.lock_check import check_lock, needs_passphrase
from keyrack.core.accounts.account import Account
from keyrack.core.moving.moving_failures import ExportRefused
from keyrack.core.rack import Rack
from keyrack.primitives.failure import plain
from keyrack.primitives.secret import Secret

if TYPE_CHECKING:
    from keyrack.core.moving.exporting import ExportOutcome
    from keyrack.core.moving.importing import Imported, Plan

_LONGEST_PATH = 4096
_MOST_NAMES = 10_000


async def export(call: Call) -> Mapping[str, object]:
    """Export accounts into a `file` that does not exist yet.

    With `dry_run` nothing is written, and the response says what an export would leave out. Where a lock passphrase is
    set, `lock_passphrase` has to be it. What an account says of programs that want its token holds for its secrets too
    (S90), and each account is recorded as given to the program that asks (S92).
    """
    known = ("file", "accounts", "passphrase", "lock_passphrase", "hand_over", "settings_only", "dry_run")
    fields, rack = RequestFields(call.body, *known), call.rack
    accounts, exporter = _accounts(rack, fields), rack.parts.moves.exporter
    file = _path(fields)
    if fields.flag("dry_run"):
        return _export_body(rack, await exporter.preview(accounts))
    if fields.flag("settings_only"):
        return _export_body(rack, await rack.background.finish(exporter.export_settings(file, accounts)))
    passphrase = Secret(fields.text("passphrase"))
    exporter.check(file, passphrase, accounts)
    await check_lock(rack, fields, ExportRefused("export_passphrase_of_lock"))
    for account in accounts:
        await rack.access.admit(account, call.program)
    for account in accounts:
        rack.access.admit_still(account, call.program)
        rack.access.released(account, call.program)
    work = exporter.export(file, passphrase, accounts, hand_over=fields.flag("hand_over"))
    return _export_body(rack, await rack.background.finish(work))


async def take_in(call: Call) -> Mapping[str, object]:
    """Import a `file`. What is here already is kept, with `replace` replaced.

    With `dry_run` nothing is changed, and the response says what an import would do. For a sealed file without its
    `passphrase` it says no more than that it is sealed.
    """
    fields, importer = (
        RequestFields(call.body, "file", "passphrase", "replace", "dry_run"),
        call.rack.parts.moves.importer,
    )
    data = await importer.read(_path(fields))
    entered, dry_run = fields.text("passphrase"), fields.flag("dry_run")
    sealed = importer.is_sealed(data)
    if dry_run and sealed and not entered:
        return _import_body(sealed=sealed)
    plan = importer.plan(await importer.open(data, Secret(entered) if entered else None))
    if dry_run:
        return _import_body(sealed=sealed, plan=plan)
    here = {planned.name for planned in plan.accounts if planned.fate == "here"}
    replaced = here if fields.flag("replace") else set[str]()
    done = await call.rack.background.finish(importer.run(plan, replaced))
    return _import_body(sealed=sealed, plan=plan, done=done)


def _path(fields: RequestFields) -> Path:
    try:
        return Path(fields.text("file", longest=_LONGEST_PATH)).expanduser()
    except RuntimeError:  # of somebody who is not there
        raise ExportRefused("export_path_relative") from None


def _accounts(rack: Rack, fields: RequestFields) -> list[Account]:
    """The named accounts, all where none is named. Raises ApiError for a name that is not there."""
    if not fields.has("accounts"):
        return list(rack.accounts)
    found = []
    for name in fields.texts("accounts", most=_MOST_NAMES):
        account = rack.accounts.named(name)
        if account is None:
            raise no_account(plain(name, 60))
        found.append(account)
    return found


def _export_body(rack: Rack, outcome: "ExportOutcome") -> Mapping[str, object]:
    return {
        "version": VERSION,
        "accounts": list(outcome.accounts),
        "sign_in_again": list(outcome.again),
        "handed_over": list(outcome.ended),
        "not_ended": {name: why.sentences() for name, why in outcome.kept.items()},
        "lock_passphrase": needs_passphrase(rack),
    }


def _import_body(
    *, sealed: bool, plan: "Plan | None" = None, done: "tuple[Imported, ...]" = ()
) -> Mapping[str, object]:
    accounts, files = (plan.accounts, plan.files) if plan is not None else ((), ())
    return {
        "version": VERSION,
        "sealed": sealed,
        "new": [planned.name for planned in accounts if planned.fate in ("new", "renamed")],
        "here": [planned.name for planned in accounts if planned.fate == "here"],
        "provider_files": [[f"{topic}: {text}" for topic, text in each.lines] for each in files],
        "done": [each.sentence for each in done],
        "failed": sum(each.why is not None for each in done),
    }


ROUTES = (Route("POST", "/v1/export", export), Route("POST", "/v1/import", take_in))
