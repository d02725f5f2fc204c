"""Sentences about exports and imports."""

from keyrack.messages.message import Message

_NOTHING_EXPORTED = "Nothing was exported."
_NOTHING_IMPORTED = "Nothing was imported."

MOVING_MESSAGES = {
    # Exports
    "export_nothing": Message(
        "There is no account to export.", _NOTHING_EXPORTED, "Add one, or name one that is here."
    ),
    "export_passphrase_length": Message(
        "The passphrase of an export has {shortest} to {longest} characters.",
        _NOTHING_EXPORTED,
        "Several words that do not belong together are long and easy to remember.",
    ),
    "export_path_relative": Message(
        "The path of the file does not begin at the top.", _NOTHING_EXPORTED, "Give its whole path."
    ),
    "export_file_exists": Message(
        "There is a file “{file}” already.", "It was not replaced, and nothing was exported.", "Choose another name."
    ),
    "export_not_written": Message(
        "{file} could not be written: {reason}.", _NOTHING_EXPORTED, "Choose another folder, or free some space."
    ),
    "export_not_noted": Message(
        "What is handed over could not be noted in Keyrack's state folder: {reason}.",
        _NOTHING_EXPORTED,
        "Free some space there, then export again.",
    ),
    "export_not_read_back": Message(
        "“{file}” does not hold what was written to it.",
        "The disk may be failing. Nothing was ended here.",
        "Choose another disk.",
    ),
    "export_unsaved": Message(
        "The newest token of {account} is not stored yet.",
        "The keyring did not take it, so what is stored is of no use elsewhere. Nothing was exported.",
        "Open the keyring, then export again.",
    ),
    "export_passphrase_of_lock": Message(
        "A lock passphrase is set.",
        "Without it no secret is exported.",
        "Give the passphrase that unlocks Keyrack as well.",
    ),
    # The activity of an account
    "exported": Message("Exported with its secrets into the file “{file}”."),
    "handed_over": Message("Handed over in the file “{file}”. The sign-in goes on where that is imported."),
    "hand_over_failed": Message(
        "It was in an export and could not be ended here, so the sign-in in that file may end. {why}"
    ),
    "hand_over_not_written": Message(
        "Keyrack ended while it handed this sign-in over, before the file “{file}” was whole.",
        "The sign-in goes on here.",
        "Export again to hand it over.",
    ),
    "hand_over_unknown": Message(
        "Keyrack ended while it handed this sign-in over, and cannot reach the file “{file}” now.",
        "The sign-in goes on here. If it were imported elsewhere too, the provider might end both.",
        "Should the file be there, delete it, and export again.",
    ),
    "replaced_by_import": Message("Replaced by an import."),
    # Imports
    "import_unknown": Message(
        "This is not an export of Keyrack.", _NOTHING_IMPORTED, "Choose a file that Keyrack exported."
    ),
    "import_unreadable": Message(
        "The export cannot be read.",
        "Something in it is not as it should be. Nothing was imported.",
        "Export it again.",
    ),
    "import_newer": Message(
        "A newer Keyrack made this export.", _NOTHING_IMPORTED, "Update Keyrack here, then import it again."
    ),
    "import_too_large": Message(
        "The file is larger than {mib} MiB.", "No export is that large. Nothing was imported.", "Choose another file."
    ),
    "import_cut": Message(
        "The end of the export is missing.",
        "It was cut on its way. Nothing was imported.",
        "Copy the whole file again.",
    ),
    "import_changed": Message(
        "The export was changed after it was made.",
        "A damaged disk does that, or somebody. Nothing was imported.",
        "Copy the file again, or export it again.",
    ),
    "import_header": Message(
        "The export's second line asks for something that Keyrack does not do.",
        "It may ask for too much memory or time. Nothing was imported.",
        "Export it again.",
    ),
    "import_passphrase_missing": Message(
        "The export is sealed.", "Its passphrase opens it.", "Give the passphrase that was chosen at the export."
    ),
    "import_passphrase_wrong": Message("This is not the passphrase of the export.", _NOTHING_IMPORTED, "Try again."),
    "import_of_sandbox": Message(
        "This export is of the sandbox.",
        "Its accounts are not real. Nothing was imported.",
        "Import it in the sandbox.",
    ),
    "import_into_sandbox": Message(
        "This export is of real accounts.",
        "The sandbox is for play, so nothing was imported.",
        "Import it in Keyrack itself.",
    ),
    "import_without_provider": Message(
        "No provider “{provider}” is known here.", todo="Import the provider's file first."
    ),
    "import_not_read": Message("{file} could not be read: {reason}.", _NOTHING_IMPORTED, "Choose another file."),
    # What became of each account of an import
    "import_added": Message("{account} was added."),
    "import_added_as": Message("{before} was added as {account}, because its name is taken here."),
    "import_replaced": Message("{account} was replaced."),
    "import_kept": Message("{account} is here already and was left as it is."),
    "import_failed": Message("{account} was not imported. {why}"),
    "import_signs_in_again": Message("Sign in to it again."),
}
