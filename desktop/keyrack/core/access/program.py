"""A program that asks for a token: its executable and its script, as the system tells them."""

import shlex
from dataclasses import dataclass
from os.path import basename, dirname

from keyrack.primitives.failure import plain

# Quoted for the accounts file, each character takes up to five.
LONGEST_PATHS = 390


@dataclass(frozen=True, slots=True)
class Program:
    """One process (S92).

    `executable` is the file that runs and `script` the absolute path of its first script argument, "" for none.
    `lasting` says whether it may be allowed for always: False where the two do not tell what runs.
    `called` is how the executable was called or what it runs instead of a script, for words alone; where the
    executable is not told ("") the name that the process gave itself.
    """

    pid: int
    executable: str
    script: str
    lasting: bool
    called: str = ""

    @property
    def words(self) -> str:
        """The program for the person, without control or bidi characters: “/usr/bin/python3 bot.py”."""
        name = plain(self.called or self.executable)
        if not self.executable:
            return f"a program that calls itself “{name}”" if name else "an unknown program"
        return f"{name} {plain(basename(self.script))}" if self.script else name

    @property
    def place(self) -> str:
        """The folder of the script, for the person; "" without one. Two scripts may share their `words`."""
        return plain(dirname(self.script))

    @property
    def key(self) -> str:
        """What is kept when it is allowed for always: executable and script, quoted as for a shell."""
        return shlex.join((self.executable, self.script) if self.script else (self.executable,))


UNKNOWN = Program(0, "", "", lasting=False)
