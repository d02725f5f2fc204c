"""Starts what the command line names: a verb, with as few imports as possible, or the agent, or the window."""

import gc
import os
import sys
from collections.abc import Mapping


def main(arguments: list[str] | None = None) -> int:
    """Run Keyrack with these arguments, by default those of the process. Returns the exit code."""
    _open_missing_streams()
    arguments = sys.argv[1:] if arguments is None else arguments
    if "help" in arguments[:1]:  # as `git help token` and others have it
        arguments = [*arguments[1:], "--help"]
    verb = next((verb for verb in arguments if verb != "--sandbox"), "")
    if verb and verb != "agent" and not verb.startswith("-"):
        _speak(os.environ)
    if verb == "providers":
        from keyrack import providers_command

        at = arguments.index(verb)
        return providers_command.run(arguments[at + 1 :] + arguments[:at])
    if verb == "settings":
        from keyrack import settings_command

        at = arguments.index(verb)
        return settings_command.run(arguments[:at] + arguments[at + 1 :])
    if verb == "diagnostics":
        from keyrack import diagnostics_command

        words = [word for word in arguments if word not in ("--sandbox", verb)]
        return diagnostics_command.run(words, sandbox="--sandbox" in arguments)
    if verb == "updates":
        from keyrack import updates_command

        words = [word for word in arguments if word not in ("--sandbox", verb)]
        return updates_command.run(words, sandbox="--sandbox" in arguments)
    if verb in ("man", "completion"):
        return _manual(verb, arguments)
    if verb == "agent":
        gc.disable()  # Importing leaves next to no garbage. Looking for it would be a tenth of the start.
        from keyrack.agent.agent import run

        gc.enable()
        arguments.remove(verb)
        return run(arguments)
    return _window(arguments) if not verb or verb.startswith("-") else _run_verb(verb, arguments)


def _speak(variables: Mapping[str, str]) -> None:
    """Speak the language of the terminal. The window and the agent speak the one of the settings.

    Where it is English by these variables, not even the table of languages is imported.
    """
    locale = variables.get("LC_ALL") or variables.get("LC_MESSAGES") or variables.get("LANG") or "C"
    if locale.partition(".")[0] in ("C", "POSIX") or (locale.startswith("en") and not variables.get("LANGUAGE")):
        return
    from keyrack.language import languages, translation

    translation.use(languages.of_environment(variables))


def _manual(verb: str, arguments: list[str]) -> int:
    """Print a page that is made from the tables of the command line, or what a shell asks for at each Tab."""
    from keyrack.manual import account_names

    words = [word for word in arguments if word not in ("--sandbox", verb)]
    if verb == "completion" and words == [account_names.WORD]:
        return account_names.run(sandbox="--sandbox" in arguments)
    from keyrack.manual import manual_command

    return manual_command.run(verb, words)


def _open_missing_streams() -> None:
    """Give a standard stream that the caller closed the null device, so that no file of ours gets its number.

    Python's own stream stays None, by which the verbs see that there is none.
    """
    if os.name != "posix":
        return
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.set_inheritable(os.open(os.devnull, os.O_RDWR), True)  # noqa: FBT003  its parameters are positional


def _run_verb(verb: str, arguments: list[str]) -> int:
    """Send a verb to the running Keyrack. Only the verb's module is imported: importing takes most of its time."""
    from keyrack.cli import runner

    match verb:
        case "token" | "header":
            from keyrack.cli.token_commands import VERBS
        case "run":
            from keyrack.cli.run_command import VERBS
        case "status" | "refresh" | "socket" | "history":
            from keyrack.cli.status_commands import VERBS
        case "lock" | "unlock":
            from keyrack.cli.lock_commands import VERBS
        case "proxy":
            from keyrack.cli.proxy_command import VERBS
        case "export" | "import":
            from keyrack.cli.moving.moving_commands import VERBS
        case "share":
            from keyrack.cli.sharing.sharing_commands import VERBS
        case "login" | "logout":
            from keyrack.cli.login_command import VERBS
        case "accounts":
            from keyrack.cli.accounts_command import VERBS
        case _:
            return runner.unknown(verb)
    return runner.run(arguments, VERBS[verb])


def _window(arguments: list[str]) -> int:
    """Show the window, then fill it. Qt is imported only when this is known to be the only instance."""
    from keyrack.core.system.paths import paths
    from keyrack.startup import preflight

    options = preflight.options_for_window(arguments)
    if options is None:
        return 1
    places = paths(options.sandbox)
    instance = preflight.acquire_instance(options, places)
    if instance is None or isinstance(instance, preflight.Untold):
        _dress_early()
        from keyrack.ui.window import agent_takeover, small_window

        if instance is not None:
            return small_window.tell(instance.sentences, sandbox=options.sandbox)
        instance = agent_takeover.ask(lambda: preflight.take_over_agent(places), sandbox=options.sandbox) or 0
    if isinstance(instance, int):
        return instance
    gc.disable()  # as for the agent
    try:
        from keyrack.core.system.window_note import WindowNotes
        from keyrack.ui.integration.plain_import import use_plain_import

        use_plain_import()
        from keyrack.ui.window.first_paint import application, first_paint

        # A tour is driven at one size.
        notes = WindowNotes(places.state) if options.tour is None else None
        look = None
        if (places.config / "settings.toml").exists():  # without it there is nothing to read, and TOML takes a while
            from keyrack.core.preferences.first_look import first_look

            look = first_look(places.config)
        window = first_paint(notes, sandbox=options.sandbox, look=look, at_login=options.at_login)
        from keyrack.ui.integration.window_language import window_language
        from keyrack.ui.parts.dressing import dress, show_name

        dress(application(), look)
        window_language().follow(None if look is None else look.language)
        show_name(window, sandbox=options.sandbox)
        from keyrack import app

        gc.enable()
        code = app.run(options, places, instance, window)
    finally:
        instance.close()
    return app.ended(code)


def _dress_early() -> None:
    """Have what stands before the window look and speak as the window would."""
    from keyrack.ui.integration.window_language import window_language
    from keyrack.ui.parts.dressing import dress
    from keyrack.ui.window.first_paint import application

    dress(application())
    window_language().follow(None)


if __name__ == "__main__":
    sys.exit(main())
