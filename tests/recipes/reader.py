"""A reader who follows the socket's page from its beginning, in a shell and in Python."""

import json
import subprocess
from typing import Any

from tests.recipes.environment import Environment
from tests.recipes.pages import SOCKET_PAGE, blocks

PAGE = blocks(SOCKET_PAGE)
# What no two runs have alike.
_OWN = {"access_token", "redirect_uri", "start_address", "provider_address", "diagnostics", "code"}


class EnoughError(Exception):
    """An example that goes on for ever has shown what it does."""


class Reader:
    """Runs blocks as they stand there. Python's run in this process, so its environment must be the person's."""

    def __init__(self, environment: Environment) -> None:
        self.environment = environment
        first = PAGE["Begin"]["sh"][0].splitlines()[0]
        self.socket = environment.run(f'{first}\nprintf %s "$socket"')
        self.printed: list[tuple[object, ...]] = []
        self._answers: list[Any] = []
        self._names: dict[str, Any] = {"print": self._print}
        self.python(PAGE["Begin"]["python"][0])
        self._names["ask"] = self._noting(self._names["ask"])

    def shell(self, text: str) -> Any:
        """The answer that a block for the shell prints."""
        return json.loads(self.environment.run(text, socket=self.socket))

    def first_line(self, text: str) -> Any:
        """The first line of a block for the shell that goes on for ever."""
        env = {**self.environment.place.env, "socket": self.socket}
        with subprocess.Popen(["sh", "-c", f"exec {text}"], env=env, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            line = process.stdout.readline()
            process.terminate()
        return json.loads(line)

    def python(self, text: str) -> Any:
        """The answer that a block of Python was given, None when it did not `ask`."""
        self._answers.clear()
        exec(compile(text, SOCKET_PAGE.name, "exec"), self._names)
        return self._answers[-1] if self._answers else None

    def _noting(self, ask: Any) -> Any:
        def noted(*given: object) -> Any:
            self._answers.append(ask(*given))
            return self._answers[-1]

        return noted

    def _print(self, *words: object) -> None:
        self.printed.append(words)
        if words[0] == "account":
            raise EnoughError


def as_documented(documented: Any, found: Any, name: str = "") -> bool:
    """Whether a response has exactly the fields of the page, and its words. Numbers may differ."""
    if isinstance(documented, dict):
        return list(documented) == list(found) and all(as_documented(documented[key], found[key], key) for key in found)
    if isinstance(documented, list) and documented:
        return all(any(as_documented(one, other) for other in found) for one in documented)
    if isinstance(documented, str) and name in _OWN:
        return isinstance(found, str) and bool(documented) == bool(found)
    if type(documented) is int and name != "version":
        return type(found) is int and found >= 0
    return bool(documented == found)
