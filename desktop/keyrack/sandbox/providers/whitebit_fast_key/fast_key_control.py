"""WhiteBIT's keys at the control port: the list that a person sees, and a key for another program."""

from keyrack.sandbox.providers.whitebit_fast_key.fast_key_people import PEOPLE
from keyrack.sandbox.providers.whitebit_fast_key.fast_keys import GROUPS, READING, keys_of
from keyrack.sandbox.state.world import World


def listed(world: World, _content: dict[str, object]) -> object:
    """GET /keys: WhiteBIT's page of keys, as its person sees it. It holds no secret."""
    return keys_of(world).listed()


def issue(world: World, content: dict[str, object]) -> object:
    """POST /keys: a key with its secret, for another program. With `untaken` nobody has read the secret."""
    account = str(content.get("account") or next(iter(PEOPLE)))
    if account not in PEOPLE:
        raise ValueError(f"account is one of {', '.join(PEOPLE)}")
    rights = content.get("rights", sorted(READING))
    if not isinstance(rights, list) or not set(map(str, rights)) <= set(GROUPS):
        raise ValueError(f"rights are a list of {', '.join(GROUPS)}")
    client_id = str(content.get("client_id") or "another-program")
    key = keys_of(world).make(client_id, account, frozenset(map(str, rights)))
    key.secret_retrieved = not content.get("untaken")
    return {"externalId": key.id, "apiKey": key.public, "apiSecret": key.secret}


def delete(world: World, content: dict[str, object]) -> object:
    """DELETE /keys: a person deletes a key by hand, whatever its state. The keys that remain."""
    keys = keys_of(world)
    key = keys.by_id(str(content.get("externalId", "")))
    if key is not None:
        keys.delete(key)
    return keys.listed()
