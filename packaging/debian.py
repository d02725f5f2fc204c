"""Knows the Debian packages that Qt and the desktop tests need, and installs missing ones where it may."""

import os
import shutil
import subprocess
from collections.abc import Sequence

QT = (
    "libegl1", "libgl1", "libfontconfig1", "libxkbcommon0", "libglib2.0-0", "libdbus-1-3", "fonts-dejavu-core",
    "libxcb-cursor0", "libxkbcommon-x11-0", "libxcb-icccm4", "libxcb-keysyms1", "libxcb-shape0", "libxcb-image0",
    "libxcb-render-util0",
)  # fmt: skip
DESKTOP_TESTS = (
    "xvfb", "xauth", "openbox", "trayer", "gnome-keyring", "dbus-x11", "libsecret-tools", "xclip", "xdotool",
    "chromium", "chromium-driver", "imagemagick", "keepassxc", "parcellite", "xfce4-clipman",
    "xfce4-panel", "firefox-esr", "libkf5wallet-bin", "libqca-qt5-2-plugins", "at-spi2-core",
    "zsh", "fish", "man-db", "mandoc", "fonts-nanum", "appstream", "desktop-file-utils", "etcd-server", "etcd-client",
)  # fmt: skip

# What makes the package for Debian, and what its plug-ins for GNOME and Wayland are linked against.
PACKAGES = ("binutils", "dpkg-dev", "libgtk-3-0", "libwayland-cursor0")
CHECKS = ("lintian", "appstream", "desktop-file-utils")
# Which package has a tool that the packages for other desktops are made or read with.
TOOLS = {
    "mksquashfs": "squashfs-tools", "unsquashfs": "squashfs-tools", "patchelf": "patchelf", "objdump": "binutils",
    "flatpak-builder": "flatpak-builder", "wixl": "wixl", "msibuild": "msitools", "msiextract": "msitools",
    "appstreamcli": "appstream", "desktop-file-validate": "desktop-file-utils",
}  # fmt: skip
DESKTOPS = tuple(sorted(set(TOOLS.values())))
CLEAN_ROOT = ("mmdebstrap", "iproute2", "xvfb", "xdotool")


def missing(packages: Sequence[str]) -> list[str]:
    """Name those of the packages that are not installed. Empty where there is no dpkg."""
    if shutil.which("dpkg-query") is None:
        return []
    command = ["dpkg-query", "--show", "--showformat=${binary:Package} ${db:Status-Status}\n", *packages]
    listed = subprocess.run(command, capture_output=True, text=True, check=False).stdout.splitlines()
    there = {line.split(":")[0].split()[0] for line in listed if line.endswith(" installed")}
    # Debian 13 and Ubuntu 24.04 renamed packages for 64-bit time: libglib2.0-0t64 provides libglib2.0-0
    return [name for name in packages if name not in there and not has_renamed(name)]


def has_renamed(name: str) -> bool:
    """Whether the successor of a library package is installed."""
    command = ["dpkg-query", "--show", "--showformat=${db:Status-Status}", name + "t64"]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout == "installed"


def may_install() -> bool:
    """Whether packages can be installed without a password: as root, with apt."""
    return hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get") is not None


def install(packages: Sequence[str]) -> bool:
    """Install packages by apt, and print that. Return whether it worked."""
    print(f"Installing Debian packages: {' '.join(packages)}", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    get = ["apt-get", "-qq", "-o", "DPkg::Lock::Timeout=600"]
    for command in ([*get, "update"], [*get, "install", "--yes", "--no-install-recommends", *packages]):
        done = subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=False)
        if done.returncode:
            print(f"apt-get {command[3]} failed with code {done.returncode}.", flush=True)
            return False
    return True
