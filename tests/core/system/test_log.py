"""No secret reaches a log, from any logger, in any spelling, at any level."""

import base64
import inspect
import io
import json
import logging
import os
import stat
import string
import subprocess
import sys
import textwrap
import threading
from functools import partial
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyrack.core.system import log
from keyrack.primitives.redaction import redact
from keyrack.primitives.secret import Secret, live_secrets
from tests.checkout import FROM_SOURCE

CANARY = 'inv/ent+ed "canary"\\é=&1'
KNOWN = Secret(CANARY)

SPELLINGS = {
    "raw": CANARY,
    "url": quote(CANARY, safe=""),
    "url with slashes": quote(CANARY),
    "form": quote_plus(CANARY),
    "json": json.dumps(CANARY)[1:-1],
    "json not ascii": json.dumps(CANARY, ensure_ascii=False)[1:-1],
    "repr": repr(CANARY)[1:-1],
    "bytes": repr(CANARY.encode())[2:-1],
    "hex": CANARY.encode().hex(),
    "base64": base64.b64encode(CANARY.encode()).decode(),
    "base64 for addresses": base64.urlsafe_b64encode(CANARY.encode()).decode(),
}


@pytest.mark.security("S102")
@pytest.mark.parametrize("name", SPELLINGS)
def test_a_live_secret_is_found_in_every_spelling(name: str) -> None:
    text = redact(f"something {SPELLINGS[name]} behind")
    assert SPELLINGS[name][4:-4] not in text
    assert text.startswith("something ***")
    assert text.endswith("behind")


@pytest.mark.security("S102")
@pytest.mark.parametrize("odd", ["", *string.punctuation, " ", "é", "\n"])
def test_one_odd_character_is_found_in_every_spelling(odd: str) -> None:
    canary = f"invented{odd}canary"
    held = Secret(canary)
    address, text = (quote(canary, ""), quote(canary), quote_plus(canary)), (json.dumps(canary), repr(canary.encode()))
    for spelling in (canary, *address, json.dumps(canary, ensure_ascii=False)[1:-1], text[0][1:-1], text[1][2:-1]):
        assert redact(f"<{spelling}>") == "<***>"
    assert held.reveal() == canary


@pytest.mark.security("S102")
@pytest.mark.parametrize("client_id", ["", "i", "id", "idx", "a-longer-client-id"])
def test_a_secret_in_the_middle_of_basic_credentials_is_found(client_id: str) -> None:
    credentials = base64.b64encode(f"{client_id}:{CANARY}".encode()).decode()
    assert credentials[-16:-4] not in redact(f"x {credentials} y")


@pytest.mark.security("S102")
@given(st.text(min_size=6, alphabet=st.characters(exclude_categories=["Cs"])))
def test_any_secret_is_taken_out(text: str) -> None:
    held = Secret(text)
    if text not in "***":
        assert text not in redact(f"<{text}>") or text.strip("<>*") == ""
    assert held.reveal() == text


@pytest.mark.security("S102")
@pytest.mark.parametrize(
    ("line", "clean"),
    [
        ("GET /cb?code=SplxlOBe&state=xyz HTTP/1.1", "GET /cb?code=***&state=*** HTTP/1.1"),
        ("Authorization: Bearer abc.def", "Authorization: ***"),
        ("authorization: Basic eHg6eXk=", "authorization: ***"),
        ("grant_type=refresh_token&refresh_token=8xLOxBtZ", "grant_type=refresh_token&refresh_token=***"),
        ("code_verifier=dBjftJeZ4CVP&x=1", "code_verifier=***&x=1"),
        ('{"access_token": "2Yot\\"nF", "expires_in": 3}', '{"access_token": "***", "expires_in": 3}'),
        ('{\\"client_secret\\":\\"abc\\",\\"n\\":1}', '{\\"client_secret\\":\\"***\\",\\"n\\":1}'),
        ("[(b'Authorization', b'Basic eHg6eXk=')]", "[(b'Authorization', b'***')]"),
        ("{'X-Auth-Token': 'abc'}", "{'X-Auth-Token': '***'}"),
        ("Set-Cookie: session=abc", "Set-Cookie: ***"),
        ("sent bearer abcdefghi", "sent bearer ***"),
        ("password=abc", "password=***"),
        ("status code: 200, state: ready", "status code: 200, state: ready"),
        ("renewed the access of 3 accounts", "renewed the access of 3 accounts"),
    ],
)
def test_what_looks_like_a_secret_is_taken_out_without_knowing_it(line: str, clean: str) -> None:
    assert redact(line) == clean
    assert redact(clean) == clean


def test_a_long_line_is_quickly_done() -> None:
    assert redact("a" * 1_000_000) == "a" * 1_000_000
    assert redact('"' * 100_000 + "\\" * 100_000).startswith('"')


def record(message: object, *args: object, **more: object) -> logging.LogRecord:
    made = logging.LogRecord("some.library", logging.DEBUG, "x.py", 1, message, args, None)
    made.__dict__.update(more)
    return made


def formatted(made: logging.LogRecord) -> str:
    assert log.Redaction().filter(made)
    return logging.Formatter("%(message)s").format(made)


@pytest.mark.security("S102")
def test_all_secrets_are_known_while_another_thread_makes_secrets(request: pytest.FixtureRequest) -> None:
    request.addfinalizer(partial(sys.setswitchinterval, sys.getswitchinterval()))
    sys.setswitchinterval(1e-6)
    kept, ended = [Secret(f"invented-and-kept-{n}") for n in range(1000)], threading.Event()

    def make() -> None:
        while not ended.is_set():
            [Secret("invented-for-a-moment") for _ in range(20)]

    maker = threading.Thread(target=make)
    maker.start()
    try:
        for _ in range(500):
            assert kept[-1] in live_secrets()
    finally:
        ended.set()
        maker.join()


@pytest.mark.security("S102")
def test_message_arguments_traceback_and_stack_are_covered() -> None:
    assert CANARY not in formatted(record(f"message {CANARY}"))
    assert CANARY not in formatted(record("argument %s", CANARY))
    assert CANARY not in formatted(record("mapping %(x)s", {"x": CANARY}))
    assert CANARY not in formatted(record("stack", stack_info=f'File "x": {CANARY}'))
    try:
        try:
            raise ValueError(CANARY)
        except ValueError as inner:
            raise RuntimeError("outer") from inner
    except RuntimeError:
        text = formatted(record("failed", exc_info=sys.exc_info()))
    assert CANARY not in text
    assert "ValueError: ***" in text


@pytest.mark.security("S102")
def test_arguments_that_do_not_fit_are_not_printed_by_logging_itself(capsys: pytest.CaptureFixture[str]) -> None:
    text = formatted(record("two %s %s", CANARY))
    assert "do not fit" in text
    assert CANARY not in text + capsys.readouterr().err


@pytest.mark.security("S105")
def test_no_option_of_the_set_up_turns_redaction_off() -> None:
    assert list(inspect.signature(log.set_up).parameters) == ["logs", "level", "console"]
    assert list(inspect.signature(redact).parameters) == ["text"]


PROBE = """
    import asyncio, gc, io, logging, sys, threading, warnings
    from pathlib import Path
    CANARY = 'inv/ent+ed "canary"'

    early = logging.StreamHandler(sys.stdout)        # a library set up its own before us
    logging.getLogger("early.library").addHandler(early)
    from keyrack.core.system import log
    from keyrack.primitives.secret import Secret, live_secrets
    known = Secret(CANARY)
    path = log.set_up(Path(sys.argv[1]), level=logging.DEBUG)
    late = logging.StreamHandler(sys.stdout)         # another one later
    logging.getLogger("late.library").addHandler(late)
    logging.getLogger("httpx").addHandler(late)

    for name in ("keyrack.x", "early.library", "late.library", "requests_oauthlib", "httpx", "httpcore.http11",
                 "keyring.backend", "jeepney", "asyncio", "urllib3.connectionpool"):
        for level in (logging.DEBUG, logging.INFO, logging.WARNING, logging.ERROR):
            logging.getLogger(name).log(level, "line of %s at %d: %s", name, level, CANARY)
    logging.getLogger("httpcore.http11").setLevel(logging.DEBUG)   # a library's level is raised again
    logging.getLogger("httpcore.http11").debug("chatter that was turned up")
    warnings.warn("a warning " + CANARY)

    def fail(): raise RuntimeError("in a thread " + CANARY)
    thread = threading.Thread(target=fail); thread.start(); thread.join()

    class Dies:
        def __del__(self): raise RuntimeError("in __del__ " + CANARY)
    Dies(); gc.collect()

    async def main():
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(log.loop_exception)
        async def task(): raise RuntimeError("in a task " + CANARY)
        running = asyncio.create_task(task())
        await asyncio.sleep(0.01)
        del running; gc.collect()
        loop.call_soon(lambda: 1 / 0)
        await asyncio.sleep(0.01)
    asyncio.run(main())

    import enum
    QtMsgType = enum.Enum("QtMsgType", "QtDebugMsg QtWarningMsg QtCriticalMsg QtFatalMsg QtInfoMsg")
    for kind in QtMsgType:
        log.qt_message(kind, None, "qt says " + CANARY)

    def outermost(): raise ValueError("nobody catches " + CANARY)
    outermost()
"""


FULL = """
    import logging, resource, sys
    from pathlib import Path
    from keyrack.core.system import log

    path = log.set_up(Path(sys.argv[1]))
    logging.getLogger("keyrack").info("before")
    hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
    resource.setrlimit(resource.RLIMIT_FSIZE, (path.stat().st_size, hard))
    for number in range(3):
        logging.getLogger("keyrack").info("while it is full %d", number)
    resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
    logging.getLogger("keyrack").info("afterwards")
"""


@pytest.mark.skipif(sys.platform == "win32", reason="a file cannot be made to refuse more there")
def test_a_full_disk_costs_no_traceback_for_each_line(tmp_path: Path) -> None:
    command = [sys.executable, "-c", textwrap.dedent(FULL), str(tmp_path)]
    env = {"PATH": os.environ["PATH"], **FROM_SOURCE}
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=30, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    lines = (tmp_path / log.FILE_NAME).read_text()
    assert "before" in lines
    assert "afterwards" in lines


@pytest.fixture(scope="module")
def probe(tmp_path_factory: pytest.TempPathFactory) -> tuple[subprocess.CompletedProcess[str], Path]:
    folder = tmp_path_factory.mktemp("logs") / "log"
    env = {"PATH": os.environ["PATH"], **FROM_SOURCE, "LC_ALL": "C.UTF-8"}
    done = subprocess.run(
        ["/bin/sh", "-c", 'umask 000; exec "$@"', "sh", sys.executable, "-c", textwrap.dedent(PROBE), str(folder)],
        env=env,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    return done, folder / log.FILE_NAME


@pytest.mark.security("S102")
def test_nothing_that_a_whole_process_writes_holds_the_secret(
    probe: tuple[subprocess.CompletedProcess[str], Path],
) -> None:
    done, path = probe
    for text in (done.stdout, done.stderr, path.read_text()):
        assert "***" in text
        assert "canary" not in text.replace("CANARY = 'inv/ent+ed \"canary\"'", "")
    written = path.read_text()
    for source in ("a warning", "in a thread", "in __del__", "in a task", "qt says", "nobody catches", "ZeroDivision"):
        assert source in written, source
    assert done.returncode == 1


@pytest.mark.security("S103")
def test_the_libraries_are_capped_although_the_level_is_debug(
    probe: tuple[subprocess.CompletedProcess[str], Path],
) -> None:
    lines = probe[1].read_text().splitlines()

    def levels(name: str) -> list[str]:
        return [line.split()[2] for line in lines if f" {name}: line of" in line]

    assert levels("keyrack.x") == ["DEBUG", "INFO", "WARNING", "ERROR"]
    assert levels("requests_oauthlib") == ["DEBUG", "INFO", "WARNING", "ERROR"]
    for name in ("httpx", "httpcore.http11", "keyring.backend", "jeepney", "asyncio", "urllib3.connectionpool"):
        assert levels(name) == ["WARNING", "ERROR"], name
    assert not [line for line in lines if "turned up" in line]
    assert "line of httpx at 40" in probe[0].stdout, "a handler that was added later, without our filter"
    assert "line of httpx at 20" not in probe[0].stdout


@pytest.mark.security("S66", "S67")
def test_the_file_is_private_from_its_first_instant(probe: tuple[subprocess.CompletedProcess[str], Path]) -> None:
    path = probe[1]
    assert (stat.S_IMODE(path.stat().st_mode), stat.S_IMODE(path.parent.stat().st_mode)) == (0o600, 0o700)


def test_the_file_turns_over_and_stays_private(tmp_path: Path) -> None:
    handler = log.PrivateLogFile(tmp_path / "x.log", maxBytes=200, backupCount=2)
    for _ in range(20):
        handler.handle(record("a line that fills the file: \udcff %s", "x" * 50))
    handler.close()
    files = sorted(tmp_path.iterdir())
    assert [path.name for path in files] == ["x.log", "x.log.1", "x.log.2"]
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}


def test_a_folder_that_cannot_be_written_costs_only_the_file(tmp_path: Path) -> None:
    (tmp_path / "log").write_text("in the way")
    console = io.StringIO()
    handlers = log.log_handlers(tmp_path / "log" / "x.log", console)
    assert len(handlers) == 1
    assert "no log file" in console.getvalue()


def test_a_ctrl_c_is_no_error(caplog: pytest.LogCaptureFixture) -> None:
    log.log_exception(KeyboardInterrupt, KeyboardInterrupt(), None)
    assert caplog.text == ""
