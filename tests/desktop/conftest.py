"""The desktop and the browser that all these tests share, and each one's own stage."""

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.desktop.chromium import Chromium
from tests.desktop.scene import Scene
from tests.desktop.session import Session

ARTEFACTS = Path(__file__).resolve().parent.parent.parent / "artefacts"
MakeScene = Callable[..., Scene]


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


@pytest.fixture
def make_scene(session: Session) -> Iterator[MakeScene]:
    """Make a scene; named lifetimes go to its sandbox."""
    made: list[Scene] = []

    def make(**lifetimes: int) -> Scene:
        made.append(Scene(session.env, session.keyring, **lifetimes))
        return made[-1]

    yield make
    for scene in made:
        scene.close()


@pytest.fixture
def scene(make_scene: MakeScene) -> Scene:
    """A scene with the documented lifetimes."""
    return make_scene()


@pytest.fixture(scope="session")
def artefacts() -> Path:
    """Where pictures are kept for a person to look at."""
    ARTEFACTS.mkdir(exist_ok=True)
    return ARTEFACTS
