"""The verbs of the command line, found in its modules, so that a new one is in every test of all verbs."""

import importlib
import pkgutil

import keyrack.cli

WITHOUT_SOCKET = frozenset({"agent", "completion", "diagnostics", "man", "providers", "settings", "updates"})
SOCKET_VERBS = tuple(
    sorted(
        verb
        for module in pkgutil.walk_packages(keyrack.cli.__path__, "keyrack.cli.")
        for verb in getattr(importlib.import_module(module.name), "VERBS", ())
    )
)
