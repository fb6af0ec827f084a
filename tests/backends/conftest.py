"""The fixtures of every test of programs."""

import pytest

from tests.backends.support import BACKENDS, ON_HOST

_EACH = [pytest.param(name, marks=pytest.mark.once) if name == ON_HOST else name for name in BACKENDS]


@pytest.fixture(params=_EACH, scope="module")
def backend(request: pytest.FixtureRequest) -> str:
    """Each backend in turn: a test that asks for it runs on all of them."""
    return str(request.param)
