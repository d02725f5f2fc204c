"""Adding, changing and removing accounts over the socket."""

from dataclasses import replace
from typing import Final, cast, get_args

from keyrack.broker.protocol.api_errors import VERSION, ApiError
from keyrack.broker.protocol.request_fields import BadField, RequestFields
from keyrack.broker.protocol.route import Answer, Call, Route
from keyrack.core.accounts.account import Account, ScriptPolicy
from keyrack.core.accounts.draft import Draft, check_draft, default_redirect
from keyrack.core.accounts.hosts import Hosts
from keyrack.core.rack import Rack
from keyrack.core.status import describe
from keyrack.primitives.failure import plain
from keyrack.primitives.secret import Secret
from keyrack.providers.schema import Flow, FlowName, Provider

_FIELDS = (
    *("name", "provider", "region", "flow", "client_id", "client_secret", "redirect_uri"),
    *("hosts", "scripts", "opt_in", "dry_run"),
)
_CHANGES = ("name", "scripts", "forget", "client_id", "client_secret")
_HOSTS = ("token_endpoint", "api", "stream")
# Stands in for a secret while only the rest is looked at.
_SOME: Final = Secret("to be entered")


async def add(call: Call) -> Answer:
    """Add an account; with `dry_run` look at everything but the secret, save nothing, and say what is missing."""
    fields, rack = RequestFields(call.body, *_FIELDS), call.rack
    draft, dry = _draft(rack, fields), fields.flag("dry_run")
    provider = rack.provider_of(draft)
    flow = provider.flows[draft.flow]
    check_draft(
        replace(draft, client_secret=_SOME) if dry and flow.needs_secret else draft, rack.providers, rack.accounts
    )
    told = _needs(draft, provider, flow)
    if dry:
        return told
    if told["opt_in"] and not fields.flag("opt_in"):
        raise BadField("This account keeps a secret that its provider wants elsewhere.", flow.warning, "Set “opt_in”.")
    account = await rack.background.finish(rack.add(draft))
    return {**told, **shown(rack, account)}


def _draft(rack: Rack, fields: RequestFields) -> Draft:
    provider = _provider(rack, fields.text("provider"))
    region = _chosen("region", fields.text("region"), provider.name, list(provider.regions))
    name = cast("FlowName", _chosen("flow", fields.text("flow"), provider.name, list(provider.flows)))
    flow = provider.flows[name]
    redirect = fields.text("redirect_uri")
    if redirect and not flow.needs_redirect:
        raise BadField(f"{provider.name} needs no redirect address for this flow.", "", "Leave it out.")
    secret, hosts = fields.text("client_secret"), fields.table("hosts", *_HOSTS)
    if hosts is not None and not provider.regions[region].typed_in:
        raise BadField(f"This region of {provider.name} has its own hosts.", "", "Leave them out.")
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
    found = next((provider for provider in rack.providers if provider.id == id), None)
    if found is None:
        raise _unknown("provider", id, "Keyrack knows", [provider.id for provider in rack.providers])
    return found


def _chosen(what: str, given: str, provider: str, known: list[str]) -> str:
    """The one that was named, or the only one there is."""
    if given in known:
        return given
    if not given and len(known) == 1:
        return known[0]
    if not given:
        raise BadField(f"{provider} has more than one {what}.", f"Name one of these: {', '.join(known)}.")
    raise _unknown(what, given, f"{provider} has", known)


def _unknown(what: str, given: str, whose: str, known: list[str]) -> BadField:
    named = f"There is no {what} “{plain(given, 60)}”." if given else f"The {what} is missing."
    return BadField(named, f"{whose} these: {', '.join(known)}.")


def _policy(given: str) -> ScriptPolicy:
    for policy in get_args(ScriptPolicy):
        if policy == given:
            return cast("ScriptPolicy", policy)
    raise _unknown("policy", given, "For scripts there are", list(get_args(ScriptPolicy)))


def _needs(draft: Draft, provider: Provider, flow: Flow) -> dict[str, object]:
    """What a person has to know before the account can be used."""
    return {
        "version": VERSION,
        "provider": provider.id,
        "provider_name": provider.name,
        "region": draft.region,
        "flow": draft.flow,
        "needs_secret": flow.needs_secret,
        "redirect_uri": draft.redirect_uri,
        "opt_in": draft.flow == "fast_api_key",
        "warning": flow.warning,
    }


def shown(rack: Rack, account: Account) -> dict[str, object]:
    """An account as these routes answer it."""
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
    """Give an account another name or credentials, say what scripts may do, or forget that a program was allowed."""
    account, fields, rack = call.named, RequestFields(call.body, *_CHANGES), call.rack
    if not call.body:
        raise BadField("There is nothing to change.", "", f"Give one of these: {', '.join(_CHANGES)}.")
    policy = _policy(fields.text("scripts")) if fields.has("scripts") else None
    forget = fields.text("forget") if fields.has("forget") else None
    if forget is not None and forget not in account.settings.programs:
        allowed = ", ".join(f"“{program}”" for program in account.settings.programs) or "none"
        raise ApiError(
            "usage", f"“{plain(forget)}” is not allowed for always.", f"Programs that are: {plain(allowed)}."
        )
    if fields.has("client_id") or fields.has("client_secret"):
        await rack.background.finish(_edit(rack, account, fields))
    if fields.has("name"):
        await rack.rename(account, fields.text("name"))
    if policy is not None and policy != account.settings.scripts:
        rack.access.choose(account, policy)
        # A program that wants a token could allow itself, which must not go unseen (S92).
        by = call.program
        account.note("scripts_set_by_command", policy=policy, program=by.words, pid=str(by.pid))
    if forget is not None:
        rack.access.forget(account, forget)
    return shown(rack, account)


async def _edit(rack: Rack, account: Account, fields: RequestFields) -> None:
    """Enter credentials again, as after a mistake or when the keyring lost them."""
    settings = account.settings
    secret = Secret(fields.text("client_secret")) if fields.has("client_secret") else None
    client_id = fields.text("client_id") if fields.has("client_id") else settings.client_id
    await rack.edit(account, client_id, secret, settings.redirect_uri)


async def remove(call: Call) -> Answer:
    """Remove an account with its secrets; `at_provider` says what that means there (S51)."""
    account = call.named
    at_provider = await call.rack.background.finish(call.rack.remove(account))
    return {"version": VERSION, "account": account.settings.name, "at_provider": at_provider}


ROUTES = (
    Route("POST", "/v1/accounts", add),
    Route("PATCH", "/v1/accounts/{name}", change),
    Route("DELETE", "/v1/accounts/{name}", remove),
)
