"""Set up the workbench and check it: ``python3 scripts/test.py``.

Names of stages (``style types layers tests tests-without-qt wheel``) run these alone.
"""

import sys

from steps.supported_python import require_supported

if __name__ == "__main__":
    require_supported()
    from steps.checking import main  # the rest of the code is not readable to an old Python

    sys.exit(main(sys.argv[1:]))
