"""What a person may choose for a measurement."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Settings:
    """The backend that is measured, how many rounds of how many seconds, and where a picture goes, if anywhere.

    ``few``: only the first sizes of a section, to try the measuring itself.
    """

    backend: str
    rounds: int = 7
    seconds: float = 0.5
    few: bool = False
    picture: Path | None = None
