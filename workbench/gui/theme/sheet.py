"""The style sheet: how each role and each kind of widget is drawn. Spacing is 4, 8, 12, 16; corners 8 and 5."""

from dataclasses import asdict
from string import Template

from workbench.gui.theme.colours import Colours
from workbench.resources import resource_path

_SHEET = Template("""
* { outline: none; }
QWidget { color: $text; }
QMainWindow, QDialog { background: $window; }
QToolTip { background: $text; color: $panel; border: none; padding: 4px 8px; }

QLabel[role="title"] { font-weight: 600; }
QLabel[role="heading"] { font-weight: 600; font-size: 17px; }
QLabel[role="caption"], QLabel[role="muted"] { color: $muted; }
QLabel[role="caption"] { font-size: 12px; }
QLabel[role="section"] { color: $muted; font-size: 11px; letter-spacing: 1px; }
QLabel[role="unit"] { color: $muted; font-size: 12px; }
QLabel[role="reason"] { color: $bad; font-size: 12px; }
QLabel[role="good"] { color: $good; }
QLabel[role="warning"] { color: $warning; }
QLabel[role="bad"] { color: $bad; }
QLabel[role="chip"] { background: $accent_soft; color: $accent; border-radius: 11px; padding: 3px 10px; }

QFrame[role="panel"] { background: $panel; border: 1px solid $line; border-radius: 8px; }
QWidget[role="bar"] { background: $panel; }
QFrame[role="line"] { background: $line; border: none; }
QFrame[role="banner"] { background: $accent_soft; border-radius: 6px; border: none; }

QPushButton, QToolButton[role="field"] {
    background: $panel; border: 1px solid $line; border-radius: 5px; padding: 0 12px; min-height: 26px;
}
QPushButton:hover, QToolButton[role="field"]:hover { border-color: $muted; }
QPushButton:pressed, QToolButton[role="field"]:pressed { background: $field; }
QPushButton:focus, QToolButton[role="field"]:focus { border-color: $accent; }
QPushButton:disabled, QToolButton[role="field"]:disabled { color: $muted; background: $window; }
QPushButton[role="accent"], QToolButton[role="accent"] {
    background: $accent; color: $on_accent; border: 1px solid $accent; border-radius: 5px;
    font-weight: 600; padding: 0 16px; min-height: 30px;
}
QPushButton[role="accent"]:hover, QToolButton[role="accent"]:hover {
    background: $accent_hover; border-color: $accent_hover;
}
QPushButton[role="accent"]:focus, QToolButton[role="accent"]:focus {
    background: $accent; border: 2px solid $text;
}
QPushButton[role="accent"]:disabled, QToolButton[role="accent"]:disabled {
    background: $line; border-color: $line; color: $muted;
}
QToolButton[role="field"]::menu-indicator { image: none; width: 0; }

QToolButton { background: transparent; border: none; border-radius: 5px; padding: 2px 6px; }
QToolButton:hover { background: $field; }
QToolButton:focus { background: $accent_soft; }
QPushButton[role="section"] {
    color: $muted; background: transparent; font-size: 11px; letter-spacing: 1px; border: none; border-radius: 2px;
    padding: 0; min-height: 18px; text-align: left;
}
QPushButton[role="section"]:hover { color: $text; }
QPushButton[role="section"]:focus { background: $accent_soft; }
QToolButton[role="title"] { font-weight: 600; padding: 0; border-radius: 2px; }
QToolButton[role="title"]:hover { background: transparent; color: $accent; }
QToolButton[role="title"]:focus { background: $accent_soft; }
QToolButton[role="title"]::menu-indicator { image: none; width: 0; }
QToolButton[role="quiet"] { color: $muted; font-size: 12px; padding: 2px 6px; }
QToolButton[role="quiet"]:hover { color: $text; }
QToolButton[role="quiet"]:checked { color: $accent; }
QToolButton[role="quiet"]:disabled { color: $strip; }
QToolButton[role="quiet"][informs="true"]:disabled { color: $muted; }
QToolButton[role="quiet"]::menu-indicator { image: none; width: 0; }
QPushButton[role="word"] {
    color: $muted; background: transparent; font-size: 12px; border: none; border-radius: 2px; padding: 0;
    min-height: 18px; text-align: left;
}
QPushButton[role="word"]:hover { color: $text; }
QPushButton[role="word"]:checked { color: $accent; }
QPushButton[role="word"]:focus { background: $accent_soft; }
QToolButton[role="link"], QPushButton[role="link"] {
    color: $accent; background: transparent; border: none; padding: 0 2px; min-height: 20px;
}
QToolButton[role="link"]:hover, QPushButton[role="link"]:hover { color: $text; }
QToolButton[role="chip"] { color: $muted; border-radius: 11px; padding: 3px 10px; }
QToolButton[role="chip"]::menu-indicator { image: none; width: 0; }
QToolButton[role="chip"]:hover { color: $text; }
QToolButton[role="chip"]:checked { background: $accent_soft; color: $accent; }
QToolButton[role="chip"]:disabled { background: transparent; color: $muted; }

QLineEdit, QSpinBox, QDoubleSpinBox, QComboBox, QPlainTextEdit, QTextEdit {
    background: $field; border: 1px solid $line; border-radius: 5px; padding: 0 8px; min-height: 26px;
    selection-background-color: $accent; selection-color: $on_accent;
}
QPlainTextEdit, QTextEdit { padding: 4px 6px; }
QPlainTextEdit[role="plain"] { background: transparent; border: 1px solid transparent; }
QLineEdit:focus, QSpinBox:focus, QDoubleSpinBox:focus, QComboBox:focus,
QPlainTextEdit:focus, QTextEdit:focus { border: 1px solid $accent; }
QLineEdit[wrong="true"], QSpinBox[wrong="true"], QComboBox[wrong="true"],
QCheckBox[wrong="true"], QPlainTextEdit[wrong="true"] { border: 1px solid $bad; }
QLineEdit:disabled, QSpinBox:disabled, QComboBox:disabled { color: $muted; }
QSpinBox::up-button, QSpinBox::down-button, QDoubleSpinBox::up-button, QDoubleSpinBox::down-button {
    width: 0; border: none;
}
QComboBox { padding: 0 0 0 10px; }
QComboBox::drop-down { border: none; width: 18px; }
QComboBox::down-arrow { image: url("$arrow"); width: 10px; height: 10px; right: 4px; }
QComboBox QAbstractItemView {
    background: $panel; border: 1px solid $line; padding: 4px;
    selection-background-color: $accent_soft; selection-color: $text;
}

QCheckBox, QRadioButton { spacing: 8px; }
QCheckBox::indicator, QListView::indicator {
    width: 14px; height: 14px; border: 1px solid $muted; border-radius: 4px; background: $field;
}
QCheckBox::indicator:hover, QCheckBox::indicator:focus, QListView::indicator:hover { border-color: $accent; }
QCheckBox::indicator:checked, QListView::indicator:checked {
    background: $accent; border-color: $accent; image: url("$check");
}
QCheckBox::indicator:disabled, QListView::indicator:disabled { border-color: $line; }
QCheckBox::indicator:checked:disabled { background: $line; }
QListView::item:disabled { color: $muted; }
QRadioButton::indicator { width: 14px; height: 14px; border: 1px solid $muted; border-radius: 8px; background: $field; }
QRadioButton::indicator:hover, QRadioButton::indicator:focus { border-color: $accent; }
QRadioButton::indicator:checked {
    width: 6px; height: 6px; border: 5px solid $accent; background: $on_accent;
}
QMenuBar { background: $panel; padding: 2px 8px; border-bottom: 1px solid $line; }
QMenuBar::item { padding: 4px 10px; border-radius: 4px; background: transparent; }
QMenuBar::item:selected { background: $field; }
QDialogButtonBox { dialogbuttonbox-buttons-have-icons: 0; }
QMenu { background: $panel; border: 1px solid $line; padding: 4px; }
QMenu::item { padding: 5px 24px 5px 12px; border-radius: 4px; }
QMenu::icon { padding-left: 8px; }
QMenu::item:selected { background: $accent_soft; }
QMenu::item:disabled { color: $muted; }
QMenu::separator { height: 1px; background: $line; margin: 4px 8px; }

QTreeView, QTableView, QListView {
    background: transparent; border: none; selection-background-color: $accent_soft; selection-color: $text;
}
QTreeView::item, QTableView::item, QListView::item { padding: 4px; border: none; }
QTreeView::item:selected, QTableView::item:selected, QListView::item:selected {
    background: $accent_soft; color: $text;
}
QHeaderView { background: transparent; }
QHeaderView::section {
    background: transparent; color: $muted; border: none; border-bottom: 1px solid $line; padding: 4px;
    font-size: 12px;
}

QScrollArea, QScrollArea > QWidget > QWidget { background: transparent; border: none; }
QAbstractScrollArea::corner { background: transparent; border: none; }
QScrollBar:vertical { background: transparent; width: 10px; margin: 2px; }
QScrollBar:horizontal { background: transparent; height: 10px; margin: 2px; }
QScrollBar::handle { background: $line; border-radius: 3px; min-height: 24px; min-width: 24px; }
QScrollBar::handle:hover { background: $muted; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }

QSlider::groove:horizontal { background: $line; height: 4px; border-radius: 2px; }
QSlider::sub-page:horizontal { background: $accent; height: 4px; border-radius: 2px; }
QSlider::handle:horizontal { background: $accent; width: 14px; height: 14px; margin: -5px 0; border-radius: 7px; }
QSlider::handle:horizontal:focus { border: 2px solid $text; width: 10px; height: 10px; }
QSlider::sub-page:horizontal:disabled, QSlider::handle:horizontal:disabled { background: $line; }
QProgressBar { background: $line; border: none; border-radius: 2px; max-height: 4px; min-height: 4px; }
QProgressBar::chunk { background: $accent; border-radius: 2px; }

QSplitter::handle { background: transparent; }
QSplitter::handle:hover { background: $line; }
QStatusBar { background: $panel; border-top: 1px solid $line; color: $muted; font-size: 12px; }
QStatusBar::item { border: none; }
QStatusBar QLabel { color: $muted; font-size: 12px; padding: 0 8px; }
QTabWidget::pane { border: none; }
QTabBar::tab { color: $muted; padding: 5px 12px; border: none; background: transparent; }
QTabBar::tab:selected { color: $accent; }
""")


def style_sheet(colours: Colours) -> str:
    """Return the style sheet of the whole application."""
    drawn = {name: resource_path("icons", f"{name}-{colours.name}.svg").as_posix() for name in ("arrow", "check")}
    return _SHEET.substitute(asdict(colours), **drawn)
