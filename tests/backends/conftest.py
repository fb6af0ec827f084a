"""The fixtures of every test of programs."""

import pytest

from tests.backends.support import BACKENDS


@pytest.fixture(params=BACKENDS, scope="module")
def backend(request: pytest.FixtureRequest) -> str:
    """Each backend in turn: a test that asks for it runs on all of them."""
    return str(request.param)
