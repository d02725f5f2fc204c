"""Starts Keyrack from its sources: `python3 desktop [--sandbox] [VERB …]`, `python3 desktop --install`."""

import sys

if sys.version_info < (3, 11):
    sys.exit("Keyrack needs Python 3.11 or newer; this is Python %d.%d." % sys.version_info[:2])

import os

sys.path.insert(0, os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "packaging"))

import bootstrap


def main(arguments: list) -> None:  # type: ignore[type-arg]  # parsed by old Pythons too
    """Install or uninstall, or prepare the environment and become Keyrack."""
    asked = next((word for word in arguments if word != "--sandbox"), "")
    if asked == "--uninstall":
        import install

        sys.exit(install.uninstall())
    bootstrap.prepare(window=not asked or asked.startswith("-"))
    if asked == "--install":
        import install

        sys.exit(install.install())
    bootstrap.start("keyrack", arguments)


main(sys.argv[1:])
