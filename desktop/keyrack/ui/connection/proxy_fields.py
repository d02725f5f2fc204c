"""The address of a proxy, and the user name and the password that it may ask for."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from keyrack.net.proxy.proxy_address import ProxyLogin
from keyrack.ui.theme.metrics import GAP_M
from keyrack.ui.widgets.fields import Field, SecretField

_LONGEST = 600
_LONGEST_USER = 300
_OF_ADDRESS = frozenset(
    {"proxy_address_invalid", "proxy_not_http", "proxy_is_socks", "proxy_unreachable", "proxy_name_unknown"}
)
_OF_USER = frozenset({"proxy_wants_password", "proxy_login_invalid"})
_OF_PASSWORD = frozenset({"proxy_refuses_password", "proxy_password_missing"})


class ProxyFields(QWidget):
    """Three fields. `edited` tells of a change, `address_entered` of a whole address."""

    edited = Signal()
    address_entered = Signal()

    def __init__(self, vault_name: str) -> None:
        super().__init__()
        address = QLineEdit(maxLength=_LONGEST, placeholderText="http://proxy.example:3128")
        self.address = Field(self.tr("Address of the proxy"), address)
        keyring = vault_name or self.tr("your system's keyring")
        hint = self.tr("Only for a proxy that asks for them. Both are kept in {keyring}, for this proxy alone.")
        self.user = Field(self.tr("User name"), QLineEdit(maxLength=_LONGEST_USER))
        self.password = SecretField(self.tr("Password"), hint.format(keyring=keyring))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP_M)
        for name, field in (("address", self.address), ("user", self.user), ("password", self.password)):
            field.edit.setObjectName(f"connection_{name}")
            column.addWidget(field)
            field.edit.textEdited.connect(lambda _: self.edited.emit())
        address.editingFinished.connect(self.address_entered)

    def show_for(self, *, own: bool, login: bool) -> None:
        """Show the fields that a way needs."""
        self.address.setVisible(own)
        self.user.setVisible(login)
        self.password.setVisible(login)
        self.setVisible(own or login)

    def show_kept(self, *, kept: bool) -> None:
        """Say in the empty fields that a login is kept."""
        words = self.tr("kept") if kept else ""
        for field in (self.user, self.password):
            field.edit.setPlaceholderText(words)

    def fill(self, address: str, login: ProxyLogin) -> None:
        """Show the parts of an address in their own fields."""
        self.address.edit.setText(address)
        self.user.edit.setText(login.user)
        self.password.edit.setText(login.password.reveal())
        for field in (self.address, self.user, self.password):
            field.edit.setModified(True)  # it is the person's still

    def show_problem(self, code: str, text: str) -> bool:
        """Show a problem below the field that it is about, and go there. Returns False where it is about none."""
        for field, codes in ((self.address, _OF_ADDRESS), (self.user, _OF_USER), (self.password, _OF_PASSWORD)):
            if code in codes and not field.isHidden():
                field.show_problem(text)
                field.edit.setFocus()
                return True
        return False

    def clear_problems(self) -> None:
        """Take all problems away."""
        for field in (self.address, self.user, self.password):
            field.show_problem("")

    def clear_login(self) -> None:
        """Empty the user name and the password."""
        for field in (self.user, self.password):
            field.edit.setText("")

    def clear(self) -> None:
        """Empty all fields."""
        self.address.edit.setText("")
        self.clear_login()
