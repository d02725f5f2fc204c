"""The fields that say where the shared store is, how this host is called there, and what proves both sides."""

import socket
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from keyrack.core.group.membership import Door
from keyrack.core.group.sharing_file import checked_address
from keyrack.ui.theme.metrics import GAP_M
from keyrack.ui.widgets.buttons import LinkButton
from keyrack.ui.widgets.fields import Field, SecretField

_LONGEST = 1_000
_LONGEST_NAME = 64
_DEFAULT_GROUP = "desk"


class StoreFields(QWidget):
    """Members, group and host, and behind a button the files of TLS. The password leaves its field to the keyring."""

    def __init__(self, vault_name: str) -> None:
        super().__init__()
        keyring = vault_name or self.tr("your system's keyring")
        self.members = self._field(
            "members",
            self.tr("Addresses of the etcd"),
            self.tr(
                "The client address of each member, with spaces between them. Plain http is for this computer alone."
            ),
        )
        self.members.edit.setPlaceholderText("https://10.0.0.1:2379")
        self.group = self._field("group", self.tr("Name of the group"), self.tr("The same on all of its hosts."))
        self.group.edit.setText(_DEFAULT_GROUP)
        self.host = self._field("host", self.tr("Name of this host"), self.tr("So the other hosts call it."))
        self.host.edit.setText(socket.gethostname()[:_LONGEST_NAME])
        self.user = self._field("user", self.tr("User at the etcd"), self.tr("Empty where it asks for none."))
        hint = self.tr("Kept in {keyring}.").format(keyring=keyring)
        self.password = SecretField(self.tr("Password of that user"), hint)
        self.password.edit.setObjectName("sharing_password")
        self.ca = self._field("ca", self.tr("File of who signed the members' certificates"), "")
        self.certificate = self._field("certificate", self.tr("File of this host's certificate"), "")
        self.key = self._field("key", self.tr("File of that certificate's key"), "")
        self.files = LinkButton(self.tr("Certificates"))
        self.files.setObjectName("sharing_files")
        self.files.setCheckable(True)
        self._more = QWidget()
        self._arrange()

    def _field(self, name: str, text: str, hint: str) -> Field:
        edit = QLineEdit(maxLength=_LONGEST)
        edit.setObjectName(f"sharing_{name}")
        return Field(text, edit, hint)

    def _arrange(self) -> None:
        column = QVBoxLayout(self)
        more = QVBoxLayout(self._more)
        for layout in (column, more):
            layout.setContentsMargins(0, 0, 0, 0)
            layout.setSpacing(GAP_M)
        for field in (self.members, self.group, self.host, self.user, self.password):
            column.addWidget(field)
        for field in (self.ca, self.certificate, self.key):
            more.addWidget(field)
        column.addWidget(self.files, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self._more)
        self._more.hide()
        self.files.toggled.connect(self._more.setVisible)

    def door(self) -> Door:
        """What was entered. Raises SharingFileFailure for what cannot be an address."""
        files = {name: _file(field) for name, field in self._files().items()}
        members = self.members.entered().replace(",", " ").split()
        address = checked_address({"members": members, "user": self.user.entered(), **files})
        return Door(address, self.group.entered(), self.host.entered(), self.password.secret())

    def show_problem(self, key: str, text: str) -> bool:
        """Show a problem below the field of a key of `sharing.toml`, and go there. Returns whether there is one."""
        known = {"members": self.members, "group": self.group, "host": self.host, "user": self.user, **self._files()}
        field = known.get(key)
        if field is None:
            return False
        if field in self._files().values():
            self.files.setChecked(True)
        field.show_problem(text)
        field.edit.setFocus()
        return True

    def clear_problems(self) -> None:
        """Take all problems away."""
        for field in self.findChildren(Field):
            field.show_problem("")

    def _files(self) -> dict[str, Field]:
        return {"ca": self.ca, "certificate": self.certificate, "key": self.key}


def _file(field: Field) -> str:
    entered = field.entered()
    return str(Path(entered).expanduser().absolute()) if entered else ""
