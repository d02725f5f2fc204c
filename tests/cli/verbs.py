"""The verbs of the command line, found in its modules, so that a new one is in every test of all verbs."""

import importlib
import pkgutil

import keyrack.cli

WITHOUT_SOCKET = frozenset({"agent", "completion", "diagnostics", "man", "providers"})
SOCKET_VERBS = tuple(
    sorted(
        verb
        for module in pkgutil.iter_modules(keyrack.cli.__path__)
        for verb in getattr(importlib.import_module(f"keyrack.cli.{module.name}"), "VERBS", ())
    )
)
