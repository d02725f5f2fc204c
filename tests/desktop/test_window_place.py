"""The real window on a real screen: fitted at its first show, and where it was at the next start."""

from tests.desktop.driver import Driver
from tests.desktop.environment import Environment

SCREEN = (1280, 800)
# Qt brings the window itself back, not the line that the window manager draws around it.
BORDER = 5


def test_size_place_and_page_survive_a_restart(environment: Environment) -> None:
    driver = environment.start()
    environment.until_all_accounts(driver)
    driver.resize(900, 600)
    driver.move(150, 80)
    driver.open_account("Trading")
    driver.until("page", None, lambda page: page == "Trading", "the pane of Trading")
    frame = driver.ask("frame")
    assert driver.terminate() == 0

    driver = environment.start()
    driver.until("frame", None, lambda now: now == frame, f"the window at {frame}")
    assert driver.ask("page") == "Trading"
    driver.move(4000, 3000)
    assert driver.terminate() == 0

    driver = environment.start()
    assert driver.ask("size") == [900, 600]
    _until_on_the_screen(driver, *SCREEN)


def test_at_twice_the_scale_the_window_and_its_buttons_are_on_the_screen(environment: Environment) -> None:
    wide, high = (side // 2 for side in SCREEN)
    driver = environment.start(QT_SCALE_FACTOR="2")
    _until_on_the_screen(driver, wide, high)
    environment.sign_in(driver, "Trading")
    x, y = driver.until("where", "copy_token", bool, "Copy token")
    assert 0 < x < wide
    assert 0 < y < high


def _until_on_the_screen(driver: Driver, wide: int, high: int) -> None:
    def on_it(frame: list[int]) -> bool:
        left, top, right, bottom = frame
        return left >= 0 and top >= 0 and right < wide + BORDER and bottom < high + BORDER

    driver.until("frame", None, on_it, f"the whole window within {wide} x {high}")
