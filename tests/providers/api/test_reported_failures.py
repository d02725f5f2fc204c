"""What an API reports, by its classes: sign in again, rights, wait, refused. The inputs are real services' answers."""

from typing import Any

import msgspec
import pytest

from keyrack.oauth.oauth_errors import ServiceEnded, Transient, Unavailable
from keyrack.providers.api.api_failures import ApiRefused, TokenRefused
from keyrack.providers.api.reported_failures import api_failure
from keyrack.providers.files.load import BadProviderFile, read
from keyrack.providers.schema import ApiErrors, ApiFailure
from tests.providers.test_readme import EXAMPLE
from tests.tokens import provider

RIGHTS, WAIT, SIGN_IN, REFUSED = "figures_not_permitted", "server_slows_down", "api_token_refused", "figures_refused"


def said(id: str, status: int, value: Any) -> Any:
    return api_failure(provider(id), status, value)


@pytest.mark.parametrize(
    ("code", "message", "expected"),
    [(10028, "too_many_requests", WAIT), (11051, "system_maintenance", WAIT), (13021, "forbidden", RIGHTS)],
)
def test_deribits_errors_with_status_400_q18(code: int, message: str, expected: str) -> None:
    """Case 13."""
    error = {"code": code, "message": message, "data": {"reason": "insufficient_scope"}}
    assert said("deribit", 400, {"jsonrpc": "2.0", "error": error}).code == expected


@pytest.mark.parametrize(
    ("text", "expected", "least"),
    [
        ("EGeneral:Permission denied", RIGHTS, None),
        ("EAccount:Invalid permissions", RIGHTS, None),
        ("ESession:Invalid session", SIGN_IN, None),
        ("EAPI:Invalid key", SIGN_IN, None),
        ("EAPI:Rate limit exceeded", WAIT, None),
        ("EService:Unavailable", WAIT, None),
        ("EService:Busy", WAIT, None),
        ("EOrder:Unknown order", REFUSED, None),
    ],
)
def test_krakens_errors_with_status_200_q21(text: str, expected: str, least: float | None) -> None:
    """Case 24."""
    found = said("kraken", 200, {"error": [text]})
    assert (found.code, found.retry_after) == (expected, least)
    assert text in found.detail


def test_krakens_lockout_lasts_a_quarter_of_an_hour_q21() -> None:
    found = said("kraken", 200, {"error": ["EGeneral:Temporary lockout"]})
    assert isinstance(found, Unavailable)
    assert found.retry_after == 900
    assert "quarter of an hour" in found.means


def test_krakens_full_list_of_keys_says_what_to_do() -> None:
    found = said("kraken", 200, {"error": ["EAccount:Too many API keys"]})
    assert type(found) is ApiRefused
    assert "Delete old keys" in found.todo


@pytest.mark.parametrize("status", [403, 401])
def test_alpacas_forbidden_is_a_dead_sign_in_q21(status: int) -> None:
    """Case 40. Another 403 is about rights."""
    found = said("alpaca", status, {"message": "forbidden."})
    assert type(found) is TokenRefused
    assert "live or paper" in found.means
    assert said("alpaca", 403, {"code": 40310000, "message": "not allowed"}).code == RIGHTS


def test_geminis_group_is_told_q25() -> None:
    """Case 50."""
    answer = {"result": "error", "reason": "MissingAccounts", "message": "accounts are required"}
    found = said("gemini", 400, answer)
    assert type(found) is ApiRefused
    assert "group" in found.happened
    assert said("gemini", 403, {"result": "error", "reason": "MissingRole"}).code == RIGHTS
    assert said("gemini", 400, {"result": "error", "reason": "Odd"}).code == REFUSED


def test_a_good_answer_is_no_failure() -> None:
    for id, value in (("kraken", {"error": [], "result": {}}), ("alpaca", {"cash": "1"}), ("deribit", {"result": {}})):
        assert said(id, 200, value) is None


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("unauthorized", TokenRefused),
        ("rights", ApiRefused),
        ("wait", Transient),
        ("ended", ServiceEnded),
        ("refused", ApiRefused),
    ],
)
@pytest.mark.parametrize("words", ["", "It happened."])
def test_every_class_with_and_without_its_own_words(kind: Any, expected: type, words: str) -> None:
    known = ApiFailure(says="odd", kind=kind, at="a.b", happened=words)
    own = msgspec.structs.replace(provider("alpaca"), errors=ApiErrors(failures=(known,)))
    found = api_failure(own, 200, {"a": {"b": "odd"}})
    assert found is not None
    assert isinstance(found, expected)
    assert not words or words in found.sentences()


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ('says = "x"\nkind = "later"', "errors.failures.1.kind"),
        ('says = "x"\nkind = "rights"\nleast_wait = 5.0', "errors.failures.1.least_wait: has no meaning where kind"),
        ('says = "x"\nkind = "wait"\nleast_wait = -1.0', "errors.failures.1.least_wait"),
        ('kind = "wait"', "errors.failures.1.says: is missing"),
    ],
)
def test_a_mistake_in_the_table_is_named_with_its_key(table: str, says: str) -> None:
    with pytest.raises(BadProviderFile) as raised:
        read("mine.toml", EXAMPLE + f"\n[[errors.failures]]\n{table}\n")
    assert says.partition(":")[0] in raised.value.happened


@pytest.mark.parametrize(
    ("code", "expected"),
    [("gone", ServiceEnded), ("old", TokenRefused), ("may", ApiRefused), ("slow", Unavailable), ("odd", ApiRefused)],
)
def test_a_code_of_each_list_is_a_failure_of_its_class(code: str, expected: type) -> None:
    """A service that has ended is looked for first: no sign-in helps there."""
    errors = ApiErrors(
        codes=("code",), ended=("gone",), unauthorized=("old", "gone"), rights=("may", "gone"), wait=("slow", "gone")
    )
    own = msgspec.structs.replace(provider("alpaca"), errors=errors, ends_note="Move.")
    found = api_failure(own, 400, {"code": code})
    assert found is not None
    assert type(found) is expected
    assert (code == "gone") == ("Move." in found.sentences())


def test_the_least_wait_holds_without_words_too() -> None:
    known = ApiFailure(says="odd", kind="wait", at="a.b", least_wait=5.0)
    own = msgspec.structs.replace(provider("alpaca"), errors=ApiErrors(failures=(known,)))
    found = api_failure(own, 200, {"a": {"b": "odd"}})
    assert found is not None
    assert (found.code, found.retry_after) == (WAIT, 5)
