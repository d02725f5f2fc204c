"""Starts Keyrack from its sources: `python3 desktop [--sandbox] …`, `python3 desktop --install`."""

import sys

if sys.version_info < (3, 11):
    sys.exit("Keyrack needs Python 3.11 or newer; this is Python %d.%d." % sys.version_info[:2])

import os

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "packaging"))

import bootstrap


def main(arguments: list) -> None:  # type: ignore[type-arg]  # parsed by old Pythons too
    """Install or uninstall, or prepare the environment and become Keyrack."""
    if "--uninstall" in arguments:
        import install

        sys.exit(install.uninstall())
    bootstrap.prepare()
    if "--install" in arguments:
        import install

        sys.exit(install.install())
    bootstrap.start("keyrack", arguments)


main(sys.argv[1:])
