"""Sentences about starting, the settings, the other Keyrack that runs, and the agent's keyring."""

from keyrack.messages.message import Message

_NO_SOCKET = "Scripts and a second start cannot reach this Keyrack; everything else works."
_REPAIR = "Repair the folder, then start Keyrack again."
_INSTALL = (
    "Install gnome-keyring and dbus-daemon (Debian: sudo apt install gnome-keyring dbus-daemon), "
    "then start the agent again."
)
_NOWHERE_ELSE = "Secrets are never written anywhere else."
_NOT_OPENED = "The agent's keyring was not opened and not changed."
_STORE_AGAIN = "Store the password again as one line, then start the agent again."
_DEFAULT = "The default value is in force instead. The line stays as it is."
_ALL_DEFAULT = "All default values are in force instead. The file stays as it is."
_MEND = "Mend the line, then start Keyrack again."
_UNTIL_END = "The choice holds until Keyrack ends."

START_MESSAGES = {
    # Settings
    "settings_unreadable": Message("settings.toml could not be read: {reason}.", _ALL_DEFAULT, ""),
    "settings_too_large": Message("settings.toml is larger than {kib} KiB.", _ALL_DEFAULT, ""),
    "settings_no_toml": Message("settings.toml, line {line}: this is no TOML.", _ALL_DEFAULT, _MEND),
    "settings_wrong_schema": Message(
        "settings.toml, line {line}: schema: a whole number from 1 is needed.", _ALL_DEFAULT, _MEND
    ),
    "settings_wrong_value": Message(
        "settings.toml, line {line}: {key}: “{found}” is not possible; it may be {allowed}.",
        _DEFAULT,
        "Mend the line, or choose anew.",
    ),
    "settings_unknown_key": Message(
        "settings.toml, line {line}: {key}: this version knows no such setting.", "The line stays as it is.", ""
    ),
    "settings_newer": Message(
        "settings.toml was written by a newer Keyrack.",
        "What this version understands is in force. The file is left as it is, so that no choice made here is kept.",
        "Use the newer Keyrack.",
    ),
    "settings_not_stored": Message("The setting could not be stored: {reason}.", _UNTIL_END, ""),
    "setting_refused": Message("{key} may be {allowed}.", "Nothing was changed.", ""),
    "setting_not_outside": Message(
        "The desktop's own file could not be changed: {reason}.", "Nothing was changed.", ""
    ),
    "setting_of_no_sandbox": Message(
        "The sandbox has no setting “{key}”.", "Nothing was changed.", "Leave out --sandbox."
    ),
    "setting_unknown": Message(
        "There is no setting “{key}”.", "Nothing was changed.", "`keyrack settings list` names them."
    ),
    "setting_elsewhere": Message("{key} is not changed here.", "Nothing was changed.", "Use {way}."),
    # Another Keyrack
    "other_silent": Message(
        "Keyrack is already running, but does not answer.",
        "A second one would renew the same tokens and break the sign-ins.",
        "Use the one that runs, or end it and start Keyrack again.",
    ),
    "agent_runs": Message(
        "Keyrack runs as an agent, without a window.",
        "A second Keyrack would renew the same tokens and break the sign-ins.",
        "Stop the agent first, or use the `keyrack` commands.",
    ),
    "agent_stays": Message(
        "The agent did not stop.",
        "A second Keyrack would renew the same tokens and break the sign-ins.",
        "Stop it where it was started (systemctl --user stop keyrack-agent), then start Keyrack again.",
    ),
    "lock_not_made": Message(
        "Keyrack cannot make its lock file {path}: {reason}.",
        "Without it two could run at a time and break each other's sign-ins, so Keyrack does not start. "
        "Nothing was changed.",
        "Repair that folder, or set XDG_STATE_HOME to another one, then start Keyrack again.",
    ),
    "locks_missing": Message(
        "The file system of {path} has no file locks.",
        "Without one two could run at a time and break each other's sign-ins, so Keyrack does not start. "
        "Nothing was changed.",
        "Set XDG_STATE_HOME to a folder on a disk of this computer, then start Keyrack again.",
    ),
    # The local socket
    "socket_path_taken": Message("The local socket was not opened: {path} is not a socket.", _NO_SOCKET, _REPAIR),
    "socket_in_use": Message(
        "The local socket was not opened: another program answers at {path}.", _NO_SOCKET, _REPAIR
    ),
    "socket_not_made": Message("The local socket was not opened: {path}: {reason}.", _NO_SOCKET, _REPAIR),
    "socket_path_too_long": Message(
        "The local socket was not opened: the path {path} is longer than the {longest} bytes that the system allows.",
        _NO_SOCKET,
        "Set XDG_RUNTIME_DIR to a folder with a shorter path.",
    ),
    "folder_of_another_user": Message(
        "The local socket was not opened: {path} belongs to another user.", _NO_SOCKET, _REPAIR
    ),
    "folder_open_to_others": Message(
        "The local socket was not opened: others have rights in {path}.",
        _NO_SOCKET,
        "Take them away: chmod 700 '{path}'.",
    ),
    "parent_writable_by_others": Message(
        "The local socket was not opened: others may write in {path}.",
        _NO_SOCKET,
        "Take that right away: chmod go-w '{path}'.",
    ),
    "folder_is_link": Message("The local socket was not opened: {path} is a link.", _NO_SOCKET, _REPAIR),
    "folder_is_no_folder": Message("The local socket was not opened: {path} is not a folder.", _NO_SOCKET, _REPAIR),
    # The agent
    "agent_without_socket": Message("{why}", "An agent that nobody can reach is of no use, so it ends.", "{todo}"),
    "program_not_installed": Message(
        "The agent's own keyring did not start: {program} is not installed.", _NOWHERE_ELSE, _INSTALL
    ),
    "program_not_running": Message(
        "The agent's own keyring did not start: {program} does not run.", _NOWHERE_ELSE, _INSTALL
    ),
    "program_not_startable": Message(
        "The agent's own keyring did not start: {program} cannot be run ({reason}).", _NOWHERE_ELSE, _INSTALL
    ),
    "credential_unreadable": Message(
        "The credential “keyring-password” cannot be read ({reason}).", _NOT_OPENED, _STORE_AGAIN
    ),
    "credential_too_long": Message(
        "The credential “keyring-password” is longer than {longest} bytes.", _NOT_OPENED, _STORE_AGAIN
    ),
    "credential_not_utf8": Message(
        "The credential “keyring-password” is not text in UTF-8.", _NOT_OPENED, _STORE_AGAIN
    ),
    "credential_not_one_line": Message(
        "The credential “keyring-password” holds more than one line or control characters.", _NOT_OPENED, _STORE_AGAIN
    ),
    "credential_gone": Message("The credential “keyring-password” is not there any more.", _NOT_OPENED, _STORE_AGAIN),
    "agent_keyring_not_started": Message(
        "The agent's own keyring did not start.",
        "{daemon} ended or did not come onto its bus; nothing was changed.",
        "Look for a full disk or memory, and check that `{daemon} --version` works.",
    ),
    "agent_keyring_not_opened": Message(
        "The password in the credential does not open the agent's keyring.",
        "The keyring in {folder} was made with another password. It was not changed.",
        "Put the right password into the credential, then start the agent again. Without that password, "
        "move the folder away; every account must then sign in again.",
    ),
    # The sandbox
    "sandbox_not_started": Message(
        "The sandbox did not start.", "Its packages may be missing.", "Start Keyrack once more."
    ),
    "sandbox_without_libraries": Message(
        "The sandbox cannot start here.",
        "It needs two more libraries, which this Keyrack was installed without.",
        "Install Keyrack once more as keyrack[sandbox], with the brackets.",
    ),
    "sandbox_not_begun": Message(
        "The sandbox did not start.",
        "This computer could not begin another program; no account was changed.",
        "Close other programs and press again.",
    ),
}
