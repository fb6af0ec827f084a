"""Take the README's pictures: ``python3 scripts/screenshot.py``, where there is a display.

Opens the window, trains an Elman network and then an LSTM, and takes a picture of each theme while the LSTM trains.
"""

import subprocess
import sys

from steps.supported_python import require_supported

if __name__ == "__main__":
    require_supported()
    from steps.environment import ROOT
    from steps.launching import PROGRAM, main

    status = main(["--no-launch"])
    command = [str(PROGRAM.python), str(ROOT / "scripts" / "steps" / "pictures.py"), str(ROOT / "docs")]
    sys.exit(status or subprocess.run(command, check=False).returncode)
