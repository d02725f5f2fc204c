"""What a look found, in the sentences of the command and the settings."""

from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from keyrack.core.updates.installation import Installation, Kind
from keyrack.core.updates.release_list import Release, ReleasedFile, list_of
from keyrack.core.updates.update_check import DAY, Found
from keyrack.core.updates.update_failures import ListRefused
from keyrack.core.updates.update_words import how_words, newer_words
from tests.core.updates.published import Desk

NAMES = ("keyrack-0.2.0.tar.gz", "keyrack-0.2.0-py3-none-any.whl", "keyrack-0.2.0-windows-x86_64.msi")
RELEASE = Release("0.2.0", "2026-12-01", tuple(ReleasedFile(name, 1, "ab" * 32) for name in NAMES))


@pytest.fixture
def found(desk: Desk) -> Found:
    known = replace(list_of(desk.publisher.text()), releases=(RELEASE,))
    return Found("0.1.0", desk.clock.wall, desk.clock.wall, known, (RELEASE,))


@pytest.mark.parametrize(
    ("note", "said"),
    [("", ""), ("It is quick.", " It is quick."), ("It is quick", " It is quick."), ("It is quick;", " It is quick.")],
)
def test_a_note_is_a_sentence_that_another_may_follow(note: str, said: str, found: Found) -> None:
    noted = replace(found, newer=(msgspec.structs.replace(RELEASE, note=note),))
    assert newer_words(noted) == f"Keyrack 0.2.0 came out on 2026-12-01. This one is 0.1.0.{said}"


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
                (
                    "The line below, typed where the file is, unpacks it beside this one. "
                    "Start python3 desktop in the new folder then."
                ),
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


async def test_a_list_whose_time_is_over_does_not_say_that_this_is_the_newest_version(desk: Desk) -> None:
    async with desk.publishing(desk.publisher.list(days=30, releases=[])):
        assert newer_words(await desk.check().look()) == "Keyrack 0.1.0 is the newest version."
    desk.clock.move(30 * DAY)
    assert newer_words(await desk.check().last()) == (
        "The release list of 2026-12-01 was good until 2026-12-31, and today is 2027-01-01 here. "
        "It says nothing about newer versions any more."
    )


async def test_that_a_list_is_over_is_said_once_where_the_last_look_said_it(desk: Desk) -> None:
    async with desk.publishing(desk.publisher.list(days=30, releases=[])):
        await desk.check().look()
        desk.clock.move(30 * DAY)
        with pytest.raises(ListRefused):
            await desk.check().look()
    found = await desk.check().last()
    assert found.failed is not None
    assert newer_words(found) == ""


async def test_a_newer_version_is_told_also_by_a_list_whose_time_is_over(desk: Desk) -> None:
    async with desk.publishing(desk.publisher.list(days=30)):
        await desk.check().look()
    desk.clock.move(400 * DAY)
    assert newer_words(await desk.check().last()).startswith("Keyrack 0.2.0 came out on 2026-12-01.")
