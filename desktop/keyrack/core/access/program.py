"""A program that requests a token: its executable and its script, as the operating system reports them."""

import shlex
from dataclasses import dataclass
from os.path import basename, dirname

from keyrack.language.translation import SOURCE, speaking, tr
from keyrack.primitives.failure import plain

# Quoted for the accounts file, each character takes up to five.
LONGEST_PATHS = 390


@dataclass(frozen=True, slots=True)
class Program:
    """One process (S92).

    `executable` is the file that runs. `script` is the absolute path of its first script argument, "" for none.
    `lasting` says whether the program may always be allowed. It is False where the two paths do not say what runs.
    `called` is for display alone: how the executable was called, or what it runs instead of a script. Where the
    executable is unknown ("") it is the name that the process gave itself.
    """

    pid: int
    executable: str
    script: str
    lasting: bool
    called: str = ""

    @property
    def words(self) -> str:
        """The program for display, without control or bidi characters: “/usr/bin/python3 bot.py”."""
        name = plain(self.called or self.executable)
        if not self.executable:
            return tr("a program that calls itself “{name}”", name=name) if name else tr("an unknown program")
        return f"{name} {plain(basename(self.script))}" if self.script else name

    @property
    def recorded(self) -> str:
        """The same for the disk, in English, because it is kept for longer than the language of one caller."""
        with speaking(SOURCE):
            return self.words

    @property
    def place(self) -> str:
        """The folder of the script for display, "" without one. It distinguishes two scripts with equal `words`."""
        return plain(dirname(self.script))

    @property
    def key(self) -> str:
        """The text that is stored when the program is always allowed: executable and script, quoted as for a shell."""
        return shlex.join((self.executable, self.script) if self.script else (self.executable,))


UNKNOWN = Program(0, "", "", lasting=False)
