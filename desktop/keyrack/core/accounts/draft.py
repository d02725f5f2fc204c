"""The settings that a person enters for a new account, and their checks."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from keyrack.core.accounts.account import ScriptPolicy, Settings
from keyrack.core.accounts.collection import Accounts
from keyrack.core.accounts.hosts import Hosts, check_hosts
from keyrack.core.failures import DraftProblem
from keyrack.primitives.secret import Secret
from keyrack.providers.schema import Flow, FlowName, Provider, Region

REDIRECT_PORT = 17463
LONGEST_NAME = 60
_VISIBLE = re.compile(r"[\x21-\x7e]{1,512}\Z")
# RFC 6749 appendix A.2 lets a secret hold spaces.
_SECRET = re.compile(r"[\x21-\x7e]([\x20-\x7e]{0,1022}[\x21-\x7e])?\Z")


@dataclass(frozen=True, slots=True)
class Draft:
    """An account before it is added.

    `redirect_uri` is "" for flows without one. `hosts` is None for the site's own addresses, and
    `scripts` for what the person chose for new accounts.
    """

    provider: str
    region: str
    flow: FlowName
    name: str
    client_id: str
    client_secret: Secret | None = field(default=None, repr=False)
    redirect_uri: str = ""
    hosts: Hosts | None = None
    scripts: ScriptPolicy | None = None


def default_redirect(provider_id: str) -> str:
    """The redirect address to register, with one path for each provider (S31)."""
    return f"http://127.0.0.1:{REDIRECT_PORT}/cb/{provider_id}"


def check_draft(draft: Draft, providers: Mapping[str, Provider], accounts: Accounts, edited: str = "") -> Region:
    """The region of a valid draft. Raises DraftProblem, which names the first field that is not accepted.

    `edited` is the id of an account that is edited. It keeps its client secret where the draft has none.
    """
    provider = check_way(draft, providers)
    check_hosts(draft.hosts, provider.regions[draft.region])
    check_name(draft.name, accounts, edited)
    _check_credentials(draft, provider.flows[draft.flow], edited)
    if provider.flows[draft.flow].needs_redirect:
        check_redirect(draft.redirect_uri)
        _check_redirect_not_shared(draft, accounts)
    return provider.regions[draft.region]


def check_way(wanted: Draft | Settings, providers: Mapping[str, Provider]) -> Provider:
    """The provider, which has the wanted site and flow. Raises DraftProblem otherwise."""
    provider = providers.get(wanted.provider)
    if provider is None:
        raise DraftProblem("provider", "provider_unknown")
    if wanted.region not in provider.regions:
        raise DraftProblem("region", "region_unknown", provider=provider.name)
    if wanted.flow not in provider.flows:
        raise DraftProblem("flow", "flow_unknown", provider=provider.name)
    return provider


def _check_credentials(draft: Draft, flow: Flow, edited: str) -> None:
    if not _VISIBLE.match(draft.client_id):
        raise DraftProblem("client_id", "client_id_odd")
    secret = draft.client_secret
    if secret is not None and not _SECRET.match(secret.reveal()):
        raise DraftProblem("client_secret", "client_secret_odd")
    if flow.needs_secret is True and secret is None and not edited:
        raise DraftProblem("client_secret", "client_secret_missing")


def _check_redirect_not_shared(draft: Draft, accounts: Accounts) -> None:
    """Two providers never share a redirect address, because only the address tells their responses apart (S31)."""
    for other in accounts.kept.values():
        settings = other.settings
        if settings.redirect_uri == draft.redirect_uri and settings.provider != draft.provider:
            raise DraftProblem("redirect_uri", "redirect_uri_shared", account=settings.name)


def check_name(name: str, accounts: Accounts, edited: str = "") -> None:
    """Raise DraftProblem unless the name is short, unique and free of control characters (S88)."""
    if not name.strip() or len(name) > LONGEST_NAME or not name.isprintable() or name != name.strip():
        raise DraftProblem("name", "account_name_length", longest=str(LONGEST_NAME))
    if name.startswith("-") or "/" in name:
        raise DraftProblem("name", "account_name_characters")
    other = accounts.named(name)
    if other is not None and other.id != edited:
        raise DraftProblem("name", "account_name_taken")


def check_redirect(address: str) -> None:
    """Raise DraftProblem unless it is a loopback address with a port, or an https address for pasting."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    local = parts.scheme == "http" and parts.hostname in ("127.0.0.1", "localhost", "::1") and port
    pasted = parts.scheme == "https" and parts.hostname
    odd = not address.isascii() or not address.isprintable() or bool(set(" ?#") & set(address)) or "@" in parts.netloc
    if odd or not (local or pasted) or not parts.path.startswith("/"):
        raise DraftProblem("redirect_uri", "redirect_uri_odd")
