"""The kinds of failures in the interface: the table of the module, and relayed failures."""

import re
from collections.abc import Iterator
from importlib import import_module

import pytest

from keyrack.broker.protocol import api_errors
from keyrack.broker.protocol.api_errors import STATUSES, ApiError, RelayedFailure, error_body, kind_of
from keyrack.cli.exit_codes import EXIT_CODES, UNEXPECTED
from keyrack.core.access.lock import LockRefused
from keyrack.core.access.policy import AccessRefused
from keyrack.core.failures import SignInLapsed
from keyrack.messages.catalogue import CATALOGUE
from keyrack.messages.socket_messages import SOCKET_MESSAGES
from keyrack.primitives.failure import Failure

ROW = re.compile(r"    (\w+) +(usage|sign_in_needed|keyring|provider|busy|refused|unexpected|its own) *(\d*) *(\d*)")


def subclasses(root: type[Failure]) -> Iterator[type[Failure]]:
    yield root
    for child in root.__subclasses__():
        yield from subclasses(child)


def test_the_table_of_the_module_says_what_it_does() -> None:
    for room in (
        "group.group_failures",
        "shared_store.seal_failures",
        "shared_store.store_failures",
        "sharing.sharing_failures",
    ):
        import_module(f"keyrack.core.{room}")  # the program imports them where a host belongs to a group
    classes = {each.__name__: each for each in subclasses(Failure) if each.__module__.startswith("keyrack.")}
    rows = ROW.findall(api_errors.__doc__ or "")
    assert len(rows) == 28
    for name, kind, status, exit_code in rows:
        if kind == "its own":
            assert issubclass(classes[name], ApiError | AccessRefused | LockRefused)
            continue
        failure = classes[name].__new__(classes[name])
        assert kind_of(failure) == kind, name
        assert STATUSES[kind] == int(status), name
        assert EXIT_CODES.get(kind, UNEXPECTED) == int(exit_code), name


def test_a_subclass_has_the_kind_of_its_nearest_listed_base() -> None:
    class Later(SignInLapsed):
        """A failure that the table does not list."""

    assert kind_of(Later()) == "sign_in_needed"


def test_the_error_code_of_a_response_is_the_kind_and_never_the_code_of_the_sentences() -> None:
    failure = ApiError("busy", "too_many_streams", streams="8")
    assert failure.code == "too_many_streams"
    assert error_body(failure) == {
        "version": 1,
        "error": {
            "code": "busy",
            "happened": "8 programs follow the changes already.",
            "means": "",
            "todo": "End one of them.",
            "detail": "",
        },
    }


def test_a_relayed_failure_keeps_its_sentences_and_the_words_of_the_other_side() -> None:
    why = Failure("sign_in_denied", detail="access_denied: no")
    relayed = RelayedFailure("sign_in_needed", why)
    assert error_body(relayed)["error"] == {
        "code": "sign_in_needed",
        "happened": why.happened,
        "means": why.means,
        "todo": why.todo,
        "detail": "access_denied: no",
    }
    assert (relayed.kind, relayed.code, relayed.detail) == ("sign_in_needed", "sign_in_denied", "access_denied: no")
    assert relayed.message == (why.happened, why.means, "Sign in to try again.")
    assert RelayedFailure("sign_in_needed", why, todo="Wait.").todo == "Wait."


@pytest.mark.parametrize("code", SOCKET_MESSAGES)
def test_every_sentence_of_the_socket_is_in_the_catalogue(code: str) -> None:
    assert CATALOGUE[code] is SOCKET_MESSAGES[code]
