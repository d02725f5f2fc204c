"""Builds the requests to the endpoints of a server, one for each grant. Nothing is sent here."""

import base64
import json
from collections.abc import Mapping
from urllib.parse import quote, urlencode

from keyrack.net.client.client_message import Request
from keyrack.oauth.authorization_server import AuthorizationServer
from keyrack.oauth.registered_client import OAuthClient
from keyrack.primitives.secret import Secret

Fields = dict[str, str]


def is_public(server: AuthorizationServer, client: OAuthClient) -> bool:
    """Whether the client has no secret that could be wrong (RFC 6749 section 2.1)."""
    return client.client_secret is None or server.dialect.client_authentication in ("none", "basic_empty_password")


def client_credentials(server: AuthorizationServer, client: OAuthClient) -> Request:
    """The request of RFC 6749 section 4.4. ProBit's body is JSON (ProBit Q3)."""
    fields = {**server.dialect.token_parameters, "grant_type": "client_credentials"}
    if server.dialect.send_scope and server.scope:
        fields["scope"] = server.sent_scope
    return _request(server, server.token_endpoint, client, fields)


def authorization_code(
    server: AuthorizationServer, client: OAuthClient, code: Secret, verifier: Secret | None
) -> Request:
    """The request of RFC 6749 section 4.1.3, with the verifier of RFC 7636 section 4.5 (S45)."""
    fields: Fields = {**server.dialect.token_parameters, "code": code.reveal()}
    if server.dialect.send_grant_type:
        fields["grant_type"] = "authorization_code"
    if server.dialect.send_redirect_uri_at_token:
        fields["redirect_uri"] = client.redirect_uri
    if verifier is not None:
        fields["code_verifier"] = verifier.reveal()
    return _request(server, server.token_endpoint, client, fields)


def user_code(server: AuthorizationServer, client: OAuthClient, code: Secret) -> Request:
    """The request with a code that the person copied from the provider's page. It is not RFC 8628 (Bitport Q4)."""
    fields = {
        **server.dialect.token_parameters,
        "grant_type": server.dialect.user_code_grant,
        "code": code.reveal(),
    }
    return _request(server, server.token_endpoint, client, fields)


def refresh(server: AuthorizationServer, client: OAuthClient, token: Secret, verifier: Secret | None = None) -> Request:
    """The request of RFC 6749 section 6. WhiteBIT has another address, `token` and no grant_type (WhiteBIT Q2).

    `verifier` is that of the sign-in, where the server wants it once more (Saxo Q2).
    """
    fields = {**server.dialect.refresh_parameters, server.dialect.refresh_parameter: token.reveal()}
    if verifier is not None:
        fields["code_verifier"] = verifier.reveal()
    if server.dialect.redirect_uri_at_refresh:
        fields["redirect_uri"] = client.redirect_uri
    if server.dialect.send_grant_type:
        fields["grant_type"] = "refresh_token"
    return _request(server, server.refresh_endpoint or server.token_endpoint, client, fields)


def device_authorization(server: AuthorizationServer, client: OAuthClient) -> Request:
    """The request of RFC 8628 section 3.1."""
    fields = dict(server.dialect.device_parameters)
    if server.dialect.send_scope and server.scope:
        fields["scope"] = server.sent_scope
    return _request(server, server.device_authorization_endpoint, client, fields)


def device_token(server: AuthorizationServer, client: OAuthClient, device_code: Secret) -> Request:
    """The request of RFC 8628 section 3.4."""
    dialect = server.dialect
    fields = {
        **dialect.token_parameters,
        "grant_type": dialect.device_grant,
        dialect.device_code_parameter: device_code.reveal(),
    }
    return _request(server, server.token_endpoint, client, fields)


def revocation(server: AuthorizationServer, client: OAuthClient, token: Secret, hint: str) -> Request:
    """The request of RFC 7009 section 2.1. `hint` is "refresh_token" or "access_token"."""
    return _request(server, server.revocation_endpoint, client, {"token": token.reveal(), "token_type_hint": hint})


def _request(server: AuthorizationServer, url: str, client: OAuthClient, fields: Fields) -> Request:
    headers: dict[str, str | Secret] = {"Accept": "application/json"}
    way = server.dialect.client_authentication
    if way == "body":
        fields = {"client_id": client.client_id, **_secret_field(client), **fields}
    elif way == "basic_empty_password":
        headers["Authorization"] = _basic(server, client, Secret(""))
    elif way != "none" and client.client_secret is not None:
        headers["Authorization"] = _basic(server, client, client.client_secret)
    else:
        fields = {"client_id": client.client_id, **fields}
    headers["Content-Type"], body = _body(server, fields)
    return Request("POST", url, headers, body, plain_http_allowed=server.plain_http)


def _secret_field(client: OAuthClient) -> Mapping[str, str]:
    return {"client_secret": client.client_secret.reveal()} if client.client_secret is not None else {}


def _body(server: AuthorizationServer, fields: Fields) -> tuple[str, Secret]:
    if server.dialect.body == "json":
        return "application/json", Secret(json.dumps(fields))
    if server.dialect.body == "json_rpc":
        call = {"jsonrpc": "2.0", "id": 1, "method": server.dialect.rpc_call, "params": fields}
        return "application/json", Secret(json.dumps(call))
    return "application/x-www-form-urlencoded", Secret(urlencode(fields))


def _basic(server: AuthorizationServer, client: OAuthClient, secret: Secret) -> Secret:
    parts = (client.client_id, secret.reveal())
    if server.dialect.client_authentication != "basic_raw":
        parts = (quote(parts[0], safe=""), quote(parts[1], safe=""))
    return Secret("Basic " + base64.b64encode(":".join(parts).encode()).decode())
