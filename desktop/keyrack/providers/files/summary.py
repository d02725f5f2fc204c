"""Summarises a provider file in a few lines, for the person who wrote it or received it."""

from collections.abc import Iterator
from typing import Literal

from keyrack.language.translation import mark, tr, translated
from keyrack.providers.files.user_file import UserFile
from keyrack.providers.schema import Provider, Region

Topic = Literal[
    "Name",
    "End",
    "Site",
    "Addresses",
    "Metadata",
    "Sign-in",
    "Rights",
    "Renewal",
    "Figures",
    "Sign-out",
    "Certificates",
]
_ADDRESSES = (
    ("authorization_endpoint", mark("sign-in page")),
    ("device_authorization_endpoint", mark("device codes")),
    ("token_endpoint", mark("tokens")),
    ("refresh_endpoint", mark("renewal")),
    ("revocation_endpoint", mark("revocation")),
    ("api", mark("figures")),
)
_RENEWAL = {
    "refresh_token": mark("with a refresh token, by itself"),
    "refresh_or_again": mark("with a refresh token, else with the client's own credentials"),
    "again": mark("asked for again with the client's own credentials"),
    "none": mark("none: sign in again when the token ends"),
}
_REVOCATION = {
    "none": mark("the token is deleted here, and the exchange is not informed"),
    "body": mark("the token is revoked at the exchange (RFC 7009)"),
    "bearer": mark("the token is revoked at the exchange, with itself as proof"),
}


def summary(file: UserFile) -> list[tuple[Topic, str]]:
    """The lines in the order of importance. The addresses that receive secrets come first."""
    provider = file.provider
    lines: list[tuple[Topic, str]] = [("Name", f"{provider.name} ({provider.id})")]
    if provider.ends is not None:
        announced = tr("announced for {day}.", day=provider.ends.isoformat())
        lines.append(("End", f"{announced} {translated(provider.ends_note)}".strip()))
    open_wishes = {wish.region: wish for wish in file.wishes}
    for id, region in provider.regions.items():
        lines.append(("Site", _site(region)))
        if id in open_wishes:
            lines.append(("Metadata", tr("asked once at import: {address}", address=open_wishes[id].url)))
            lines.append(("Addresses", tr("{address} (figures)", address=region.api)))
        else:
            lines += [("Addresses", text) for text in _addresses(region)]
    return lines + list(_rest(provider))


def _site(region: Region) -> str:
    marks = [(tr("test server on this computer"), region.test), (tr("has closed"), region.closed)]
    return ", ".join([translated(region.name), *(words for words, so in marks if so)])


def _addresses(region: Region) -> Iterator[str]:
    for name, words in _ADDRESSES:
        if getattr(region, name):
            yield f"{getattr(region, name)} ({translated(words)})"
    yield from (tr("{address} (figures, if the token answer names it)", address=address) for address in region.apis)
    for page, words in ((region.verification_page, tr("page for device codes")), (region.stream, tr("live figures"))):
        if page:
            yield f"{page} ({words})"


def _rest(provider: Provider) -> Iterator[tuple[Topic, str]]:
    for name, flow in provider.flows.items():
        yield "Sign-in", f"{translated(flow.title)} ({name})"
    yield "Rights", provider.scope or tr("none asked for by name")
    for way in dict.fromkeys(provider.dialect_of(name).renewal for name in provider.flows):
        yield "Renewal", translated(_RENEWAL[way])
    yield "Figures", _figures(provider)
    for revocation in dict.fromkeys(provider.dialect_of(name).revocation for name in provider.flows):
        yield "Sign-out", translated(_REVOCATION[revocation])
    if provider.ca_file:
        yield "Certificates", tr("{file} is trusted for this provider alone", file=provider.ca_file.rpartition("/")[2])


def _figures(provider: Provider) -> str:
    found = [f"GET {provider.accounts.path}"] if provider.accounts is not None else []
    found += [f"{call.method} {call.path}" for call in provider.balances]
    found += [f"{call.method} {call.path}" for call in provider.storage]
    return ", ".join(found) or tr("none: tokens only")
