"""What the options before the command say; every command receives it."""

from dataclasses import dataclass
from pathlib import Path

import click

#: -v, -vv: what Scrapy and pressclip log on standard error.
LOG_LEVELS = {0: "ERROR", 1: "INFO", 2: "DEBUG"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """The options that all commands share."""

    db: Path
    db_is_default: bool = False  # nobody named it
    sources: Path | None
    verbosity: int = 0  # -1 quiet, 0 normal, 1 and 2 as -v was given

    @property
    def log_level(self) -> str:
        """The level of the log on standard error."""
        return LOG_LEVELS[max(0, min(self.verbosity, 2))]


pass_given = click.make_pass_decorator(Given)
