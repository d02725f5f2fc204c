"""`sharing.toml`: strict, private, without a secret, and never lost."""

import tomllib
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyrack.core.group.group_failures import SharingFileFailure
from keyrack.core.group.sharing_file import (
    LARGEST,
    SharingFile,
    SharingSettings,
    StoreAddress,
    checked_address,
    checked_settings,
)
from keyrack.primitives.failure import Failure

ADDRESS = StoreAddress(members=("https://10.0.0.1:2379", "https://10.0.0.2:2379"), user="keyrack", ca="/etc/ca.pem")
IDS = {"group_id": "0123456789abcdef", "host_id": "fedcba9876543210"}
SETTINGS = checked_settings(ADDRESS, group="desk", host="desk 1", **IDS)


def refused(folder: Path) -> Failure:
    with pytest.raises(SharingFileFailure) as failed:
        SharingFile(folder).read()
    assert failed.value.happened
    return failed.value


def test_what_was_written_is_read_again(tmp_path: Path) -> None:
    SharingFile(tmp_path).create(SETTINGS)
    assert SharingFile(tmp_path).read() == SETTINGS
    assert SETTINGS.prefix == "/keyrack/desk/"
    assert (tmp_path / "sharing.toml").stat().st_mode & 0o777 == 0o600


@given(
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=64).filter(lambda t: t == t.strip())
)
def test_any_name_of_a_host_survives(tmp_path_factory: pytest.TempPathFactory, name: str) -> None:
    folder = tmp_path_factory.mktemp("config")
    settings = checked_settings(ADDRESS, group="desk", host=name, **IDS)
    SharingFile(folder).create(settings)
    assert SharingFile(folder).read().host == name


def test_a_file_that_is_there_is_not_replaced(tmp_path: Path) -> None:
    SharingFile(tmp_path).create(SETTINGS)
    before = SharingFile(tmp_path).path.read_bytes()
    with pytest.raises(SharingFileFailure) as there:
        SharingFile(tmp_path).create(msgspec.structs.replace(SETTINGS, host="another"))
    assert there.value.code == "share_in_group"
    assert SharingFile(tmp_path).path.read_bytes() == before


def test_a_key_that_is_not_known_is_told_and_stays(tmp_path: Path) -> None:
    file = SharingFile(tmp_path)
    file.create(SETTINGS)
    text = file.path.read_text() + '\n# a note of mine\nmemebrs = ["https://10.0.0.9:2379"]\n'
    file.path.write_text(text)
    assert file.read() == SETTINGS
    assert file.unknown == ("memebrs",)
    assert file.path.read_text() == text


@pytest.mark.security("S68")
def test_a_file_of_a_newer_keyrack_is_left_as_it_is(tmp_path: Path) -> None:
    path = SharingFile(tmp_path).path
    path.write_text("schema = 2\nanother = 1\n")
    assert refused(tmp_path).code == "share_file_newer"
    assert path.read_text() == "schema = 2\nanother = 1\n"


@pytest.mark.parametrize(
    ("line", "key"),
    [
        ("schema = true", "schema"),
        ("schema = 0", "schema"),
        ('schema = "1"', "schema"),
        ("members = []", "members"),
        ('members = "https://10.0.0.1:2379"', "members"),
        ('members = ["a\\u0000b"]', "members"),
        ("members = [7]", "members"),
        ('group = "Desk/../x"', "group"),
        ('group = ""', "group"),
        ('host = " "', "host"),
        ('host = "a\\u001bb"', "host"),
        ("user = 5", "user"),
        ('host_id = "x"', "host_id"),
        ('group_id = "../../etc"', "group_id"),
    ],
)
def test_a_wrong_value_is_told_by_its_key(tmp_path: Path, line: str, key: str) -> None:
    file = SharingFile(tmp_path)
    file.create(SETTINGS)
    kept = [each for each in file.path.read_text().splitlines() if not each.startswith(f"{key} ")]
    file.path.write_text("\n".join([*kept, line]))
    found = refused(tmp_path)
    assert (found.code, found.params["key"]) == ("share_file_wrong_value", key)


@pytest.mark.parametrize("field", ["members", "group", "group_id", "host", "host_id", "schema"])
def test_a_missing_key_is_told(tmp_path: Path, field: str) -> None:
    file = SharingFile(tmp_path)
    file.create(SETTINGS)
    file.path.write_text(
        "\n".join(each for each in file.path.read_text().splitlines() if not each.startswith(f"{field} "))
    )
    assert refused(tmp_path).params["key"] == field


@given(st.binary(max_size=400))
def test_whatever_the_file_holds_is_told_and_left(tmp_path_factory: pytest.TempPathFactory, noise: bytes) -> None:
    folder = tmp_path_factory.mktemp("config")
    (folder / "sharing.toml").write_bytes(noise)
    refused(folder)
    assert (folder / "sharing.toml").read_bytes() == noise


def test_a_file_that_cannot_be_read_is_not_taken_for_none(tmp_path: Path) -> None:
    assert refused(tmp_path).code == "share_no_group"
    path = SharingFile(tmp_path).path
    path.symlink_to(tmp_path / "a disk that is away" / "sharing.toml")
    assert refused(tmp_path).code == "share_file_link_empty"
    assert SharingFile(tmp_path).exists()
    path.unlink()
    path.mkdir()
    assert refused(tmp_path).code == "share_file_unreadable"
    path.rmdir()
    path.write_bytes(b"#" * (LARGEST + 1))
    assert refused(tmp_path).code == "share_file_no_toml"


@pytest.mark.security("S66")
def test_no_field_of_the_file_is_made_for_a_secret(tmp_path: Path) -> None:
    SharingFile(tmp_path).create(SETTINGS)
    assert set(tomllib.loads((tmp_path / "sharing.toml").read_text())) <= {*SharingSettings.__struct_fields__, "schema"}
    assert not {name for name in SharingSettings.__struct_fields__ if "password" in name or "secret" in name}


def test_an_address_that_cannot_be_one_is_refused_by_name() -> None:
    some: tuple[dict[str, object], ...] = ({}, {"members": []}, {"members": ["a\nb"]}, {"members": ["x"] * 17})
    for wrong in some:
        with pytest.raises(SharingFileFailure) as failed:
            checked_address(wrong)
        assert failed.value.params == {"key": "members"}
