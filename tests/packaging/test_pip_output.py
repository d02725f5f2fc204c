"""What pip says becomes progress and one sentence."""

import pytest

from pip_output import PipOutput, explain


@pytest.mark.parametrize(
    ("output", "word"),
    [
        ("ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device", "disk is full"),
        ("ERROR: [Errno 13] Permission denied: '/x'", "cannot be written"),
        (
            "Temporary failure in name resolution\nERROR: No matching distribution found for tiny==1.0",
            "check the network",
        ),
        ("ERROR: No matching distribution found for tiny==1.0", "no tiny for this system"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.", "hash differs"),
    ],
)
def test_each_cause_has_its_sentence(output: str, word: str) -> None:
    assert word in explain(output)


def test_an_unknown_failure_is_quoted_without_addresses() -> None:
    said = explain(
        "Looking in indexes: https://name:password@index.example/\nERROR: odd thing at https://name:password@index.example/x"
    )
    assert said == "pip said: ERROR: odd thing at …"


def test_silence_is_a_failure_too() -> None:
    assert explain("") == "pip said: nothing"


def test_progress_counts_what_applies_here() -> None:
    shown: list[str] = []
    output = PipOutput(total=3, say=shown.append, live=False)
    for line in (
        "Ignoring colorama: markers 'sys_platform == \"win32\"' don't match your environment\n",
        "Collecting anyio==4.0 (from -r requirements.txt (line 1))\n",
        "Processing /wheels/h11-0.16.0-py3-none-any.whl (from -r requirements.txt (line 2))\n",
        "Installing collected packages: anyio, h11\n",
    ):
        output.read(line)
    assert shown == ["  1/2 anyio 4.0", "  2/2 h11 0.16.0", "  installing them"]


def test_on_a_terminal_the_line_is_overwritten(capsys: pytest.CaptureFixture[str]) -> None:
    output = PipOutput(total=1, say=print, live=True)
    output.read("Collecting anyio==4.0\n")
    output.end()
    assert capsys.readouterr().err == "\r\x1b[K  1/1 anyio 4.0\r\x1b[K"
