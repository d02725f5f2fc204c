"""The window, the tray and the clipboard: everything a person sees.

Each place on the screen is a folder, from `window` down to `sign_in` and `balances`. An import contract orders them
above `actions`, `text`, `integration`, `widgets` and `theme`.
The rule of the room: a widget shows an account's state and starts actions. It decides nothing.
To add a screen, write a page in a folder for its place, open it in `window/pages.py`, and start its work in
`actions`.
Open `frontend.py` first. It connects everything with one rack.
"""
