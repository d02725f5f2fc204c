"""How a verb ends: the exit codes of the contract, and the problem that carries one with what the person reads."""

UNEXPECTED, USAGE, NO_ACCOUNT, SIGN_IN_NEEDED, KEYRING, PROVIDER, NOT_RUNNING, REFUSED = range(1, 9)
INTERRUPTED = 130  # as shells have it

# The codes of the socket's answers; the numbers are the contract of the command line.
EXIT_CODES = {
    "usage": USAGE,
    "not_found": USAGE,
    "no_account": NO_ACCOUNT,
    "sign_in_needed": SIGN_IN_NEEDED,
    "keyring": KEYRING,
    "provider": PROVIDER,
    "refused": REFUSED,
    "locked": REFUSED,
    "busy": REFUSED,
}
_LONGEST = 1_000


class CommandFailed(Exception):
    """The verb ends with `exit_code` after `text`, whose lines are sentences without secrets."""

    def __init__(self, exit_code: int, text: str) -> None:
        super().__init__(text)
        self.exit_code = exit_code
        self.text = text


def of_answer(error: object) -> CommandFailed:
    """The problem that an answer's "error" tells, in one line."""
    told = error if isinstance(error, dict) else {}
    parts = (told.get(part) for part in ("happened", "means", "todo"))
    text = plain(" ".join(part for part in parts if isinstance(part, str) and part))
    return CommandFailed(
        EXIT_CODES.get(str(told.get("code")), UNEXPECTED), text or "Keyrack refused without saying why."
    )


def plain(text: str, longest: int = _LONGEST) -> str:
    """Foreign text in one line, without control, format or bidi characters (S49), cut to `longest` characters."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text[: longest * 4]).split())
    return line if len(line) <= longest else line[: longest - 1] + "…"
