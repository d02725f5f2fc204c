"""How a person calls Keyrack on this computer. It imports nothing but `os`, because the command line imports it."""

import os

_NAME = "keyrack"
_INSTALLED = "~/.local/bin/keyrack"
_PLAIN = frozenset("/._-+@:,%=")


def command_name(at: str = "") -> str:
    """What a person types before a verb: `keyrack` where a shell finds it, else what starts it from its sources.

    `at` is the folder in which it is typed, "" where nobody knows.
    """
    if any(map(_is_program, (os.path.join(folder, _NAME) for folder in os.get_exec_path() if folder))):
        return _NAME
    if _is_program(os.path.expanduser(_INSTALLED)):
        return _INSTALLED
    sources = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    if not os.path.isfile(os.path.join(sources, "__main__.py")):
        return _NAME
    above, name = os.path.split(sources)
    return f"python3 {name if at and os.path.realpath(at) == os.path.realpath(above) else _quoted(sources)}"


def _is_program(path: str) -> bool:
    return os.path.isfile(path) and os.access(path, os.X_OK)


def _quoted(path: str) -> str:
    """The path as one word of a shell."""
    if all(letter.isalnum() or letter in _PLAIN for letter in path):
        return path
    return "'" + path.replace("'", "'\"'\"'") + "'"
