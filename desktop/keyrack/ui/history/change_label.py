"""The label with the change of a value, which a screen reader reads and is told nothing of."""

from keyrack.ui.screen_reader.accessible_face import Role, spoken_as
from keyrack.ui.widgets.controls import ElidedText, TextRole


@spoken_as(Role.StaticText)
class ChangeLabel(ElidedText):
    """A change, or the point that is looked at. A reader finds it as the description."""

    def __init__(self, role: TextRole, name: str) -> None:
        super().__init__(role=role)
        self.setObjectName(name)
        self.setAccessibleName(self.tr("Change of the value"))

    def told_now(self) -> str:
        """The text of this moment."""
        return self.text()
