"""Routes that add, change and remove accounts."""

from dataclasses import replace
from typing import Final, cast, get_args

from keyrack.broker.protocol.api_errors import VERSION
from keyrack.broker.protocol.request_fields import BadField, RequestFields
from keyrack.broker.protocol.route import Answer, Call, Route
from keyrack.core.accounts.account import Account, ScriptPolicy
from keyrack.core.accounts.draft import Draft, check_draft, default_redirect
from keyrack.core.accounts.hosts import Hosts
from keyrack.core.rack import Rack
from keyrack.core.status import describe
from keyrack.language.translation import translated
from keyrack.primitives.failure import plain
from keyrack.primitives.secret import Secret
from keyrack.providers.announced_end import announced_end
from keyrack.providers.schema import Flow, FlowName, Provider

_FIELDS = (
    *("name", "provider", "region", "flow", "client_id", "client_secret", "redirect_uri"),
    *("hosts", "scripts", "opt_in", "dry_run"),
)
_CHANGES = ("name", "scripts", "forget", "client_id", "client_secret")
_HOSTS = ("token_endpoint", "api", "stream")
_Codes = tuple[str, str]  # of a value that is missing, and of one that is unknown
_PROVIDER_CODES: _Codes = ("provider_missing", "provider_unknown_at_socket")
_REGION_CODES: _Codes = ("region_missing", "region_unknown_at_socket")
_FLOW_CODES: _Codes = ("flow_missing", "flow_unknown_at_socket")
_POLICY_CODES: _Codes = ("policy_missing", "policy_unknown")
# Replaces the secret while only the rest is checked.
_PLACEHOLDER: Final = Secret("to be entered")


async def add(call: Call) -> Answer:
    """Add an account.

    With `dry_run` everything but the secret is checked, nothing is saved, and the response says what is missing.
    """
    fields, rack = RequestFields(call.body, *_FIELDS), call.rack
    draft, dry_run = _draft(rack, fields), fields.flag("dry_run")
    provider = rack.provider_of(draft)
    flow = provider.flows[draft.flow]
    check_draft(
        replace(draft, client_secret=_PLACEHOLDER) if dry_run and flow.needs_secret is True else draft,
        rack.catalog,
        rack.accounts,
    )
    needs = {**_requirements(draft, provider, flow), "announced_end": announced_end(provider, rack.clock)}
    if dry_run:
        return needs
    if needs["opt_in"] and not fields.flag("opt_in"):
        raise BadField("opt_in_missing", warning=translated(flow.warning))
    account = await rack.background.finish(rack.add(draft))
    return {**needs, **account_body(rack, account)}


def _draft(rack: Rack, fields: RequestFields) -> Draft:
    provider = _provider(rack, fields.text("provider"))
    region = _chosen(_REGION_CODES, fields.text("region"), provider.name, list(provider.regions))
    name = cast("FlowName", _chosen(_FLOW_CODES, fields.text("flow"), provider.name, list(provider.flows)))
    flow = provider.flows[name]
    redirect = fields.text("redirect_uri")
    if redirect and not flow.needs_redirect:
        raise BadField("redirect_not_needed", provider=provider.name)
    secret, hosts = fields.text("client_secret"), fields.table("hosts", *_HOSTS)
    if hosts is not None and not provider.regions[region].typed_in:
        raise BadField("hosts_not_needed", provider=provider.name)
    return Draft(
        provider=provider.id,
        region=region,
        flow=name,
        name=fields.text("name"),
        client_id=fields.text("client_id"),
        client_secret=Secret(secret) if secret else None,
        redirect_uri=redirect or (default_redirect(provider.id) if flow.needs_redirect else ""),
        hosts=None if hosts is None else Hosts(*(hosts.text(host) for host in _HOSTS)),
        scripts=_policy(fields.text("scripts", "allow")),
    )


def _provider(rack: Rack, id: str) -> Provider:
    found = rack.catalog.get(id)
    if found is None:
        raise _not_one_of(_PROVIDER_CODES, id, list(rack.catalog))
    return found


def _chosen(codes: _Codes, value: str, provider: str, known: list[str]) -> str:
    """The value that was sent, or the only one there is."""
    if value in known:
        return value
    if not value and len(known) == 1:
        return known[0]
    raise _not_one_of(codes, value, known, provider=provider)


def _not_one_of(codes: _Codes, value: str, known: list[str], **params: str) -> BadField:
    missing, unknown = codes
    return BadField(unknown if value else missing, value=plain(value, 60), known=", ".join(known), **params)


def _policy(value: str) -> ScriptPolicy:
    for policy in get_args(ScriptPolicy):
        if policy == value:
            return cast("ScriptPolicy", policy)
    raise _not_one_of(_POLICY_CODES, value, list(get_args(ScriptPolicy)))


def _requirements(draft: Draft, provider: Provider, flow: Flow) -> dict[str, object]:
    """What a person must know before the account can be used."""
    return {
        "version": VERSION,
        "provider": provider.id,
        "provider_name": provider.name,
        "region": draft.region,
        "flow": draft.flow,
        "needs_secret": flow.needs_secret,
        "redirect_uri": draft.redirect_uri,
        "opt_in": flow.credential == "key",
        "warning": translated(flow.warning),
    }


def account_body(rack: Rack, account: Account) -> dict[str, object]:
    """The account in a response of these routes."""
    settings, provider = account.settings, rack.provider_of(account.settings)
    return {
        "version": VERSION,
        "account": settings.name,
        "provider": provider.id,
        "provider_name": provider.name,
        "state": describe(account, rack.clock).name,
        "scripts": settings.scripts,
        "programs": list(settings.programs),
    }


async def change(call: Call) -> Answer:
    """Change an account's name, credentials or policy for scripts, or forget a program that was allowed."""
    account, fields, rack = call.named, RequestFields(call.body, *_CHANGES), call.rack
    if not call.body:
        raise BadField("nothing_to_change", fields=", ".join(_CHANGES))
    policy = _policy(fields.text("scripts")) if fields.has("scripts") else None
    forget = fields.text("forget") if fields.has("forget") else None
    if forget is not None and forget not in account.settings.programs:
        allowed = ", ".join(f"“{program}”" for program in account.settings.programs)
        code = "program_not_allowed" if allowed else "no_program_allowed"
        raise BadField(code, program=plain(forget), allowed=plain(allowed))
    if fields.has("client_id") or fields.has("client_secret"):
        await rack.background.finish(_edit(rack, account, fields))
    if fields.has("name"):
        await rack.rename(account, fields.text("name"))
    if policy is not None and policy != account.settings.scripts:
        rack.access.choose(account, policy)
        # A program that wants a token could allow itself, so the activity names it (S92).
        by = call.program
        account.note("scripts_set_by_command", policy=policy, program=by.recorded, pid=str(by.pid))
    if forget is not None:
        rack.access.forget(account, forget)
    return account_body(rack, account)


async def _edit(rack: Rack, account: Account, fields: RequestFields) -> None:
    """Enter credentials again, as after a mistake or when the keyring lost them."""
    settings = account.settings
    secret = Secret(fields.text("client_secret")) if fields.has("client_secret") else None
    client_id = fields.text("client_id") if fields.has("client_id") else settings.client_id
    await rack.edit(account, client_id, secret, settings.redirect_uri)


async def remove(call: Call) -> Answer:
    """Remove an account with its secrets. `at_provider` says what that means at the provider (S51)."""
    account = call.named
    at_provider = await call.rack.background.finish(call.rack.remove(account))
    return {"version": VERSION, "account": account.settings.name, "at_provider": at_provider}


ROUTES = (
    Route("POST", "/v1/accounts", add),
    Route("PATCH", "/v1/accounts/{name}", change),
    Route("DELETE", "/v1/accounts/{name}", remove),
)
