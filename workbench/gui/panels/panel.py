"""What every panel is: a white card with a title, one caption, its tools, and a body or a sentence why it is empty."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QStackedLayout, QVBoxLayout, QWidget

from workbench.errors import WorkbenchError
from workbench.gui.panels.caption import Caption
from workbench.gui.panels.tools import TitleMenu
from workbench.gui.session import Session
from workbench.gui.session.clock import Clock
from workbench.gui.session.session import News
from workbench.gui.theme import set_role

Job = Callable[[], Any]


class Panel(QFrame):
    """One view of the session. A subclass lays out ``body``, says what it reads and draws what was read.

    Drawing happens only while the panel can be seen, after something it listens for has changed.
    """

    chosen = Signal(str)
    """The name of another panel, which is to be seen in this one's place."""

    name: ClassVar[str]
    """In settings and menus' ids, as "loss"."""
    title: ClassVar[str]
    listens: ClassVar[frozenset[str]] = frozenset()
    """The kinds of news of the ticked runs after which the panel reads anew."""
    help: ClassVar[str] = ""
    """What F1 shows: how to read this panel."""

    def __init__(self, session: Session, clock: Clock) -> None:
        super().__init__()
        self.session, self.clock = session, clock
        self._stale = True
        set_role(self, "panel")
        self.setObjectName(self.name)
        self.setAccessibleName(self.title)
        self._title, self._caption = QLabel(self.title), Caption()
        self._title_menu: TitleMenu | None = None
        self.header, self.tools = QHBoxLayout(), QHBoxLayout()
        self.body = QVBoxLayout()
        self._empty = QLabel()
        self._pages = QStackedLayout()
        self._lay_out()
        session.news.connect(self._hear)
        session.opened.connect(self.outdate)
        session.runs.current_changed.connect(self.outdate)
        session.runs.shown_changed.connect(self.outdate)

    # What a subclass says of itself.

    def job(self) -> Job | None:
        """Return what to read on the reader's thread; None where there is nothing to read: then call `show_empty`."""
        return None

    def draw(self, data: Any) -> None:
        """Draw what the job returned."""

    def summary(self) -> str:
        """Return what the panel shows in words, for those who cannot see it: "loss 0.043 at step 1 240, falling"."""
        return ""

    def settings(self) -> dict[str, Any]:
        """Return what the panel is set to, as plain values: the window keeps them for the next start."""
        return {}

    def restore(self, settings: Mapping[str, Any]) -> None:
        """Take up what was kept; what makes no sense is left as it is."""

    def figure(self) -> tuple[str, dict[str, Any]]:
        """Return the kind of figure that draws for paper what the panel shows, and its options; "" for none."""
        return "", {}

    # What a subclass may call.

    def set_title(self, text: str) -> None:
        """Say something else than the panel's own title, where that changes: "At t = 31"."""
        self._title.setText(text)

    def set_caption(self, text: str) -> None:
        """Say in one line what is drawn, with its units."""
        self._caption.say(text)

    def show_empty(self, sentence: str) -> None:
        """Show a sentence in place of the body: why there is nothing, and what to do."""
        self._empty.setText(sentence)
        self._pages.setCurrentIndex(1)
        self.setAccessibleDescription(sentence)

    def show_body(self) -> None:
        """Show the body."""
        self._pages.setCurrentIndex(0)
        self.setAccessibleDescription(self.summary())

    def offer(self, panels: Sequence[tuple[str, str]]) -> None:
        """Let the title open a list of panels, (name, title), this one among them; `chosen` tells of another one."""
        self._title_menu = TitleMenu(self.name, panels)
        self._title_menu.chosen.connect(self.chosen)
        self.header.replaceWidget(self._title, self._title_menu)
        self._title.hide()

    def focus_title(self) -> None:
        """Put the focus on the title that opens the list."""
        if self._title_menu is not None:
            self._title_menu.setFocus()

    def outdate(self) -> None:
        """Read and draw anew as soon as the panel can be seen."""
        self._stale = True
        if self.isVisible():
            self.refresh()

    def refresh(self) -> None:
        """Read and draw now."""
        self._stale = False
        job = self.job() if self.session.workbook is not None else None
        if job is None:
            self.session.reader.forget(self.name)
            return
        self.session.reader.ask(self.name, job, self._draw, self._failed)

    # How it works.

    def _draw(self, data: Any) -> None:
        with self.clock.drawing():
            self.draw(data)

    def _failed(self, error: WorkbenchError) -> None:
        self.show_empty(str(error))

    def _hear(self, changed: News) -> None:
        shown = self.session.runs.shown
        if any(kind in self.listens and run in shown for run, kind in changed):
            self.outdate()

    def showEvent(self, event: QShowEvent) -> None:
        """Draw what was missed while hidden."""
        super().showEvent(event)
        if self._stale:
            self.refresh()

    def _lay_out(self) -> None:
        set_role(self._title, "title")
        set_role(self._empty, "muted")
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setWordWrap(True)
        self.tools.setSpacing(0)
        self.header.setSpacing(12)
        self.header.addWidget(self._title)
        self.header.addWidget(self._caption, 1)
        self.header.addLayout(self.tools)
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.setSpacing(4)
        content, empty = QWidget(), QWidget()
        content.setLayout(self.body)
        centred = QVBoxLayout(empty)
        centred.addWidget(self._empty)
        self._pages.addWidget(content)
        self._pages.addWidget(empty)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(12, 8, 12, 8)
        outer.setSpacing(4)
        outer.addLayout(self.header)
        outer.addLayout(self._pages, 1)
