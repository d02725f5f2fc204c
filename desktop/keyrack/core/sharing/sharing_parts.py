"""Makes the parts of the shared accounts and connects them to those of this host. Nothing else imports this room."""

from keyrack.core.shared_store.seal import Seal
from keyrack.core.shared_store.shared_store import SharedStore
from keyrack.core.sharing.followers import Followers
from keyrack.core.sharing.group_entries import GroupEntries
from keyrack.core.sharing.group_notes import GroupNotes
from keyrack.core.sharing.group_records import GroupRecords
from keyrack.core.sharing.host_lease import HostLease
from keyrack.core.sharing.own_parts import OwnParts
from keyrack.core.sharing.sharing import Sharing
from keyrack.core.sharing.wishes import Wishes


def share_accounts(
    parts: OwnParts, store: SharedStore, seal: Seal, *, group: str, host: str, host_name: str
) -> Sharing:
    """The shared accounts of this host, connected and not yet running. `group` and `host` are random ids."""
    entries = GroupEntries(f"/keyrack/{group}/", seal, parts.clock)
    lease = HostLease(store, parts.clock)
    records = GroupRecords(store, seal, entries, lease, parts.accounts, parts.clock, host)
    notes = GroupNotes(parts.rotation.notes, records, entries, parts.accounts, parts.clock)
    followers = Followers(
        group, entries, records, parts.accounts, parts.account_store, parts.records, parts.restorer
    )
    wishes = Wishes(store, seal, entries, records, parts.refresher, parts.clock)
    records.adopt = followers.adopt
    parts.records.shared, parts.rotation.notes, parts.refresher.elsewhere = records, notes, wishes
    sharing = Sharing(
        store,
        seal,
        (host, host_name),
        entries,
        lease,
        records,
        notes,
        followers,
        wishes,
        parts.accounts,
        parts.account_store,
        parts.records,
        parts.refresher,
        group,
    )
    parts.accounts.touched.connect(sharing.note_ends)
    return sharing
