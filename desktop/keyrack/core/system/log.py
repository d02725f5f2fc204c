"""The log: a file in the platform's log folder, without secrets (S102, S103, S105)."""

import io
import logging
import sys
import threading
import types
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from keyrack.core.system.private_file import open_private, private_folder
from keyrack.primitives.redaction import redact

if TYPE_CHECKING:
    import asyncio

FILE_NAME = "keyrack.log"
CAPPED = (
    *("httpx", "httpcore", "urllib3", "websockets", "h11"),
    *("asyncio", "qasync", "jeepney", "keyring", "secretstorage"),
)

_FILE_BYTES = 1_000_000
_OLD_FILES = 3
_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
_QT_LEVELS = {"debug": logging.DEBUG, "info": logging.INFO, "critical": logging.ERROR, "fatal": logging.CRITICAL}
_log = logging.getLogger("keyrack")


class Redaction(logging.Filter):
    """Redacts a record before any handler formats it: message, arguments, traceback and stack."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Remove the secrets. Returns False for a record below warning of a library in CAPPED."""
        redact_record(record)
        return record.levelno >= logging.WARNING or record.name.split(".")[0] not in CAPPED


class PrivateLogFile(RotatingFileHandler):
    """The rotating file, 0600 from its first instant."""

    def _open(self) -> io.TextIOWrapper:
        return open(self.baseFilename, "a", encoding="utf-8", errors="backslashreplace", opener=open_private)


def redact_record(record: logging.LogRecord) -> None:
    """Redact a record in place, so that every later formatter sees no secret."""
    record.msg, record.args = redact(_message(record)), None
    if record.exc_info and not record.exc_text:
        record.exc_text = logging.Formatter().formatException(record.exc_info)
    # Without exc_info no formatter writes the traceback a second time, from the exception itself.
    record.exc_info = None
    record.exc_text = redact(record.exc_text) if record.exc_text else None
    record.stack_info = redact(record.stack_info) if record.stack_info else None


def set_up(logs: Path, *, level: int = logging.INFO, console: IO[str] | None = None) -> Path:
    """Log to a file in `logs`, and warnings to `console`. Returns the file's path.

    Every record is redacted when it is made, so handlers that are added later see no secret either. No level and no
    option turns that off. Without a writable folder only the file is missing.
    """
    path = logs / FILE_NAME
    handlers = log_handlers(path, console)
    for handler in handlers:
        handler.setFormatter(logging.Formatter(_FORMAT))
    _configure(handlers, level)
    return path


def set_up_service(handler: logging.Handler, *, level: int = logging.INFO) -> None:
    """Log to `handler` alone, for a service whose log another program keeps. Records are redacted as in `set_up`."""
    _configure([handler], level)


def _configure(handlers: list[logging.Handler], level: int) -> None:
    logging.raiseExceptions = False  # a full disk costs lines of the log, and no traceback for each of them on stderr
    root = logging.getLogger()
    root.setLevel(level)
    for name in CAPPED:
        logging.getLogger(name).setLevel(max(level, logging.WARNING))
    logging.setLogRecordFactory(_redacted_record)
    for handler in handlers:
        root.addHandler(handler)
    _redact_existing_handlers()
    _install_hooks()


def loop_exception(loop: "asyncio.AbstractEventLoop", context: dict[str, Any]) -> None:  # noqa: ARG001 - asyncio's form
    """An asyncio exception handler: for `loop.set_exception_handler`."""
    error = context.get("exception")
    _log.error("asyncio: %s", context.get("message", "an error"), exc_info=error)


def qt_message(kind: object, context: object, text: str | None) -> None:  # noqa: ARG001 - Qt's form
    """A Qt message handler: for `qInstallMessageHandler`."""
    name = str(getattr(kind, "name", kind)).removeprefix("Qt").removesuffix("Msg").lower()
    logging.getLogger("qt").log(_QT_LEVELS.get(name, logging.WARNING), "%s", text or "")


def log_exception(kind: type[BaseException], error: BaseException | None, trace: types.TracebackType | None) -> None:
    """An excepthook: logs an exception that was not caught. Ctrl+C is not an error."""
    if issubclass(kind, KeyboardInterrupt):
        return
    _log.critical("an uncaught error", exc_info=(kind, error or kind(), trace))


def _message(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except Exception as error:  # noqa: BLE001 - logging itself would print the raw arguments to stderr
        return f"{record.msg!r} (its arguments do not fit: {type(error).__name__})"


def _redacted_record(*args: Any, **kwargs: Any) -> logging.LogRecord:
    record = logging.LogRecord(*args, **kwargs)
    redact_record(record)
    return record


def log_handlers(path: Path, console: IO[str] | None) -> list[logging.Handler]:
    """The handlers for `console` and the file at `path`, where each of them can be used."""
    made: list[logging.Handler] = []
    stream = logging.StreamHandler(console or sys.stderr)
    stream.setLevel(logging.WARNING)
    if console is not None or sys.stderr is not None:
        made.append(stream)
    try:
        private_folder(path.parent)
        made.append(PrivateLogFile(path, maxBytes=_FILE_BYTES, backupCount=_OLD_FILES, encoding="utf-8"))
    except OSError as error:
        stream.handle(_log.makeRecord(_log.name, logging.WARNING, "", 0, "no log file: %s", (error.strerror,), None))
    return made


def _redact_existing_handlers() -> None:
    """Add the filter to every handler, including those of libraries that were set up before."""
    loggers = [logging.getLogger(), *(logging.getLogger(name) for name in logging.root.manager.loggerDict)]
    for handler in {handler for logger in loggers for handler in logger.handlers}:
        if not any(isinstance(kept, Redaction) for kept in handler.filters):
            handler.addFilter(Redaction())


def _install_hooks() -> None:
    logging.captureWarnings(capture=True)
    sys.excepthook = log_exception
    sys.unraisablehook = _unraisable
    threading.excepthook = _thread_exception


def _unraisable(unraisable: "sys.UnraisableHookArgs") -> None:
    log_exception(unraisable.exc_type, unraisable.exc_value, unraisable.exc_traceback)


def _thread_exception(args: threading.ExceptHookArgs) -> None:
    if args.exc_type is not SystemExit:
        log_exception(args.exc_type, args.exc_value, args.exc_traceback)
