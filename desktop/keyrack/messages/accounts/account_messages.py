"""Sentences about accounts, their settings, their history and their files."""

from keyrack.messages.message import Message

_CHOOSE_FROM_LIST = "Choose one of the list."
_COPY_AGAIN = "Copy it again."
_CHECK_DISK = "Check the rights of the file and the free space of the disk."
_LEFT_OUT = "It is left out."
_GAP_MEANWHILE = "Meanwhile the history has a gap; nothing else is affected."

ACCOUNT_MESSAGES = {
    "unexpected": Message(
        "Keyrack met an error of its own.", "Nothing was changed.", "Try again; the log file names the error."
    ),
    # What the person enters for an account
    "provider_unknown": Message("This provider is not known.", todo=_CHOOSE_FROM_LIST),
    "region_unknown": Message("{provider} has no such site.", todo=_CHOOSE_FROM_LIST),
    "flow_unknown": Message("{provider} has no such way to sign in.", todo=_CHOOSE_FROM_LIST),
    "client_id_odd": Message("The client id is empty or holds spaces or other odd characters.", todo=_COPY_AGAIN),
    "client_secret_odd": Message(
        "The client secret begins or ends with a space, or holds odd characters.", todo=_COPY_AGAIN
    ),
    "client_secret_missing": Message("The client secret is missing.", todo="Copy it from the provider."),
    "redirect_uri_odd": Message(
        "This is not an address that Keyrack can listen on.",
        todo="It looks like http://127.0.0.1:17463/cb/name and is the one you registered.",
    ),
    "redirect_uri_shared": Message(
        "“{account}”, an account of another provider, uses this address.", todo="Register one with another path."
    ),
    "account_name_length": Message("A name has 1 to {longest} ordinary characters."),
    "account_name_characters": Message(
        "A name neither begins with “-” nor holds “/”.", todo="The command line needs that."
    ),
    "account_gone": Message("The account {account} was removed meanwhile.", "Nothing of it was given."),
    "account_name_taken": Message("Another account has this name.", todo="Choose one of its own."),
    "host_missing": Message("The {host} address is missing.", todo="The exchange's documents name it."),
    "host_not_https": Message(
        "The {host} address is not an encrypted web address.",
        todo="It begins with https:// and a host, and holds neither “?” nor “#”.",
    ),
    "host_not_wss": Message(
        "The WebSocket address is not an encrypted one.",
        todo="It begins with wss:// and a host, and holds neither “?” nor “#”. Leave it empty if there is none.",
    ),
    # The accounts file
    "accounts_file_corrupt": Message(
        "The list of accounts could not be read in full.",
        "{count} of its accounts were read; the file was kept as {path}.",
        "Accounts that are missing keep their secrets in the keyring: repair the file, or add them again.",
    ),
    "accounts_file_newer": Message(
        "The list of accounts was written by a newer version of Keyrack.",
        "{path} is left as it is, and nothing can be added or changed.",
        "Start the newer version.",
    ),
    "accounts_file_not_read": Message("The list of accounts could not be read.", "{path}: {reason}.", _CHECK_DISK),
    "accounts_file_not_saved": Message("The list of accounts could not be saved.", "{path}: {reason}.", _CHECK_DISK),
    "accounts_file_link_empty": Message(
        "The accounts file is a link to {path}, and nothing is there.",
        "Keyrack shows no accounts and changes none. Their secrets stay in the keyring.",
        "Mount its disk or put the file back, then start Keyrack again. To begin anew, remove the link.",
    ),
    "accounts_file_not_put_aside": Message(
        "The list of accounts could not be put aside.", "{path}: {reason}.", _CHECK_DISK
    ),
    "accounts_file_not_replaced": Message(
        "The list of accounts was not saved.",
        "The file that is there could not be read, and Keyrack does not write over it.",
        "Repair or move the file, then start Keyrack again.",
    ),
    # The person's own provider files
    "user_files_too_many": Message("There are more than {most} provider files.", "The last ones are left out."),
    "user_file_lacks_addresses": Message("The file still lacks addresses.", "Nothing was stored.", "Read it again."),
    "user_file_exists": Message(
        "There is a file {file} already.", "It was left as it is.", "Remove it or choose another id."
    ),
    "user_file_in_use": Message(
        "{name} was not removed.", "The account {account} is signed in there.", "Remove its accounts first."
    ),
    "accounts_file_damaged": Message(
        "The accounts file is damaged.",
        "So it cannot be seen which accounts there are, and nothing was changed.",
        "Start Keyrack, which keeps what can be read of it.",
    ),
    "user_file_lacks_account": Message(
        "{name} is used as it was.",
        "The account {account} signs in by a site or in a way that its file does not name any more.",
        "Remove that account first, or put back into the file what it needs.",
    ),
    "provider_not_own": Message(
        "{id} comes with Keyrack.", "Only a provider of a file of your own can be removed.", ""
    ),
    "provider_not_here": Message("There is no provider {id}.", "", "`keyrack providers list` names all of them."),
    "user_file_not_removed": Message("{file} could not be renamed: {reason}.", "Its provider stays.", ""),
    "certificate_file_exists": Message(
        "There is another file {file} already.", "It was left as it is.", "Give ca_file another name."
    ),
    "user_file_not_a_file": Message("{file} is not a file.", _LEFT_OUT),
    "user_file_too_large": Message("{file} is larger than {kib} KiB.", _LEFT_OUT),
    "user_file_is_link": Message(
        "{file} is a link.", "It is left out: Keyrack reads only files that lie in the folder itself."
    ),
    "user_file_not_read": Message("{file} could not be read: {reason}.", _LEFT_OUT),
    "user_file_not_stored": Message(
        "{file} could not be stored: {reason}.", "The provider was not added.", "Check the free space of the disk."
    ),
    # A time, as it stands beside a label or inside a sentence
    "time_left_unknown": Message("Unknown"),
    "time_left_endless": Message("does not expire soon"),
    "hour": Message("{count} hour"),
    "hours": Message("{count} hours"),
    "day": Message("{count} day"),
    "days": Message("{count} days"),
    # In the place of a time where the provider names no limit
    "too_long": Message("too long"),
    # The history and its file
    "history_not_kept": Message(
        "The history is not available.",
        "{path}: {reason}. " + _GAP_MEANWHILE,
        "Check the free space of the disk and the rights of the file.",
    ),
    "history_damaged": Message(
        "The history could not be read.",
        "Its file was kept as {path}, and a new history has begun; nothing else is affected.",
        "To have the old one again, put it back from a backup while Keyrack is closed.",
    ),
    "history_partly_damaged": Message(
        "A part of the history could not be read.",
        "The damaged part is a gap. Values that were kept: {count}. The old file is {path}.",
        "To have all of it again, put it back from a backup while Keyrack is closed.",
    ),
    "history_not_exported": Message(
        "The history was not exported.", "{path}: {reason}.", "Choose another place, or make room there."
    ),
    "history_newer": Message(
        "The history was written by a newer version of Keyrack.",
        "{path} is left as it is, and this version neither shows nor adds to it.",
        "Start the newer version.",
    ),
    "history_after_odd": Message("“after” is not a time that an answer gave.", "Nothing was exported."),
    "history_since_odd": Message(
        "This is not a day.", "Nothing was exported.", "Write it as year, month and day, such as 2026-11-29."
    ),
}
