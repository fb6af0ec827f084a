"""What the scripts share: the right Python, environments, Qt's system libraries, starting, checking.

Standard library alone: nothing is installed yet when this runs.
"""
