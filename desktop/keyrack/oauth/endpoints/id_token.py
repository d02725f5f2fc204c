"""Compares the nonce in an id_token with the one that was sent (OpenID Connect Core §3.1.3.7)."""

import base64
import binascii
from hmac import compare_digest
from typing import Any

from keyrack.oauth.authorization_server import AuthorizationServer
from keyrack.oauth.oauth_errors import UnexpectedResponse, WrongNonce
from keyrack.oauth.strict_json import at, read_json
from keyrack.primitives.secret import Secret

LONGEST = 100_000


def check_nonce(server: AuthorizationServer, content: Any, nonce: Secret) -> None:
    """Raise WrongNonce when the token response holds an id_token without this nonce. One without id_token is good.

    The id_token comes over TLS from the token endpoint itself, so that its signature proves nothing more.
    """
    found = at(content, server.dialect.inside)
    token = found.get(server.dialect.names.get("id_token", "id_token")) if isinstance(found, dict) else None
    if token is None:
        return
    sent = _claims(server, token).get("nonce")
    if not isinstance(sent, str) or not compare_digest(sent.encode(), nonce.reveal().encode()):
        raise WrongNonce


def _claims(server: AuthorizationServer, token: Any) -> dict[str, Any]:
    """The claims of a signed JWT (RFC 7519 section 3). Empty for anything else."""
    parts = token.split(".") if isinstance(token, str) and len(token) <= LONGEST else []
    if len(parts) != 3 or not token.isascii():
        return {}
    try:
        found = read_json(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)), server.name)
    except (UnexpectedResponse, ValueError, binascii.Error):
        return {}
    return found if isinstance(found, dict) else {}
