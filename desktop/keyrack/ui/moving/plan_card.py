"""What an import would do, and what it did."""

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout

from keyrack.language.translation import plural
from keyrack.ui.parts.callout import Callout
from keyrack.ui.theme.metrics import GAP_M
from keyrack.ui.widgets.buttons import PrimaryButton, RadioButton
from keyrack.ui.widgets.controls import Card, Text, set_text
from keyrack.ui.widgets.row_list import RowList

if TYPE_CHECKING:
    from keyrack.core.moving.importing import Fate, Imported, Plan, Planned, PlannedFile

translate = QCoreApplication.translate
# What differs from today comes first.
_FATES: "tuple[Fate, ...]" = ("without_provider", "renamed", "new", "here")


class PlanCard(Card):
    """Each account with what becomes of it, new provider files with their addresses, and the choice to replace."""

    def __init__(self) -> None:
        super().__init__()
        self.body.setSpacing(GAP_M)
        self.title = Text(role="strong")
        self.accounts = RowList(self.tr("Accounts"), wide=(0, 1))
        self.files = Callout()
        self.choices = Text(role="second", wrap=True)
        self.keep = RadioButton(self.tr("Keep those that are here already"))
        self.replace = RadioButton(self.tr("Replace those by the ones in the file"))
        self._group = QButtonGroup(self)
        self.go = PrimaryButton(self.tr("Import"))
        self.sum = Text(wrap=True)
        self.sum.setObjectName("import_sum")
        for widget in (self.title, self.sum, self.files, self.choices, self.keep, self.replace):
            self.body.addWidget(widget)
        row = QHBoxLayout()
        row.addWidget(self.go)
        row.addStretch(1)
        self.body.addLayout(row)
        self.body.addWidget(self.accounts)  # of any length, so the choice stands above it
        for name, button in (("keep", self.keep), ("replace", self.replace), ("go", self.go)):
            button.setObjectName(f"import_{name}")
        for way in (self.keep, self.replace):
            self._group.addButton(way)
        self.hide()

    def show_plan(self, plan: "Plan") -> None:
        """Show what an import would do."""
        here = [planned for planned in plan.accounts if planned.fate == "here"]
        set_text(self.title, self.tr("In the file of {day}").format(day=plan.made) if plan.made else self.tr("In it"))
        sorted_by_fate = sorted(plan.accounts, key=lambda each: _FATES.index(each.fate))
        rows = [[Text(each.name, wrap=True), Text(_fate(each), "second", wrap=True)] for each in sorted_by_fate]
        self.sum.hide()
        self.accounts.show()
        self.accounts.fill(rows, "" if rows else self.tr("There is no account in it."))
        self.files.say(*_files(plan.files))
        choices = self.tr("Your choices go along where you made none here.")
        set_text(self.choices, choices)
        self.choices.setVisible(bool(plan.choices))
        self.keep.setChecked(True)
        for way in (self.keep, self.replace):
            way.setVisible(bool(here))
        self.go.show()
        self.show()

    def show_done(self, done: "Sequence[Imported]") -> None:
        """Show what an import did: how many of each, and by name those that are not as they were."""
        set_text(self.title, self.tr("Done"))
        set_text(self.sum, _sum(Counter(each.code for each in done)))
        self.sum.show()
        told = sorted((each for each in done if each.code != "import_kept"), key=lambda each: each.why is None)
        self.accounts.fill([[_outcome(each)] for each in told], "")
        self.accounts.setVisible(bool(told))
        for widget in (self.files, self.choices, self.keep, self.replace, self.go):
            widget.hide()

    def replaced(self, plan: "Plan") -> set[str]:
        """The names of the accounts that are replaced."""
        here = {planned.name for planned in plan.accounts if planned.fate == "here"}
        return here if self.replace.isChecked() else set()


def _fate(planned: "Planned") -> str:
    again = translate("PlanCard", "new, to be signed in again") if planned.moved.signs_in_again else ""
    name = planned.moved.settings.name
    return {
        "new": again or translate("PlanCard", "new"),
        "renamed": translate("PlanCard", "new, “{name}” in the file").format(name=name),
        "here": translate("PlanCard", "here already"),
        "without_provider": translate("PlanCard", "its provider is not known here"),
    }[planned.fate]


def _files(files: "Sequence[PlannedFile]") -> tuple[str, str]:
    if not files:
        return "", ""
    names = ", ".join(each.file.provider.name for each in files)
    words = translate(
        "PlanCard",
        "New provider: {names}. Your secrets and tokens for it go to its addresses. Check who gave you the file.",
    )
    lines = [f"{topic}: {text}" for each in files for topic, text in each.lines if topic in ("Name", "Addresses")]
    return words.format(names=names), "\n".join(lines)


def _sum(counts: "Counter[str]") -> str:
    """One sentence for each thing that became of accounts, with their number."""
    added, failed = counts["import_added"] + counts["import_added_as"], counts["import_failed"]
    replaced, kept = counts["import_replaced"], counts["import_kept"]
    said = (
        (added, plural("1 account was added.", "{n} accounts were added.", added)),
        (replaced, plural("1 account was replaced.", "{n} accounts were replaced.", replaced)),
        (
            kept,
            plural(
                "1 account was here already and is as it was.",
                "{n} accounts were here already and are as they were.",
                kept,
            ),
        ),
        (failed, plural("1 account was not taken in.", "{n} accounts were not taken in.", failed)),
    )
    return " ".join(sentence for count, sentence in said if count)


def _outcome(each: "Imported") -> Text:
    return Text(each.sentence, tone="urgent" if each.why is not None else "", wrap=True)
