"""The requests to a token endpoint, one per grant; pure, no network."""

import base64
import json
from collections.abc import Mapping
from urllib.parse import quote, urlencode

from keyrack.net.client import Request
from keyrack.net.secret import Secret
from keyrack.oauth.client import OAuthClient
from keyrack.oauth.server import Server

Fields = dict[str, str]


def client_credentials(server: Server, client: OAuthClient) -> Request:
    """RFC 6749 §4.4; ProBit Q3: its body is JSON."""
    fields = {"grant_type": "client_credentials"}
    if server.scope:
        fields["scope"] = server.scope
    return _request(server, server.token_endpoint, client, fields)


def authorization_code(server: Server, client: OAuthClient, code: Secret, verifier: Secret | None) -> Request:
    """RFC 6749 §4.1.3 with the verifier of RFC 7636 §4.5 (S45)."""
    fields: Fields = {"code": code.reveal()}
    if server.dialect.send_grant_type:
        fields["grant_type"] = "authorization_code"
    if server.dialect.send_redirect_uri_at_token:
        fields["redirect_uri"] = client.redirect_uri
    if verifier is not None:
        fields["code_verifier"] = verifier.reveal()
    return _request(server, server.token_endpoint, client, fields)


def user_code(server: Server, client: OAuthClient, code: Secret) -> Request:
    """A code that the person copied from the provider's page (Bitport Q4: not RFC 8628)."""
    fields = {"grant_type": server.dialect.user_code_grant, "code": code.reveal()}
    return _request(server, server.token_endpoint, client, fields)


def refresh(server: Server, client: OAuthClient, token: Secret) -> Request:
    """RFC 6749 §6; WhiteBIT Q2: own address, parameter `token`, no grant_type."""
    fields = {server.dialect.refresh_parameter: token.reveal()}
    if server.dialect.send_grant_type:
        fields["grant_type"] = "refresh_token"
    return _request(server, server.refresh_endpoint or server.token_endpoint, client, fields)


def _request(server: Server, url: str, client: OAuthClient, fields: Fields) -> Request:
    headers: dict[str, str | Secret] = {"Accept": "application/json"}
    if server.dialect.client_authentication == "body":
        fields = {"client_id": client.client_id, **_secret_field(client), **fields}
    elif client.client_secret is not None:
        headers["Authorization"] = _basic(server, client, client.client_secret)
    else:
        fields = {"client_id": client.client_id, **fields}
    headers["Content-Type"], body = _body(server, fields)
    return Request("POST", url, headers, body, plain_http_allowed=server.plain_http)


def _secret_field(client: OAuthClient) -> Mapping[str, str]:
    return {"client_secret": client.client_secret.reveal()} if client.client_secret is not None else {}


def _body(server: Server, fields: Fields) -> tuple[str, Secret]:
    if server.dialect.body == "json":
        return "application/json", Secret(json.dumps(fields))
    return "application/x-www-form-urlencoded", Secret(urlencode(fields))


def _basic(server: Server, client: OAuthClient, secret: Secret) -> Secret:
    parts = (client.client_id, secret.reveal())
    if server.dialect.client_authentication == "basic":
        parts = (quote(parts[0], safe=""), quote(parts[1], safe=""))
    return Secret("Basic " + base64.b64encode(":".join(parts).encode()).decode())
