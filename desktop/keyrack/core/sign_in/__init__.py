"""Signs in, by each of the flows, and restores every account's state from the vault.

`SignIns` runs one attempt for each account. `SignInAttempt` is the attempt from the press of the button to the stored
token. `redirect_flow.py` starts the flows with a redirect, where the callback arrives at a listener of
`oauth/loopback`. `flows_without_redirect.py` has the others. `restore.py` reads the records at the start.
The rule of the room: client, request and account belong together from start to end, and a token of another account
than before is thrown away. Nothing is raised to the person: the outcome is in the account's state.
Open `attempt.py` first, then `sign_ins.py`.
"""
