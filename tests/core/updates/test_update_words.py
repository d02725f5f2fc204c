"""What a look found, in the sentences of the command and the settings."""

from dataclasses import replace
from pathlib import Path

import pytest

from keyrack.core.updates.installation import Installation, Kind
from keyrack.core.updates.release_list import Release, ReleasedFile, list_of
from keyrack.core.updates.update_check import Found
from keyrack.core.updates.update_words import how_words
from tests.core.updates.published import Desk

NAMES = ("keyrack-0.2.0.tar.gz", "keyrack-0.2.0-py3-none-any.whl", "keyrack-0.2.0-windows-x86_64.msi")
RELEASE = Release("0.2.0", "2026-12-01", tuple(ReleasedFile(name, 1, "ab" * 32) for name in NAMES))


@pytest.fixture
def found(desk: Desk) -> Found:
    known = replace(list_of(desk.publisher.text()), releases=(RELEASE,))
    return Found("0.1.0", desk.clock.wall, desk.clock.wall, known, (RELEASE,))


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (
            "pipx",
            ["The line below brings it in, typed where the file is.", f"pipx install --force './{NAMES[1]}[sandbox]'"],
        ),
        (
            "sources",
            [
                "The line below, typed where the file is, unpacks it beside this one. "
                "Start python3 desktop in the new folder then.",
                f"tar -xf {NAMES[0]} -C /x",
            ],
        ),
        ("windows", []),
    ],
)
def test_a_command_stands_alone_in_the_last_line(kind: Kind, said: list[str], found: Found) -> None:
    """What is copied with it must not become part of it, such as the full stop of a sentence."""
    name, digest, *how = how_words(found, Installation(kind, Path("/x/keyrack"))).split("\n")
    assert name.startswith("Get keyrack-0.2.0")
    assert name.endswith(" from https://desk.example/keyrack/.")
    assert digest == f"Its SHA-256 is {'ab' * 32}."
    assert how == said


def test_a_way_without_a_file_is_told_where_the_others_are(found: Found) -> None:
    (line,) = how_words(found, Installation("flatpak", Path("/app"))).split("\n")
    assert line.endswith("The others are at https://desk.example/keyrack/.")
