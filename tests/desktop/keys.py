"""Presses keys as a person does, and waits for what each of them does."""

from tests.desktop.driver import Driver
from tests.desktop.programs import wait_until

# More stops of Tab than any page has.
MOST = 60


class Keys:
    """Presses keys one at a time, each when the one before has done what it does."""

    def __init__(self, driver: Driver) -> None:
        self._driver = driver
        wait_until(lambda: driver.focused().startswith("Keyrack"), "the window to have the keyboard")

    def until_at(self, name: str) -> None:
        """Wait until a control has the focus."""
        self._driver.until("focus", None, lambda focus: focus[:1] == [name], f"the focus at {name}")

    def press(self, keys: str, name: str) -> None:
        """Press keys and wait until a control has the focus."""
        self._driver.keys(keys)
        self.until_at(name)

    def walk(self, keys: str, name: str) -> None:
        """Press the same keys until a control has the focus."""
        for _ in range(MOST):
            before = self._driver.ask("focus")
            if before[:1] == [name]:
                return
            self._driver.keys(keys)
            self._driver.until("focus", None, lambda focus, old=before: focus != old, f"{keys} to move the focus")
        raise AssertionError(f"{keys} never comes to {name}")

    def type(self, text: str) -> None:
        """Type into the line that has the focus, in place of what it holds."""
        name = self._driver.ask("focus")[0]
        self._driver.write(text)
        shown = text if "secret" not in name else "●" * len(text)
        self._driver.until("text", name, lambda found: found == shown, f"{name} to hold what was typed")
