"""All sign-ins under way, and what a person can do with one while it lasts."""

import asyncio

from keyrack.core.account import Account
from keyrack.core.means import Means
from keyrack.core.sign_in import SignIn
from keyrack.core.state import Closed
from keyrack.net.secret import Secret

CLOSING_SECONDS = 3.0


class Login:
    """One sign-in per account at a time; how each ends is in its account's state, nothing is raised."""

    def __init__(self, means: Means) -> None:
        self._means = means
        self._running: dict[str, tuple[SignIn, asyncio.Task[bool]]] = {}

    async def sign_in(self, account: Account, user_code: Secret | None = None) -> bool:
        """Sign in as the account's flow says; returns when it ended, and whether it succeeded."""
        if account.id in self._running:
            return False
        if self._means.services.of(account).region.closed:
            account.become(Closed(), expected=account.state)
            return False
        sign_in = SignIn(self._means, account)
        task = asyncio.create_task(sign_in.run(user_code))
        self._running[account.id] = (sign_in, task)
        task.add_done_callback(lambda _: self._running.pop(account.id, None))
        await asyncio.wait({task})
        return not task.cancelled() and task.result()

    async def open_again(self, account: Account) -> None:
        """Open the browser once more, on a new start address."""
        sign_in = self._of(account)
        if sign_in is not None:
            await sign_in.open_browser()

    def copy_link(self, account: Account) -> str:
        """A new start address for another browser on this computer; "" when nothing waits."""
        sign_in = self._of(account)
        waiting = sign_in.waiting if sign_in is not None else None
        return waiting.start_address() if waiting is not None and waiting.open else ""

    def paste(self, account: Account, text: str) -> None:
        """Take the address that the browser ended at; raises BadPaste (S26)."""
        sign_in = self._of(account)
        if sign_in is not None and sign_in.waiting is not None:
            sign_in.waiting.paste(text)

    def paste_key(self, account: Account, text: str) -> None:
        """Take the public key that the person copied from the provider's page; raises NotAKey (WhiteBIT Q2)."""
        sign_in = self._of(account)
        if sign_in is not None and sign_in.fast_key is not None:
            sign_in.fast_key.paste(text)

    def confirm(self, account: Account, yes: bool) -> None:
        """Answer the question that the sign-in asks: is this the account, or was the sign-in refused?"""
        sign_in = self._of(account)
        if sign_in is not None:
            sign_in.confirm(yes)

    def _of(self, account: Account) -> SignIn | None:
        found = self._running.get(account.id)
        return found[0] if found is not None else None

    def cancel(self, account: Account) -> None:
        """End the sign-in at whatever step it is, except while its token is being stored (S25)."""
        found = self._running.get(account.id)
        if found is not None and not found[0].storing:
            found[1].cancel()

    async def end(self, account: Account) -> None:
        """Cancel, and return when nothing of the sign-in is left."""
        found = self._running.get(account.id)
        if found is not None:
            self.cancel(account)
            await asyncio.wait({found[1]})

    async def close(self) -> None:
        """End every sign-in; a token that is being stored has 3 s for it."""
        tasks = {task for sign_in, task in self._running.values()}
        for sign_in, task in self._running.values():
            if not sign_in.storing:
                task.cancel()
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=CLOSING_SECONDS)
            for task in late:
                task.cancel()
            if late:
                await asyncio.wait(late)
