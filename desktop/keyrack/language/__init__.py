"""The languages of Keyrack's sentences, and which of them is spoken now.

Sentences stand in English where they are used. A catalogue of GNU gettext holds what each is in another language:
`resources/languages/ko.po` is what people edit, and `ko.mo` beside it is what the program reads. The window's
`self.tr` and `translate` end in the same catalogues, by `ui/integration/window_language.py`.
The rule of the room: it imports nothing of Keyrack but where its files are, and in English it reads none.
Open `translation.py` first.
"""
