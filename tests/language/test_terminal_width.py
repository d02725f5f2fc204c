"""How much room a text takes in a terminal, and where its lines are broken."""

import pytest

from keyrack.language.languages import LANGUAGES
from keyrack.language.terminal_width import folded, padded, width_of
from keyrack.language.translation import speaking
from keyrack.startup.option_parser import parse


def test_wide_letters_take_two_columns_and_accents_none() -> None:
    assert width_of("한국 a") == 6
    assert width_of("e\u0301") == 1
    assert padded("키", 4) + "|" == "키  |"


def test_a_long_line_goes_on_below_its_words() -> None:
    words = " ".join(["words"] * 20)
    lines = folded(f"  --option NAME  {words}\n                 that went on\n\n  next  short").split("\n")
    assert lines[0] == "  --option NAME  " + " ".join(["words"] * 14)
    assert lines[1] == " " * 17 + " ".join(["words"] * 6) + " that went on"
    assert lines[2:] == ["", "  next  short"]


def test_a_line_of_a_list_takes_no_other_to_it() -> None:
    first = "  " + " · ".join(f"{n} what it means" for n in range(8))
    lines = folded(f"{first}\n  8 the last").split("\n")
    assert lines[-1] == "  8 the last"
    assert lines[0].endswith("what it means ·")
    assert lines[1].startswith("  5 what it means")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_help_is_no_wider_than_a_terminal(language: str, capsys: pytest.CaptureFixture[str]) -> None:
    with speaking(language), pytest.raises(SystemExit):
        parse(["--help"])
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) > 30
    assert [line for line in lines if width_of(line) > 100] == []
