"""Rejects requests that are not a person's navigation to the redirect listener, whatever their path."""

from collections.abc import Collection

from keyrack.net.server.server_message import ServerRequest, ServerResponse
from keyrack.oauth.loopback import closing_pages

_PREFETCH_HEADERS = ("sec-purpose", "purpose", "x-moz")
_UNWANTED_HEADERS = ("expect", "upgrade")


def rejection(request: ServerRequest, authorities: Collection[str]) -> ServerResponse | None:
    """The response to a request that is not a person's navigation, or None. Nothing is consumed.

    It checks Host against `authorities` (S13), method and prefetch (S8, S15), fetch metadata and Origin (S14).
    """
    hosts = request.values("host")
    if len(hosts) != 1 or hosts[0] not in authorities:
        return closing_pages.refusal(421)
    if request.method != "GET":
        return closing_pages.not_allowed()
    if request.announces_body or any(request.values(name) for name in _UNWANTED_HEADERS):
        return closing_pages.refusal(400)
    if not request.target.startswith("/"):
        return closing_pages.refusal(400)
    if any("prefetch" in value.lower() for name in _PREFETCH_HEADERS for value in request.values(name)):
        return closing_pages.refusal(503)
    return None if _is_navigation(request) else closing_pages.refusal(403)


def _is_navigation(request: ServerRequest) -> bool:
    """Absent headers are tolerated, because older browsers send none."""
    return (
        not request.values("origin")
        and set(request.values("sec-fetch-mode")) <= {"navigate"}
        and set(request.values("sec-fetch-dest")) <= {"document"}
    )
