"""Every screen of the window, each shown by one step."""

import asyncio
from dataclasses import replace
from decimal import Decimal

from PySide6.QtWidgets import QAbstractButton

from keyrack.core.access.lock import ITEM
from keyrack.core.accounts.balances_snapshot import Balances
from keyrack.core.accounts.credential import Key
from keyrack.core.accounts.renewer import Renewer
from keyrack.core.accounts.state import (
    Active,
    Authorizing,
    Closed,
    LoggedOut,
    Opening,
    Reason,
    Retrying,
    Unreadable,
    Unsaved,
)
from keyrack.core.group.host_list import GroupHost, HostList
from keyrack.core.group.invitation import GroupToJoin, Invitation
from keyrack.core.group.joining_code import JoiningCode
from keyrack.core.group.sharing_file import SharingSettings
from keyrack.core.history.course import Course, Point, added
from keyrack.core.history.history import Courses
from keyrack.core.history.periods import PERIODS
from keyrack.core.shared_store.group_key import new_group_key
from keyrack.core.shared_store.store_failures import StoreAway
from keyrack.core.vault.vault_errors import Locked, NoService
from keyrack.net.network_errors import Unreachable
from keyrack.oauth.endpoints.device import DeviceAuthorization
from keyrack.oauth.oauth_errors import ClientRejected
from keyrack.primitives.secret import Secret
from keyrack.providers.holding import Holding
from keyrack.ui.add_account.wizard import AddAccountWizard
from keyrack.ui.moving.export_form import ExportForm
from keyrack.ui.moving.import_form import ImportForm
from keyrack.ui.parts.over_page import Over, OverPage
from keyrack.ui.safeguards.program_watch import LOOK_SECONDS
from keyrack.ui.safeguards.quit_question import QuitQuestion
from keyrack.ui.sharing.sharing_form import SharingForm
from tests.cheap_passphrase import cheap_verifier
from tests.core.harness import FailingVault
from tests.core.sharing.memory_store import MemoryEngine, MemoryStore
from tests.core.sites.test_user_files import FILE
from tests.ui.harness import WindowHarness, button, field, seen
from tests.ui.history.past import priced
from tests.ui.question_harness import LONG, OTHER
from tests.ui.sizes.walk import Screen, adding, background, form, laid_out, pressed, questions, state

WHY = Locked(detail="Secret.Error.IsLocked")
LOST = Unreachable("whitebit.com", "Keyrack connects directly.", detail="ConnectError")
REFUSED = ClientRejected("client_rejected", server="ProBit", detail="invalid_client (HTTP 401)")
BESIDE_A_PAGE = 330
_kept_figures: list[Balances | None] = []


def over(which: Over) -> Screen:
    """A page that lies over that of an account."""

    def show(harness: WindowHarness) -> None:
        harness.active("w1").note("renewal_failed", why=LOST)
        harness.contents.open("w1")
        harness.contents.pages.toggle_over(which)

    def leave(harness: WindowHarness) -> None:
        page = harness.contents.pages.currentWidget()
        if isinstance(page, OverPage):
            harness.contents.pages.toggle_over(page.which)

    return Screen(which, show, leave=leave)


def key_state(harness: WindowHarness, idle: float = 0.0) -> Active:
    """A WhiteBIT key that was not used for so many days."""
    now, day = harness.clock.elapsed, 86_400.0
    grant = harness.token(14_000.0, 14_400.0)
    rights = ("info", "spot", "trading", "withdrawal")
    return Active(Key(Secret("canary-public-key"), now - idle * day - 60, now - idle * day, 14 * day, rights, grant))


def with_device(harness: WindowHarness) -> Authorizing:
    """A sign-in by a code on another device."""
    ends, page = harness.clock.elapsed + 283, "https://www.premiumize.me/device"
    device = DeviceAuthorization(Secret("canary-device-code"), "TSGX-JDKN", page, f"{page}?code=TSGX-JDKN", ends, 5.0)
    return Authorizing(harness.clock.elapsed, ends, "device", device=device)


def _overview(harness: WindowHarness) -> None:
    harness.signed_out("p1", Reason.REFRESH_EXPIRED)
    harness.feed("w2", Active(harness.token(), Retrying(harness.clock.elapsed + 8, LOST)))
    harness.waiting("b2")
    harness.contents.pages.show_overview()


def _past(harness: WindowHarness) -> None:
    """The pictures of the past, with a gap, and an account that is left out."""
    period, wall = PERIODS["month"], int(harness.clock.wall)
    known = [at for at in range(period.count) if not 60 < at < 80]
    slots = [Point(wall + at, Decimal(70_000) + at * 997 % 2500) if at in known else None for at in range(period.count)]
    course = added({"w1": Course(tuple(slots)), "w2": Course(tuple(slots))})
    found = {account.id: Course(tuple(slots)) for account in harness.rack.accounts}
    feed = harness.actions.courses
    feed.courses = Courses(period, harness.rack.totals.currency, wall, found, course)
    for id in ("w1", "w2", "p1"):
        known_prices = harness.rack.totals.prices.site_prices(harness.account(id))
        known_prices.known = priced(known_prices.known.how, wall)
        harness.active(id)
    harness.contents.pages.show_overview()
    feed.changed.emit()
    harness.tick(0)


def _past_lines(harness: WindowHarness) -> None:
    _past(harness)
    harness.contents.pages.overview.head.list.click()


def _many_assets(harness: WindowHarness) -> None:
    """More rows than the table shows, with long figures, of which some are borrowed."""
    wallets = harness.account("w2").balances
    figure = Decimal("155.98842988")
    rows = tuple(
        Holding(f"AS{n:03}", None if n % 7 == 0 else figure, figure + n, remark="" if n % 7 else "borrowed")
        for n in range(1, 61)
    )
    harness.account("w2").show_balances(Balances(rows, harness.clock.wall, "poll"))
    harness.active("w2")
    harness.contents.open("w2")
    harness.tick(0)
    _kept_figures.append(wallets)


def _few_assets(harness: WindowHarness) -> None:
    harness.account("w2").show_balances(_kept_figures.pop())


def _notice(harness: WindowHarness) -> None:
    harness.contents.pages.show_overview()
    harness.contents.notice.ask(
        lambda: "Not in the keyring yet: the newest token of Trading. If you quit now, you must sign in again.",
        "Quit anyway",
        lambda: None,
        ("Keep in the tray", lambda: None),
    )
    harness.contents.notice.offer_connection()


def _copied(harness: WindowHarness) -> None:
    harness.contents.notice.hide()
    harness.active("w1")
    harness.contents.open("w1")
    harness.clipboard.copy(Secret("canary-access-token"), 29.0, "w1")


def _asked(harness: WindowHarness) -> None:
    harness.contents.notice.hide()
    harness.active("w1")
    harness.contents.open("w1")
    asking, account = harness.rack.access.asking, harness.account("w1")
    questions.extend(asyncio.ensure_future(asking.ask(account, program)) for program in (LONG, OTHER))


def _updated(harness: WindowHarness) -> None:
    harness.contents.notice.hide()
    harness.program.write_text('__version__ = "2.0"\n')
    harness.contents.pages.show_overview()
    harness.tick(LOOK_SECONDS)


def _taken_back(harness: WindowHarness) -> None:
    harness.program.write_text('__version__ = "1.0"\n')
    harness.tick(LOOK_SECONDS)


def _passed(harness: WindowHarness) -> None:
    harness.contents.pages.show_overview()
    harness.contents.show_notice("fresh", "The lock passphrase is set.")


def _quitting(harness: WindowHarness) -> None:
    for id in ("w1", "w2", "b1"):
        harness.active(id)
    harness.contents.pages.show_overview()
    QuitQuestion(harness.window, harness.rack, lambda: None, lambda: True).ask()


async def _removed(harness: WindowHarness) -> None:
    harness.contents.notice.hide()
    harness.contents.pages.show_overview()
    for id in ("d1", "b2"):
        background.append(asyncio.ensure_future(harness.rack.removals.remove(harness.account(id))))
    await seen(lambda: len(harness.rack.removals.pending) == 2)


def _undone(harness: WindowHarness) -> None:
    for account in harness.rack.removals.pending:
        harness.rack.removals.undo(account)


def _selected(harness: WindowHarness) -> None:
    _overview(harness)
    harness.contents.notice.hide()
    harness.actions.arranging.pin(harness.account("b1"), pinned=True)
    harness.signed_out("p2")
    harness.actions.selection.choose(("p1", "p2", "b1", "w2", "d1"))


def _selected_lines(harness: WindowHarness) -> None:
    _selected(harness)
    harness.contents.pages.overview.head.list.click()


def _asked_of_several(verb: str) -> Screen:
    """The question before something is done with several accounts."""

    def show(harness: WindowHarness) -> None:
        _selected(harness)
        harness.actions.selection.ask(verb)

    return Screen(f"selected-{verb}", show, high=BESIDE_A_PAGE, leave=_select_none)


def _select_none(harness: WindowHarness) -> None:
    harness.actions.selection.clear()
    harness.actions.arranging.pin(harness.account("b1"), pinned=False)


def _select_none_of_lines(harness: WindowHarness) -> None:
    _select_none(harness)
    _cards(harness)


async def _removed_together(harness: WindowHarness) -> None:
    harness.contents.pages.show_overview()
    three = [harness.account(id) for id in ("d1", "b1", "b2")]
    background.append(asyncio.ensure_future(harness.rack.removals.remove_together(three)))
    await seen(lambda: len(harness.rack.removals.pending) == 3)


def _lines(harness: WindowHarness) -> None:
    _overview(harness)
    harness.contents.pages.overview.head.list.click()


def _lines_of_many(harness: WindowHarness) -> None:
    harness.contents.pages.show_overview()
    harness.contents.pages.overview.head.list.click()


def _cards(harness: WindowHarness) -> None:
    harness.contents.pages.overview.head.cards.click()


def _needing(harness: WindowHarness) -> None:
    _overview(harness)
    button(harness, "needing").click()


def _not_found(harness: WindowHarness) -> None:
    _overview(harness)
    harness.contents.pages.overview.head.search.setText("a name that nobody has given")


def _all_again(harness: WindowHarness) -> None:
    harness.contents.pages.overview.head.clear()


def _own_proxy(harness: WindowHarness) -> None:
    harness.contents.program.open_connection()
    button(harness, "connection:own").click()


def _read_file(harness: WindowHarness) -> None:
    file = harness.rack.catalog.files.folder.parent / "sample.toml"
    file.write_text(FILE)
    adding("", "import_provider").show(harness)
    field(harness, "provider_path").setText(str(file))
    button(harness, "read_provider").click()


async def _changed_file(harness: WindowHarness) -> None:
    """The settings with a provider's own file that says something else now."""
    catalog, source = harness.rack.catalog, harness.rack.catalog.files.folder.parent / "sample.toml"
    source.write_text(FILE)
    catalog.add(catalog.files.inspect(source), source)
    harness.contents.pages.show_overview()
    harness.contents.program.open_preferences()
    catalog.files.own["sample"].write_text(FILE.replace("auth.example.org", "elsewhere.example.org"))
    button(harness, "provider_again:sample").click()
    await seen(lambda: bool(harness.window.findChildren(QAbstractButton, "provider_use:sample")[0].isVisible()))
    page = harness.contents.program.settings
    assert page is not None
    laid_out()
    page.page.ensureWidgetVisible(button(harness, "provider_use:sample"))


def _without_file(harness: WindowHarness) -> None:
    harness.rack.catalog.remove("sample").unlink()
    harness.contents.pages.show_overview()


def _no_file(harness: WindowHarness) -> None:
    adding("", "import_provider").show(harness)
    field(harness, "provider_path").setText("/srv/nowhere/that-is-not-there.toml")
    button(harness, "read_provider").click()


def _last_step(harness: WindowHarness) -> None:
    harness.signed_out("b2")
    harness.contents.pages.add_account()
    page = harness.contents.pages.currentWidget()
    assert isinstance(page, AddAccountWizard)
    page.test(harness.account("b2"))


async def _with_passphrase(harness: WindowHarness) -> None:
    verifier = cheap_verifier("canary passphrase")
    await harness.rack.parts.records.update(ITEM, lambda old: replace(old, verifier=verifier))
    await harness.rack.lock.load()
    harness.rack.lock.lock(by_hand=False)
    harness.rack.lock.changed.emit()
    laid_out()
    field(harness, "lock_passphrase").setText("another one")
    button(harness, "unlock").click()


async def _unlocked_again(harness: WindowHarness) -> None:
    await harness.rack.lock.unlock(Secret("canary passphrase"))
    harness.contents.pages.lock_passphrase()


def _hidden_amounts(harness: WindowHarness) -> None:
    harness.contents.open("w2")
    harness.contents.pages.hide_amounts(private=True)


def _shown_amounts(harness: WindowHarness) -> None:
    harness.contents.pages.hide_amounts(private=False)


async def _no_keyring(harness: WindowHarness) -> None:
    vault = FailingVault()
    vault.refuses_loads = vault.refuses_saves = NoService()
    harness.rack.parts.records.use_vault(vault)
    background.append(asyncio.ensure_future(harness.rack.keyring.run()))
    await seen(lambda: harness.rack.keyring.why is not None)
    harness.contents.pages.show_overview()


def _export(harness: WindowHarness) -> None:
    harness.contents.arrivals.export_accounts()
    form = harness.contents.findChild(ExportForm)
    assert form is not None
    harness.tasks.cancel("export_look")  # none of these accounts has a record
    form.rotating.show_names([account.settings.name for account in harness.rack.accounts])
    form.rotating.go.click()
    form.sealing.first.edit.setText("canary words that nobody guesses")


def _import(harness: WindowHarness) -> None:
    harness.contents.arrivals.import_accounts()
    form = harness.contents.findChild(ImportForm)
    assert form is not None
    form.sealed.show()
    form.passphrase.show_problem("This is not the passphrase of the export. Nothing was imported. Try again.")
    moves = harness.rack.parts.moves
    form.plan.show_plan(moves.importer.plan(moves.exporter.without_secrets()))


def _shared(harness: WindowHarness) -> None:
    """An account that another host renews, while this one does not reach the shared store."""
    harness.active("w1")
    account = harness.account("w1")
    account.configure(replace(account.settings, group="0123456789abcdef"))
    away = StoreAway(addresses="https://etcd-1.example:2379, https://etcd-2.example:2379")
    account.show_renewer(Renewer("desk-2", False, harness.clock.wall - 3_000, away))
    harness.contents.open("w1")


def _own_again(harness: WindowHarness) -> None:
    account = harness.account("w1")
    account.configure(replace(account.settings, group=""))
    account.show_renewer(None)


def _group_form(harness: WindowHarness) -> SharingForm:
    harness.contents.program.open_sharing("")
    form = harness.contents.findChild(SharingForm)
    assert form is not None
    return form


def _no_group(harness: WindowHarness) -> None:
    form = _group_form(harness)
    button(harness, "sharing_files").click()
    assert form.entering is not None
    form.entering.refuse(StoreAway(addresses="https://etcd-1.example:2379, https://etcd-2.example:2379"))


async def _in_group(harness: WindowHarness) -> None:
    """The page of a group whose key is gone from the keyring, with hosts and an invitation all the same."""
    several = harness.rack.parts.several_hosts
    members = ("https://etcd-1.example:2379", "https://etcd-2.example:2379")
    ids = {"group_id": "0123456789abcdef", "host_id": "fedcba9876543210"}
    several.membership.file.create(SharingSettings(members=members, group="desk", host="desk-1", **ids))
    _shared(harness)
    form = _group_form(harness)
    await seen(form.trouble.isVisible)
    hosts = (GroupHost("1", "desk-1", True, ("w1",)), GroupHost("2", "desk-2", False, ()))
    form.group.show_hosts(HostList(hosts, ("w1",)))
    button(harness, "sharing_leave").click()
    button(harness, "unshare:w1").click()
    to_join = GroupToJoin("/keyrack/desk/", "0123456789abcdef", new_group_key(), "desk-1")
    invitation = Invitation(MemoryStore(MemoryEngine(harness.clock.clock.wall)), to_join)
    # No line ends by itself before a digit, so that this code is the widest.
    invitation.code = JoiningCode(Secret("-".join(["00000"] * 6)))
    form.invitation.show_step(invitation)


def _out_of_group(harness: WindowHarness) -> None:
    harness.rack.parts.several_hosts.membership.file.remove()
    _own_again(harness)


def _locked(harness: WindowHarness) -> None:
    harness.contents.notice.hide()
    harness.contents.pages.show_overview()
    harness.rack.lock.lock(by_hand=True)


def _unlocked(harness: WindowHarness) -> None:
    harness.rack.lock.unlock_by_press()
    harness.contents.pages.lock_passphrase()


SCREENS = (
    Screen("overview", _overview),
    Screen("list", _lines, leave=_cards),
    Screen("selected", _selected, high=BESIDE_A_PAGE, leave=_select_none),
    Screen("selected-list", _selected_lines, high=BESIDE_A_PAGE, leave=_select_none_of_lines),
    _asked_of_several("remove"),
    _asked_of_several("sign_out"),
    Screen("needing", _needing, leave=_all_again),
    Screen("not-found", _not_found, leave=_all_again),
    Screen("past", _past, high=BESIDE_A_PAGE),
    Screen("past-list", _past_lines, high=BESIDE_A_PAGE, leave=_cards),
    state("ready", "w1", lambda harness: harness.active("w1")),
    Screen("many-assets", _many_assets, leave=_few_assets),
    Screen("copied", _copied),
    state("retrying", "w1", lambda h: h.active("w1", Retrying(h.clock.elapsed + 8, LOST))),
    state("ended", "w1", lambda h: h.active("w1", Retrying(h.clock.elapsed + 8, LOST), h.token(-2.0))),
    state("unsaved", "w1", lambda harness: harness.active("w1", Unsaved(WHY))),
    state("sign-in-needed", "w1", lambda harness: harness.signed_out("w1", Reason.INTERRUPTED_REFRESH)),
    state("keyring", "w1", lambda harness: harness.feed("w1", Unreadable(WHY))),
    state("opening", "w1", lambda harness: harness.feed("w1", Opening())),
    state("closed", "p1", lambda harness: harness.feed("p1", Closed())),
    state("refused", "p1", lambda harness: harness.feed("p1", LoggedOut(Reason.NEW, REFUSED))),
    state("browser", "w1", lambda harness: harness.waiting("w1")),
    pressed("browser-paste", state("", "w1", lambda harness: harness.waiting("w1")), "paste_address"),
    state("confirming", "b1", lambda harness: harness.waiting("b1", "confirming", "s…m@example.org")),
    state("refusal", "w1", lambda harness: harness.waiting("w1", "refusal")),
    state("exchanging", "w1", lambda harness: harness.waiting("w1", "exchanging")),
    state("network", "w1", lambda h: h.feed("w1", Authorizing(0, h.clock.elapsed + 8, "network", why=LOST))),
    state("user-code", "b2", lambda harness: harness.signed_out("b2")),
    state("device", "d1", lambda harness: harness.feed("d1", with_device(harness))),
    state("storage", "b1", lambda harness: harness.active("b1")),
    state("key", "k1", lambda harness: harness.feed("k1", key_state(harness))),
    state("key-idle", "k1", lambda harness: harness.feed("k1", key_state(harness, 10.1))),
    state("key-page", "k1", lambda h: h.feed("k1", Authorizing(h.clock.elapsed, None, "key"))),
    state("public-key", "k1", lambda h: h.feed("k1", Authorizing(h.clock.elapsed, None, "public_key"))),
    form("rename", "rename"),
    form("edit", "edit"),
    form("scripts", "scripts"),
    form("remove", "remove"),
    form("delete-key", "delete_key", "k1"),
    adding("providers"),
    adding("regions", "provider:whitebit"),
    adding("credentials", "provider:whitebit", "region:global"),
    adding("credentials-key", "provider:whitebit-fast-key"),
    pressed("credentials-missing", adding("", "provider:whitebit", "region:global"), "save_account"),
    adding("closed-providers", "show_closed"),
    adding("closed-exchange", "show_closed", "provider:probit", "region:global"),
    adding("import", "import_provider"),
    Screen("import-read", _read_file),
    Screen("import-missing", _no_file),
    Screen("last-step", _last_step),
    Screen("connection", lambda harness: harness.contents.program.open_connection()),
    Screen("own-proxy", _own_proxy),
    over("help"),
    over("activity"),
    over("log"),
    over("diagnostics"),
    over("keys"),
    Screen("hidden-amounts", _hidden_amounts, leave=_shown_amounts),
    Screen("shared", _shared, leave=_own_again),
    Screen("preferences", lambda harness: harness.contents.program.open_preferences()),
    Screen("no-group", _no_group),
    Screen("group", _in_group, leave=_out_of_group),
    Screen("provider-changed", _changed_file, leave=_without_file),
    Screen("export", _export),
    Screen("import-accounts", _import),
    Screen("notice", _notice, high=BESIDE_A_PAGE),
    Screen("notice-passing", _passed, high=BESIDE_A_PAGE),
    Screen("updated", _updated, high=BESIDE_A_PAGE, leave=_taken_back),
    Screen("quitting", _quitting, high=BESIDE_A_PAGE),
    Screen("removed", _removed, high=BESIDE_A_PAGE, leave=_undone),
    Screen("removed-together", _removed_together, high=BESIDE_A_PAGE, leave=_undone),
    Screen("question", _asked, high=BESIDE_A_PAGE),
    Screen("locked", _locked),
    Screen("passphrase", _unlocked),
    Screen("locked-passphrase", _with_passphrase),
    Screen("passphrase-change", _unlocked_again),
)


# Without an account.
def _about(harness: WindowHarness) -> None:
    """The end of the settings, which the sandbox has only a part of."""
    harness.contents.program.open_preferences()
    page = harness.contents.program.settings
    assert page is not None
    laid_out()
    page.page.ensureWidgetVisible(button(harness, "look_for_updates_now"))


FIRST_SCREENS = (
    Screen("first", lambda harness: harness.contents.pages.show_overview()),
    Screen("first-no-keyring", _no_keyring),
    adding("credentials-no-keyring", "provider:bitport"),
    Screen("about", _about),
)


SCREENS_OF_MANY = (
    Screen("overview", lambda harness: harness.contents.pages.show_overview()),
    Screen("list", _lines_of_many, leave=_cards),
    state("ready", "m60", lambda harness: harness.active("m60")),
)
