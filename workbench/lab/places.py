"""Where workbooks lie and what they are called. Loads nothing else: the window asks before it has loaded the rest."""

from pathlib import Path

import platformdirs

SUFFIX = ".rnnw"


def default_workbook() -> Path:
    """Return where runs are kept when nobody says where; the folder is made."""
    return platformdirs.user_data_path("rnn-workbench", ensure_exists=True) / f"runs{SUFFIX}"
