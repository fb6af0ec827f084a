"""Set up the workbench and open it: ``python3 scripts/start.py``.

``--no-launch`` stops after setting up; every other argument goes to ``rnn-workbench``.
"""

import sys

from steps.supported_python import require_supported

if __name__ == "__main__":
    require_supported()
    from steps.launching import main  # the rest of the code is not readable to an old Python

    sys.exit(main(sys.argv[1:]))
