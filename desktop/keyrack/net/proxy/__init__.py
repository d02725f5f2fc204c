"""The way to a provider: directly, or through a proxy that the person or the system named (S52).

The rule of the room: a choice that cannot be used is a failure and never another way, and this machine is never asked
through a proxy (`is_this_machine` in `net/address.py`, asked in `proxies.py` alone).
Open `proxies.py` first. `proxy_address.py` reads what a person types, `way.py` says the result in a sentence and
`proxy_failures.py` what went wrong. `system_proxy.py` asks the environment, then the desktop: `gnome_proxy.py`,
`kde_proxy.py`, and `proxy_portal.py` for an automatic configuration.
"""
