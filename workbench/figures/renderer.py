"""The other end of the helper process: starts it, asks it to draw, restarts it, ends it."""

import atexit
import subprocess
import sys
import tempfile
import threading
from functools import cache
from typing import IO, Any, Literal, Self

from workbench.figures.errors import DrawingError
from workbench.figures.spec import FigureSpec
from workbench.figures.style import RESOLUTION, Style, checked_resolution
from workbench.figures.wire import read_message, to_plain, write_message
from workbench.lab.running import worker_environment

HELPER = "workbench.figures.drawing"
Drawn = Literal["png", "svg", "pdf"]

_PATIENCE = 5.0  # seconds that a helper told to end may take
_HIDDEN = 0
if sys.platform == "win32":
    _HIDDEN = subprocess.CREATE_NO_WINDOW


class Renderer:
    """Draws figures in a process of its own, which starts with the first one and lives until ``close``.

    Threads may share it: one figure is drawn after another. The helper ends by itself when this process does.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._helper: subprocess.Popen[bytes] | None = None
        self._complaints: IO[bytes] | None = None

    def render(self, spec: FigureSpec, style: Style, file_format: Drawn, *, dpi: int = RESOLUTION) -> bytes:
        """Return the file's bytes; ``dpi`` matters to PNG. Takes a second the first time.

        Raises DrawingError with what is wrong, or where the helper died twice.
        """
        payload = bytearray()
        header = {
            "spec": to_plain(spec, payload),
            "style": to_plain(style, payload),
            "format": file_format,
            "dpi": checked_resolution(dpi),
        }
        with self._lock:
            answer = self._ask(header, bytes(payload)) or self._ask(header, bytes(payload))
            if answer is None:
                raise DrawingError(f"The process that draws figures ended unexpectedly. {self._last_words()}".strip())
        said, drawn = answer
        if "error" in said:
            raise DrawingError(said["error"])
        return drawn

    def start(self) -> None:
        """Start the helper now, so that the first figure comes sooner."""
        with self._lock:
            self._running()

    @property
    def process(self) -> int | None:
        """The helper's process id, None while there is none."""
        helper = self._helper
        return helper.pid if helper is not None and helper.poll() is None else None

    def close(self) -> None:
        """End the helper. Drawing again starts another."""
        with self._lock:
            self._end()
            if self._complaints is not None:
                self._complaints.close()
                self._complaints = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def _ask(self, header: dict[str, Any], payload: bytes) -> tuple[dict[str, Any], bytes] | None:
        """Return the helper's answer, or None where it died over the question; then it is gone."""
        helper = self._running()
        assert helper.stdin is not None
        assert helper.stdout is not None
        try:
            write_message(helper.stdin, header, payload)  # type: ignore[arg-type]
            answer = read_message(helper.stdout)  # type: ignore[arg-type]
        except (BrokenPipeError, ConnectionError, EOFError):
            answer = None
        except OSError as error:  # Windows says so of a pipe that nobody reads
            if error.errno != 22:
                raise
            answer = None
        if answer is None:
            self._end()
        return answer

    def _running(self) -> "subprocess.Popen[bytes]":
        if self._helper is not None and self._helper.poll() is not None:
            self._end()
        if self._helper is None:
            if self._complaints is None:
                self._complaints = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as this object
            try:
                self._helper = subprocess.Popen(
                    [sys.executable, "-m", HELPER],
                    env=worker_environment(threads=1) | {"MPLBACKEND": "agg"},
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=self._complaints,
                    creationflags=_HIDDEN,
                )
            except OSError as error:
                raise DrawingError(f"The process that draws figures cannot be started: {error}.") from error
        return self._helper

    def _end(self) -> None:
        helper, self._helper = self._helper, None
        if helper is None:
            return
        for stream in (helper.stdin, helper.stdout):
            assert stream is not None
            try:
                stream.close()  # the helper ends with its input
            except OSError:  # what a dead helper never read cannot be delivered any more
                continue
        try:
            helper.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            helper.kill()
            helper.wait()

    def _last_words(self) -> str:
        """Return the last line the helper wrote to its error stream."""
        assert self._complaints is not None
        self._complaints.seek(0)
        lines = self._complaints.read().decode(errors="replace").strip().splitlines()
        return f"It said: {lines[-1]}" if lines else ""


@cache
def shared_renderer() -> Renderer:
    """Return the one renderer of this process; it ends with the process."""
    renderer = Renderer()
    atexit.register(renderer.close)
    return renderer
