"""What `pressclip schedule` prints, run as cron runs it: no environment, another directory."""

import subprocess
import sys
from pathlib import Path

import newsroom
import pytest
from loopback import CommandLine, Server


def run_as_cron_does(line: str) -> "subprocess.CompletedProcess[str]":
    command = line.split(maxsplit=5)[5].replace(
        r"\%", "%"
    )  # the five fields of time, and what cron makes of \%
    return subprocess.run(
        ["env", "-i", "HOME=/", "LOGNAME=root", "SHELL=/bin/sh", "PATH=/usr/bin:/bin", "/bin/sh", "-c", command],
        cwd="/", capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip


def test_the_crontab_line_crawls_from_a_bare_environment(
    server: Server, pressclip: CommandLine, tmp_path: Path
) -> None:
    newsroom.publish(server, 2)
    newsroom.subscribe(tmp_path, f"{server.base}/feed.xml")
    printed = pressclip("--db", "my 100% news.db", "schedule", "cron", "--every", "30m").stdout
    [line] = [line for line in printed.splitlines() if not line.startswith("#")]
    done = run_as_cron_does(line)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    listed = pressclip("--db", "my 100% news.db", "list", "--json")
    assert listed.stdout.count('"Report ') == 2


def test_the_log_takes_what_cron_would_mail(server: Server, pressclip: CommandLine, tmp_path: Path) -> None:
    newsroom.subscribe(tmp_path, f"{server.base}/none.xml")
    printed = pressclip("schedule", "cron", "--log", "crawl.log").stdout
    done = run_as_cron_does(printed.splitlines()[-1])
    assert (done.returncode, done.stdout, done.stderr) == (3, "", "")
    assert "wire0: http_404" in (tmp_path / "crawl.log").read_text()


@pytest.mark.parametrize("every", ["7m", "90m", "5h", "soon", "0"])
def test_cron_cannot_run_at_every_interval(pressclip: CommandLine, every: str) -> None:
    done = pressclip("schedule", "cron", "--every", every)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_the_units_name_absolute_paths_and_hardened_options(pressclip: CommandLine, tmp_path: Path) -> None:
    printed = pressclip("schedule", "systemd", "--every", "15m").stdout
    assert f"ExecStart={sys.executable} -m pressclip --quiet --db {tmp_path}/news.db crawl" in printed
    assert f"ReadWritePaths={tmp_path}\n" in printed
    assert "OnUnitActiveSec=900s" in printed
    for option in ("NoNewPrivileges=yes", "ProtectSystem=strict", "PrivateTmp=yes", "SuccessExitStatus=75"):
        assert option in printed
