"""Takes back Python's own import from PySide, which reads the source of every module that is imported after it.

PySide looks there for its name, for those who write `from __feature__ import snake_case`, as nobody does here. All
sources then stay in memory, where `linecache` keeps them. PySide leaves the import that it replaced in `builtins`.
"""

import builtins

import PySide6.QtCore  # noqa: F401  it is what replaces the import


def use_plain_import() -> None:
    """Import what comes from now on without PySide looking at it."""
    builtins.__import__ = getattr(builtins, "__orig_import__", builtins.__import__)
