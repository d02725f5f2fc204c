"""Builds the authorization request that the browser carries to the provider (RFC 6749 section 4.1.1)."""

from urllib.parse import quote, urlencode

from keyrack.net.address import is_endpoint
from keyrack.oauth.authorization import pkce
from keyrack.oauth.authorization.response_check import AuthorizationRequest, new_state
from keyrack.oauth.authorization_server import CLIENT_ID, AuthorizationServer
from keyrack.oauth.registered_client import OAuthClient
from keyrack.primitives.failure import Failure
from keyrack.primitives.secret import Secret


class UnsafeAddress(Failure):
    """The provider's sign-in address is not one that Keyrack sends a browser to (S35)."""

    code = "sign_in_address_unsafe"


def make_request(server: AuthorizationServer, client: OAuthClient, provider: str, account: str) -> AuthorizationRequest:
    """A request with a fresh state, and a fresh verifier where the server supports PKCE (S27, S28)."""
    _check_address(server)
    state, dialect = new_state(), server.dialect
    proof = pkce.make() if dialect.pkce else None
    url, named = server.authorization_endpoint, CLIENT_ID in server.authorization_endpoint
    fields = dict(dialect.authorize_parameters) | {"state": state.reveal()}
    if not named:
        fields[dialect.client_id_parameter] = client.client_id
    if dialect.send_response_type:
        fields["response_type"] = "code"
    if dialect.send_redirect_uri:
        fields["redirect_uri"] = client.redirect_uri
    if dialect.send_scope and server.scope:
        fields["scope"] = server.sent_scope
    nonce = new_state() if dialect.nonce else None
    if nonce is not None:
        fields["nonce"] = nonce.reveal()
    if proof is not None:
        fields |= {"code_challenge": proof.challenge, "code_challenge_method": pkce.METHOD}
    return AuthorizationRequest(
        provider=provider,
        account=account,
        client_id=client.client_id,
        redirect_uri=client.redirect_uri,
        url=Secret(f"{url.replace(CLIENT_ID, quote(client.client_id, safe=''))}?{urlencode(fields)}"),
        state=state,
        verifier=proof.verifier if proof is not None else None,
        issuer=server.issuer,
        iss_required=dialect.iss_required,
        state_echo=dialect.state_echo == "exact",
        nonce=nonce,
    )


def _check_address(server: AuthorizationServer) -> None:
    if not is_endpoint(server.authorization_endpoint, plain_http=server.plain_http):
        raise UnsafeAddress(server=server.name)
