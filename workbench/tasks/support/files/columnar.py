"""Parquet, read in a stream: batches of the chosen columns alone."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING

from workbench.tasks.base import TaskError
from workbench.tasks.support.files.reading import hash_of_file, open_file

if TYPE_CHECKING:
    import pyarrow as pa

MARK = b"PAR1"
"""The first bytes of such a file, and the last."""
_ROWS = 1 << 16


class ParquetFile:
    """A table as Parquet: its columns, and what is in them batch by batch.

    Raises TaskError, here and while it is read, for a damaged file.
    """

    delimiter = ""
    first_row = 1

    def __init__(self, path: str) -> None:
        from pyarrow.parquet import read_metadata

        self.path = path
        with open_file(path) as file, self._damage():
            found = read_metadata(file)
            self.rows = found.num_rows
            self.columns = tuple(found.schema.to_arrow_schema().names)

    @cached_property
    def sha256(self) -> str:
        """Of the file's bytes."""
        return hash_of_file(self.path)

    def batches(self, places: Sequence[int]) -> Iterator["list[pa.Array]"]:
        """Yield the columns at these places, one array a column."""
        import pyarrow.parquet as parquet

        names = [self.columns[place] for place in places]
        with open_file(self.path) as file, self._damage():
            for batch in parquet.ParquetFile(file).iter_batches(_ROWS, columns=names, use_threads=False):
                batch.validate(full=True)  # a text that is no UTF-8 is damage too
                yield [batch.column(name) for name in names]

    def head(self, most: int) -> list[list[str]]:
        """Return the first texts of every column, at most so many; those of a missing value are empty."""
        import pyarrow.parquet as parquet

        with open_file(self.path) as file, self._damage():
            batch = next(parquet.ParquetFile(file).iter_batches(most, use_threads=False), None)
            if batch is None:
                return [[] for _ in self.columns]
            batch.validate(full=True)
            return [["" if value is None else str(value) for value in column.to_pylist()] for column in batch.columns]

    @contextmanager
    def _damage(self) -> Iterator[None]:
        import pyarrow as pa

        try:
            yield
        except (pa.ArrowException, UnicodeDecodeError, OSError) as error:
            what = str(error).rstrip(".")
            raise TaskError(
                f"The file {self.path} is damaged, or no Parquet file: {what}. Save it anew, or give another."
            ) from error
