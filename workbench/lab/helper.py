"""A process that works for this one: started when it is first asked, asked again and again, ended with this one."""

import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping
from types import MappingProxyType
from typing import IO, Any

from workbench.lab.errors import LabError
from workbench.lab.running import worker_environment
from workbench.lab.wire import read_message, write_message

_PATIENCE = 5.0  # seconds that a helper told to end may take
_KILLED = -9  # where there are signals
_HIDDEN = 0
if sys.platform == "win32":
    _HIDDEN = subprocess.CREATE_NO_WINDOW


class HelperLost(LabError):
    """A helper could not be started, ended over a question, or took too long."""


class Helper:
    """The other end of a module that answers messages on its standard input (``workbench.lab.wire``).

    Threads may share it: one question is answered after another. The helper ends by itself when this process does.
    """

    def __init__(self, module: str, does: str, variables: Mapping[str, str] = MappingProxyType({})) -> None:
        """``does``: what the helper does, as its sentences say it: "draws figures"; ``variables``: of its environment,
        beside those of every worker.
        """
        self._module, self._does, self._variables = module, does, variables
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._complaints: IO[bytes] | None = None

    def ask(
        self, header: dict[str, Any], payload: bytes = b"", *, within: float | None = None
    ) -> tuple[dict[str, Any], bytes]:
        """Return the answer to a question. Raises HelperLost where none came, ``within`` so many seconds if said."""
        late = threading.Event()
        with self._lock:
            process = self._running()

            def give_up() -> None:
                late.set()
                process.kill()

            clock = threading.Timer(within or 0.0, give_up)
            clock.daemon = True
            if within is not None:
                clock.start()
            try:
                answer = _exchange(process, header, payload)
            finally:
                clock.cancel()
                if within is not None:
                    clock.join()
            if answer is not None:
                return answer
            self._end()
            if late.is_set():
                raise HelperLost(f"The process that {self._does} gave no answer within {within:.0f} seconds.")
            raise HelperLost(f"The process that {self._does} ended unexpectedly. {self._last_words(process)}".strip())

    def start(self) -> None:
        """Start the helper now, so that the first answer comes sooner. Raises HelperLost."""
        with self._lock:
            self._running()

    @property
    def process(self) -> int | None:
        """The helper's process id, None while there is none."""
        process = self._process
        return process.pid if process is not None and process.poll() is None else None

    def stop(self) -> None:
        """End the helper at once; who waits for an answer gets HelperLost."""
        if (process := self._process) is not None:
            process.kill()
        self.close()

    def close(self) -> None:
        """End the helper once it has answered. Asking again starts another."""
        with self._lock:
            self._end()
            if self._complaints is not None:
                self._complaints.close()
                self._complaints = None

    def _running(self) -> "subprocess.Popen[bytes]":
        if self._process is not None and self._process.poll() is not None:
            self._end()
        if self._process is None:
            if self._complaints is None:
                self._complaints = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as this object
            try:
                self._process = subprocess.Popen(
                    [sys.executable, "-m", self._module],
                    env={**worker_environment(threads=1), **self._variables},
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=self._complaints,
                    creationflags=_HIDDEN,
                )
            except OSError as error:
                raise HelperLost(f"The process that {self._does} cannot be started: {error}.") from error
        return self._process

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        for stream in (process.stdin, process.stdout):
            assert stream is not None
            try:
                stream.close()  # the helper ends with its input
            except OSError:  # what a dead helper never read cannot be delivered any more
                continue
        try:
            process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def _last_words(self, process: "subprocess.Popen[bytes]") -> str:
        """Return what is known of a helper's end: the last line it wrote to its error stream."""
        if process.returncode == _KILLED:
            return "It was killed; perhaps the memory ran out."
        assert self._complaints is not None
        self._complaints.seek(0)
        lines = self._complaints.read().decode(errors="replace").strip().splitlines()
        return f"It said: {lines[-1]}" if lines else ""


def _exchange(
    process: "subprocess.Popen[bytes]", header: dict[str, Any], payload: bytes
) -> tuple[dict[str, Any], bytes] | None:
    """Return the helper's answer, or None where it died over the question."""
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        write_message(process.stdin, header, payload)  # type: ignore[arg-type]
        return read_message(process.stdout)  # type: ignore[arg-type]
    except (BrokenPipeError, ConnectionError, EOFError):
        return None
    except OSError as error:  # Windows says so of a pipe that nobody reads
        if error.errno != 22:
            raise
        return None
