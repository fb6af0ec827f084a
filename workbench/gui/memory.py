"""What the window remembers from one start to the next: places, choices, the draft."""

import json
from pathlib import Path
from typing import Any

import platformdirs
from PySide6.QtCore import QByteArray, QSettings

RECENT = 8  # workbooks kept in the list


def settings_folder() -> Path:
    """Return where settings lie; the folder is made."""
    return platformdirs.user_config_path("rnn-workbench", ensure_exists=True)


class Memory:
    """Settings of this user, in one file. What is not there, or is damaged, counts as never said."""

    def __init__(self) -> None:
        self._settings = QSettings(str(settings_folder() / "window.ini"), QSettings.Format.IniFormat)

    def text(self, key: str, default: str = "") -> str:
        """Return a text."""
        value = self._settings.value(key)
        return value if isinstance(value, str) else default

    def set_text(self, key: str, text: str) -> None:
        """Keep a text."""
        self._settings.setValue(key, text)

    def values(self, key: str) -> dict[str, Any]:
        """Return plain values by name."""
        try:
            values = json.loads(self.text(key, "{}"))
        except ValueError:
            return {}
        return values if isinstance(values, dict) else {}

    def set_values(self, key: str, values: dict[str, Any]) -> None:
        """Keep plain values by name."""
        self.set_text(key, json.dumps(values))

    def place(self, key: str) -> QByteArray:
        """Return where something stood on the screen; empty where nobody knows."""
        return QByteArray.fromBase64(self.text(key).encode())

    def set_place(self, key: str, place: QByteArray) -> None:
        """Keep where something stands."""
        self.set_text(key, bytes(place.toBase64().data()).decode())

    @property
    def recent(self) -> tuple[Path, ...]:
        """The workbooks opened last that are still there, newest first."""
        paths = self.values("recent").get("paths", [])
        known = [Path(path) for path in paths if isinstance(path, str)]
        return tuple(path for path in known if path.exists())

    def add_recent(self, path: Path) -> None:
        """Note that a workbook was opened."""
        own = path.absolute()
        others = [other for other in self.recent if other != own]
        self.set_values("recent", {"paths": [str(path) for path in [own, *others][:RECENT]]})

    def save(self) -> None:
        """See to it that all is in the file."""
        self._settings.sync()
