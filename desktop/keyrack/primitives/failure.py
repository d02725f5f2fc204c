"""The base of every failure that a person sees: a code, its parameters, and the catalogue's sentences for them.

The map of all roots, each with the module that has its class. The modules named "errors" draw their own trees.

Failure
├── NetworkFailure          net/network_errors.py
├── BadProxy                net/proxy/proxy_address.py
├── Transient, InvalidGrant, ClientRejected, AccessDenied, SignInCancelled and other failures of a sign-in
│                           oauth/oauth_errors.py
├── BadRedirect             oauth/authorization/redirect_uri.py
├── NotOurs                 oauth/authorization/response.py
├── UnsafeAddress           oauth/authorization/request.py
├── TokenRefused, ApiRefused                providers/api/api_failures.py
├── PricesRefused           providers/api/prices.py
├── BadProviderFile         providers/files/load.py
├── MetadataRefused         providers/files/metadata.py
├── KeyRequestRefused, NonceRefused         providers/api/key_refusals.py
├── VaultFailure            core/vault/vault_errors.py
├── NotSignedIn, WrongAccount, Unexpected, DraftProblem and other failures of an account
│                           core/failures.py
├── NoKeyMade, SecretLost and other failures of an API key
│                           core/api_keys/key_failures.py
├── AccountsFileFailure     core/accounts/accounts_file.py
├── SettingsFailure         core/preferences/settings_file.py
├── HistoryFailure          core/history/history_failures.py
├── AccessRefused           core/access/policy.py
├── LockRefused             core/access/lock.py
├── ProviderFileFailure     core/sites/user_files.py
├── GroupFailure            core/group/group_failures.py
├── MovingFailure           core/moving/moving_failures.py
├── SealFailure             core/shared_store/seal_failures.py
├── SharedStoreFailure      core/shared_store/store_failures.py
├── UpdateFailure           core/updates/update_failures.py
├── ApiError                broker/protocol/api_errors.py
├── NotTheOnly, SocketRefused               broker/instance/
└── NoSocket, KeyringRefused, CredentialRefused, ProgramMissing
                            agent/
"""

import unicodedata
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from keyrack.messages.message import Message

_LONGEST_DETAIL = 300


class Failure(Exception):
    """A failure with sentences for a person.

    `code` names it in the catalogue, and a subclass with one meaning has it as a class attribute. A code that is not
    in the catalogue raises KeyError. `params`, which may also be given one by one, fill the sentences and hold no
    secret. `detail` is the other side's own code and text, cleaned for display as plain text (S49). `retry_after` is
    in seconds, where the other side asked to wait. Where it is `technical`, the detail is for a developer: it names an
    exception and nobody said it.
    """

    code = ""
    technical = False

    def __init__(
        self,
        code: str = "",
        *,
        detail: str = "",
        retry_after: float | None = None,
        params: Mapping[str, str] | None = None,
        **named: str,
    ) -> None:
        self.code = code or self.code
        self.params: Mapping[str, str] = {**(params or {}), **named}
        self.detail = plain(detail)
        self.retry_after = retry_after
        if self.code not in _catalogue().CATALOGUE:
            raise KeyError(self.code)
        super().__init__(str(self.phrases.happened))  # a traceback and the log are for whoever helps

    @property
    def message(self) -> "Message":
        """The sentences for a person."""
        found: Message = _catalogue().message(self.code, self.params)
        return found

    @property
    def happened(self) -> str:
        """What happened, in one sentence."""
        return self.message.happened

    @property
    def said(self) -> str:
        """What the other side said, "" where it said nothing."""
        return "" if self.technical else self.detail

    @property
    def means(self) -> str:
        """What that means for the person, or ""."""
        return self.message.means

    @property
    def todo(self) -> str:
        """What to do about it, or ""."""
        return self.message.todo

    @property
    def phrases(self) -> "Message":
        """The sentences as parts of others, in English until those are shown."""
        found: Message = _catalogue().phrases(self.code, self.params)
        return found

    def sentences(self) -> str:
        """All three sentences in one line."""
        return " ".join(part for part in self.message if part)

    def in_english(self) -> str:
        """All three sentences in one line, for the log, whatever language is spoken."""
        return " ".join(part for part in self.phrases if part)


@cache
def _catalogue() -> Any:
    # Fourteen modules, which a start without a failure does not need before its first paint.
    from keyrack.messages import catalogue

    return catalogue


def plain(text: str, longest: int = _LONGEST_DETAIL) -> str:
    """Foreign text without control, format or bidi characters, cut to `longest` characters (S49).

    `keyrack.cli.exit_codes.plain` is the same function for the command line, which imports the standard library alone.
    """
    kept = text[: longest * 4]
    if not kept.isprintable():
        kept = "".join(" " if unicodedata.category(c)[0] in "CZ" else c for c in kept)
    line = " ".join(kept.split())
    return line if len(line) <= longest else line[: longest - 1] + "…"
