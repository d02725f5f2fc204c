"""Several accounts at once on a real screen: by mouse and keys, with one menu, and removed with one undo."""

from pathlib import Path

from tests.desktop.driver import Driver
from tests.desktop.environment import Environment
from tests.desktop.programs import wait_until
from tests.desktop.session import Session


def popup(driver: Driver) -> list[str]:
    """The entries of the menu that opens."""
    return list(driver.until("popup", None, bool, "a menu"))


def until_selected(driver: Driver, count: int) -> None:
    """The bar says how many are selected, in fewer words where the verbs need the room."""
    said = {f"{count} accounts selected", f"{count} account selected", f"{count} selected"}
    driver.until("texts", None, lambda texts: not said.isdisjoint(texts), f"{count} selected")


def closed(driver: Driver) -> None:
    driver.keys("Escape")
    driver.until("popup", None, lambda entries: not entries, "no menu")


def removed_together(driver: Driver, *accounts: str) -> str:
    """Select accounts in the sidebar and remove them. Returns the name of the button that undoes it."""
    ids = [str(driver.ask("state", account)["id"]) for account in accounts]
    for account in accounts:
        driver.click(f"account:{account}", held="ctrl")
    until_selected(driver, len(accounts))
    driver.keys("Delete")
    driver.until_said(f"Remove {len(accounts)} accounts?")
    driver.click("selection_go_on")
    driver.until_shown(f"undo:{ids[0]}")
    return f"undo:{ids[0]}"


def test_selected_by_mouse_and_keys_with_one_menu_for_all(
    environment: Environment, session: Session, artefacts: Path
) -> None:
    driver = environment.start()
    environment.until_all_accounts(driver)
    driver.click("account:Main desk", held="ctrl")
    driver.click("account:Seoul desk", held="shift")
    until_selected(driver, 2)
    session.screenshot(artefacts / "several-sidebar.png")
    driver.right_click_at(*driver.settled("account:Seoul desk"))
    assert popup(driver)[0] == "2 accounts selected"
    session.screenshot(artefacts / "several-menu.png")
    closed(driver)
    for keys in ("Menu", "shift+F10"):
        driver.keys(keys)
        assert popup(driver).count("2 accounts selected") == 1, f"one menu by {keys}"
        closed(driver)
    driver.keys("ctrl+space")
    until_selected(driver, 1)
    driver.keys("ctrl+a")
    until_selected(driver, len(driver.ask("accounts")))
    driver.keys("Escape")
    driver.until("texts", None, lambda texts: not any("selected" in text for text in texts), "nothing selected")
    driver.click("card:Main desk", held="ctrl")
    until_selected(driver, 1)
    assert driver.ask("page") == "", "nothing was opened"
    driver.keys("F1")
    driver.until_said("Select the account, or select it no more.")
    driver.keys("F1", "Escape")


def test_a_kill_in_the_seconds_brings_all_back_and_so_does_one_undo(environment: Environment) -> None:
    driver = environment.start()
    environment.sign_in(driver, "Trading")
    driver.click("overview")
    before = driver.ask("accounts")
    undo = removed_together(driver, "Main desk", "Trading")
    assert not {"Main desk", "Trading"} & set(driver.ask("accounts"))
    assert {"Main desk", "Trading"} <= set(environment.ids()), "the file keeps them"
    driver.kill()
    driver = environment.start()
    driver.until_state("Trading", "ready")
    assert driver.ask("accounts") == before
    assert removed_together(driver, "Main desk", "Trading") == undo
    driver.click(undo)
    driver.until_state("Trading", "ready")
    wait_until(lambda: driver.ask("accounts") == before, "the same accounts in the same order")
    assert environment.command("token", "Trading").returncode == 0
