"""The workbook: one SQLite file in which runs live."""

from workbench.lab.places import SUFFIX
from workbench.lab.workbook.changes import News
from workbench.lab.workbook.commands import COURSE, KINDS, Command, Kind
from workbench.lab.workbook.leases import Lease
from workbench.lab.workbook.messages import Level, Message
from workbench.lab.workbook.runs import ACTIVE, RunRecord, Status
from workbench.lab.workbook.scalars import Columns
from workbench.lab.workbook.workbook import Workbook, open_workbook

__all__ = [
    "ACTIVE",
    "COURSE",
    "KINDS",
    "SUFFIX",
    "Columns",
    "Command",
    "Kind",
    "Lease",
    "Level",
    "Message",
    "News",
    "RunRecord",
    "Status",
    "Workbook",
    "open_workbook",
]
