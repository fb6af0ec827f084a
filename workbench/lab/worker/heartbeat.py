"""The heartbeat: keeps the lease while the worker computes, compiles or waits."""

import threading
from pathlib import Path
from types import TracebackType
from typing import Self

from workbench.lab.errors import LeaseLost, NoRoom, WorkbookBusy
from workbench.lab.workbook import Lease, Workbook
from workbench.lab.workbook.leases import BEAT_EVERY
from workbench.lab.worker.wishes import Wishes


class Heartbeat:
    """Renews a lease from a thread and a connection of its own while the block lasts."""

    def __init__(self, path: Path, lease: Lease, wishes: Wishes) -> None:
        self._workbook = Workbook(path)
        self._lease, self._wishes = lease, wishes
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._beat, name="heartbeat", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()
        self._workbook.close()

    def _beat(self) -> None:
        while not self._over.wait(BEAT_EVERY):
            try:
                self._workbook.leases.renew(self._lease)
            except (NoRoom, WorkbookBusy):
                continue  # the next beat may get through
            except LeaseLost as error:
                self._wishes.report_loss(error)
                return
