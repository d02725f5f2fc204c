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
    way = provider.dialect.client_authentication
    if way not in _WITHOUT_SECRET:
        return
    for name, flow in provider.flows.items():
        if name == "client_credentials":
            yield Mistake(["dialect", "client_authentication"], f"{way} cannot be used by client_credentials")
        elif flow.needs_secret:
            yield Mistake(["flows", name, "needs_secret"], f"needs to be false where client_authentication is {way}")


def _pkce(provider: Provider) -> Iterator[Mistake]:
    for name in ("authorization_code_pkce", "fast_api_key"):
        if name in provider.flows and not provider.dialect.pkce:
            yield Mistake(["dialect", "pkce"], f"needs to be true for the flow {name}")
    if "authorization_code" in provider.flows and provider.dialect.pkce:
        yield Mistake(["flows", "authorization_code"], "is without PKCE: set dialect.pkce to false, or add _pkce")


def _redirects(provider: Provider) -> Iterator[Mistake]:
    for name, flow in provider.flows.items():
        if flow.needs_redirect != (name in REDIRECT_FLOWS):
            fits = "true" if name in REDIRECT_FLOWS else "false"
            yield Mistake(["flows", name, "needs_redirect"], f"needs to be {fits} for the flow {name}")


def _renewal(provider: Provider) -> Iterator[Mistake]:
    dialect, others = provider.dialect, [name for name in provider.flows if name != "client_credentials"]
    if dialect.renewal in ("again", "refresh_or_again") and others:
        yield Mistake(["dialect", "renewal"], f"{dialect.renewal} cannot renew a sign-in by {others[0]}")
    for key in ("refresh_lifetime", "refresh_lifetime_field"):
        if dialect.renewal != "refresh_token" and getattr(dialect, key):
            yield Mistake(["dialect", key], "needs renewal to be refresh_token")
    if dialect.renewal in ("again", "none") and dialect.rotation != "unknown":
        yield Mistake(["dialect", "rotation"], f"has no meaning where renewal is {dialect.renewal}")
    if dialect.redirect_port == "any" and not REDIRECT_FLOWS & set(provider.flows):
        yield Mistake(["dialect", "redirect_port"], "needs a flow with a redirect")
    if dialect.renewal == "none" and dialect.old_access_dies:
        yield Mistake(["dialect", "old_access_dies"], "has no meaning where renewal is none")


def _requests(provider: Provider) -> Iterator[Mistake]:
    dialect = provider.dialect
    if (dialect.body == "json_rpc") != bool(dialect.rpc_call):
        needed = "is needed where body is json_rpc" if not dialect.rpc_call else "needs body to be json_rpc"
        yield Mistake(["dialect", "rpc_call"], needed)
    separator = dialect.scope_separator.strip()
    if separator and separator in provider.scope:
        yield Mistake(["scope"], "lists the rights with spaces between; dialect.scope_separator is what is sent")


def _parameters(provider: Provider) -> Iterator[Mistake]:
    redirected: list[FlowName] = [name for name in provider.flows if name in REDIRECT_FLOWS]
    own = {*_OWN_PARAMETERS, provider.dialect.client_id_parameter}
    for name, value in provider.dialect.authorize_parameters.items():
        steps = ["dialect", "authorize_parameters", name]
        if not redirected:
            yield Mistake(steps, "needs a flow with a redirect")
        if name in own or not _NAME.match(name):
            yield Mistake(steps, "is not a parameter that a file may set")
        if not _VISIBLE.match(value):
            yield Mistake(steps, "needs 1 to 256 visible ASCII characters")


def _state(provider: Provider) -> Iterator[Mistake]:
    # Without an echo nothing proves who started a sign-in, so that no further provider may leave it out (S33).
    if provider.dialect.state_echo == "never" and provider.id != "bitport":
        yield Mistake(["dialect", "state_echo"], "needs to be exact: the state is what proves a sign-in")
