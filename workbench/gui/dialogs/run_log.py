"""The log of a run: sentences with their times; details unfold on request."""

from collections.abc import Sequence
from html import escape

from PySide6.QtCore import QUrl
from PySide6.QtWidgets import QTextBrowser

from workbench.gui.format import moment, steps
from workbench.gui.theme import theme
from workbench.lab.workbook import Message

_NOTHING = "Nothing out of the ordinary happened, so nothing was noted."
_TOKENS = {"info": "text", "warning": "warning", "error": "bad"}
_UNFOLD = "unfold"


class RunLog(QTextBrowser):
    """Messages in the order in which they came."""

    def __init__(self) -> None:
        super().__init__()
        self.setOpenLinks(False)
        self.setAccessibleName("Log of the run")
        self.anchorClicked.connect(self._toggle)
        self._messages: tuple[Message, ...] | None = None
        self._unfolded: set[int] = set()
        theme().changed.connect(self._draw)

    def show_messages(self, messages: Sequence[Message]) -> None:
        """Show these messages; what was unfolded stays so."""
        if tuple(messages) != self._messages:
            self._messages = tuple(messages)
            self._draw()

    def as_text(self) -> str:
        """Return the whole log, details included, as plain text."""
        return "\n".join(
            f"{moment(message.time)}  step {steps(message.step)}  {message.level}: {message.text}"
            + (f"\n{message.details}" if message.details else "")
            for message in self._messages or ()
        )

    def _toggle(self, link: QUrl) -> None:
        self._unfolded ^= {int(link.path())}
        self._draw()

    def _draw(self) -> None:
        place = self.verticalScrollBar().value()
        muted = theme().colours.muted
        entries = "".join(self._entry(message) for message in self._messages or ())
        self.setHtml(entries or f'<p style="color: {muted}">{_NOTHING}</p>')
        self.verticalScrollBar().setValue(place)

    def _entry(self, message: Message) -> str:
        colours = theme().colours
        unfolded = message.id in self._unfolded
        level = "" if message.level == "info" else f" · {message.level}"
        place = f"{moment(message.time)} · step {steps(message.step)}{level}"
        told = getattr(colours, _TOKENS[message.level])
        lines = [
            f'<p style="margin: 4px 0 0 0; color: {colours.muted}">{place}</p>',
            f'<p style="margin: 0 0 2px 0; color: {told}">{escape(message.text)}</p>',
        ]
        if message.details:
            word = "Hide details" if unfolded else "Details"
            lines.append(
                f'<p style="margin: 0"><a href="{_UNFOLD}:{message.id}" '
                f'style="color: {colours.accent}; text-decoration: none">{word}</a></p>'
            )
        if unfolded:
            lines.append(f'<pre style="margin: 4px 0 8px 0; color: {colours.text}">{escape(message.details)}</pre>')
        return "".join(lines)
