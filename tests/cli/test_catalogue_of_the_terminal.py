"""A verb in each language that has a catalogue: a process as a person starts it, and the catalogue that it reads."""

import os
import subprocess
import sys
from gettext import GNUTranslations
from pathlib import Path

import pytest

from keyrack.command_name import command_name
from keyrack.language.languages import LANGUAGES
from keyrack.language.translation import SOURCE
from tests.checkout import FROM_SOURCE, ROOT

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there is no local socket on Windows yet")

OTHERS = tuple(language for language in LANGUAGES if language != SOURCE)
LOCALES = {"cs": "cs_CZ.UTF-8", "de": "de_DE.UTF-8", "ko": "ko_KR.UTF-8", "uk": "uk_UA.UTF-8"}
WRONG = "There is no verb “{word}”. `keyrack --help` lists them."
HELP = "Renews the token of the account NAME now."


def catalogue(language: str) -> GNUTranslations:
    with (ROOT / "resources" / "languages" / f"{language}.mo").open("rb") as file:
        return GNUTranslations(file)


def run(*words: str, **variables: str) -> "subprocess.CompletedProcess[bytes]":
    """Run a verb in a process of its own, with these variables."""
    command = [sys.executable, "-m", "keyrack", *words]
    env = {**os.environ, **FROM_SOURCE, "PYTHONIOENCODING": "utf-8", **variables}
    return subprocess.run(command, env=env, capture_output=True, timeout=60, check=False)


@pytest.mark.parametrize("language", OTHERS)
def test_a_mistake_is_said_in_the_language_of_the_terminal(language: str) -> None:
    expected = catalogue(language).gettext(WRONG)
    assert expected != WRONG
    done = run("tokn", LANG=LOCALES[language])
    told = expected.format(word="tokn").replace("`keyrack", f"`{command_name(str(Path.cwd()))}")
    assert (done.returncode, done.stdout, done.stderr.decode()) == (2, b"", f"{told}\n")


@pytest.mark.parametrize("language", OTHERS)
def test_help_is_in_the_language_that_goes_before_the_others(language: str) -> None:
    expected = catalogue(language).gettext(HELP)
    assert expected != HELP
    done = run("refresh", "--help", LANG="en_GB.UTF-8", LANGUAGE=language)
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.decode().endswith(f"\n\n{expected}\n")


@pytest.mark.parametrize("language", OTHERS)
def test_the_words_of_argparse_keep_their_places(language: str) -> None:
    """Its places are not those of our own sentences, which the check of the catalogues knows."""
    for option in ("--help", "--nope", "set"):
        done = run("settings", option, LANG=LOCALES[language])
        assert done.returncode == (0 if option == "--help" else 2)
        assert b"Traceback" not in done.stderr
