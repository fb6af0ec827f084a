"""Check a card and measure on it: ``python3 scripts/gpu_check.py``.

The thing to run first on any new card. Needs NumPy, pydantic and CuPy; with torch, its cuDNN is measured beside ours.
Nothing is installed. ``--help`` lists the parts; ``--quick`` takes two minutes; ``--json FILE`` keeps the figures.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from gpu.main import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
