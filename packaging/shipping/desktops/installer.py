"""The installer for Windows, an MSI that wixl makes on Linux from a description in the language of WiX.

An MSI is declared and not programmed: Windows itself copies, replaces, removes and rolls back, and asks running
programs to close. MSIX is not taken: it must be signed to be installed at all, and Windows keeps what a packaged
program writes in the package's own folder, which goes with it, so that removing would take the person's data.
It is for the whole computer, so that no other program of the person can change Keyrack's files.
"""

import os
import re
import struct
import tempfile
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from xml.sax.saxutils import quoteattr

from shipping.checkout_copy import Checkout
from shipping.desktops.tool import run

UPGRADES = uuid.UUID("6f2e6c1e-8b0d-4e5b-9f0a-3f4b6b1c2d10")  # never changes: by it Windows knows the older version
DESCRIPTION = """\
<?xml version="1.0" encoding="utf-8"?>
<Wix xmlns="http://schemas.microsoft.com/wix/2006/wi">
  <Product Id="{product}" Name="Keyrack" Manufacturer="The Keyrack maintainers" Version="{version}" Language="1033"
           UpgradeCode="{upgrades}">
    <Package InstallerVersion="500" Compressed="yes" InstallScope="perMachine"
             Description="Keeps the tokens of your exchanges and services fresh"/>
    <MajorUpgrade DowngradeErrorMessage="A newer Keyrack is installed. Remove it first; your accounts stay."/>
    <MediaTemplate EmbedCab="yes"/>
    <Icon Id="keyrack.ico" SourceFile="keyrack.ico"/>
    <Property Id="ARPPRODUCTICON" Value="keyrack.ico"/>
    <Directory Id="TARGETDIR" Name="SourceDir">
      <Directory Id="ProgramFiles64Folder">
        <Directory Id="INSTALLDIR" Name="Keyrack">
{tree}
        </Directory>
      </Directory>
      <Directory Id="ProgramMenuFolder"/>
    </Directory>
    <Feature Id="Main" Level="1">
{components}
    </Feature>
  </Product>
</Wix>
"""
SHORTCUT = (
    '<Shortcut Id="shortcut" Directory="ProgramMenuFolder" Name="Keyrack" WorkingDirectory="INSTALLDIR"'
    ' Icon="keyrack.ico" Advertise="yes"/>'
)
# wixl knows no environment, so its table is written into the finished file (Windows Installer, Environment table):
# "=-*" sets it for the computer and takes it away again, and "[~]" is what the path was before.
ENVIRONMENT = (
    "Environment\tName\tValue\tComponent_\r\ns72\tl255\tL255\ts72\r\nEnvironment\tEnvironment\r\n"
    "PATH\t=-*PATH\t[~];[{folder}]\t{component}\r\n"
)
ACTIONS = {"RemoveEnvironmentStrings": 3300, "WriteEnvironmentStrings": 5200}  # where Windows' documentation has them
_COMMAND, _WINDOW = "bin/keyrack.exe", "bin/keyrack-gui.exe"


def write_installer(source: Checkout, program: Path, setup: Path) -> None:
    """Make the installer of a folder. Raises BuildError where wixl or msibuild fails or is missing."""
    begun = time.time()
    with tempfile.TemporaryDirectory() as scratch:
        description = Path(scratch, "keyrack.wxs")
        description.write_text(described(source, program), "utf-8")
        environ = {**os.environ, "SOURCE_DATE_EPOCH": str(source.epoch)}
        # wixl finds files by relative names only, so it runs in the folder
        run("wixl", "-a", "x64", "-o", str(setup), str(description), environ=environ, folder=program)
        table = Path(scratch, "Environment.idt")
        text = ENVIRONMENT.format(folder=identifier("bin"), component=identifier(_COMMAND))
        table.write_bytes(text.encode())
        run("msibuild", str(setup), "-i", str(table))
        for action, number in ACTIONS.items():
            row = f"(Action, Sequence) VALUES ('{action}', {number})"
            run("msibuild", str(setup), "-q", f"INSERT INTO InstallExecuteSequence {row}")
    setup.write_bytes(dated(setup.read_bytes(), begun, source))


def described(source: Checkout, program: Path) -> str:
    """The description of a folder in WiX's language. Each file is a component, so that Windows can mend one."""
    files = sorted(path.relative_to(program).as_posix() for path in program.rglob("*") if path.is_file())
    return DESCRIPTION.format(
        product=_number(f"product {source.version}"),
        version=source.version,
        upgrades=str(UPGRADES).upper(),
        tree="\n".join(_tree(program, program)),
        components="\n".join(f'      <ComponentRef Id="{identifier(name)}"/>' for name in files),
    )


def identifier(name: str) -> str:
    """What a file or folder is called inside the installer, at most 72 letters (Identifier data type)."""
    return f"i{uuid.uuid5(UPGRADES, name).hex}"


def dated(setup: bytes, begun: float, source: Checkout) -> bytes:
    """The installer with the commit's date in place of now, and a number made of the version ([MS-OLEPS] FILETIME)."""

    def moment(seconds: float) -> int:
        return int((seconds + 11_644_473_600) * 10_000_000)

    def fixed(found: "re.Match[bytes]") -> bytes:
        (value,) = struct.unpack("<Q", found[1])
        now = moment(begun - 2) <= value <= moment(time.time() + 2)
        return found[0][:4] + struct.pack("<Q", moment(source.epoch)) if now else found[0]

    text = re.sub(rb"\x40\0\0\0(.{8})", fixed, setup, flags=re.DOTALL)
    package = f"{{{_number(f'package {source.version} {source.epoch}')}}}".encode()
    return re.sub(rb"\{[0-9A-F]{8}(?:-[0-9A-F]{4}){3}-[0-9A-F]{12}\}(?=\0)", package, text, count=1)


def _tree(folder: Path, program: Path) -> Iterator[str]:
    for path in sorted(folder.iterdir()):
        name = path.relative_to(program).as_posix()
        if path.is_dir():
            yield f"<Directory Id={quoteattr(identifier(name))} Name={quoteattr(path.name)}>"
            yield from _tree(path, program)
            yield "</Directory>"
            continue
        end = f">{SHORTCUT}</File>" if name == _WINDOW else "/>"
        file = f'<File Id="f{identifier(name)}" Source={quoteattr(name)} Name={quoteattr(path.name)} KeyPath="yes"{end}'
        yield f'<Component Id="{identifier(name)}" Guid="{_number(name)}" Win64="yes">{file}</Component>'


def _number(name: str) -> str:
    return str(uuid.uuid5(UPGRADES, name)).upper()
