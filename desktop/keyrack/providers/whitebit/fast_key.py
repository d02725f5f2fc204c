"""WhiteBIT's desk for keys: what is known of a key, its one-time secret, its deletion (Fast API key, F3 to F5)."""

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from keyrack.net.client.client_message import Request, Response
from keyrack.net.client.http_client import HttpClient
from keyrack.oauth.endpoints.error_response import own_words, unavailable
from keyrack.oauth.oauth_errors import UnexpectedResponse
from keyrack.oauth.strict_json import at, read_json, text_at
from keyrack.primitives.failure import Failure, plain
from keyrack.primitives.secret import Secret
from keyrack.providers.api_key import ApiKey
from keyrack.providers.schema import Provider, Region

_INFO = "/oauth2/api-key/info"
# Q2: nobody has written down under which name the public key arrives.
KEY_NAMES = ("apiKey", "api_key", "apikey", "publicKey", "public_key")
LONGEST_KEY = 512
# Seconds without a signed call after which WhiteBIT disables or deletes a key (Q8).
IDLE = 14 * 86_400.0
_LONGEST_RIGHT = 60
_MOST_RIGHTS = 50
_VISIBLE = re.compile(r"[\x21-\x7e]+\Z")


class KeyDeskRefused(Failure):
    """WhiteBIT refused at its desk for keys."""


class GrantEnded(KeyDeskRefused):
    """401: the token of the sign-in has ended, or lacks the right."""


class NotOurKey(KeyDeskRefused):
    """403: the key belongs to another client, or was not made for a partner."""


class KeyGone(KeyDeskRefused):
    """404: there is no such key."""


class SecretTaken(KeyDeskRefused):
    """409: the secret was handed out before and cannot be had again."""


class KeyBusy(KeyDeskRefused):
    """423: another retrieval is running."""


@dataclass(frozen=True, slots=True)
class KeyInfo:
    """What WhiteBIT knows of this person's key for this client.

    `rights` are the names of the permission groups of which anything is allowed (Q9: never their titles).
    """

    exists: bool
    enabled: bool
    id: str = ""
    rights: tuple[str, ...] = ()
    key: Secret | None = None


class KeyDesk:
    """One site's desk; every call carries the token of a sign-in."""

    def __init__(self, http: HttpClient, provider: Provider, region: Region) -> None:
        self._http = http
        self._provider = provider
        self._region = region

    async def info(self, token: Secret) -> KeyInfo:
        """F3."""
        value = await self._ask("GET", _INFO, token)
        data = at(value, "data")
        exists, enabled = at(data, "exists"), at(data, "isEnabled")
        if not isinstance(exists, bool) or not isinstance(enabled, bool):
            raise self._strange()
        return KeyInfo(exists, enabled, text_at(data, "externalId"), _rights(at(data, "permissions")), _key(data))

    async def secret(self, token: Secret, id: str) -> ApiKey:
        """F4, once in the life of a key; with the public key where WhiteBIT adds it."""
        value = await self._ask("GET", f"{_key_path(id)}/secret", token)
        found = at(value, "data.apiSecret")
        if not isinstance(found, str) or len(found) > LONGEST_KEY or not _VISIBLE.match(found):
            raise self._strange()
        return ApiKey(Secret(found), _key(at(value, "data")), id)

    async def delete(self, token: Secret, id: str) -> None:
        """F5; WhiteBIT mails the person."""
        await self._ask("DELETE", _key_path(id), token)

    async def _ask(self, method: str, path: str, token: Secret) -> Any:
        headers: dict[str, str | Secret] = {
            "Accept": "application/json",
            "Authorization": Secret(f"Bearer {token.reveal()}"),
        }
        url = self._region.api + path
        answer = await self._http.send(Request(method, url, headers, plain_http_allowed=self._region.test))
        failure = _refusal(answer) or unavailable(self._provider.name, answer.status, answer.headers)
        if failure is not None:
            raise failure
        value = read_json(answer.body, self._provider.name)
        if answer.status >= 400:
            raise KeyDeskRefused(
                "WhiteBIT refused the request for the key.",
                "Nothing was changed.",
                "Look at WhiteBIT's own words below, then try again.",
                detail=own_words("", text_at(value, "data.message") or text_at(value, "message"), answer.status),
            )
        return value

    def _strange(self) -> UnexpectedResponse:
        return UnexpectedResponse(
            "WhiteBIT answered about the key in a form that Keyrack does not know.",
            "Nothing was changed.",
            "Try again; look for a newer Keyrack if it stays so.",
        )


def _key_path(id: str) -> str:
    return f"/oauth2/api-key/{quote(id, safe='')}"


def public_key(text: str) -> Secret | None:
    """A public key as it arrived or was pasted; None for what cannot be one."""
    found = text.strip()
    return Secret(found) if 8 <= len(found) <= LONGEST_KEY and _VISIBLE.match(found) else None


def _key(data: Any) -> Secret | None:
    texts = (text_at(data, name) for name in KEY_NAMES)
    return next((key for text in texts if (key := public_key(text)) is not None), None)


def _rights(groups: Any) -> tuple[str, ...]:
    found = groups if isinstance(groups, list) else []
    names = (plain(text_at(group, "name"), _LONGEST_RIGHT) for group in found if _allows(group))
    return tuple(dict.fromkeys(name for name in names if name))[:_MOST_RIGHTS]


def _allows(group: Any) -> bool:
    urls = at(group, "urls") if isinstance(group, dict) else None
    return isinstance(urls, list) and any(isinstance(url, dict) and url.get("enable") is True for url in urls)


def _refusal(answer: Response) -> Failure | None:
    made = {401: _ended, 403: _foreign, 404: _gone, 409: _taken, 423: _busy}.get(answer.status)
    return made(f"HTTP {answer.status}") if made is not None else None


def _ended(detail: str) -> Failure:
    return GrantEnded(
        "The sign-in at WhiteBIT that makes and deletes keys has ended.",
        "It lives for four hours, or the client lacks the right. A key that you hold goes on working.",
        "Sign in again.",
        detail=detail,
    )


def _foreign(detail: str) -> Failure:
    return NotOurKey(
        "WhiteBIT says that this key was not made for this client.",
        "It belongs to another program, or you made it by hand. Keyrack leaves it alone.",
        "Check the client id; delete the key on WhiteBIT's page if you do not need it.",
        detail=detail,
    )


def _gone(detail: str) -> Failure:
    return KeyGone(
        "WhiteBIT does not find the key.",
        "It was deleted meanwhile.",
        "Sign in again to make a new one.",
        detail=detail,
    )


def _taken(detail: str) -> Failure:
    return SecretTaken(
        "WhiteBIT has handed out this key's secret before, and shows it only once.",
        "Keyrack does not hold it: the answer was lost on the way, or another computer has it. "
        "Without its secret this key cannot be used here.",
        "Delete the key at WhiteBIT from the menu of this account, then sign in again to make a new one.",
        detail=detail,
    )


def _busy(detail: str) -> Failure:
    return KeyBusy(
        "WhiteBIT is still busy with another request for this key's secret.",
        "Nothing is lost: the secret was not handed out.",
        "Sign in again in some minutes; the browser is not needed for that within four hours.",
        detail=detail,
    )
