"""Recognises credentials that were pasted as one text, in the shapes in which providers and files hold them."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from keyrack.primitives.secret import Secret
from keyrack.providers.schema import Provider

# Ends of the names, in small letters and digits alone. A secret is looked for first: "secretkey" ends as a key does.
_SECRET = ("secret", "secretkey", "privatekey", "clientpassword")
_ID = ("clientid", "apikey", "keyid", "appid", "appkey", "applicationid", "consumerkey", "accesskey")
_WHOLE_ID = ("id", "key")
_REDIRECT = ("redirecturi", "redirecturl", "redirecturis", "callbackurl")
_LONGEST = 8192
_SHORTEST_NAME = 4
_MOST_LINES = 40
_LOOPBACK = ("http://127.0.0.1", "http://localhost", "http://[::1]")
_NAMED = re.compile(r"\s*(?:export\s+)?[\"']?([A-Za-z][\w .-]{0,60}?)[\"']?\s*[=:\t,;]\s*(.*?)\s*,?\s*")
_BETWEEN = "\t,;"


@dataclass(frozen=True, slots=True)
class PastedCredentials:
    """What was found. A part that was not there is "" or None.

    It is not `certain` where the text may as well be one secret with a mark in it.
    """

    client_id: str = ""
    secret: Secret | None = field(default=None, repr=False)
    redirect_uri: str = ""
    certain: bool = True


def recognise(text: str) -> PastedCredentials | None:
    """The parts of a text that holds an id and a secret, or of a loopback address. None for any other text.

    The shapes: `id:secret`, `id,secret` and both with a tab, two lines, a JSON object, lines such as those of an .env
    file (`NAME=value`, `Name: value`), rows of a name and a value, and a line of names above a line of values.
    """
    text = text.strip()
    if len(text) > _LONGEST:
        return None
    if text.startswith(_LOOPBACK) and not any(c.isspace() for c in text):
        return PastedCredentials(redirect_uri=text)
    if text.startswith(("{", "[")):
        return _from_json(text)
    lines = [line.strip() for line in text.splitlines() if line.strip()][:_MOST_LINES]
    return _from_named_lines(lines) or _from_table(lines) or _from_two_lines(lines) or _from_pair(lines)


def provider_named(text: str, providers: Mapping[str, Provider]) -> str:
    """The id of the one provider that a text names, by its id or its company. "" for none or several.

    Files of credentials say so in the names of their values or in their addresses, as `WHITEBIT_KEY` does.
    """
    plain, found = _plain_name(text[:_LONGEST]), []
    for id, provider in providers.items():
        words = {_plain_name(id), _plain_name(provider.company_name)}
        if any(len(word) >= _SHORTEST_NAME and word in plain for word in words):
            found.append(id)
    exact = [id for id in found if _plain_name(id) in plain]
    longest = [id for id in exact or found if not any(id != other and id in other for other in exact)]
    return longest[0] if len(longest) == 1 else ""


def _from_json(text: str) -> PastedCredentials | None:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    outer = value if isinstance(value, list) else [value]
    for candidate in outer[:_MOST_LINES]:
        if not isinstance(candidate, dict):
            continue
        inner = [part for part in candidate.values() if isinstance(part, dict)]
        for part in (candidate, *inner):
            found = _from_named(part)
            if found is not None:
                return found
    return None


def _from_named_lines(lines: list[str]) -> PastedCredentials | None:
    return _from_named({match[1]: _unquoted(match[2]) for match in _named(lines)})


def _named(lines: list[str]) -> list[re.Match[str]]:
    """The lines that are a name and a value."""
    return [match for line in lines if (match := _NAMED.fullmatch(line)) is not None]


def _from_table(lines: list[str]) -> PastedCredentials | None:
    """A line of names above a line of values."""
    if len(lines) != 2:
        return None
    between = next((mark for mark in _BETWEEN if mark in lines[0]), "")
    if not between:
        return None
    names, values = ([_unquoted(cell.strip()) for cell in line.split(between)] for line in lines)
    return _from_named(dict(zip(names, values, strict=True))) if len(names) == len(values) else None


def _from_two_lines(lines: list[str]) -> PastedCredentials | None:
    if len(lines) != 2 or any(_plain_name(match[1]).endswith(_SECRET + _ID) for match in _named(lines)):
        return None
    return _both(*lines)


def _from_pair(lines: list[str]) -> PastedCredentials | None:
    if len(lines) != 1:
        return None
    for mark in ("\t", ":", ",", ";"):
        client_id, found, secret = lines[0].partition(mark)
        if found and not secret.startswith("//"):
            both = _both(_unquoted(client_id.strip()), _unquoted(secret.strip()))
            return both and replace(both, certain=mark == "\t")
    return None


def _from_named(values: Mapping[str, object]) -> PastedCredentials | None:
    named = [(_plain_name(name), _text(value)) for name, value in values.items()]
    secrets = [(name, value) for name, value in named if name.endswith(_SECRET)]
    others = [pair for pair in named if pair not in secrets]
    ids = [value for name, value in others if name.endswith(_ID)]
    ids += [value for name, value in others if name in _WHOLE_ID]
    found = _both(_first(ids), _first(value for _, value in secrets))
    if found is None:
        return None
    redirect = _first(value for name, value in others if name.endswith(_REDIRECT))
    return PastedCredentials(found.client_id, found.secret, redirect)


def _plain_name(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


def _first(values: Iterable[str]) -> str:
    return next((value for value in values if value), "")


def _both(client_id: str, secret: str) -> PastedCredentials | None:
    if not client_id or not secret or any(c.isspace() for c in client_id + secret):
        return None
    return PastedCredentials(client_id, Secret(secret))


def _unquoted(text: str) -> str:
    quoted = len(text) > 1 and text[0] == text[-1] and text[0] in "\"'"
    return text[1:-1] if quoted else text


def _text(value: object) -> str:
    if isinstance(value, list) and len(value) == 1:
        return _text(value[0])
    return str(value).strip() if isinstance(value, str | int) and not isinstance(value, bool) else ""
