"""xfce4-panel with nothing but its tray: a real StatusNotifier host. It draws a menu told over D-Bus."""

import re
import subprocess
from pathlib import Path

from tests.desktop.programs import Programs, end, wait_until

PANEL = 40
ICON = 20
_GEOMETRY = r"(?:X|Y|WIDTH|HEIGHT)=(-?\d+)"
_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<channel name="xfce4-panel" version="1.0">
  <property name="configver" type="int" value="2"/>
  <property name="panels" type="array">
    <value type="int" value="1"/>
    <property name="panel-1" type="empty">
      <property name="position" type="string" value="p=8;x=0;y=0"/>
      <property name="position-locked" type="bool" value="true"/>
      <property name="length" type="uint" value="1"/>
      <property name="length-adjust" type="bool" value="true"/>
      <property name="size" type="uint" value="32"/>
      <property name="plugin-ids" type="array">
        <value type="int" value="1"/>
      </property>
    </property>
  </property>
  <property name="plugins" type="empty">
    <property name="plugin-1" type="string" value="systray"/>
  </property>
</channel>
"""


class XfcePanel:
    """The panel on a desktop, with settings of its own in `home`."""

    def __init__(self, home: Path, env: dict[str, str]) -> None:
        folders = {"XDG_CONFIG_HOME": "config", "XDG_CACHE_HOME": "cache", "XDG_DATA_HOME": "data"}
        self._programs = Programs(home, {**env, **{name: str(home / folder) for name, folder in folders.items()}})
        self._panel: subprocess.Popen[bytes] | None = None
        settings = home / "config/xfce4/xfconf/xfce-perchannel-xml/xfce4-panel.xml"
        settings.parent.mkdir(parents=True)
        settings.write_text(_SETTINGS)

    def start(self) -> None:
        """Start the panel, and before it what keeps its settings: the bus of the tests starts nothing by itself."""
        if self._panel is None:
            (keeper,) = Path("/usr/lib").glob("*/xfce4/xfconf/xfconfd")
            self._programs.start([str(keeper)])
        self._panel = self._programs.start(["xfce4-panel", "--disable-wm-check"])
        wait_until(self._panels, "the panel")

    def stop(self) -> None:
        """End the panel, as when it crashes."""
        assert self._panel is not None
        end(self._panel)
        wait_until(lambda: not self._panels(), "the panel to be gone")

    def close(self) -> None:
        """End everything."""
        self._programs.close()

    def icon(self) -> list[int]:
        """The middle of the panel once the only icon is there, [] before: without one the panel is narrower."""
        return next(([x + width // 2, y + height // 2] for x, y, width, height in self._panels() if width >= ICON), [])

    def menu(self) -> list[int]:
        """Where the menu is on the screen, as x, y, width and height, [] while none is open."""
        return next((place for place in self._shown("wrapper-2.0") if place[3] > PANEL), [])

    def _panels(self) -> list[list[int]]:
        return self._shown("xfce4-panel")

    def _shown(self, program: str) -> list[list[int]]:
        """The places of a program's visible windows."""
        windows = self._programs.ask("xdotool", "search", "--onlyvisible", "--class", program, check=False).split()
        told = [self._programs.ask("xdotool", "getwindowgeometry", "--shell", one, check=False) for one in windows]
        return [place for text in told if len(place := [int(value) for value in re.findall(_GEOMETRY, text)]) == 4]
