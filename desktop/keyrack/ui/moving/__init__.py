"""Moving house in the window: the page that exports, the page that imports, and what is dropped or pasted.

`IncomingText` looks at what a person drops or pastes anywhere: an export opens the import page, a provider file and
credentials open the wizard at the right step.
The rule of the room: what was dropped or pasted is never shown, and the work on a file is done in a thread.
Open `export_form.py` first, then `import_form.py` and `incoming.py`.
"""
