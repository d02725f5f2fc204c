"""A request with secrets that may appear nowhere else."""

from keyrack.net.client.client_message import Request
from keyrack.net.network_errors import NetworkFailure
from keyrack.primitives.secret import Secret

TOKEN = "canary-access-token-0123456789"


def with_token(url: str) -> Request:
    return Request("POST", url, {"Authorization": Secret(f"Bearer {TOKEN}")}, Secret("refresh_token=canary-refresh"))


def shown(failure: NetworkFailure) -> str:
    chain = f"{failure!r} {failure} {failure.sentences()} {failure.detail}"
    return f"{chain} {failure.__cause__!r} {failure.__context__!r}"
