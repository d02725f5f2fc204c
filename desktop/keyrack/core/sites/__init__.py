"""The provider of an account: its endpoints, its API, its connections, and the spacing of its requests.

`ProviderCatalog` has every provider, those that come with Keyrack and those of the person's own files. `Sites` makes
one client for each site, which its accounts share. `Throttle` keeps the requests of one client apart.
The rule of the room: each provider has its own HTTP client, so that none waits for another's connections.
Open `sites.py` first. A provider itself is added in `keyrack/providers`.
"""
