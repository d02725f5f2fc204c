"""A traced sandbox as a campaign uses it: what its providers issued and were shown, and when."""

import json
import os
import subprocess
import sys
import threading
import time
from collections import Counter
from dataclasses import dataclass
from typing import Any, Self

from tests.checkout import FROM_SOURCE, ROOT
from tests.sandbox_process import RunningSandbox


@dataclass(slots=True)
class Rotation:
    """One pair of tokens that a client got for its refresh token. Times are in seconds since 1970.

    `began` is when the request arrived, `answered` when the last byte of the response was sent: None until then, and
    for a response that was never sent whole.
    """

    client_id: str
    issued: float
    request: int
    old: str = ""
    access: str = ""
    refresh: str = ""
    began: float = 0.0
    answered: float | None = None


class TracedSandbox(RunningSandbox):
    """A running sandbox whose trace is read by a thread of ours."""

    def __init__(self, process: "subprocess.Popen[str]", announced: dict[str, Any]) -> None:
        super().__init__(process, announced)
        self.secrets = {client["client_secret"] for client in self.clients if client["client_secret"]}
        self.shown: Counter[str] = Counter()
        self._rotations: dict[str, list[Rotation]] = {}
        self._of_request: dict[int, Rotation] = {}
        self._of_access: dict[str, tuple[str, int]] = {}
        self._news = threading.Condition()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    @classmethod
    def traced(cls, *options: str) -> Self:
        """Start one with these options of the sandbox."""
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.campaigns.traced_sandbox", *options],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, **FROM_SOURCE, "PYTHONPATH": f"{ROOT}{os.pathsep}{FROM_SOURCE['PYTHONPATH']}"},
        )
        assert process.stdout is not None
        return cls(process, json.loads(process.stdout.readline()))

    def close(self) -> None:
        """End the process. The reader goes first, because it holds the pipe."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        self._reader.join(20)
        super().close()

    def rotations(self, client_id: str) -> list[Rotation]:
        """Every pair that a client got so far, oldest first."""
        with self._news:
            return list(self._rotations.get(client_id, ()))

    def next_answer(self, client_id: str, after: float, seconds: float) -> Rotation | None:
        """Wait for the next answer with new tokens that was sent after this moment. None when there is none in time."""
        ends = time.monotonic() + seconds
        with self._news:
            while True:
                found = self._rotations.get(client_id, ())
                if found and (found[-1].answered or 0) > after:
                    return found[-1]
                if not self._news.wait(max(0.0, ends - time.monotonic())):
                    return None

    def place(self, access: str) -> tuple[str, int] | None:
        """The client of an access token, and how many pairs that client had got before it."""
        with self._news:
            return self._of_access.get(access)

    def newest_in(self, client_id: str, text: str) -> int:
        """The place of the newest pair whose refresh or access token stands in `text`, -1 for none."""
        with self._news:
            known = self._rotations.get(client_id, ())
            return max((n for n, pair in enumerate(known) if _stands(pair, text)), default=-1)

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            told = json.loads(line)
            with self._news:
                getattr(self, f"_on_{told['what']}")(told)
                self._news.notify_all()

    def _on_issued(self, told: dict[str, Any]) -> None:
        self.secrets.add(told["token"])
        if told["kind"] == "code":
            return
        pair = self._pair(told)
        setattr(pair, told["kind"], told["token"])
        if told["kind"] == "access":
            self._of_access[told["token"]] = pair.client_id, len(self._rotations[pair.client_id]) - 1

    def _on_shown(self, told: dict[str, Any]) -> None:
        self.shown[told["token"]] += 1
        if told["good"]:
            self._pair(told).old = told["token"]

    def _on_answered(self, told: dict[str, Any]) -> None:
        pair = self._of_request.pop(told["request"], None)
        if pair is not None:
            pair.began, pair.answered = told["began"], told["at"]
            pair.refresh = pair.refresh or pair.old  # a provider may keep the old one

    def _pair(self, told: dict[str, Any]) -> Rotation:
        """The pair that this request makes."""
        made = self._of_request.get(told["request"])
        if made is None:
            made = self._of_request[told["request"]] = Rotation(told["client_id"], told["at"], told["request"])
            self._rotations.setdefault(made.client_id, []).append(made)
        return made


def _stands(pair: Rotation, text: str) -> bool:
    return any(token and token in text for token in (pair.refresh, pair.access))
