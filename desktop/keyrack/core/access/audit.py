"""Records which program got which account's token, and which program was refused (S92)."""

import asyncio
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from keyrack.core.access.audit_file import AuditFile
from keyrack.core.access.program import Program
from keyrack.core.accounts.account import Account
from keyrack.core.accounts.activity import GIVEN, REFUSED, Line
from keyrack.core.accounts.collection import Accounts
from keyrack.language.translation import outliving
from keyrack.primitives.clock import Clock

MERGED_SECONDS = 3_600.0
NOTE_SECONDS = 1.0
_NOTES = 16
_PROGRAMS = 256


@dataclass(eq=False, slots=True)
class _Tally:
    """The releases or refusals of one program within an hour. `line` is their line of the activity."""

    account: Account
    program: Program
    granted: bool
    since: float
    times: int = 0
    line: Line | None = None


class Audit:
    """Writes each release to the file at once, and soon merges it into one line of the account's activity.

    Neither of them holds a token or anything derived from one.
    """

    def __init__(self, state: Path, accounts: Accounts, clock: Clock) -> None:
        self._file = AuditFile(state)
        self._accounts = accounts
        self._clock = clock
        self._tallies: dict[tuple[str, str, str, bool], _Tally] = {}
        self._unsaid: dict[_Tally, None] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._said = float("-inf")

    def record(self, account: Account, program: Program, *, granted: bool) -> None:
        """Write the line before this returns. It takes microseconds, because the activity is updated later."""
        self._file.append(_line(self._clock.wall(), account.settings.name, program, granted=granted))
        tally = self._tally(account, program, granted=granted)
        tally.times += 1
        tally.program = program
        if len(self._unsaid) < _PROGRAMS:
            self._unsaid[tally] = None
        self._say_soon()

    def close(self) -> None:
        """Update the activity for the last time, and close the file."""
        if self._timer is not None:
            self._timer.cancel()
        self._say(len(self._unsaid))
        self._file.close()

    def _tally(self, account: Account, program: Program, *, granted: bool) -> _Tally:
        key = (account.id, program.executable, program.script, granted)
        tally = self._tallies.get(key)
        now = self._clock.elapsed()
        if tally is None or now - tally.since > MERGED_SECONDS:
            self._tallies.pop(key, None)
            if len(self._tallies) >= _PROGRAMS:
                del self._tallies[next(iter(self._tallies))]
            tally = self._tallies[key] = _Tally(account, program, granted, now)
        return tally

    def _say_soon(self) -> None:
        if self._timer is None and self._unsaid:
            wait = min(NOTE_SECONDS, max(0.0, self._said + NOTE_SECONDS - self._clock.elapsed()))
            self._timer = asyncio.get_running_loop().call_later(wait, self._say_some, context=outliving())

    def _say_some(self) -> None:
        self._timer = None
        self._said = self._clock.elapsed()
        self._say(_NOTES)
        self._say_soon()

    def _say(self, most: int) -> None:
        """Update the activity's lines for at most `most` tallies. An account that was removed has none."""
        for tally in tuple(self._unsaid)[:most]:
            del self._unsaid[tally]
            if self._accounts.find(tally.account.id) is tally.account:
                tally.line = _noted(tally)


def _line(wall: float, name: str, program: Program, *, granted: bool) -> bytes:
    """The line as JSON in ASCII, so that no terminal receives a control or bidi character."""
    when = datetime.fromtimestamp(wall, UTC).isoformat(timespec="milliseconds")
    return b'{"time": "%b", %b' % (when.encode(), _who(name, program.pid, program.executable, program.script, granted))


@lru_cache(maxsize=64)
def _who(name: str, pid: int, executable: str, script: str, granted: bool) -> bytes:
    """The line after its time, which is equal for equal requests of a program."""
    told = {"account": name, "pid": pid, "executable": executable, "script": script, "granted": granted}
    return json.dumps(told).encode().removeprefix(b"{")


def _noted(tally: _Tally) -> Line:
    program = tally.program
    return tally.account.note(
        GIVEN if tally.granted else REFUSED,
        instead=tally.line,
        program=program.recorded,
        place=program.place,
        pid=str(program.pid),
        times=str(tally.times),
    )
