"""The device chip: where the current run computes, and what else there is on this machine."""

import json
import sys
from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QProcess
from PySide6.QtWidgets import QMenu, QToolButton

from workbench.gui.form.draft import Draft
from workbench.gui.session import Session
from workbench.gui.theme import set_role

_TITLES = {"numpy": "CPU, NumPy", "numba": "CPU, compiled", "cupy": "GPU", "auto": "Automatic"}
_WHERE = "Where the run computes"


class DeviceChip(QToolButton):
    """Says "CPU, compiled"; pressed, it looks for devices in a process of its own and lets one be chosen."""

    def __init__(self, session: Session, draft: Draft) -> None:
        super().__init__()
        self._session, self._draft = session, draft
        self._devices: list[dict[str, Any]] | None = None
        self._search: QProcess | None = None
        set_role(self, "chip")
        self.setObjectName("device")
        self.setCheckable(True)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._menu = QMenu(self)
        self._menu.aboutToShow.connect(self._fill)
        self.setMenu(self._menu)
        for signal in (session.runs.changed, session.runs.current_changed, draft.changed):
            signal.connect(self.refresh)
        session.closing.connect(self._give_up)
        self.refresh()

    def refresh(self) -> None:
        """Show where the current run computes, or computed; without one, what is chosen for the next."""
        record = self._session.runs.current_record
        backend = self._chosen if record is None else str(record.origin.get("backend"))
        text = _TITLES.get(backend, backend)
        self.setText(f"{text} ▾")
        self.setToolTip(_tooltip(record.origin if record is not None else {}))
        self.setAccessibleName(f"Device: {text}")
        self.setAccessibleDescription(self.toolTip())
        self.setChecked(True)

    @property
    def _chosen(self) -> str:
        return str(self._draft.values.get("backend", "auto"))

    def _fill(self) -> None:
        self._menu.clear()
        if self._devices is None:
            self._menu.addAction("Looking for devices …").setEnabled(False)
            self._look()
            return
        to_compare = any(device["backend"] == "cupy" and device["available"] for device in self._devices)
        about = "the faster for each experiment, measured" if to_compare else "the fastest that is here"
        self._offer("auto", _TITLES["auto"], about, available=True)
        for device in self._devices:
            self._offer(device["backend"], device["name"], device["about"], available=bool(device["available"]))
        lacking = [device for device in self._devices if device.get("advice")]
        if lacking:
            self._menu.addSeparator()
        for device in lacking:
            self._advise(device)

    def _offer(self, backend: str, title: str, about: str, *, available: bool) -> None:
        action = self._menu.addAction(f"{title} ({about})")
        action.setCheckable(True)
        action.setChecked(backend == self._chosen)
        action.setEnabled(available)
        action.triggered.connect(lambda: self._draft.set("backend", backend))

    def _advise(self, device: Mapping[str, Any]) -> None:
        """Offer what can be done about a device that cannot be used: too long for a menu."""
        title, sentence = device["name"], f"{device['name']}: {device['about']}. {device['advice']}"
        action = self._menu.addAction(f"How to use the {title} …")
        action.setToolTip(device["advice"])
        action.triggered.connect(lambda: self._session.complained.emit(sentence, ""))

    def _look(self) -> None:
        if self._search is not None:
            return
        self._search = QProcess(self)
        self._search.finished.connect(self._found)
        self._search.start(sys.executable, ["-m", "workbench", "devices", "--json"])

    def _give_up(self) -> None:
        if self._search is not None:
            self._search.finished.disconnect()
            self._search.kill()
            self._search.waitForFinished()
            self._search = None

    def _found(self) -> None:
        assert self._search is not None
        lines = bytes(self._search.readAllStandardOutput().data()).decode(errors="replace").strip().splitlines()
        self._search.deleteLater()
        self._search = None
        try:
            self._devices = json.loads(lines[-1])["devices"]
        except (IndexError, KeyError, ValueError):
            self._session.complained.emit("The search for devices failed. Try: rnn-workbench devices", "")
            return
        if self._menu.isVisible():
            self._fill()


def _tooltip(origin: Mapping[str, object]) -> str:
    """Return where a run computes, why there, and how, as far as it is known."""
    device, reason, way = (str(origin.get(name) or "") for name in ("device", "reason", "way"))
    return "\n".join(filter(None, (f"{_WHERE}: {device}" if device else _WHERE, reason, way)))
