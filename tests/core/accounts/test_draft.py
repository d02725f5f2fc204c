"""The settings that a person enters are checked field by field before anything is saved."""

from dataclasses import replace

import pytest

from keyrack.core.accounts.account import Account, Settings
from keyrack.core.accounts.activity import Activity
from keyrack.core.accounts.collection import Accounts
from keyrack.core.accounts.draft import Draft, check_draft, check_name, default_redirect
from keyrack.core.failures import DraftProblem
from keyrack.primitives.secret import Secret
from keyrack.providers.registry import built_in

PROVIDERS = {provider.id: provider for provider in built_in()}
GOOD = Draft(
    "whitebit",
    "global",
    "authorization_code",
    "Trading",
    "id-invented",
    Secret("cs-invented"),
    default_redirect("whitebit"),
)


def accounts(*settings: Settings) -> Accounts:
    made = Accounts()
    for each in settings:
        made.add(Account(each, Activity([], lambda: 0.0)))
    return made


OTHER = Settings("a1", "Archive", "bitport", "global", "authorization_code", "id", default_redirect("bitport"))


def problem(draft: Draft, there: Accounts | None = None, keeps: str = "") -> str:
    with pytest.raises(DraftProblem) as raised:
        check_draft(draft, PROVIDERS, there or Accounts(), keeps)
    assert raised.value.happened.endswith(".")
    assert "cs-invented" not in raised.value.sentences()
    return raised.value.field


def test_a_good_draft_names_its_region() -> None:
    assert check_draft(GOOD, PROVIDERS, accounts(OTHER)).name == "Global"


@pytest.mark.parametrize("provider", ["probit", "bitport", "whitebit"])
@pytest.mark.security("S31")
def test_each_provider_has_its_own_redirect_path(provider: str) -> None:
    assert default_redirect(provider) == f"http://127.0.0.1:17463/cb/{provider}"


@pytest.mark.security("S31")
def test_two_providers_never_share_a_redirect_address() -> None:
    assert problem(replace(GOOD, redirect_uri=OTHER.redirect_uri), accounts(OTHER)) == "redirect_uri"
    same = replace(OTHER, provider="whitebit", redirect_uri=GOOD.redirect_uri)
    check_draft(GOOD, PROVIDERS, accounts(same))


@pytest.mark.parametrize(
    ("field", "value"), [("provider", "nobody"), ("region", "mars"), ("flow", "client_credentials")]
)
def test_what_is_not_offered_is_refused(field: str, value: str) -> None:
    assert problem(replace(GOOD, **{field: value})) == field  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "name", ["", " ", "x" * 61, "-x", "--help", "../x", "a/b", " a", "a ", "a\nb", "a\x00", "a\u202eb", "a\x1b[31m"]
)
def test_a_name_that_would_confuse_is_refused(name: str) -> None:
    assert problem(replace(GOOD, name=name)) == "name"


@pytest.mark.parametrize("name", ["Desk 2", "Größe", "데스크", "a.b", "x" * 60])
def test_ordinary_names_are_fine(name: str) -> None:
    check_name(name, Accounts())


def test_names_are_unique_without_regard_to_case_but_an_account_may_keep_its_own() -> None:
    assert problem(replace(GOOD, name="aRCHIVE"), accounts(OTHER)) == "name"
    check_name("archive", accounts(OTHER), "a1")


@pytest.mark.parametrize("client_id", ["", "two words", "a\n", "ö", "x" * 513])
def test_an_odd_client_id_is_refused(client_id: str) -> None:
    assert problem(replace(GOOD, client_id=client_id)) == "client_id"


@pytest.mark.parametrize("secret", ["", " x", "x ", "a\tb", "a\r\nX: y", "ü", "x" * 1025])
def test_an_odd_secret_is_refused(secret: str) -> None:
    assert problem(replace(GOOD, client_secret=Secret(secret))) == "client_secret"


def test_a_missing_secret_is_refused_unless_one_is_kept() -> None:
    assert problem(replace(GOOD, client_secret=None)) == "client_secret"
    check_draft(replace(GOOD, client_secret=None), PROVIDERS, accounts(OTHER), "a1")
    check_draft(replace(GOOD, client_secret=Secret("two words")), PROVIDERS, Accounts())


@pytest.mark.parametrize(
    "address",
    [
        "",
        "http://127.0.0.1/cb",
        "http://127.0.0.1:0/cb",
        "http://127.0.0.1:99999/cb",
        "http://192.168.1.2:17463/cb",
        "http://0.0.0.0:17463/cb",
        "http://localhost.evil.example:17463/cb",
        "http://me@127.0.0.1:17463/cb",
        "http://127.0.0.1:17463",
        "http://127.0.0.1:17463/cb?x=1",
        "http://127.0.0.1:17463/cb?",
        "http://127.0.0.1:17463/cb#x",
        "http://127.0.0.1:17463/c b",
        "ftp://127.0.0.1:17463/cb",
        "http://[::1:17463/cb",
        "https:///cb",
    ],
)
def test_an_address_that_cannot_be_listened_on_is_refused(address: str) -> None:
    assert problem(replace(GOOD, redirect_uri=address)) == "redirect_uri"


@pytest.mark.parametrize(
    "address",
    ["http://localhost:8080/x", "http://[::1]:17463/cb", "http://127.0.0.1:17463/", "https://keys.example.org/cb"],
)
def test_addresses_of_this_computer_and_those_to_paste_from_are_fine(address: str) -> None:
    check_draft(replace(GOOD, redirect_uri=address), PROVIDERS, Accounts())


def test_flows_without_a_redirect_do_not_look_at_one() -> None:
    check_draft(
        Draft("probit", "global", "client_credentials", "Desk", "id-invented", Secret("cs-invented"), "nonsense"),
        PROVIDERS,
        Accounts(),
    )


def test_a_draft_does_not_show_its_secret() -> None:
    assert "cs-invented" not in repr(GOOD)
