"""The rules of the stylesheet, with the theme's tokens as $names.

A ring is drawn where the person came by a key (`focus_ring.py`), at a line for text always.
"""

_TEXT = """
QWidget { color: $text; font-size: $size_body; }
QMainWindow, QDialog, QWidget[role="page"] { background: $ground; }
QLabel { background: transparent; }
QLabel[role="title"] { font-size: $size_title; font-weight: 600; }
QLabel[role="strong"] { font-size: $size_strong; font-weight: 600; }
QLabel[role="countdown"] { font-size: $size_countdown; font-weight: 600; }
QLabel[role="bold"] { font-weight: 600; }
QLabel[role="second"] { color: $second; }
QLabel[role="caption"] { font-size: $size_caption; color: $second; }
QLabel[tone="accent"] { color: $accent; }
QLabel[tone="fresh"] { color: $fresh; }
QLabel[tone="soon"] { color: $soon; }
QLabel[tone="urgent"] { color: $urgent; }
QLabel[tone="off"] { color: $off; }
QLabel:disabled { color: $off; }
QLabel[role="monogram"] {
    background: $accent_soft; color: $accent; border-radius: $radius; font-size: $size_body; font-weight: 600;
}
QLabel[role="letters"] { font-size: $size_body; font-weight: 600; }
QLabel[role="badge"] {
    background: $soon_soft; color: $soon; border: 1px solid $soon_line; border-radius: $inner_radius;
    padding: 2px 7px; font-size: $size_caption; font-weight: 600;
}
QLabel[role="badge"][tone="off"] { background: $off_soft; color: $off; border-color: $off_line; }
QLabel[role="badge"][tone="accent"] { background: $accent_soft; color: $accent; border-color: $accent_line; }
QLabel[role="badge"][tone="urgent"] { background: $urgent_soft; color: $urgent; border-color: $urgent_line; }
QLabel[role="key"] {
    background: $surface; color: $text; border: 1px solid $edge; border-bottom: 2px solid $edge;
    border-radius: $inner_radius; padding: 2px 6px 1px 6px; font-size: $size_caption; font-weight: 600;
}
QToolTip {
    background: $surface; color: $text; border: 1px solid $rim; padding: 4px 6px; font-size: $size_caption;
}
"""

_AREAS = """
QFrame[role="card"] { background: $surface; border: 1px solid $line; border-radius: $card_radius; }
QFrame[role="card"][hover="true"] { padding: 1px; }
QFrame[role="card"][hover="true"]:hover { border-color: $edge; background: $row_hover; }
QFrame[role="card"][hover="true"][by_key="true"]:focus { border: 2px solid $accent; padding: 0; }
QFrame[role="card"][chosen="true"] { background: $accent_soft; border-color: $accent_line; }
QFrame[role="line"][chosen="true"] { background: $accent_soft; border-color: $accent_line; }
QFrame[role="card"][hover="true"][chosen="true"]:hover { background: $selected; }
QFrame[role="line"][chosen="true"]:hover { background: $selected; }
QFrame[role="selection"] { background: $surface; border: none; border-top: 1px solid $line; }
QFrame[role="popover"] { background: $surface; border: 1px solid $rim; }
QFrame[role="line"] { background: transparent; border: 1px solid transparent; border-radius: $radius;
    padding: 1px; }
QFrame[role="line"]:hover { background: $hover; }
QFrame[role="line"][by_key="true"]:focus { border: 2px solid $accent; padding: 0; }
QFrame[role="sidebar"] { background: $surface; border: none; border-right: 1px solid $line; }
QFrame[role="dropline"] { background: $accent; border: none; border-radius: 1px; }
QFrame[role="hairline"] { background: $line; border: none; }
QFrame[role="banner"] { background: $accent_soft; border: 1px solid $accent_line; border-radius: $radius; }
QFrame[role="banner"][by_key="true"]:focus { border: 2px solid $accent; }
QFrame[role="banner"][kind="fresh"] { background: $fresh_soft; border-color: $fresh_line; }
QFrame[role="banner"][kind="soon"] { background: $soon_soft; border-color: $soon_line; }
QFrame[role="banner"][kind="urgent"] { background: $urgent_soft; border-color: $urgent_line; }
QFrame[role="banner"][kind="off"] { background: $off_soft; border-color: $off_line; }
QScrollArea, QScrollArea > QWidget > QWidget[role="page"] { background: transparent; border: none; }
QScrollArea > QWidget#qt_scrollarea_viewport { background: transparent; }
QAbstractScrollArea::corner { background: transparent; border: none; }
QSplitter::handle { background: $line; }
QScrollBar:vertical { background: transparent; width: 12px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 12px; margin: 0; }
QScrollBar::handle { background: $handle; border-radius: 3px; margin: 3px; }
QScrollBar::handle:vertical { min-height: 32px; }
QScrollBar::handle:horizontal { min-width: 32px; }
QScrollBar::handle:hover, QScrollBar::handle:pressed { background: $handle_hover; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; border: none; background: none; }
QScrollBar::add-page, QScrollBar::sub-page { background: none; }
"""

# Without an outline of none, Fusion draws a box of its own into a control that Tab came to.
_BUTTONS = """
QPushButton:focus, QCheckBox:focus, QRadioButton:focus { outline: none; }
QPushButton {
    background: $surface; color: $text; border: 1px solid $edge; border-radius: $radius;
    padding: 0 $pad; min-height: $control; max-height: $control; font-size: $size_body;
}
QPushButton:hover { background: $hover; }
QPushButton:pressed, QPushButton:open { background: $pressed; }
QPushButton[by_key="true"]:focus { border: 2px solid $accent; padding: 0 $pad_focus; min-height: $control_focus; }
QPushButton:disabled { color: $dim; border-color: $line; background: $surface; }
QPushButton[role="primary"] {
    background: $accent; color: $on_accent; border: 1px solid $accent; font-weight: 600; padding: 0 $primary_pad;
}
QPushButton[role="primary"]:hover { background: $accent_hover; border-color: $accent_hover; }
QPushButton[role="primary"]:pressed { background: $accent_pressed; border-color: $accent_pressed; }
QPushButton[role="primary"][by_key="true"]:focus {
    border: 1px solid $accent; padding: 0 $primary_pad; min-height: $control;
}
QPushButton[role="primary"]:disabled { background: $pressed; color: $off; border-color: $pressed; }
QPushButton[role="danger"] { color: $urgent; border-color: $danger_edge; }
QPushButton[role="danger"]:hover { background: $urgent_soft; }
QPushButton[role="danger"][by_key="true"]:focus { border: 2px solid $urgent; }
QPushButton[role="quiet"], QPushButton[role="link"] { background: transparent; border: 1px solid transparent; }
QPushButton[role="quiet"]:hover { background: $hover; }
QPushButton[role="quiet"]:pressed, QPushButton[role="quiet"]:checked { background: $pressed; }
QPushButton[role="link"] { color: $accent; padding: 0 1px; }
QPushButton[role="link"]:hover { color: $accent_hover; text-decoration: underline; }
QPushButton[role="quiet"][by_key="true"]:focus { border: 2px solid $accent; }
QPushButton[role="link"][by_key="true"]:focus { border: 2px solid $accent; padding: 0; }
QPushButton[role="link"][inline="true"] { min-height: 0; max-height: 10000px; margin-left: -2px; }
QPushButton[role="link"][inline="true"][by_key="true"]:focus { margin-left: 0; }
QPushButton::menu-indicator { image: none; width: 0; }
QPushButton[menu="true"] { padding-right: 20px; }
QPushButton[menu="true"][by_key="true"]:focus { padding-right: 19px; }
QPushButton[menu="true"]::menu-indicator { image: $chevron; width: 12px; height: 12px; right: 4px;
    subcontrol-origin: padding; subcontrol-position: center right; }
QPushButton[role="small"] { min-height: $small; max-height: $small; padding: 0 $gap_s; }
QPushButton[role="small"][bare="true"] { padding: 0; }
QPushButton[role="tile"] { text-align: left; border-color: $line; border-radius: $card_radius;
    max-height: 10000px; padding: $pad; }
QPushButton[role="tile"][by_key="true"]:focus { border: 2px solid $accent; padding: $pad_focus; }
QToolButton { background: transparent; border: 1px solid transparent; border-radius: $radius; padding: 0;
    min-width: $control; min-height: $control; }
QToolButton[role="plain"] { background: $surface; border-color: $edge; }
QToolButton:hover { background: $hover; }
QToolButton:pressed, QToolButton:checked, QToolButton:open { background: $pressed; }
QToolButton[by_key="true"]:focus { border: 2px solid $accent; min-width: $control_focus; min-height: $control_focus; }
QToolButton::menu-indicator { image: none; width: 0; }
"""

_FIELDS = """
QLineEdit, QPlainTextEdit, QComboBox, QSpinBox, QAbstractSpinBox {
    background: $surface; color: $text; border: 1px solid $edge; border-radius: $radius; padding: 0 $field_pad;
    selection-background-color: $accent; selection-color: $on_accent;
}
QComboBox { padding: 0 $pad; }
QLineEdit, QComboBox, QAbstractSpinBox { min-height: $control; max-height: $control; }
QLineEdit, QPlainTextEdit { placeholder-text-color: $second; }
QAbstractSpinBox QLineEdit, QComboBox QLineEdit, QAbstractSpinBox QLineEdit:focus, QComboBox QLineEdit:focus {
    border: none; padding: 0; background: transparent; min-height: 0; max-height: 10000px;
}
QAbstractSpinBox QLineEdit, QAbstractSpinBox QLineEdit:focus { padding-left: $field_pad; }
QLineEdit QToolButton, QLineEdit QToolButton:focus { min-width: 0; min-height: 0; border: none; padding: 0; }
QPlainTextEdit { padding: $text_pad; }
QLineEdit:hover, QComboBox:hover, QPlainTextEdit:hover { border-color: $second; }
QLineEdit:focus, QAbstractSpinBox:focus, QPlainTextEdit:focus { border: 2px solid $accent; }
QComboBox[by_key="true"]:focus { border: 2px solid $accent; }
QLineEdit:focus, QComboBox[by_key="true"]:focus, QAbstractSpinBox:focus {
    padding: 0 $field_pad_focus; min-height: $control_focus; max-height: $control_focus;
}
QComboBox[by_key="true"]:focus { padding: 0 $pad_focus; }
QPlainTextEdit:focus { padding: $text_pad_focus; }
QLineEdit[wrong="true"], QPlainTextEdit[wrong="true"] { border-color: $urgent; }
QLineEdit:read-only { background: $ground; border-color: $line; }
QLineEdit:disabled, QComboBox:disabled { color: $off; background: $ground; border-color: $line; }
QComboBox::drop-down { border: none; width: 26px; }
QComboBox::down-arrow { image: $chevron; width: 14px; height: 14px; }
QComboBox QAbstractItemView { background: $surface; border: none; padding: 5px; outline: none;
    selection-background-color: $selected; selection-color: $text; }
QComboBox QAbstractItemView::item { min-height: 0; padding: 6px 12px; border: none; border-radius: $inner_radius; }
QComboBox QAbstractItemView::item:selected, QComboBox QAbstractItemView::item:hover {
    background: $selected; color: $text;
}
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button { border: none; width: 20px; background: transparent; }
QAbstractSpinBox::up-arrow { image: $up; width: 12px; height: 12px; }
QAbstractSpinBox::down-arrow { image: $chevron; width: 12px; height: 12px; }
QCheckBox, QRadioButton {
    spacing: $gap_s; padding: $check_pad; border: 1px solid transparent; border-radius: $inner_radius;
}
QCheckBox[by_key="true"]:focus, QRadioButton[by_key="true"]:focus {
    border: 2px solid $accent; padding: $check_pad_focus;
}
QCheckBox:disabled, QRadioButton:disabled { color: $off; }
QCheckBox::indicator, QRadioButton::indicator {
    width: $check_box; height: $check_box; border: 1px solid $second; border-radius: 4px;
    background: $surface;
}
QRadioButton::indicator { border-radius: $round; }
QCheckBox::indicator:hover, QRadioButton::indicator:hover { border-color: $accent; }
QCheckBox::indicator:checked { background: $accent; border-color: $accent; image: $tick; }
QCheckBox::indicator:disabled, QRadioButton::indicator:disabled { border-color: $line; background: $ground; }
QProgressBar { background: $line; border: none; border-radius: 2px; min-height: 4px; max-height: 4px; }
QProgressBar::chunk { background: $accent; border-radius: 2px; }
QProgressBar[tone="fresh"]::chunk { background: $fresh; }
QProgressBar[tone="soon"]::chunk { background: $soon; }
QProgressBar[tone="urgent"]::chunk { background: $urgent; }
QProgressBar[tone="off"]::chunk { background: $off; }
"""

_LISTS = """
QMenu { background: $surface; border: 1px solid $rim; padding: 5px; icon-size: $icon; }
QMenu::item { padding: 6px 24px 6px 12px; border-radius: $inner_radius; border: none; background: transparent; }
QMenu::item:selected { background: $selected; color: $text; }
QMenu::item:disabled { color: $off; background: transparent; }
QMenu::icon { padding-left: 8px; }
QMenu::separator { height: 1px; background: $line; margin: 5px 8px; }
QBalloonTip { background: $surface; }
QBalloonTip QPushButton { border: none; background: transparent; padding: 0; min-height: 18px; max-height: 18px; }
QMenu::right-arrow { image: $right; width: 12px; height: 12px; margin-right: 8px; }
QAbstractItemView { background: transparent; border: none; outline: none; gridline-color: transparent;
    selection-background-color: $selected; selection-color: $text; alternate-background-color: transparent; }
QTableView::item, QTreeView::item { border: none; border-bottom: 1px solid $line; padding: 0 $gap_s; }
QTableView::item:hover, QTreeView::item:hover { background: $row_hover; }
QTableView::item:selected, QTreeView::item:selected { background: $selected; color: $text; }
QTableView:focus, QListView:focus, QTreeView:focus { border: none; }
QListView::item { border-radius: $radius; padding: 0 $gap_s; min-height: $row; }
QListView::item:hover { background: $hover; }
QListView::item:selected { background: $selected; color: $text; }
QHeaderView { background: transparent; border: none; }
QHeaderView::section { background: transparent; color: $second; border: none; border-bottom: 1px solid $line;
    padding: 6px $gap_s; font-size: $size_caption; font-weight: 400; }
QHeaderView::section:hover { color: $text; }
QHeaderView::down-arrow { image: $chevron; width: 10px; height: 10px; }
QHeaderView::up-arrow { image: $up; width: 10px; height: 10px; }
QTableCornerButton::section { background: transparent; border: none; }
"""

SHEET = (_TEXT, _AREAS, _BUTTONS, _FIELDS, _LISTS)
