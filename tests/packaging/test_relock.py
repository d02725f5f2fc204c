"""A lock that names a host, or loosens the installer, is never written."""

import pytest

from relock import checked

GOOD = "tiny==1.0 ; sys_platform == 'win32' \\\n    --hash=sha256:0123\n"


def test_a_lock_of_pinned_names_and_hashes_passes() -> None:
    assert checked("# a comment\n" + GOOD) == GOOD


@pytest.mark.security("S109")
@pytest.mark.parametrize(
    "line",
    [
        "--index somewhere",
        "-i somewhere",
        "--trusted-host somewhere",
        "-f wheels",
        "tiny @ ftp://host.example/t",
    ],
)
def test_a_host_or_an_option_is_refused(line: str) -> None:
    with pytest.raises(SystemExit, match="not usable"):
        checked(GOOD + line + "\n")
