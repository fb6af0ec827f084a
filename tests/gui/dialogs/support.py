"""What the tests of dialogs share: a window with a few commands and widgets."""

from PySide6.QtWidgets import QLineEdit, QMainWindow, QPushButton, QVBoxLayout, QWidget

from workbench.gui.commands import Command, Commands


class SmallWindow(QMainWindow):
    """A window with a field, a button and commands that write down what they did."""

    def __init__(self) -> None:
        super().__init__()
        self.done: list[str] = []
        self.field, self.button = QLineEdit(), QPushButton("Train")
        middle = QWidget()
        self.column = QVBoxLayout(middle)
        self.column.addWidget(self.field)
        self.column.addStretch()
        self.column.addWidget(self.button)
        self.setCentralWidget(middle)
        self.resize(900, 600)
        self.commands = Commands(self)
        self.commands.add(
            self._command("run.train_or_pause", "Train or pause", "Run", icon="train", shortcut="Space"),
            self._command("run.step", "Step", "Run", icon="step", shortcut=".", reason="No run is trained now."),
            self._command("run.stop", "Stop", "Run", icon="stop", shortcut="Ctrl+.", words="end cancel"),
            self._command(
                "figure.copy", "Copy figure", "Edit", icon="copy", shortcut="Ctrl+Shift+C", words="clipboard"
            ),
            self._command("edit.palette", "Find a command …", "Edit", icon="search", shortcut="Ctrl+K"),
            self._command("figure.export", "Export …", "File", icon="export", shortcut="Ctrl+E", words="figure pdf"),
            self._command("view.dark", "Dark theme", "View"),
            self._command("help.tour", "Tour", "Help", icon="help"),
        )

    def _command(
        self, name: str, title: str, menu: str, *, icon: str = "", shortcut: str = "", words: str = "", reason: str = ""
    ) -> Command:
        return Command(
            name,
            title,
            menu,
            lambda: self.done.append(name),
            icon=icon,
            shortcut=shortcut,
            words=words,
            why_not=lambda: reason,
        )
