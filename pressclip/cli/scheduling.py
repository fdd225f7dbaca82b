"""The command that says how to run a crawl by cron or systemd."""

import sys
from pathlib import Path

import click

from pressclip.cli.context import Given, pass_given


@click.command()
@click.argument("manager", type=click.Choice(["cron", "systemd"]))
@click.option(
    "--every",
    default="10m",
    show_default=True,
    help="How often: 10m, 1h ...; each source keeps its own interval.",
)
@click.option(
    "--log",
    type=click.Path(path_type=Path, dir_okay=False),
    help="cron: append what a run says to a file, instead of a mail.",
)
@pass_given
def schedule(given: Given, manager: str, every: str, log: Path | None) -> None:
    """Print a crontab line, or a systemd service and timer, and say how to install it.

    The paths are absolute, so it works from cron's bare environment. Two runs never overlap: the second finds the
    store locked and ends. cron mails what a run prints, and it prints only when something failed.

    \b
    Example:
      pressclip --db /srv/news/news.db --sources /srv/news/sources.toml schedule cron --every 10m
      pressclip --db /srv/news/news.db schedule systemd
    """
    from pressclip.source_keys import seconds
    from pressclip.sources import DEFAULT_FILE
    from pressclip.timetable import MINUTE, Job, crontab, units

    try:
        interval = seconds(every)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--every") from None
    if interval < MINUTE:
        raise click.BadParameter("a minute at least", param_hint="--every")
    db = given.db.resolve()
    sources = given.sources or (DEFAULT_FILE if DEFAULT_FILE.is_file() else None)
    command = [sys.executable, "-m", "pressclip", "--quiet", "--db", str(db)]
    command += ["--sources", str(sources.resolve())] if sources else []
    job = Job(command=[*command, "crawl"], every=interval, db=db, log=log.resolve() if log else None)
    if manager == "cron":
        line = crontab(job)
        click.echo("# Add this line with `crontab -e`:")
        click.echo(line)
        return
    service, timer = units(job, name="pressclip")
    click.echo(
        "# Save as /etc/systemd/system/pressclip.service (or ~/.config/systemd/user/pressclip.service):"
    )
    click.echo(service)
    click.echo("# Save as pressclip.timer beside it:")
    click.echo(timer)
    click.echo(
        "# Then: systemctl daemon-reload && systemctl enable --now pressclip.timer  (with --user for the latter)"
    )
