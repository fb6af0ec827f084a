"""Tests of the compiled backend alone; without Numba there is none."""

from importlib.util import find_spec

collect_ignore_glob = [] if find_spec("numba") else ["test_*.py"]
