"""Gives the sandbox's rack accounts that are ready to sign in."""

import logging
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from keyrack.core.accounts.draft import Draft
from keyrack.core.accounts.state import LoggedOut, Reason
from keyrack.core.rack import Rack
from keyrack.core.sites.user_files import FOLDER
from keyrack.core.system.private_file import write_private
from keyrack.core.vault.record_store import RecordStore
from keyrack.core.vault.vault_errors import Corrupt, Missing, VaultFailure
from keyrack.primitives.secret import Secret
from keyrack.providers.schema import REDIRECT_FLOWS, FlowName

_log = logging.getLogger(__name__)

READY_ACCOUNTS: tuple[tuple[str, str, FlowName, str], ...] = (
    ("probit", "global", "client_credentials", "Main desk"),
    ("probit", "korea", "client_credentials", "Seoul desk"),
    ("bitport", "global", "authorization_code", "Archive"),
    ("bitport", "global", "user_code", "Archive by code"),
    ("whitebit", "global", "authorization_code", "Trading"),
    ("whitebit", "eu", "authorization_code", "Trading EU"),
    ("whitebit-fast-key", "global", "fast_api_key", "Trading key"),
    ("gemini", "global", "authorization_code_pkce", "Gemini savings"),
    ("deribit", "test", "client_credentials", "Deribit test"),
    ("kraken", "global", "authorization_code_pkce", "Kraken"),
    ("uphold", "global", "authorization_code", "Uphold cards"),
    ("alpaca", "paper", "authorization_code", "Alpaca paper"),
    ("example", "global", "device_code", "Own provider"),
    ("example", "global", "refresh_token", "Own provider by token"),
)


def store_provider_files(config: Path, files: Mapping[str, str]) -> None:
    """Write provider files into the configuration folder, where the rack finds them as the person's own."""
    for name, text in files.items():
        write_private(config / FOLDER / name, text.encode())


async def forget_old_sign_ins(rack: Rack) -> None:
    """Delete what a former sandbox gave out, of which a new one knows nothing. It is called before the rack is open.

    So nothing asks with it, and no account tells of a provider that ended its sign-in. A keyring that cannot be read
    ends the work.
    """
    records = rack.parts.records
    try:
        await records.load_together(rack.accounts.ids())
        for account in rack.accounts:
            if await _has_sign_in(records, account.id):
                await records.delete_tokens(account.id, Reason.SANDBOX_RESTARTED)
                rack.parts.refresher.forget(account.id)
    except VaultFailure as why:
        _log.info("old sign-ins of the sandbox were not forgotten: %s", why.code)


async def _has_sign_in(records: RecordStore, id: str) -> bool:
    try:
        record = await records.load(id)
    except Missing:
        return False
    except Corrupt:
        return True
    return record.signed_in or bool(record.fetching)


async def add_ready_accounts(rack: Rack, clients: Sequence[dict[str, Any]]) -> None:
    """Add the accounts that are missing."""
    for provider, region, flow, name in READY_ACCOUNTS:
        client = next(c for c in clients if (c["provider"], c["region"]) == (provider, region))
        account, draft = rack.accounts.named(name), _draft(client, flow, name)
        if account is None:
            await rack.add(draft)
        elif account.state == LoggedOut(Reason.ITEM_MISSING) and account.settings.client_id == draft.client_id:
            # Without a keyring the secrets of the last run were in its memory.
            await rack.edit(account, draft.client_id, draft.client_secret, draft.redirect_uri)


def _draft(client: dict[str, Any], flow: FlowName, name: str) -> Draft:
    return Draft(
        client["provider"],
        client["region"],
        flow,
        name,
        client["client_id"],
        Secret(client["client_secret"]) if client["client_secret"] else None,
        (client["redirect_uri"] or "") if flow in REDIRECT_FLOWS else "",
        scripts="allow",
    )
