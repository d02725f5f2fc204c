"""Finds out what was asked for: a verb, which starts with as little as it can, or the window."""

import sys


def main() -> int:
    """Run Keyrack; returns the exit code."""
    given = sys.argv[1:]
    if "help" in given[:1]:  # as `git help token` and others have it
        given = [*given[1:], "--help"]
    verb = next((word for word in given if word != "--sandbox"), "")
    if verb == "providers":
        from keyrack import providers_command

        at = given.index(verb)
        return providers_command.run(given[at + 1 :] + given[:at])
    if verb == "agent":
        from keyrack.agent.agent import run

        given.remove(verb)
        return run(given)
    return _window(given) if not verb or verb.startswith("-") else _ask(verb, given)


def _ask(word: str, given: list[str]) -> int:
    """Ask the running Keyrack; only the verb's own module is imported, as that is most of the time a verb takes."""
    from keyrack.cli import runner

    match word:
        case "token" | "header":
            from keyrack.cli.token_commands import VERBS
        case "run":
            from keyrack.cli.run_command import VERBS
        case "status" | "refresh" | "socket":
            from keyrack.cli.status_commands import VERBS
        case "lock" | "unlock":
            from keyrack.cli.lock_commands import VERBS
        case "login" | "logout":
            from keyrack.cli.login_command import VERBS
        case "accounts":
            from keyrack.cli.accounts_command import VERBS
        case _:
            return runner.unknown(word)
    return runner.run(given, VERBS[word])


def _window(given: list[str]) -> int:
    """Show the window and fill it; Qt is imported only when this is known to be the only Keyrack."""
    from keyrack.core.system.paths import paths
    from keyrack.startup import preflight

    options = preflight.asked(given)
    if options is None:
        return 1
    places = paths(options.sandbox)
    instance = preflight.alone(options, places)
    if instance is None:
        from keyrack.ui.window.agent_takeover import ask
        from keyrack.ui.window.first_paint import application

        application()
        instance = ask(lambda: preflight.instead_of_agent(places), sandbox=options.sandbox) or 0
    if isinstance(instance, int):
        return instance
    try:
        from keyrack.ui.window.first_paint import first_paint

        window = first_paint(sandbox=options.sandbox)
        from keyrack import app

        return app.run(options, places, instance, window)
    finally:
        instance.close()


if __name__ == "__main__":
    sys.exit(main())
