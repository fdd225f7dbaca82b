"""What cron and systemd must be told to run a crawl every so often. Pure text, made for one machine's paths."""

import shlex
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pressclip.errors import UsageError

MINUTE, HOUR, DAY = 60, 3600, 86_400


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One crawl to be run again and again; all paths are absolute, for cron knows neither PATH nor directory."""

    command: Sequence[str]
    every: int  # seconds
    db: Path
    log: Path | None = None

    @property
    def offset(self) -> int:
        """A minute of its own: if all the world asked at :00, that minute would be a storm."""
        return zlib.crc32(str(self.db).encode()) % (min(self.every, HOUR) // MINUTE)


def crontab(job: Job) -> str:
    r"""Write the crontab line.

    >>> job = Job(
    ...     command=["/opt/pressclip", "--db", "/srv/my news/50%.db", "crawl"],
    ...     every=600,
    ...     db=Path("/srv/news.db"),
    ... )
    >>> print(crontab(job))
    5-59/10 * * * * /opt/pressclip --db '/srv/my news/50\%.db' crawl

    Raises:
        UsageError: cron cannot run anything at that interval.
    """
    line = shlex.join(job.command).replace("%", r"\%")  # cron ends a command at a bare %
    if job.log is not None:
        line += f" >> {shlex.quote(str(job.log))} 2>&1".replace("%", r"\%")
    return f"{_when(job)} {line}"


def _when(job: Job) -> str:
    if job.every < HOUR and job.every % MINUTE == 0 and HOUR % job.every == 0:
        minutes = job.every // MINUTE
        return "* * * * *" if minutes == 1 else f"{job.offset}-59/{minutes} * * * *"
    if job.every % HOUR == 0 and DAY % job.every == 0:
        hours = job.every // HOUR
        return f"{job.offset} {'*' if hours == 1 else f'*/{hours}' if job.every < DAY else '0'} * * *"
    raise UsageError(
        f"cron cannot run every {job.every} s: choose 1, 2, 5, 10, 15, 20 or 30 minutes, or 1, 2, 3, 4, 6, 8, 12 or 24 hours"
    )


SERVICE = """\
# {name}.service
[Unit]
Description=pressclip: poll the feeds, store clean articles
Wants=network-online.target
After=network-online.target

[Service]
Type=oneshot
ExecStart={command}
WorkingDirectory={folder}
# Another run holding the store's lock is no failure: the next one comes anyway.
SuccessExitStatus=75
Nice=10
TimeoutStartSec=1h
KillSignal=SIGTERM
TimeoutStopSec=30s
NoNewPrivileges=yes
PrivateTmp=yes
PrivateDevices=yes
ProtectSystem=strict
ProtectHome=read-only
ReadWritePaths={folder}
ProtectKernelTunables=yes
ProtectKernelModules=yes
ProtectControlGroups=yes
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX
RestrictRealtime=yes
LockPersonality=yes
"""

TIMER = """\
# {name}.timer
[Unit]
Description=pressclip every {every} s

[Timer]
OnBootSec=2min
OnUnitActiveSec={every}s
RandomizedDelaySec={spread}s

[Install]
WantedBy=timers.target
"""


def units(job: Job, *, name: str) -> tuple[str, str]:
    """Write the service and the timer unit.

    >>> service, timer = units(
    ...     Job(command=["/opt/pressclip", "crawl"], every=600, db=Path("/srv/n/news.db")), name="pressclip"
    ... )
    >>> (
    ...     "ExecStart=/opt/pressclip crawl" in service,
    ...     "ReadWritePaths=/srv/n" in service,
    ...     "OnUnitActiveSec=600s" in timer,
    ... )
    (True, True, True)
    """
    # systemd splits words as a shell does, but reads % as a specifier and $ as a variable.
    command = " ".join(_unit_word(word) for word in job.command)
    return (
        SERVICE.format(name=name, command=command, folder=_unit_word(str(job.db.parent))),
        TIMER.format(name=name, every=job.every, spread=max(1, job.every // 20)),
    )


def _unit_word(word: str) -> str:
    escaped = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$")
    return f'"{escaped}"' if any(character in word for character in " \t'\"\\;") else escaped
