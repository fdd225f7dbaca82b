"""What the options before the command say; every command receives it."""

from dataclasses import dataclass
from pathlib import Path

import click

from pressclip.errors import UsageError

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

    def spare(self, output: Path) -> None:
        """Let no output take the place of the store or of the list of sources.

        Raises:
            UsageError: it would.
        """
        own = [self.db.with_name(f"{self.db.name}{end}") for end in ("", "-wal", "-shm", "-journal", ".lock")]
        for file in (*own, self.sources or Path("sources.toml")):
            if output.absolute() == file.absolute() or (
                output.exists() and file.exists() and output.samefile(file)
            ):
                raise UsageError(f"{output} would be overwritten, and it is {file}: name another file")


pass_given = click.make_pass_decorator(Given)
