"""All sign-ins that are under way, and what the person can do with one."""

import asyncio
from functools import partial

from keyrack.core.accounts.account import Account
from keyrack.core.accounts.state import Closed, LoggedOut, Reason, Step
from keyrack.core.failures import ExchangeClosed
from keyrack.core.scheduling.background_tasks import CLOSING_SECONDS, end_within
from keyrack.core.sign_in.attempt import SignInAttempt, cancelled
from keyrack.core.sign_in.sign_in_context import SignInContext
from keyrack.core.vault.vault_errors import NewerSchema
from keyrack.language.translation import outliving
from keyrack.primitives.failure import Failure
from keyrack.primitives.secret import Secret


class SignIns:
    """Runs one sign-in of an account at a time. The outcome is in the account's state, and nothing is raised."""

    def __init__(self, context: SignInContext) -> None:
        self._context = context
        self._running: dict[str, tuple[SignInAttempt, asyncio.Task[bool]]] = {}
        self._outcomes: dict[str, Failure | None] = {}

    async def sign_in(
        self, account: Account, user_code: Secret | None = None, *, browser: bool = True, patient: bool = False
    ) -> bool:
        """Sign in by the account's flow. Returns when the sign-in has ended, and whether it succeeded.

        Without `browser` none is opened, and the person opens the address elsewhere. A `patient` sign-in waits for the
        network where nothing could be sent. Nothing is asked for an account whose record a newer Keyrack wrote (S68).
        """
        if account.id in self._running:
            return False
        if self._context.sites.of(account).region.closed:
            account.become(Closed(), expected=account.state)
            self._outcomes[account.id] = ExchangeClosed()
            account.changed.emit()
            return False
        if isinstance(account.state, LoggedOut) and account.state.reason is Reason.ITEM_NEWER:
            self._outcomes[account.id] = account.state.why or NewerSchema()
            return False
        sign_in = SignInAttempt(self._context, account, browser=browser, patient=patient)
        task = asyncio.create_task(sign_in.run(user_code), context=outliving())
        self._running[account.id] = (sign_in, task)
        self._outcomes.pop(account.id, None)
        task.add_done_callback(partial(self._attempt_ended, account, sign_in))
        await asyncio.wait({task})
        return not task.cancelled() and task.result()

    def _attempt_ended(self, account: Account, sign_in: SignInAttempt, task: "asyncio.Task[bool]") -> None:
        self._running.pop(account.id, None)
        self._outcomes[account.id] = cancelled() if task.cancelled() else sign_in.failure
        account.changed.emit()

    def of(self, account: Account) -> SignInAttempt | None:
        """The account's sign-in that is under way, or None."""
        found = self._running.get(account.id)
        return found[0] if found is not None else None

    def outcome(self, account: Account) -> Failure | None:
        """What the account's last sign-in failed with. None if it succeeded, or if there was none."""
        return self._outcomes.get(account.id)

    async def wait_for_step(self, account: Account, seconds: float, *, after: Step | None = None) -> None:
        """Wait until the sign-in needs the person at another step than `after`, until it ends, or for `seconds`."""
        changed = asyncio.Event()
        stop = account.changed.connect(changed.set)
        try:
            async with asyncio.timeout(seconds):
                while (sign_in := self.of(account)) is not None and sign_in.step_for_person in (None, after):
                    changed.clear()
                    await changed.wait()
        except TimeoutError:
            pass
        finally:
            stop()

    async def open_again(self, account: Account) -> None:
        """Open the browser again, on a new start address."""
        sign_in = self.of(account)
        if sign_in is not None:
            await sign_in.open_browser()

    def copy_link(self, account: Account) -> str:
        """A new start address for another browser on this computer. "" when no response is awaited."""
        sign_in = self.of(account)
        pending = sign_in.pending if sign_in is not None else None
        return pending.start_address() if pending is not None and pending.open else ""

    def paste(self, account: Account, text: str) -> None:
        """Take the address at which the browser ended. Raises WrongAddressPasted (S26)."""
        sign_in = self.of(account)
        if sign_in is not None and sign_in.pending is not None:
            sign_in.pending.paste(text)

    def paste_key(self, account: Account, text: str) -> None:
        """Take the public key that the person copied from the provider's page.

        Raises NotAKey (WhiteBIT Fast API key Q2).
        """
        sign_in = self.of(account)
        if sign_in is not None and sign_in.key is not None:
            sign_in.key.paste(text)

    def look_again(self, account: Account) -> None:
        """Ask the provider at once for the key that the person made."""
        sign_in = self.of(account)
        if sign_in is not None and sign_in.key is not None:
            sign_in.key.look_again()

    def confirm(self, account: Account, yes: bool) -> None:
        """Answer the question of the sign-in: whether this is the right account, or whether the sign-in was refused."""
        sign_in = self.of(account)
        if sign_in is not None:
            sign_in.confirm(yes)

    def try_now(self, account: Account) -> None:
        """Ask the provider again at once, where the sign-in waits for the network."""
        sign_in = self.of(account)
        if sign_in is not None:
            sign_in.network.try_now()

    def cancel(self, account: Account) -> None:
        """Cancel the sign-in at any step, except while its token is being stored (S25)."""
        found = self._running.get(account.id)
        if found is not None and not found[0].storing:
            found[1].cancel()

    async def end(self, account: Account) -> None:
        """Cancel the sign-in and return when it has ended."""
        found = self._running.get(account.id)
        if found is not None:
            self.cancel(account)
            await asyncio.wait({found[1]})

    async def close(self) -> None:
        """End every sign-in. A token that is being stored has 3 s."""
        tasks = {task for sign_in, task in self._running.values()}
        for sign_in, task in self._running.values():
            if not sign_in.storing:
                task.cancel()
        await end_within(CLOSING_SECONDS, tasks)
