"""Which requests to the redirect listener are looked at at all, whatever their address."""

from collections.abc import Collection

from keyrack.net.server.server_message import ServerRequest, ServerResponse
from keyrack.oauth.loopback import closing_pages

_PREFETCH_HEADERS = ("sec-purpose", "purpose", "x-moz")
_UNWANTED_HEADERS = ("expect", "upgrade")


def turned_away(received: ServerRequest, authorities: Collection[str]) -> ServerResponse | None:
    """The page for a request that is not a person's navigation to us, else None; nothing is consumed.

    S13 (Host), S8 and S15 (method, prefetch), S14 (fetch metadata, Origin).
    """
    hosts = received.values("host")
    if len(hosts) != 1 or hosts[0] not in authorities:
        return closing_pages.refusal(421)
    if received.method != "GET":
        return closing_pages.not_allowed()
    if received.announces_body or any(received.values(name) for name in _UNWANTED_HEADERS):
        return closing_pages.refusal(400)
    if not received.target.startswith("/"):
        return closing_pages.refusal(400)
    if any("prefetch" in value.lower() for name in _PREFETCH_HEADERS for value in received.values(name)):
        return closing_pages.refusal(503)
    return None if _is_navigation(received) else closing_pages.refusal(403)


def _is_navigation(received: ServerRequest) -> bool:
    """Absent headers are tolerated: older browsers send none."""
    return (
        not received.values("origin")
        and set(received.values("sec-fetch-mode")) <= {"navigate"}
        and set(received.values("sec-fetch-dest")) <= {"document"}
    )
