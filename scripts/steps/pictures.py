"""Pictures of the window while it trains. Runs where the program is installed; argument: the folder for them."""

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from workbench.gui.keys import guard_keys
from workbench.gui.memory import Memory
from workbench.gui.theme import theme
from workbench.gui.window import MainWindow
from workbench.lab.experiment import presets

SIZE = (1440, 900)
LOOK_EVERY = 200  # milliseconds
MOMENT = 0.35  # of the run's steps: it still trains when the second picture is taken
SETTLE = 1500  # milliseconds


class Photographer:
    """Trains one run after another in the window, and takes the pictures in the middle of the last."""

    def __init__(self, window: MainWindow, folder: Path) -> None:
        self.window, self.folder = window, folder
        self._then: list[tuple[Callable[[], bool], Callable[[], None]]] = [
            (self._is_open, lambda: self._train("adding-elman", 3000)),
            (lambda: self._has("finished"), lambda: self._train("adding-lstm", 3000)),
            (self._is_halfway, self._compare),
        ]
        self._timer = QTimer(window)
        self._timer.timeout.connect(self._look)
        self._timer.start(LOOK_EVERY)

    def _look(self) -> None:
        ready, do = self._then[0]
        if ready():
            self._then.pop(0)
            do()
        if not self._then:
            self._timer.stop()

    def _is_open(self) -> bool:
        return self.window.context.session.workbook is not None

    def _has(self, status: str) -> bool:
        return self.window.context.control.status == status

    def _is_halfway(self) -> bool:
        record = self.window.context.session.runs.current_record
        return record is not None and record.status == "running" and record.step > MOMENT * record.steps

    def _train(self, preset: str, steps: int) -> None:
        context = self.window.context
        context.draft.load(presets()[preset].changed({"steps": steps, "task.length": 50, "hidden": 48}))
        context.control.train()

    def _compare(self) -> None:
        context = self.window.context
        for record in context.session.runs.records:
            context.session.runs.show(record.id, True)
        context.session.cursor.pin(31, 17)
        QTimer.singleShot(SETTLE, lambda: self._take("light", lambda: self._take("dark", self._end)))

    def _take(self, mode: str, then: Callable[[], None]) -> None:
        theme().apply("dark" if mode == "dark" else "light")

        def take() -> None:
            self.window.grab().save(str(self.folder / f"window-{mode}.png"))
            then()

        QTimer.singleShot(SETTLE, take)

    def _end(self) -> None:
        self.window.context.control.stop()
        QTimer.singleShot(SETTLE, self._close)

    def _close(self) -> None:
        self.window.close_quietly()
        QApplication.quit()


def main(folder: Path) -> None:
    """Open the window on a workbook of its own and take the pictures."""
    folder.mkdir(exist_ok=True)
    application = QApplication(sys.argv[:1])
    theme().apply("light")
    guard_keys(application)
    with tempfile.TemporaryDirectory() as place:
        window = MainWindow(Memory(), Path(place) / "memory.rnnw")
        window.resize(*SIZE)
        window.show()
        window.build()
        photographer = Photographer(window, folder)
        application.exec()
        del photographer


if __name__ == "__main__":
    main(Path(sys.argv[1]))
