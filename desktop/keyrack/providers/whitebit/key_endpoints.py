"""WhiteBIT's endpoints for keys: what is known of a key, its one-time secret, its deletion (WhiteBIT Fast API key)."""

import re
from typing import Any
from urllib.parse import quote

from keyrack.net.client.client_message import Request
from keyrack.net.client.http_client import HttpClient
from keyrack.oauth.endpoints.error_response import own_words, unavailable
from keyrack.oauth.oauth_errors import UnexpectedResponse
from keyrack.oauth.strict_json import at, read_json, text_at
from keyrack.primitives.failure import Failure, plain
from keyrack.primitives.secret import Secret
from keyrack.providers.api.key_provider import KeyInfo
from keyrack.providers.api.key_refusals import GrantEnded, KeyBusy, KeyGone, KeyRequestRefused, NotOurKey, SecretTaken
from keyrack.providers.api.service_end import service_end
from keyrack.providers.api_key import ApiKey
from keyrack.providers.schema import Provider, Region

_INFO = "/oauth2/api-key/info"
# Q2: the older ways in which the public key may arrive, for the case that the id is refused.
KEY_NAMES = ("apiKey", "api_key", "apikey", "publicKey", "public_key")
LONGEST_KEY = 512
_LONGEST_RIGHT = 60
_MOST_RIGHTS = 50
_REFUSALS: dict[int, tuple[type[KeyRequestRefused], str]] = {
    401: (GrantEnded, "whitebit_grant_ended"),
    403: (NotOurKey, "whitebit_key_foreign"),
    404: (KeyGone, "whitebit_key_gone"),
    409: (SecretTaken, "whitebit_secret_taken"),
    423: (KeyBusy, "whitebit_key_busy"),
}
_VISIBLE = re.compile(r"[\x21-\x7e]+\Z")


class KeyEndpoints:
    """The endpoints of one site. Every request carries the token of a sign-in."""

    def __init__(self, http: HttpClient, provider: Provider, region: Region) -> None:
        self._http = http
        self._provider = provider
        self._region = region

    async def info(self, token: Secret) -> KeyInfo:
        """What WhiteBIT knows of the key (`GET /oauth2/api-key/info`)."""
        try:
            data = _inside(await self._request("GET", _INFO, token))
        except KeyGone:
            return KeyInfo(exists=False, enabled=False)
        exists, enabled = at(data, "exists"), _first(data, "isEnabled", "enabled")
        if not isinstance(exists, bool) or not isinstance(enabled, bool):
            raise self._unknown_response()
        return KeyInfo(exists, enabled, text_at(data, "externalId"), _rights(at(data, "permissions")), _key(data))

    async def secret(self, token: Secret, id: str) -> ApiKey:
        """The key's secret, which can be had once, with the public key where WhiteBIT adds it."""
        data = _inside(await self._request("GET", f"{_key_path(id)}/secret", token))
        found = _first(data, "apiSecret", "secret")
        if not isinstance(found, str) or len(found) > LONGEST_KEY or not _VISIBLE.match(found):
            raise self._unknown_response()
        return ApiKey(Secret(found), _key(data), id)

    async def delete(self, token: Secret, id: str) -> None:
        """Delete the key. WhiteBIT mails the person."""
        await self._request("DELETE", _key_path(id), token)

    async def _request(self, method: str, path: str, token: Secret) -> Any:
        headers: dict[str, str | Secret] = {
            "Accept": "application/json",
            "Authorization": Secret(f"Bearer {token.reveal()}"),
        }
        url = self._region.api + path
        response = await self._http.send(Request(method, url, headers, plain_http_allowed=self._region.test))
        busy = KeyBusy(_REFUSALS[423][1], detail="HTTP 423") if response.status == 423 else None
        failure = busy or service_end(self._provider, response)
        failure = failure or unavailable(self._provider.company_name, response.status, response.headers)
        failure = failure or (_refusal(401) if response.status == 401 and not response.body.strip() else None)
        if failure is not None:
            raise failure
        # The page of a gateway is no word of WhiteBIT's about a key, whatever its status.
        value = read_json(response.body, self._provider.company_name)
        failure = _refusal(response.status)
        if failure is not None:
            raise failure
        if response.status >= 400:
            raise KeyRequestRefused(
                "whitebit_key_request_refused",
                detail=own_words("", text_at(value, "data.message") or text_at(value, "message"), response.status),
            )
        return value

    def _unknown_response(self) -> UnexpectedResponse:
        return UnexpectedResponse("whitebit_key_response_unknown")


def _key_path(id: str) -> str:
    return f"/oauth2/api-key/{quote(id, safe='')}"


def public_key(text: str) -> Secret | None:
    """A public key as it arrived or was pasted. None for what cannot be one."""
    found = text.strip()
    return Secret(found) if 8 <= len(found) <= LONGEST_KEY and _VISIBLE.match(found) else None


def _key(data: Any) -> Secret | None:
    texts = (text_at(data, name) for name in KEY_NAMES)
    return next((key for text in texts if (key := public_key(text)) is not None), None)


def _inside(value: Any) -> Any:
    """The answer without its wrapper. Samples of it have none."""
    found = at(value, "data")
    return value if found is None else found


def _first(data: Any, *names: str) -> Any:
    return next((found for name in names if (found := at(data, name)) is not None), None)


def _rights(groups: Any) -> tuple[str, ...]:
    """The names of the groups of which at least one call is allowed. A bare name stands for a group that is."""
    found = groups if isinstance(groups, list) else []
    names = (plain(_name(group), _LONGEST_RIGHT) for group in found if isinstance(group, str) or _allows(group))
    return tuple(dict.fromkeys(name for name in names if name))[:_MOST_RIGHTS]


def _name(group: Any) -> str:
    return group if isinstance(group, str) else text_at(group, "name")


def _allows(group: Any) -> bool:
    urls = at(group, "urls") if isinstance(group, dict) else None
    return isinstance(urls, list) and any(isinstance(url, dict) and url.get("enable") is True for url in urls)


def _refusal(status: int) -> Failure | None:
    found = _REFUSALS.get(status)
    if found is None:
        return None
    kind, code = found
    return kind(code, detail=f"HTTP {status}")
