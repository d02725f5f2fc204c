"""The person's own provider files: loaded at the start, refused with key and line, imported whole or not at all."""

import os
import stat
import tomllib
from contextlib import suppress
from pathlib import Path

import pytest
import trustme
from hypothesis import given
from hypothesis import strategies as st

from keyrack.core.rack import Rack
from keyrack.core.sites.catalog import ProviderCatalog
from keyrack.core.sites.user_files import FOLDER, LARGEST, MOST_FILES, ProviderFileFailure, UserProviderFiles
from keyrack.core.system.paths import Paths
from keyrack.core.system.private_file import write_private
from keyrack.core.vault.memory_vault import MemoryVault
from keyrack.core.wiring import assemble
from keyrack.oauth.oauth_errors import UnexpectedResponse
from keyrack.primitives.failure import Failure
from keyrack.providers.files.load import BadProviderFile
from keyrack.providers.files.metadata import MetadataRefused, Wish, filled
from keyrack.providers.files.mistake import Mistake
from keyrack.providers.files.user_file import read_own
from keyrack.providers.registry import built_in
from keyrack.providers.schema import Provider
from tests.core.user_provider import file_of
from tests.sandbox_process import RunningSandbox
from tests.tokens import FIXED

FILE = """\
id = "sample"
name = "Sample"
monogram = "S"
documentation = "https://docs.example.org/"
checked = 2026-11-21

[regions.main]
name = "Main"
token_endpoint = "https://auth.example.org/token"
api = "https://api.example.org"

[flows.client_credentials]
title = "Key"
credentials_help = "Make a key there."

[dialect]
renewal = "again"
"""
IDS = ("probit", "bitport")


@pytest.fixture
def config(tmp_path: Path) -> Path:
    (tmp_path / "config" / FOLDER).mkdir(parents=True)
    return tmp_path / "config"


def put(config: Path, name: str, text: str) -> Path:
    path = config / FOLDER / name
    path.write_text(text, "utf-8")
    return path


def loaded(config: Path, most_files: int = MOST_FILES) -> tuple[list[str], list[str]]:
    """The ids of the loaded providers, and the problems of the other files."""
    known: dict[str, Provider | None] = dict.fromkeys(IDS)
    files = UserProviderFiles(config, known.keys(), most_files)
    for provider in files.load():
        known[provider.id] = provider
    return [id for id, provider in known.items() if provider], [why.happened for why in files.problems]


def test_a_file_in_the_folder_is_one_more_provider(config: Path) -> None:
    put(config, "sample.toml", FILE)
    put(config, "another.toml", FILE.replace('"sample"', '"another"'))
    assert loaded(config) == (["another", "sample"], [])


def test_without_a_folder_there_is_nothing_to_read(tmp_path: Path) -> None:
    assert loaded(tmp_path) == ([], [])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.security("S38")
@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('id = "sample"', 'id = "probit"', "line 1: key id: is that of a provider Keyrack knows already"),
        ('id = "sample"', 'id = "../sample"', "line 1: key id: needs "),
        ('monogram = "S"', 'monogram = "Sample"', "line 3: key monogram: needs 1 to 3 ordinary characters"),
        ('name = "Sample"', 'name = "Sam\\u202Eple"', "line 2: key name: needs 1 to 40 ordinary characters"),
        ('title = "Key"', f'title = "{"K" * 41}"', "line 13: key flows.client_credentials.title: needs 1 to 40"),
        ('help = "Make', f'help = "{"M" * 600}', "line 14: key flows.client_credentials.credentials_help: may have"),
        ("https://auth", "http://auth", "line 9: key regions.main.token_endpoint: needs a bare https address"),
        ("token_endpoint", "tokens", "line 9: key regions.main.tokens: is not a key of this table"),
        ('renewal = "again"', 'state_echo = "never"', "line 17: key dialect.state_echo: "),
        ("[flows.client_credentials]", "[flows.fast_api_key]", "line 12: key flows.fast_api_key: needs code"),
        ('renewal = "again"', 'revocation = "body"', "line 7: key regions.main.revocation_endpoint: is needed"),
        ("[dialect]", "[dialect", "line 16: "),
        (
            'renewal = "again"\n',
            '\n[[balances]]\npath = "/b"\nshape = "keyed"\navailable = "a"\ntotal = "t"\nproof = "kraken_key"\n',
            "line 23: key balances.0.proof: needs code that comes with Keyrack",
        ),
        ("checked", 'ca_file = "../ca.pem"\nchecked', "line 5: key ca_file: needs the plain name of a file"),
        ("checked", 'ca_file = "ca.pem"\nchecked', "line 5: key ca_file: ca.pem is not there"),
    ],
)
def test_a_broken_file_is_left_out_and_told_with_key_and_line(config: Path, old: str, new: str, said: str) -> None:
    put(config, "good.toml", FILE.replace('"sample"', '"good"'))
    text = FILE.replace(old, new, 1)
    assert text != FILE
    put(config, "mine.toml", text)
    ids, problems = loaded(config)
    assert ids == ["good"]
    assert [problem.startswith(f"mine.toml, {said}") for problem in problems] == [True], problems


def test_two_files_with_one_id_are_not_both_used(config: Path) -> None:
    put(config, "a.toml", FILE)
    put(config, "b.toml", FILE)
    ids, problems = loaded(config)
    assert ids == ["sample"]
    assert problems[0].startswith("b.toml, line 1: key id: ")


@pytest.mark.security("S38")
def test_links_large_files_folders_pipes_and_other_bytes_are_left_out(config: Path, tmp_path: Path) -> None:
    """Nothing leads out of the folder, and nothing can make the start wait."""
    outside = tmp_path / "outside.toml"
    outside.write_text(FILE)
    (config / FOLDER / "link.toml").symlink_to(outside)
    (config / FOLDER / "folder.toml").mkdir()
    os.mkfifo(config / FOLDER / "pipe.toml")
    put(config, "large.toml", FILE + "#" * LARGEST)
    (config / FOLDER / "latin.toml").write_bytes(FILE.encode() + b'leaves_out = "caf\xe9"\n')
    put(config, ".hidden.toml", FILE)
    ids, problems = loaded(config)
    assert ids == []
    assert problems == [
        "folder.toml is not a file.",
        f"large.toml is larger than {LARGEST // 1024} KiB.",
        "latin.toml, line 18: holds bytes that are not UTF-8 text.",
        "link.toml is a link.",
        "pipe.toml is not a file.",
    ]


def test_the_program_starts_with_whatever_is_in_the_folder(config: Path, tmp_path: Path) -> None:
    put(config, "sample.toml", FILE)
    put(config, "broken.toml", "nonsense")
    paths = Paths(config, tmp_path / "state", tmp_path / "run", tmp_path / "logs")
    rack = Rack(assemble(built_in(), MemoryVault(), paths))
    assert list(rack.catalog) == [*(p.id for p in built_in()), "sample"]
    assert [why.happened.partition(":")[0] for why in rack.catalog.files.problems] == ["broken.toml, line 1"]


def test_a_folder_with_too_many_files_says_so(config: Path) -> None:
    for name in ("a", "b", "c"):
        put(config, f"{name}.toml", FILE.replace('"sample"', f'"{name}"'))
    assert loaded(config, most_files=2) == (["a", "b"], ["There are more than 2 provider files."])


@pytest.mark.security("S67")
def test_importing_copies_the_file_whole_for_its_owner_alone(config: Path, tmp_path: Path) -> None:
    source = tmp_path / "from-a-friend.toml"
    source.write_text(FILE)
    catalog = ProviderCatalog(built_in(), config)
    provider = catalog.add(catalog.files.inspect(source), source)
    stored = config / FOLDER / "sample.toml"
    assert provider.id == "sample"
    assert stored.read_text() == FILE
    assert stat.S_IMODE(stored.stat().st_mode) == 0o600
    assert stat.S_IMODE(stored.parent.stat().st_mode) == 0o700
    assert loaded(config) == (["sample"], [])
    with pytest.raises(BadProviderFile, match="key id: is that of a provider Keyrack knows already"):
        catalog.files.inspect(source)


def test_importing_never_writes_over_another_file(config: Path, tmp_path: Path) -> None:
    source = tmp_path / "mine.toml"
    source.write_text(FILE)
    there = put(config, "sample.toml", "something of the person's own")
    files = UserProviderFiles(config, IDS)
    with pytest.raises(ProviderFileFailure, match=r"There is a file sample\.toml already"):
        files.add(files.inspect(source), source)
    assert there.read_text() == "something of the person's own"
    there.unlink()
    there.symlink_to(tmp_path / "away.toml")
    with pytest.raises(ProviderFileFailure, match=r"There is a file sample\.toml already"):
        files.add(files.inspect(source), source)
    assert there.is_symlink()


def test_a_folder_that_cannot_be_written_is_told(config: Path, tmp_path: Path) -> None:
    source = tmp_path / "mine.toml"
    source.write_text(FILE)
    files = UserProviderFiles(config, IDS)
    found = files.inspect(source)
    (config / FOLDER).rmdir()
    (config / FOLDER).write_text("not a folder")
    with pytest.raises(ProviderFileFailure, match=r"sample\.toml could not be stored: ") as caught:
        files.add(found, source)
    assert "The provider was not added." in caught.value.sentences()


@pytest.mark.security("S40")
def test_certificates_come_along_and_are_this_provider_s_alone(config: Path, tmp_path: Path) -> None:
    (tmp_path / "friend").mkdir()
    source = tmp_path / "friend" / "mine.toml"
    source.write_text(FILE.replace("checked", 'ca_file = "their-ca.pem"\nchecked'))
    trustme.CA().cert_pem.write_to_path(str(source.parent / "their-ca.pem"))
    files = UserProviderFiles(config, IDS)
    provider = files.add(files.inspect(source), source)
    assert provider.ca_file == str(config / FOLDER / "their-ca.pem")
    assert loaded(config) == (["sample"], [])
    Path(provider.ca_file).write_text("no certificate")
    assert loaded(config)[1] == ["sample.toml, line 5: key ca_file: their-ca.pem holds no certificate in PEM form."]
    Path(provider.ca_file).unlink()
    Path(provider.ca_file).symlink_to(source.parent / "their-ca.pem")
    assert loaded(config)[1] == ["sample.toml, line 5: key ca_file: their-ca.pem is a link."]


def test_certificates_never_replace_others_of_that_name(config: Path, tmp_path: Path) -> None:
    source = tmp_path / "mine.toml"
    source.write_text(FILE.replace("checked", 'ca_file = "ca.pem"\nchecked'))
    trustme.CA().cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    write_private(config / FOLDER / "ca.pem", b"another provider's")
    files = UserProviderFiles(config, IDS)
    with pytest.raises(ProviderFileFailure, match=r"another file ca\.pem"):
        files.add(files.inspect(source), source)
    assert (config / FOLDER / "ca.pem").read_bytes() == b"another provider's"
    assert not (config / FOLDER / "sample.toml").exists()


def without_addresses(text: str) -> str:
    """The file with its issuer alone."""
    return "".join(line for line in text.splitlines(keepends=True) if "_endpoint" not in line)


@pytest.fixture
def described(sandbox: RunningSandbox, tmp_path: Path) -> Path:
    source = tmp_path / "example.toml"
    source.write_text(without_addresses(file_of(sandbox)))
    return source


@pytest.mark.security("S38")
async def test_metadata_fills_in_the_addresses_at_import_and_never_again(
    sandbox: RunningSandbox, config: Path, described: Path
) -> None:
    """RFC 8414: asked once, written into the stored file, read from there ever after."""
    files, before = UserProviderFiles(config, IDS), len(sandbox.log("example", "metadata"))
    found = files.inspect(described)
    assert [wish.url for wish in found.wishes] == [f"{sandbox.base('example')}/.well-known/oauth-authorization-server"]
    with pytest.raises(ProviderFileFailure, match="still lacks addresses"):
        files.add(found, described)
    done = await files.fill(found, described)
    provider = files.add(done, described)
    assert provider.regions["global"].token_endpoint == f"{sandbox.base('example')}/oauth/token"
    stored = (config / FOLDER / "example.toml").read_text()
    assert f'revocation_endpoint = "{sandbox.base("example")}/oauth/revoke"' in stored
    assert loaded(config) == (["example"], [])
    assert len(sandbox.log("example", "metadata")) == before + 1


async def test_addresses_that_the_file_names_are_kept(sandbox: RunningSandbox, config: Path, described: Path) -> None:
    own = "http://127.0.0.1:9/own"
    described.write_text(
        described.read_text().replace("[regions.global]", f'[regions.global]\nrevocation_endpoint = "{own}"')
    )
    files = UserProviderFiles(config, IDS)
    done = await files.fill(files.inspect(described), described)
    assert done.provider.regions["global"].revocation_endpoint == own


@pytest.mark.security("S38")
@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ("issuer", "belongs to another issuer"),
        ("status:404", "answered with status 404"),
        ("redirect:https://another.example.org/", "answered with status 302"),
        ("body:{}", "belongs to another issuer"),
        ("closed", "not the expected data"),
    ],
)
async def test_metadata_of_somebody_else_is_refused(
    sandbox: RunningSandbox, config: Path, described: Path, fault: str, said: str
) -> None:
    """RFC 8414 §3.3: the issuer must be exactly as in the file. No redirect is followed."""
    sandbox.fault("example", "metadata", fault)
    files = UserProviderFiles(config, IDS)
    with pytest.raises((MetadataRefused, UnexpectedResponse)) as raised:
        await files.fill(files.inspect(described), described)
    sandbox.clear_faults()
    assert said in raised.value.happened
    assert list((config / FOLDER).iterdir()) == []


@pytest.mark.parametrize("name", ["token_endpoint", "authorization_endpoint"])
async def test_metadata_with_an_unsafe_address_is_refused(
    sandbox: RunningSandbox, config: Path, described: Path, name: str
) -> None:
    base = sandbox.base("example")
    told = f'{{"issuer":"{base}","token_endpoint":"{base}/t","{name}":"http://evil.example/x"}}'
    sandbox.fault(
        "example", "metadata", "body:" + told.replace(f'"token_endpoint":"{base}/t",', "", name == "token_endpoint")
    )
    files = UserProviderFiles(config, IDS)
    with pytest.raises(MetadataRefused, match=f"The {name} in the metadata of .* is not a bare https address"):
        await files.fill(files.inspect(described), described)
    sandbox.clear_faults()


def test_a_file_that_still_wants_metadata_is_not_used_from_the_folder(config: Path, described: Path) -> None:
    put(config, "example.toml", described.read_text())
    ids, problems = loaded(config)
    assert ids == []
    assert "key regions.global.token_endpoint: is missing; import the file" in problems[0]


@pytest.mark.security("S38")
@pytest.mark.parametrize("issuer", ["http://auth.example.org", "https://a@auth.example.org", "ftp://auth.example.org"])
def test_metadata_is_asked_over_https_alone(config: Path, tmp_path: Path, issuer: str) -> None:
    source = tmp_path / "mine.toml"
    source.write_text(FILE.replace("token_endpoint = ", "issuer = ").replace("https://auth.example.org/token", issuer))
    with pytest.raises(Failure, match=r"key regions\.main\.issuer: needs a bare https address"):
        UserProviderFiles(config, IDS).inspect(source)


@pytest.mark.parametrize(
    ("header", "good"),
    [
        ("[regions.main]", True),
        ('[ regions . "main" ]  # here', True),
        ("[regions]\nmain.name = 'Main'\n[regions.main.x]", False),
        ("[regions]\n[dialect]\nregions.main", False),
    ],
)
async def test_addresses_are_written_under_the_header_of_their_site(header: str, good: bool) -> None:
    text = f'{header}\nname = "Main"\n'
    wish = Wish("main", "https://auth.example.org", "https://auth.example.org/x", test=False)
    addresses = {"token_endpoint": 'https://auth.example.org/"quoted"', "revocation_endpoint": "https://a.example.org/"}
    if not good:
        with pytest.raises(Mistake, match="needs a header of its own"):
            filled(text, wish, addresses, {})
        return
    written = tomllib.loads(filled(text, wish, addresses, {"revocation_endpoint": "there"}))
    assert written["regions"]["main"] == {"name": "Main", "token_endpoint": addresses["token_endpoint"]}


@FIXED
@given(st.integers(0, len(FILE)), st.integers(0, 40), st.text('[]{}"=.,#\n issuer', max_size=8))
def test_a_damaged_file_is_told_or_read_and_nothing_else(at: int, cut: int, put: str) -> None:
    with suppress(BadProviderFile):
        read_own("sample.toml", FILE[:at] + put + FILE[at + cut :], IDS)
