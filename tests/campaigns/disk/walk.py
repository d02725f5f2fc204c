"""Walks over a bad disk in a namespace of its own, and prints one line with what it found."""

import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.campaigns.disk.damage import damaged, holding
from tests.campaigns.disk.findings import Findings
from tests.campaigns.disk.person import FRESH, KEPT, NEW, Log, Person, Said
from tests.campaigns.disk.steps import Step, steps
from tests.sandbox_process import RunningSandbox
from tests.until import wait_for

_SIGNS = ("Traceback", "Errno", "Logging error", "uncaught")
_AFTERWARDS = (("token", KEPT), ("refresh", KEPT), ("proxy", "--use", "none"), ("status",))


class Walk:
    """All situations, one person after another."""

    def __init__(self, folder: Path, sandbox: RunningSandbox) -> None:
        self._folder = folder
        self._sandbox = sandbox
        self._count = 0
        self.findings = Findings()

    def everything(self, most: int) -> None:
        """So many ways of failing, while it runs, at a start and at the first start. Then those of keyring and log."""
        for way in ("full", "no room for a file", "read-only")[:most]:
            self.while_running(way)
            self.at_start(way)
            self.at_first_start(way)
        self.keyring_full()
        self.while_running("full", log="to the log file")
        self.while_running("full", log="to a file by the shell")

    @contextmanager
    def _person(self, *, keyring_on_disk: bool = False, log: Log = "to the test") -> Iterator[Person]:
        self._count += 1
        folder = self._folder / str(self._count)
        folder.mkdir()
        person = Person(folder, self._sandbox, keyring_on_disk=keyring_on_disk, log=log)
        try:
            yield person
        finally:
            person.close()

    def while_running(self, way: str, *, log: Log = "to the test") -> None:
        """The disk fails while the agent runs. Every verb is tried, then there is room again, then a restart."""
        place = way if log == "to the test" else f"{way}, log {log}"
        with self._person(log=log) as person:
            person.set_up()
            person.disk.ways[way]()
            for step in steps(person):
                self._step(place, person, step)
            for name in (KEPT, FRESH):
                if person.state_of(name) not in ("", "ready"):
                    self.findings.sign_ins_lost.append(f"{place}: {name} while it was bad")
            person.disk.good()
            self._goes_on(place, person)

    def _step(self, place: str, person: Person, step: Step) -> None:
        self.findings.situations += 1
        before = step.effect(person)
        said = person.verb(*step.words, given=step.given)
        where = f"{place}: {' '.join(step.words[:5])}"
        self._heard(where, said)
        warned = step.warning and step.warning in said.err
        if said.code == 0 and not step.effect(person) and not warned:
            self.findings.said_too_much.append(f"{where}: {said.err.strip() or said.out.strip()}")
        if said.code and not before and step.effect(person):
            self.findings.said_too_much.append(f"{where} did what it said it could not")
        self._look(where, person)

    def _heard(self, where: str, said: Said) -> None:
        self.findings.said[where] = f"{said.code} {said.err.strip()}"
        if said.code and not said.err.strip().endswith((".", "”", "]", ")")):
            self.findings.sentences_missing.append(f"{where}: {said}")
        if any(sign in said.err for sign in _SIGNS):
            self.findings.uncaught.append(f"{where}: {said.err}")

    def _look(self, where: str, person: Person) -> None:
        files = person.disk.files()
        self.findings.files_damaged += [f"{where}: {what}" for what in damaged(files)]
        self.findings.secrets_in_files += [f"{where}: {name}" for name in holding(files, person.secrets)]

    def _goes_on(self, place: str, person: Person) -> None:
        """With room again everything works without a restart, and after one the sign-in is there."""
        self.findings.situations += 1
        where = f"{place}: good again"
        for words in (*_AFTERWARDS, ("accounts", "add", f"{NEW} again", *person.client)):
            said = person.verb(*words)
            if said.code:
                self.findings.not_going_on.append(f"{where}: {' '.join(words)}: {said}")
        self._stop(where, person)
        self._look(where, person)
        self._still_signed_in(where, person)

    def _still_signed_in(self, where: str, person: Person) -> None:
        person.start()
        try:
            wait_for(lambda: person.is_ready(KEPT), "the sign-in", 10)
        except AssertionError:
            self.findings.sign_ins_lost.append(f"{where}: {person.verb('status').out}")
        if not person.token(KEPT):
            self.findings.sign_ins_lost.append(f"{where}: no token")
        self._stop(where, person)

    def _stop(self, where: str, person: Person) -> None:
        code = person.stop()
        if code:
            self.findings.uncaught.append(f"{where}: the agent ended with {code}")
        self._read_log(where, person)

    def _read_log(self, where: str, person: Person) -> None:
        text = "\n".join([person.logs, *(path.read_text("utf-8", "replace") for path in person.log_files())])
        self.findings.uncaught += [f"{where}: {text[-3000:]}"] if any(sign in text for sign in _SIGNS) else []
        shown = [secret for secret in person.secrets if secret in text]
        self.findings.secrets_in_files += [f"{where}: the log" for _ in shown]
        person.logs = ""

    def at_start(self, way: str) -> None:
        """A home that exists. The disk is bad before the agent starts."""
        with self._person() as person:
            person.set_up()
            self._stop(way, person)
            person.disk.ways[way]()
            self._begin(f"{way} at a start", person, expect_token=True)
            person.disk.good()
            self._still_signed_in(f"{way} at a start, good again", person)

    def at_first_start(self, way: str) -> None:
        """An empty disk that is bad from the beginning."""
        with self._person() as person:
            person.disk.ways[way]()
            self._begin(f"{way} at the first start", person, expect_token=False)
            person.disk.good()
            person.set_up()
            self._goes_on(f"{way} at the first start", person)

    def _begin(self, where: str, person: Person, *, expect_token: bool) -> None:
        """Start the agent. It serves, or it ends with a sentence."""
        self.findings.situations += 1
        agent = person.start(until_ready=False)
        wait_for(lambda: agent.process.poll() is not None or person.verb("status").code == 0, "the agent", 30)
        if agent.process.poll() is None:
            self._heard(where, person.verb("status"))
            if expect_token and not person.token(KEPT):
                self.findings.sign_ins_lost.append(f"{where}: no token while it was bad")
            self._stop(where, person)
        else:
            self._heard(where, Said(agent.process.returncode, "", agent.log()))
            person.logs += agent.log()
            agent.close()
            person.agent = None
        self._read_log(where, person)
        self._look(where, person)

    def keyring_full(self) -> None:
        """The keyring's own file is on the full disk: a renewed token stays in memory until there is room."""
        where = "the keyring's disk full"
        with self._person(keyring_on_disk=True) as person:
            person.set_up()
            person.disk.full()
            for words in (("refresh", KEPT), ("token", KEPT), ("status",), ("lock", "--set-passphrase")):
                self._step(where, person, Step(words, lambda _: True, "\ninvented passphrase\n"))
            person.disk.good()
            wait_for(lambda: person.is_ready(KEPT), "the token to be saved", 90)
            self._goes_on(where, person)


def main() -> int:
    """Walk in the folder and over the number of ways that are named, and print the findings as one line."""
    with RunningSandbox.start() as sandbox:
        walk = Walk(Path(sys.argv[1]), sandbox)
        try:
            walk.everything(int(sys.argv[2]))
        except Exception:  # noqa: BLE001 - what stops the walk is a finding too
            walk.findings.uncaught.append(traceback.format_exc())
    print(walk.findings.encoded())
    return 0


if __name__ == "__main__":
    sys.exit(main())
