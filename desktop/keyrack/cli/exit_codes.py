"""The exit codes of the command line, and the exception that carries one with its text."""

from collections.abc import Mapping

from keyrack.language.translation import tr

UNEXPECTED, USAGE, NO_ACCOUNT, SIGN_IN_NEEDED, KEYRING, PROVIDER, NOT_RUNNING, REFUSED = range(1, 9)
INTERRUPTED = 130  # as shells have it

# By the error code of a response. The numbers are the contract of the command line.
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
    """The verb ends with `exit_code` after `text` was printed. Its lines are sentences without secrets."""

    def __init__(self, exit_code: int, text: str) -> None:
        super().__init__(text)
        self.exit_code = exit_code
        self.text = text


def of_answer(error: object) -> CommandFailed:
    """The failure for the "error" object of a response, in one line. The provider's own words come last."""
    fields = error if isinstance(error, dict) else {}
    text = sentences(fields, "happened", "means", "todo")
    return CommandFailed(
        EXIT_CODES.get(str(fields.get("code")), UNEXPECTED), text or tr("Keyrack refused without saying why.")
    )


def sentences(fields: Mapping[str, object], *parts: str) -> str:
    """The sentences of these fields in one line, then the provider's own words in quotation marks."""
    said = [part for name in parts if isinstance(part := fields.get(name), str) and part]
    detail = fields.get("detail")
    return plain(" ".join([*said, f"“{detail}”" if isinstance(detail, str) and detail else ""]))


def plain(text: str, longest: int = _LONGEST) -> str:
    """Foreign text in one line, without control, format or bidi characters (S49), cut to `longest` characters.

    `keyrack.primitives.failure.plain` does the same for the rest of Keyrack. It stands here again because the command
    line imports the standard library alone. A test holds that both agree.
    """
    line = " ".join("".join(c if c.isprintable() else " " for c in text[: longest * 4]).split())
    return line if len(line) <= longest else line[: longest - 1] + "…"
