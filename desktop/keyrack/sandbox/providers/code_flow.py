"""The authorization code flow that Gemini, Kraken, Uphold and Alpaca share: a code is bound and redeemed once."""

from base64 import urlsafe_b64encode
from dataclasses import dataclass
from hashlib import sha256

from starlette.responses import Response

from keyrack.sandbox.pages.page_frame import Brand
from keyrack.sandbox.state import consent
from keyrack.sandbox.state.clients import Client
from keyrack.sandbox.transport.endpoint import Call


@dataclass(frozen=True)
class Terms:
    """What a provider demands of the link.

    `redirect` is "sent" or "never". The parameters in `needed` must not be empty. `pkce` demands a challenge by S256.
    """

    provider: str
    brand: Brand
    redirect: str = "sent"
    needed: tuple[str, ...] = ("response_type",)
    pkce: bool = False


class CodeFlow:
    """One provider's consent page and the codes that came of it."""

    def __init__(self, terms: Terms) -> None:
        self._terms = terms
        self._challenges: dict[str, str] = {}

    def authorize(self, call: Call, client_id: str | None = None) -> Response:
        """The consent page. A mistake in the link is shown to the person, and the browser is never redirected."""
        terms, query = self._terms, call.query
        client = call.world.clients.find(terms.provider, client_id or query.get("client_id"))
        if client is None or client.redirect_uri is None:
            return self._wrong("This link does not name an application we know.", 404)
        call.row.client_id = client.client_id
        sent = query.get("redirect_uri")
        if sent != (client.redirect_uri if terms.redirect == "sent" else None):
            return self._wrong("The address to return to is not the one registered, or was not to be sent.")
        missing = [name for name in terms.needed if not query.get(name)]
        if missing or query.get("response_type", "code") != "code":
            return self._wrong(f"This link lacks {', '.join(missing) or 'a known response type'}.")
        if terms.pkce and not (query.get("code_challenge") and query.get("code_challenge_method") == "S256"):
            return self._wrong("A public application has to send a code challenge by S256.")
        returned = consent.returned_state(query.get("state"), call.fault("state") or "echoed")
        return call.world.consents.show(terms.brand, client, returned, call.faults, query.get("code_challenge", ""))

    def answer(self, call: Call) -> Response:
        """The person's choice: 302 to the registered address."""
        answer = call.world.consents.answer(call.fields)
        if answer is None:
            return consent.error_page(
                self._terms.brand, "Nothing to answer", "This page was answered, or waited too long."
            )
        call.row.client_id, call.row.account = answer.request.client.client_id, answer.account
        if answer.account is None:
            return consent.denied(self._terms.brand, answer.request)
        code = call.world.grants.code("redirect", self._terms.provider, answer.request.client.client_id, answer.account)
        self._challenges[code] = answer.request.challenge
        return consent.redirect_back(answer.request, code=code)

    def redeem(self, call: Call, client: Client) -> str | None:
        """The account of a code, which is used up. None when code, redirect address or verifier do not match."""
        fields = call.fields
        account = call.world.grants.redeem_code(fields.get("code", ""), "redirect", client)
        challenge = self._challenges.pop(fields.get("code", ""), "")
        if self._terms.redirect == "sent" and fields.get("redirect_uri") != client.redirect_uri:
            return None
        if challenge and _challenge(fields.get("code_verifier", "")) != challenge:
            return None
        return account

    def _wrong(self, text: str, status: int = 400) -> Response:
        return consent.error_page(self._terms.brand, "This link does not work", text, status)


def _challenge(verifier: str) -> str:
    return urlsafe_b64encode(sha256(verifier.encode()).digest()).decode().rstrip("=")
