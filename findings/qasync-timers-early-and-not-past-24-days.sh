#!/usr/bin/env bash
# qasync 0.28.0 on PySide6: timers fire before their moment, and none can be further away than 24.8 days.
#
# asyncio never calls a timer before its moment and takes any number of seconds. qasync turns the seconds into whole
# milliseconds of QObject.startTimer and cuts the rest off, so each timer fires up to 1 ms early by the loop's own clock.
# A loop like "while now < due: await asyncio.sleep(due - now)" turns several times where it turned once. A wait that
# needs more than 2**31 - 1 ms, such as one until a token of 30 days ends, raises an OverflowError without any words,
# also inside `asyncio.timeout`, `wait_for` and `sleep`. asyncio waits for it.
# So under qasync a wait compares the clock after each sleep, and sleeps in short pieces.
#
# Seen with qasync 0.28.0, PySide6 6.11.3, CPython 3.11.7:
#   asyncio: 0.0009 s fires in time, 24 days can be waited for, 25 days can be waited for
#   qasync: 0.0009 s fires early, 24 days can be waited for, 25 days raises OverflowError
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check qasync==0.28.0 PySide6-Essentials==6.11.3
QT_API=pyside6 QT_QPA_PLATFORM=offscreen "$folder/env/bin/python" -W ignore - <<'PYTHON'
import asyncio
import sys

import qasync
from PySide6.QtCore import QCoreApplication

DAY = 86_400


async def moments():
    """How often of 50 times a timer fires before its moment, by the loop's own clock."""
    loop, early = asyncio.get_running_loop(), 0
    for _ in range(50):
        fired = loop.create_future()
        due = loop.time() + 0.0009
        loop.call_at(due, lambda: fired.set_result(loop.time()))
        early += await fired < due
    return "early" if early else "in time"


async def waits(days):
    try:
        asyncio.get_running_loop().call_later(days * DAY, print).cancel()
    except OverflowError as problem:
        return f"raises {type(problem).__name__}" + (" with words" if str(problem) else "")
    return "can be waited for"


async def seen():
    return await moments(), await waits(24), await waits(25)


application = QCoreApplication([])
found = {}
for name, loop in (("asyncio", asyncio.new_event_loop()), ("qasync", qasync.QEventLoop(application))):
    asyncio.set_event_loop(loop)
    found[name] = loop.run_until_complete(seen())
    print(f"{name}: 0.0009 s fires {found[name][0]}, 24 days {found[name][1]}, 25 days {found[name][2]}")
    loop.close()
expected = {
    "asyncio": ("in time", "can be waited for", "can be waited for"),
    "qasync": ("early", "can be waited for", "raises OverflowError"),
}
sys.exit(0 if found == expected else "this has changed")
PYTHON
