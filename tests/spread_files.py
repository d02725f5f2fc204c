"""Spreads the files of the tests over processes of xdist, and goes on where one of the processes dies."""

from contextlib import suppress
from functools import cache
from pathlib import Path

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling
from xdist.workermanage import WorkerController

from tests.checkout import ROOT

DESKTOP = "tests/desktop/"
WINDOW = "tests/ui/"
WINDOW_PROCESSES = 2
_HELD = 2  # a process runs a test only when it knows the next one, or that there is none


class FilesAndTheDesktop(LoadFileScheduling):  # type: ignore[misc]  # xdist has no types
    """Keeps a file's tests in one process, and those of the desktop in two: a screen, a browser and a Keyrack are slow.

    One has the files whose tests share a Keyrack, the other one those that start their own. The clipboard's tests need
    no more than a screen, which each starts for itself.

    The window's tests have two processes to themselves, where there are enough. PySide 6.11.3 dies at times when it
    deletes a window in a process that ran the others before. Why is not known.

    xdist 3.8 gives the files of a process that died to the others whole, the ended ones too. A process that gets only
    ended ones waits for ever, and a test that processes die of is run again without end. Here it has failed.
    """

    def __init__(self, config: pytest.Config, log: Producer) -> None:
        super().__init__(config, log)
        self._for_the_window: dict[WorkerController, bool] = {}

    def remove_node(self, node: WorkerController) -> str | None:
        """Give back what a process left. Returns the test that it died of, None where it had nothing left to run."""
        self._for_the_window.pop(node, None)
        files: dict[str, dict[str, bool]] = self.assigned_work.pop(node)
        left = [(scope, test) for scope, tests in files.items() for test, ended in tests.items() if not ended]
        if not left:
            return None
        (_, fatal), *others = left
        for scope, test in others:
            self.workqueue.setdefault(scope, {})[test] = False
        for other in self.assigned_work:
            self._reschedule(other)
        return fatal

    def _reschedule(self, node: WorkerController) -> None:
        if node not in self.registered_collections:
            return  # it follows one that died, and has not said yet which tests it knows
        super()._reschedule(node)
        while not node.shutting_down and self._pending_of(self.assigned_work[node]) < _HELD:
            super()._reschedule(node)

    def _assign_work_unit(self, node: WorkerController) -> None:
        if self.numnodes >= 2 * WINDOW_PROCESSES:
            wanted = self._is_for_the_window(node)
            scope = next((scope for scope in self.workqueue if scope.startswith(WINDOW) == wanted), None)
            if scope is None:
                node.shutdown()
                return
            self.workqueue.move_to_end(scope, last=False)
        with suppress(OSError):  # it has just died, and gives back what it was to get as soon as that is noticed
            super()._assign_work_unit(node)

    def _is_for_the_window(self, node: WorkerController) -> bool:
        """What a process is for is settled when it gets its first file."""
        if node not in self._for_the_window:
            missing = list(self._for_the_window.values()).count(True) < WINDOW_PROCESSES
            self._for_the_window[node] = missing and any(scope.startswith(WINDOW) for scope in self.workqueue)
        return self._for_the_window[node]

    def _split_scope(self, nodeid: str) -> str:
        scope: str = super()._split_scope(nodeid)
        return desktop_scope(scope) if scope.startswith(DESKTOP) else scope


@cache
def desktop_scope(file: str) -> str:
    """What the tests of a file of the desktop are kept together with."""
    if Path(file).name.startswith("test_clipboard"):
        return file
    return "tests/desktop" + ("/shared" if "shared: Environment" in (ROOT / file).read_text("utf-8") else "")
