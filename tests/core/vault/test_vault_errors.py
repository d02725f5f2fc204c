"""Each failure of the keyring has its own class and its own sentences."""

import pytest

from keyrack.core.vault import vault_errors as errors

SEVEN = [
    errors.Locked,
    errors.Dismissed,
    errors.Denied,
    errors.NoService,
    errors.Missing,
    errors.BusLost,
    errors.Corrupt,
]


@pytest.mark.security("S60")
def test_the_seven_results_have_seven_texts() -> None:
    made = [kind() for kind in SEVEN]
    assert len({failure.happened for failure in made}) == 7
    assert len({failure.todo for failure in made}) == 7
    for failure in made:
        assert all(text.endswith(".") for text in (failure.happened, failure.means, failure.todo))


class KeyringLocked(Exception):
    """Named as in keyring.errors."""


class InitError(Exception):
    """Named as in keyring.errors."""


class PromptDismissedException(Exception):
    """Named as in secretstorage.exceptions."""


class SecretServiceNotAvailableException(Exception):
    """Named as in secretstorage.exceptions."""


class BusError(Exception):
    """An error that carries a D-Bus name, as jeepney's do."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


def wrapped(outer: Exception, inner: Exception) -> Exception:
    outer.__cause__ = inner
    return outer


@pytest.mark.security("S60")
@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (KeyringLocked(), errors.Locked),
        (wrapped(InitError("vague"), PromptDismissedException()), errors.Dismissed),
        (BusError("org.freedesktop.DBus.Error.AccessDenied"), errors.Denied),
        (BusError("org.freedesktop.DBus.Error.Spawn.ExecFailed"), errors.NoService),
        (SecretServiceNotAvailableException(), errors.NoService),
        (
            wrapped(SecretServiceNotAvailableException(), BusError("org.freedesktop.DBus.Error.NoReply")),
            errors.BusLost,
        ),
        (wrapped(SecretServiceNotAvailableException(), ConnectionRefusedError()), errors.BusLost),
        (FileNotFoundError(2, "no socket"), errors.BusLost),
        (BusError("org.freedesktop.Secret.Error.NoSession"), errors.BusLost),
        (BusError("org.qtproject.QtDBus.Error.InvalidObjectPath"), errors.BusLost),
        (EOFError(), errors.BusLost),
        (UnicodeDecodeError("utf-8", b"\xff", 0, 1, "invalid"), errors.Corrupt),
        (TimeoutError(), errors.Stuck),
        (RuntimeError("whatever a library raises"), errors.Denied),
        (errors.Missing(), errors.Missing),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else value.__name__,
)
def test_library_errors_are_sorted(error: Exception, kind: type[errors.VaultFailure]) -> None:
    assert type(errors.as_vault_failure(error)) is kind


def test_a_ring_of_causes_ends() -> None:
    first, second = ValueError("a"), ValueError("b")
    first.__cause__, second.__cause__ = second, first
    assert isinstance(errors.as_vault_failure(first), errors.Denied)


def test_the_text_of_a_library_is_not_repeated() -> None:
    failure = errors.as_vault_failure(RuntimeError("rt-invented-in-an-error"))
    assert "invented" not in failure.sentences() + failure.detail + repr(failure)
