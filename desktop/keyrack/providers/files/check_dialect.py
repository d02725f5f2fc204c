"""Checks that the choices of a provider file fit each other: client, flows, renewal and scopes."""

import re
from collections.abc import Iterator

from keyrack.providers.files.mistake import Mistake
from keyrack.providers.schema import REDIRECT_FLOWS, FlowName, Provider

# Keyrack sends these itself, or must never send them.
_OWN_PARAMETERS = frozenset(
    {
        *("client_id", "client_secret", "code", "code_challenge", "code_challenge_method", "code_verifier", "nonce"),
        *("redirect_uri", "request", "request_uri", "response_mode", "response_type", "scope", "state"),
    }
)
_NAME = re.compile(r"[A-Za-z][\w.-]{0,63}\Z", re.ASCII)
_VISIBLE = re.compile(r"[\x21-\x7e]{1,256}\Z")
_WITHOUT_SECRET = ("none", "basic_empty_password")


def dialect_mistakes(provider: Provider) -> Iterator[Mistake]:
    """Every combination of choices that cannot work."""
    for found in (_client, _pkce, _redirects, _renewal, _requests, _parameters, _state):
        yield from found(provider)


def _client(provider: Provider) -> Iterator[Mistake]:
    method = provider.dialect.client_authentication
    if method not in _WITHOUT_SECRET:
        return
    for name, flow in provider.flows.items():
        if name == "client_credentials":
            yield Mistake(["dialect", "client_authentication"], "client_without_secret", value=method)
        elif flow.needs_secret:
            where = {"wanted": "false", "key_above": "client_authentication", "value": method}
            yield Mistake(["flows", name, "needs_secret"], "to_be_where", **where)


def _pkce(provider: Provider) -> Iterator[Mistake]:
    for name in ("authorization_code_pkce", "fast_api_key"):
        if name in provider.flows and not provider.dialect.pkce:
            yield Mistake(["dialect", "pkce"], "to_be_for_flow", wanted="true", flow=name)
    if "authorization_code" in provider.flows and provider.dialect.pkce:
        yield Mistake(["flows", "authorization_code"], "flow_without_pkce")


def _redirects(provider: Provider) -> Iterator[Mistake]:
    for name, flow in provider.flows.items():
        if flow.needs_redirect != (name in REDIRECT_FLOWS):
            wanted = "true" if name in REDIRECT_FLOWS else "false"
            yield Mistake(["flows", name, "needs_redirect"], "to_be_for_flow", wanted=wanted, flow=name)


def _renewal(provider: Provider) -> Iterator[Mistake]:
    dialect, others = provider.dialect, [name for name in provider.flows if name != "client_credentials"]
    if dialect.renewal in ("again", "refresh_or_again") and others:
        yield Mistake(["dialect", "renewal"], "renewal_misfit", value=dialect.renewal, flow=others[0])
    for key in ("refresh_lifetime", "refresh_lifetime_field"):
        if dialect.renewal != "refresh_token" and getattr(dialect, key):
            yield Mistake(["dialect", key], "refresh_token_needed")
    if dialect.renewal in ("again", "none") and dialect.rotation != "unknown":
        yield Mistake(["dialect", "rotation"], "meaningless_where", key_above="renewal", value=dialect.renewal)
    if dialect.redirect_port == "any" and not REDIRECT_FLOWS & set(provider.flows):
        yield Mistake(["dialect", "redirect_port"], "redirect_flow_needed")
    if dialect.renewal == "none" and dialect.old_access_dies:
        yield Mistake(["dialect", "old_access_dies"], "meaningless_where", key_above="renewal", value="none")


def _requests(provider: Provider) -> Iterator[Mistake]:
    dialect = provider.dialect
    if dialect.body == "json_rpc" and not dialect.rpc_call:
        yield Mistake(["dialect", "rpc_call"], "needed_where", key_above="body", value="json_rpc")
    if dialect.body != "json_rpc" and dialect.rpc_call:
        yield Mistake(["dialect", "rpc_call"], "json_rpc_needed")
    separator = dialect.scope_separator.strip()
    if separator and separator in provider.scope:
        yield Mistake(["scope"], "scope_separated")


def _parameters(provider: Provider) -> Iterator[Mistake]:
    redirected: list[FlowName] = [name for name in provider.flows if name in REDIRECT_FLOWS]
    own = {*_OWN_PARAMETERS, provider.dialect.client_id_parameter}
    tables = [(["dialect"], provider.dialect.authorize_parameters)]
    tables += [(["regions", id], region.authorize_parameters) for id, region in provider.regions.items()]
    found = [
        ([*above, "authorize_parameters", name], name, value) for above, each in tables for name, value in each.items()
    ]
    for steps, name, value in found:
        if not redirected:
            yield Mistake(steps, "redirect_flow_needed")
        if name in own or not _NAME.match(name):
            yield Mistake(steps, "parameter_reserved")
        if not _VISIBLE.match(value):
            yield Mistake(steps, "visible_needed")


def _state(provider: Provider) -> Iterator[Mistake]:
    # Without an echo nothing proves who started a sign-in, so that no further provider may leave it out (S33).
    if provider.dialect.state_echo == "never" and provider.id != "bitport":
        yield Mistake(["dialect", "state_echo"], "state_needed")
