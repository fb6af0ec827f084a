"""The trash: runs that were put away, to be restored or deleted for good."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QDialogButtonBox,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QSizePolicy,
    QStackedWidget,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from workbench.gui.deeds import RunDeeds
from workbench.gui.format import moment, steps
from workbench.gui.panels.run_table.about import status_word
from workbench.gui.session import Session
from workbench.gui.theme import set_role
from workbench.lab.workbook import RunRecord

_COLUMNS = ("Name", "Moved to the trash", "Status", "Steps")
_RUN = Qt.ItemDataRole.UserRole
_KEY = "trash"
_EMPTY = "The trash is empty. Runs that you move there wait here until you delete them."


class TrashDialog(QDialog):
    """Lists the runs in the trash. Nothing is deleted before a second press on a button that says so."""

    def __init__(self, session: Session, deeds: RunDeeds, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Trash")
        self._session, self._deeds = session, deeds
        self._records: tuple[RunRecord, ...] | None = None
        self.list = _list()
        self.list.itemSelectionChanged.connect(self._show_what_can_be_done)
        self.confirmation = _Confirmation()
        self._pages = QStackedWidget()
        self._lay_out()
        delete = QShortcut(QKeySequence(Qt.Key.Key_Delete), self.list, context=Qt.ShortcutContext.WidgetShortcut)
        delete.activated.connect(self._ask_delete)
        deeds.done.connect(self._read)
        session.runs.changed.connect(self._read)
        session.opened.connect(self._read)
        self._read()

    def done(self, result: int) -> None:
        """Close; an answer that is on its way finds nobody."""
        self._session.reader.forget(_KEY)
        super().done(result)

    def _lay_out(self) -> None:
        heading = QLabel("Trash")
        set_role(heading, "heading")
        empty = QLabel(_EMPTY)
        set_role(empty, "muted")
        empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        empty.setWordWrap(True)
        self._pages.addWidget(self.list)
        self._pages.addWidget(empty)
        card = QFrame()
        set_role(card, "panel")
        inside = QVBoxLayout(card)
        inside.setContentsMargins(8, 4, 8, 8)
        inside.addWidget(self._pages)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 16, 16, 16)
        layout.setSpacing(12)
        layout.addWidget(heading)
        layout.addWidget(card, 1)
        layout.addWidget(self.confirmation)
        layout.addLayout(self._buttons())
        self.resize(620, 380)

    def _buttons(self) -> QHBoxLayout:
        self.restore = QPushButton("Restore")
        self.restore.clicked.connect(self._restore)
        self.delete = QPushButton("Delete for good…")
        self.delete.clicked.connect(self._ask_delete)
        self.empty = QPushButton("Empty trash…")
        self.empty.clicked.connect(self._ask_empty)
        box = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        box.rejected.connect(self.reject)
        row = QHBoxLayout()
        row.setSpacing(8)
        for button in (self.restore, self.delete, self.empty):
            button.setAutoDefault(False)
            row.addWidget(button)
        row.addStretch(1)
        row.addWidget(box)
        return row

    # What lies there.

    def _read(self) -> None:
        workbook = self._session.workbook
        if workbook is None:
            self._show(())
            return
        self._session.reader.ask(_KEY, lambda: workbook.runs.all(trashed=True), self._show, self._session.complain)

    def _show(self, records: tuple[RunRecord, ...]) -> None:
        """List the runs, the last ones put away first; what was marked stays so."""
        if records == self._records:
            return
        self._records = records
        marked = {record.id for record in self._marked()}
        self.confirmation.hide()
        self.list.clear()
        for record in sorted(records, key=lambda own: own.trashed or 0.0, reverse=True):
            item = _item(record)
            self.list.addTopLevelItem(item)
            item.setSelected(record.id in marked)
        self._pages.setCurrentIndex(0 if records else 1)
        self._show_what_can_be_done()

    def _marked(self) -> list[RunRecord]:
        return [item.data(0, _RUN) for item in self.list.selectedItems()]

    def _show_what_can_be_done(self) -> None:
        self.confirmation.hide()
        for button in (self.restore, self.delete):
            button.setEnabled(bool(self._marked()))
        self.empty.setEnabled(bool(self._records))

    # What is done.

    def _restore(self) -> None:
        for record in self._marked():
            self._deeds.restore(record.id, record.name)

    def _ask_delete(self) -> None:
        records = self._marked()
        if records:
            what = f"“{records[0].name}”" if len(records) == 1 else f"these {len(records)} runs"
            self._ask(f"Delete {what} for good?", records)

    def _ask_empty(self) -> None:
        records = self._records or ()
        runs = "the run" if len(records) == 1 else f"all {len(records)} runs"
        self._ask(f"Delete {runs} in the trash for good?", records)

    def _ask(self, question: str, records: Sequence[RunRecord]) -> None:
        self.confirmation.ask(
            f"{question} Numbers, film and checkpoints go with it. This cannot be undone.",
            lambda: self._deeds.delete([record.id for record in records]),
        )


class _Confirmation(QFrame):
    """A question with its two answers, in the dialog itself; hidden until it asks."""

    def __init__(self) -> None:
        super().__init__()
        set_role(self, "banner")
        self._text = QLabel()
        self._text.setWordWrap(True)
        self._text.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.yes = QPushButton("Delete for good")
        self.no = QPushButton("Keep")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 8, 8, 8)
        layout.setSpacing(8)
        layout.addWidget(self._text, 1)
        for button in (self.no, self.yes):
            button.setAutoDefault(False)
            button.clicked.connect(self.hide)
            layout.addWidget(button)
        self.yes.clicked.connect(self._act)
        self._do: Callable[[], object] | None = None
        self.hide()

    @property
    def question(self) -> str:
        """What is asked."""
        return self._text.text()

    def ask(self, question: str, do: Callable[[], object]) -> None:
        """Ask; ``do`` is what a yes does. The keyboard stands on the harmless answer."""
        self._text.setText(question)
        self.setAccessibleName(question)
        self._do = do
        self.show()
        self.no.setFocus()

    def _act(self) -> None:
        if self._do is not None:
            self._do()


def _list() -> QTreeWidget:
    tree = QTreeWidget()
    tree.setHeaderLabels(list(_COLUMNS))
    tree.setRootIsDecorated(False)
    tree.setUniformRowHeights(True)
    tree.setAllColumnsShowFocus(True)
    tree.setFrameShape(QFrame.Shape.NoFrame)
    tree.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
    tree.setAccessibleName("Runs in the trash")
    header = tree.header()
    header.setStretchLastSection(False)
    header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
    header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
    tree.headerItem().setTextAlignment(len(_COLUMNS) - 1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    return tree


def _item(record: RunRecord) -> QTreeWidgetItem:
    taken = f"{steps(record.step)} of {steps(record.steps)}"
    item = QTreeWidgetItem([record.name, moment(record.trashed), status_word(record), taken])
    item.setData(0, _RUN, record)
    item.setToolTip(0, record.name)
    item.setTextAlignment(len(_COLUMNS) - 1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    return item
