"""The status bar: where everything is kept, what watching costs, and the keys that matter most."""

from PySide6.QtWidgets import QLabel, QStatusBar

from workbench.gui.session import Session

HINTS = "Space train, pause  ·  . step  ·  Ctrl+K commands  ·  F1 help"


class StatusBar(QStatusBar):
    """One quiet line at the bottom."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.setSizeGripEnabled(False)
        self.saved, self.cost = QLabel(), QLabel()
        self.addWidget(self.saved)
        self.addWidget(self.cost)
        self.addPermanentWidget(QLabel(HINTS))
        session.opened.connect(self.refresh)
        session.film.snapshot_changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Say where runs are kept, and what share of the training time the film takes."""
        workbook, snapshot = self._session.workbook, self._session.film.snapshot
        if workbook is None:
            self.saved.setText("No workbook is open")
        elif workbook.read_only:
            self.saved.setText(f"{workbook.path.name} is write-protected")
        else:
            self.saved.setText(f"Saved to {workbook.path.name}  ·  every step kept")
            self.saved.setToolTip(str(workbook.path))
        share = None if snapshot is None else snapshot.arrays.get("watching")
        self.cost.setText("" if share is None else f"Watching costs {100 * float(share):.1f} % of training")
