"""Moving house in the window: the page that exports, and the page that imports.

`ExportForm` says what goes and what cannot, and takes the passphrase. `ImportForm` shows what a file would do first.
The rule of the room: a passphrase leaves its field only to the work on a file, which is done in a thread.
Open `export_form.py` first, then `import_form.py`.
"""
