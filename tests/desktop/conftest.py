"""The desktop and the browser that all these tests share, and each one's own stage."""

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.desktop.chromium import Chromium
from tests.desktop.driver import Driver, Refused
from tests.desktop.environment import Environment
from tests.desktop.session import Session
from tests.keyring_session import KeyringSession
from tests.sandbox_process import RunningSandbox

HERE = "tests/desktop/"
ARTEFACTS = Path(__file__).resolve().parent.parent.parent / "artefacts"
MakeScene = Callable[[RunningSandbox], Environment]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Have those that share a Keyrack begin: one that starts its own ends the shared one."""
    items.sort(key=lambda item: item.nodeid.startswith(HERE) and "shared" not in getattr(item, "fixturenames", ()))


@pytest.fixture(scope="session")
def session() -> Iterator[Session]:
    """The desktop."""
    with tempfile.TemporaryDirectory(prefix="kd-", ignore_cleanup_errors=True) as folder:
        session = Session(Path(folder))
        try:
            yield session.start()
        finally:
            session.stop()


@pytest.fixture(scope="session")
def chromium(session: Session) -> Iterator[Chromium]:
    """The browser."""
    chromium = Chromium(session.env)
    yield chromium
    chromium.close()


@pytest.fixture(scope="session")
def sandbox() -> Iterator[RunningSandbox]:
    """The stand-ins of the providers, with the documented lifetimes."""
    with RunningSandbox.start() as running:
        yield running


@pytest.fixture(scope="session")
def short_sandbox() -> Iterator[RunningSandbox]:
    """The same with access tokens of four seconds."""
    with RunningSandbox.start(cap_access=4, cap_refresh=60) as running:
        yield running


class SharedKeyrack:
    """A Keyrack that several tests use one after another, each finding all its accounts signed out."""

    def __init__(self, make: Callable[[], Environment], keyring: KeyringSession) -> None:
        self._make = make
        self._keyring = keyring
        self._scene: Environment | None = None

    def ready(self) -> Environment:
        """The scene with its first driver running. It is a new scene after a test that left it in disorder."""
        if self._scene is None:
            self._keyring.renew()
            self._scene = self._make()
            self._scene.start()
        return self._scene

    def put_in_order(self) -> None:
        """Sign out everywhere, or give it up."""
        if self._scene is not None:
            try:
                self._scene.settle(self._scene.drivers[0])
            except (AssertionError, OSError, Refused):
                self.close()

    def close(self) -> None:
        """End it."""
        if self._scene is not None:
            self._scene.close()
        self._scene = None


@pytest.fixture(scope="session")
def keyrack(session: Session, sandbox: RunningSandbox) -> Iterator[SharedKeyrack]:
    """The Keyrack of all tests that do not end it."""
    keyrack = SharedKeyrack(lambda: Environment(session.env, session.keyring, sandbox), session.keyring)
    yield keyrack
    keyrack.close()


@pytest.fixture
def shared(keyrack: SharedKeyrack) -> Iterator[Environment]:
    """The scene of that Keyrack."""
    yield keyrack.ready()
    keyrack.put_in_order()


@pytest.fixture
def driver(shared: Environment) -> Driver:
    """That Keyrack."""
    return shared.drivers[0]


@pytest.fixture
def make_scene(session: Session, keyrack: SharedKeyrack) -> Iterator[MakeScene]:
    """Make a scene on one of the sandboxes. Two Keyracks would share focus and tray, so the other one ends."""
    made: list[Environment] = []

    def make(sandbox: RunningSandbox) -> Environment:
        keyrack.close()
        if not made:
            session.keyring.renew()
        made.append(Environment(session.env, session.keyring, sandbox))
        return made[-1]

    yield make
    for environment in made:
        environment.close()


@pytest.fixture
def environment(make_scene: MakeScene, sandbox: RunningSandbox) -> Environment:
    """A scene with the documented lifetimes."""
    return make_scene(sandbox)


@pytest.fixture
def short_scene(make_scene: MakeScene, short_sandbox: RunningSandbox) -> Environment:
    """A scene where what can be renewed lives for four seconds."""
    return make_scene(short_sandbox)


@pytest.fixture(scope="session")
def artefacts() -> Path:
    """Where pictures are kept for a person to look at."""
    ARTEFACTS.mkdir(exist_ok=True)
    return ARTEFACTS
