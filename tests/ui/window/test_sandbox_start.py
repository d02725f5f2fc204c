"""The command that starts the sandbox."""

from keyrack.ui.window.sandbox_start import sandbox_command


def test_the_sandbox_is_started_as_this_keyrack_was() -> None:
    assert sandbox_command(["/py", "-m", "keyrack"]) == ["/py", "-m", "keyrack", "--sandbox"]
    assert sandbox_command(["/py", "desktop", "--verbose"]) == ["/py", "desktop", "--sandbox"]
