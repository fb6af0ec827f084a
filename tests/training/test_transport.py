"""Arrays on their way between host and device."""

from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from numpy.typing import NDArray

from tests.training.strict_arrays import watched
from tests.training.strict_backend import StrictBackend
from workbench.training.transport import ALIGNMENT, bring_home, send

TYPES = st.sampled_from([np.dtype(name) for name in ("float32", "float64", "int64", "bool")])
ANY_ARRAY = arrays(TYPES, array_shapes(min_dims=0, min_side=0))


@given(st.lists(ANY_ARRAY, max_size=6))
def test_what_is_sent_and_brought_home_is_what_it_was(given_arrays: list[NDArray[Any]]) -> None:
    backend = StrictBackend()
    with watched() as traffic:
        sent = send(backend, given_arrays)
        home = bring_home(backend, {str(place): array for place, array in enumerate(sent)})
    types = len({array.dtype for array in given_arrays})
    assert (traffic.sent, traffic.waits) == (types, types)
    assert list(home) == [str(place) for place in range(len(given_arrays))]
    for found, array in zip(home.values(), given_arrays, strict=True):
        assert (found.dtype, found.shape, found.tobytes()) == (array.dtype, array.shape, array.tobytes())


def test_each_array_begins_where_one_of_its_own_would() -> None:
    class Noting(StrictBackend):
        """Keeps what is sent."""

        def asarray(self, array: Any, dtype: str | None = None) -> Any:
            self.packed = array
            return super().asarray(array, dtype)

    backend = Noting()
    send(backend, [np.full(count, count, np.float32) for count in (3, 130, 1)])
    starts = [int(np.flatnonzero(backend.packed == count)[0]) * 4 for count in (3, 130, 1)]
    assert [start % ALIGNMENT for start in starts] == [0, 0, 0]
    assert starts == [0, ALIGNMENT, 3 * ALIGNMENT]
