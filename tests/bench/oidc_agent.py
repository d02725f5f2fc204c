"""The peer: Debian's oidc-agent with one account at an issuer of ours, as `oidc-token NAME` is used."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

NAME = "bench"


def installed() -> bool:
    """Whether Debian's package is there."""
    return all(shutil.which(program) for program in ("oidc-agent", "oidc-gen", "oidc-token"))


@contextmanager
def agent(folder: Path, address: str, authority: Path) -> Iterator[dict[str, str]]:
    """The environment in which `oidc-token` answers from its cache."""
    home = folder / "oidc"
    home.mkdir(mode=0o700)
    environment = {"PATH": os.environ["PATH"], "HOME": str(home), "OIDC_CONFIG_DIR": str(home), "TMPDIR": str(folder)}
    announced = _output(["oidc-agent"], environment)
    told = dict(re.findall(r"^(\w+)=([^;]+);", announced, re.MULTILINE))
    environment["OIDC_SOCK"] = told["OIDC_SOCK"]
    try:
        _add(environment, address, authority)
        yield environment
    finally:
        with suppress(ProcessLookupError):
            os.kill(int(told["OIDCD_PID"]), 15)


def _add(environment: dict[str, str], address: str, authority: Path) -> None:
    command = ["oidc-gen", NAME, "--manual", "--no-save", "--rt-env", "--prompt=none", "--confirm-yes"]
    command += [f"--issuer={address}/", f"--cert-path={authority}", "--scope=openid offline_access"]
    command += ["--client-id=invented", "--client-secret=invented", "--redirect-uri=http://localhost:8080"]
    _output(command, {**environment, "OIDC_REFRESH_TOKEN": "invented-refresh-token"})


def _output(command: list[str], environment: dict[str, str]) -> str:
    nothing = subprocess.DEVNULL
    done = subprocess.run(
        command, env=environment, stdin=nothing, capture_output=True, text=True, check=True, timeout=60
    )
    return done.stdout
