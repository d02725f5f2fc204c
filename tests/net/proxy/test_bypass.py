"""The hosts that a setting excepts from the proxy are those that its own program excepts."""

import pytest

from keyrack.net.proxy.bypass import bypassed

pytestmark = pytest.mark.security("S52")


@pytest.mark.parametrize(
    ("entry", "host", "excepted"),
    [
        ("near.example", "near.example", True),
        ("near.example", "api.near.example", True),
        ("near.example", "wednear.example", False),
        (".near.example", "near.example", True),
        ("*.near.example", "api.near.example", True),
        ("Near.Example", "API.near.example", True),
        ("near.example:443", "near.example", True),
        ("near.example:8443", "near.example", False),
        ("10.0.0.5", "10.0.0.5", True),
        ("10.0.0.0/8", "10.200.0.5", True),
        ("10.0.0.0/8", "11.0.0.5", False),
        ("10.0.0.0/8", "near.example", False),
        ("[fd00::1]", "fd00::1", True),
        ("fd00::/8", "fd12::1", True),
        ("[fd00::1]:443", "fd00::1", True),
        ("*", "near.example", True),
        ("<local>", "intranet", True),
        ("<local>", "near.example", False),
        ("<local>", "fd00::1", False),
        ("", "near.example", False),
        (".", "near.example", False),
        ("*.", "near.example", False),
    ],
)
def test_an_entry_names_hosts(entry: str, host: str, excepted: bool) -> None:
    assert bypassed(host, ["other.example", entry]) is excepted
