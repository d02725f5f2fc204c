"""Has the window speak a language: its own sentences, those of Qt's dialogs, and the numbers and dates."""

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

from keyrack.language import translation
from keyrack.language.languages import SYSTEM, best, chosen


class CatalogueTranslator(QTranslator):
    """Answers `tr` and `translate` of the window from the same catalogues as everything else.

    The context is not asked for: a sentence has one translation, wherever it stands. Two meanings of one word are told
    apart by Qt's disambiguation.
    """

    def isEmpty(self) -> bool:
        """Qt asks no translator that is empty."""
        return False

    def translate(self, context: str, source: str, disambiguation: str | None = None, n: int = -1) -> str:
        """The sentence in the language that is spoken now."""
        return translation.translated(source, disambiguation or "")


class WindowLanguage:
    """The language of the process with a window. Qt keeps no translator alive, so this does."""

    def __init__(self) -> None:
        self._spoken = ""
        self._installed: list[QTranslator] = []

    def follow(self, setting: str | None) -> None:
        """Speak the language that was chosen in the settings, or that of the system."""
        self.speak(chosen(setting or SYSTEM, best(QLocale.system().uiLanguages())))

    def speak(self, language: str) -> None:
        """Speak a language from now on. What is on the screen has to be made anew."""
        if language == self._spoken:
            return
        self._spoken = language
        for old in self._installed:
            QCoreApplication.removeTranslator(old)
        self._installed.clear()
        translation.use(language)
        system = QLocale.system()
        QLocale.setDefault(system if best([system.name()]) == language else QLocale(language))
        if language != translation.SOURCE:
            # Qt asks the newest first. Ours knows an answer to everything, so it comes before Qt's own.
            self._install(CatalogueTranslator())
            of_qt = QTranslator()
            if of_qt.load(f"qtbase_{language}", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
                self._install(of_qt)

    def _install(self, translator: QTranslator) -> None:
        QCoreApplication.installTranslator(translator)
        self._installed.append(translator)


_language = WindowLanguage()


def window_language() -> WindowLanguage:
    """The language of this process's window."""
    return _language
