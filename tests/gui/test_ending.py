"""The program ends with its window."""

import subprocess
import sys
from pathlib import Path

from pytestqt.qtbot import QtBot

PATIENCE = 30  # seconds


def test_the_process_ends_without_an_error_when_it_is_told_to(tmp_path: Path, qtbot: QtBot) -> None:
    book = tmp_path / "book.rnnw"
    with subprocess.Popen([sys.executable, "-m", "workbench", str(book)], stderr=subprocess.PIPE, text=True) as process:
        try:
            qtbot.waitUntil(book.exists, timeout=PATIENCE * 1000)
            process.terminate()
            _, said = process.communicate(timeout=PATIENCE)
        finally:
            process.kill()
    assert process.returncode == 0
    assert "Traceback" not in said
