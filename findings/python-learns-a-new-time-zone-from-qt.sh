#!/usr/bin/env bash
# CPython 3.11.7 with PySide6 6.11.3: Python goes on with the old time zone until Qt happens to work out a local time.
#
# When the time zone of the computer changes, as on a journey, a Python process keeps the one that it began with: the
# C library reads it once for `localtime_r`, and only `time.tzset` has it read again. `datetime.now().astimezone()`, the
# logging module and `time.localtime` all tell the old hour. Qt asks for the zone at each local time, and that is the
# C library's too. So in a program with both, Python's hour jumps at the moment at which Qt makes some local time, such
# as the first date in a window, and that Qt knows the new zone's name already does not yet do it.
# So a process that shows or logs local times calls `time.tzset` before, and one that has no window most of all.
#
# Seen with CPython 3.11.7, PySide6 6.11.3 and tzdata 2026.6, for 2026-09-21 at 14 h UTC:
#   Berlin: Python 16 h
#   then Tokyo: Python 16 h
#   Qt names its zone Asia/Tokyo: Python 16 h
#   Qt makes a local time of 23 h: Python 23 h
#   then New York: Python 23 h
#   time.tzset: Python 10 h
#
# Needs root for a name space of mounts: the computer's own time zone stays as it is.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/env"
"$folder/env/bin/pip" install --quiet --disable-pip-version-check PySide6-Essentials==6.11.3 tzdata==2026.6
mkdir "$folder/etc"
zones=$("$folder/env/bin/python" -c 'import tzdata; print(tzdata.__path__[0])')/zoneinfo
ln -s "$zones/Europe/Berlin" "$folder/etc/localtime"
cat > "$folder/ask.py" <<'PYTHON'
import os
import sys
import time
from datetime import datetime

from PySide6.QtCore import QDateTime, QTimeZone

MOMENT = 1_790_000_000
LINK = "/etc/localtime"
ZONES = sys.argv[1]


def move_to(zone):
    os.unlink(LINK)
    os.symlink(f"{ZONES}/{zone}", LINK)


def python():
    return f"Python {datetime.fromtimestamp(MOMENT).hour} h"


found = [f"Berlin: {python()}"]
move_to("Asia/Tokyo")
found.append(f"then Tokyo: {python()}")
found.append(f"Qt names its zone {QTimeZone.systemTimeZoneId().data().decode()}: {python()}")
found.append(f"Qt makes a local time of {QDateTime.fromSecsSinceEpoch(MOMENT).time().hour()} h: {python()}")
move_to("America/New_York")
found.append(f"then New York: {python()}")
time.tzset()
found.append(f"time.tzset: {python()}")
print("\n".join(found))
expected = [
    "Berlin: Python 16 h",
    "then Tokyo: Python 16 h",
    "Qt names its zone Asia/Tokyo: Python 16 h",
    "Qt makes a local time of 23 h: Python 23 h",
    "then New York: Python 23 h",
    "time.tzset: Python 10 h",
]
sys.exit(0 if found == expected else "this has changed")
PYTHON
unshare --mount bash -c "
  mount --bind '$folder/etc' /etc
  exec env -u TZ '$folder/env/bin/python' '$folder/ask.py' '$zones'
"
