"""Checks that the choices of a provider file fit each other: client, flows, renewal and scopes."""

import re
from collections.abc import Iterator

from keyrack.oauth.authorization_server import DEVICE_GRANT
from keyrack.providers.files.mistake import Mistake
from keyrack.providers.schema import REDIRECT_FLOWS, FlowName, Provider

# Keyrack sends these itself at the token endpoint, or must never send them.
_OWN_AT_TOKEN = frozenset(
    {
        *("assertion", "client_assertion", "client_assertion_type", "client_id", "client_secret", "code"),
        *("code_verifier", "device_code", "grant_type", "password", "redirect_uri", "refresh_token", "scope"),
        *("token", "username"),
    }
)
# The same at the sign-in page.
_OWN_PARAMETERS = frozenset(
    {
        *("client_id", "client_secret", "code", "code_challenge", "code_challenge_method", "code_verifier", "nonce"),
        *("redirect_uri", "request", "request_uri", "response_mode", "response_type", "scope", "state"),
    }
)
_NAME = re.compile(r"[A-Za-z][\w.-]{0,63}\Z", re.ASCII)
_VISIBLE = re.compile(r"[\x21-\x7e]{1,256}\Z")
# A redirect is never followed, so that no file describes one.
_STATUSES = frozenset({*range(200, 300), *range(400, 600)})
_WITHOUT_SECRET = ("none", "basic_empty_password")


def dialect_mistakes(provider: Provider) -> Iterator[Mistake]:
    """Every combination of choices that cannot work."""
    for found in (_client, _pkce, _redirects, _renewal, _requests, _parameters, _names, _state, _failures):
        yield from found(provider)


def _client(provider: Provider) -> Iterator[Mistake]:
    for name, flow in provider.flows.items():
        method = provider.dialect_of(name).client_authentication
        if method not in _WITHOUT_SECRET:
            if name == "client_credentials" and flow.needs_secret is not True:
                where = {"wanted": "true", "flow": name}
                yield Mistake(["flows", name, "needs_secret"], "to_be_for_flow", **where)
        elif name == "client_credentials":
            yield Mistake(_place(provider, name, "client_authentication"), "client_without_secret", value=method)
        elif flow.needs_secret:
            where = {"wanted": "false", "key_above": "client_authentication", "value": method}
            yield Mistake(["flows", name, "needs_secret"], "to_be_where", **where)


def _place(provider: Provider, flow: FlowName, key: str) -> list[str]:
    """Where a setting stands that a flow may have for itself."""
    own = getattr(provider.flows[flow], key) is not None
    return ["flows", flow, key] if own else ["dialect", key]


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
    dialect, ways = provider.dialect, {name: provider.dialect_of(name).renewal for name in provider.flows}
    for name, way in ways.items():
        if way in ("again", "refresh_or_again") and name != "client_credentials":
            yield Mistake(_place(provider, name, "renewal"), "renewal_misfit", value=way, flow=name)
        if name == "refresh_token" and way != "refresh_token":
            where = {"wanted": "refresh_token", "flow": name}
            yield Mistake(_place(provider, name, "renewal"), "to_be_for_flow", **where)
    for key in ("refresh_lifetime", "refresh_lifetime_field", "sign_in_lifetime", "refresh_parameters"):
        if "refresh_token" not in ways.values() and getattr(dialect, key):
            yield Mistake(["dialect", key], "refresh_token_needed")
    if set(ways.values()) <= {"again", "none"} and dialect.rotation != "unknown":
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
    dialect = provider.dialect
    at_page = {*_OWN_PARAMETERS, dialect.client_id_parameter}
    at_token = {*_OWN_AT_TOKEN, dialect.refresh_parameter, dialect.device_code_parameter}
    tables = [
        (["dialect", "authorize_parameters"], dialect.authorize_parameters, at_page),
        (["dialect", "token_parameters"], dialect.token_parameters, at_token),
        (["dialect", "refresh_parameters"], dialect.refresh_parameters, at_token),
        (["dialect", "device_parameters"], dialect.device_parameters, at_token),
    ]
    tables += [
        (["regions", id, "authorize_parameters"], region.authorize_parameters, at_page)
        for id, region in provider.regions.items()
    ]
    for above, parameters, own in tables:
        for name, value in parameters.items():
            if name in own or not _NAME.match(name):
                yield Mistake([*above, name], "parameter_reserved")
            if not _VISIBLE.match(value):
                yield Mistake([*above, name], "visible_needed")
            if own is at_page and not REDIRECT_FLOWS & set(provider.flows):
                yield Mistake([*above, name], "redirect_flow_needed")
    yield from _needed_flows(provider)


def _needed_flows(provider: Provider) -> Iterator[Mistake]:
    dialect, flows = provider.dialect, set(provider.flows)
    if dialect.nonce and not REDIRECT_FLOWS & flows:
        yield Mistake(["dialect", "nonce"], "redirect_flow_needed")
    for key, usual in (
        ("device_parameters", {}),
        ("device_grant", DEVICE_GRANT),
        ("device_code_parameter", "device_code"),
    ):
        value = getattr(dialect, key)
        if value != usual and "device_code" not in flows:
            yield Mistake(["dialect", key], "device_flow_needed")
        if isinstance(value, str) and not _VISIBLE.match(value):
            yield Mistake(["dialect", key], "visible_needed")
    if dialect.redirect_uri_at_refresh and not REDIRECT_FLOWS & flows:
        yield Mistake(["dialect", "redirect_uri_at_refresh"], "redirect_flow_needed")
    if dialect.verifier_at_refresh and not (dialect.pkce and REDIRECT_FLOWS & flows):
        yield Mistake(["dialect", "verifier_at_refresh"], "pkce_needed")


def _names(provider: Provider) -> Iterator[Mistake]:
    for name, own in provider.dialect.names.items():
        if not _NAME.match(own):
            yield Mistake(["dialect", "names", name], "field_name_needed")


def _state(provider: Provider) -> Iterator[Mistake]:
    # Without an echo nothing proves who started a sign-in, so that no further provider may leave it out (S33).
    if provider.dialect.state_echo == "never" and provider.id != "bitport":
        yield Mistake(["dialect", "state_echo"], "state_needed")


def _failures(provider: Provider) -> Iterator[Mistake]:
    for at, known in enumerate(provider.dialect.failures):
        steps = ["dialect", "failures", str(at)]
        if not known.at and not known.says and not known.status:
            yield Mistake([*steps, "at"], "failure_unnamed")
        if known.at and not known.says:
            yield Mistake([*steps, "says"], "needed_beside", key_beside="at")
        if known.says and not known.at:
            yield Mistake([*steps, "at"], "needed_beside", key_beside="says")
        if known.status and known.status not in _STATUSES:
            yield Mistake([*steps, "status"], "status_invalid")
