"""The command line: parse, call, print. One short file per group of commands.

Nothing heavy is imported here or at the top of a command's file: `pressclip --help` answers in about 0.1 s.
"""

import os
import sys
import traceback
from io import StringIO
from pathlib import Path
from types import TracebackType

import click
from click.core import ParameterSource

from pressclip.cli.care import backup, doctor
from pressclip.cli.context import Given
from pressclip.cli.crawling import add, crawl
from pressclip.cli.demo import demo
from pressclip.cli.exporting import export
from pressclip.cli.extracting import extract
from pressclip.cli.importing import import_
from pressclip.cli.mcp import mcp
from pressclip.cli.pruning import prune
from pressclip.cli.querying import query
from pressclip.cli.reading import list_, show
from pressclip.cli.recleaning import reclean
from pressclip.cli.scheduling import schedule
from pressclip.cli.searching import search
from pressclip.cli.serving import serve
from pressclip.cli.sources import sources as sources_group
from pressclip.cli.status import status
from pressclip.cli.terminal import safe
from pressclip.errors import PressclipError
from pressclip.redaction import redacted
from pressclip.version import VERSION

BROKEN_PIPE = 141  # what a shell says of a program that SIGPIPE ended
EPILOG = """\b
Exit codes: 0 all well · 1 finished, but something failed · 2 usage or configuration · 3 every source failed
4 the store (locked, full, not ours, newer) · 75 another run holds the lock · 130, 143 ended by a signal"""


@click.group(
    epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110}
)
@click.option(
    "--db", type=click.Path(path_type=Path, dir_okay=False), default="news.db", envvar="PRESSCLIP_DB", show_envvar=True,
    show_default=True, help="The SQLite file.",
)  # fmt: skip
@click.option(
    "--sources", type=click.Path(path_type=Path, dir_okay=False), envvar="PRESSCLIP_SOURCES", show_envvar=True,
    help="The list of sources; without it ./sources.toml, else the built-in catalogue.",
)  # fmt: skip
@click.option("-v", "--verbose", count=True, help="Say more on standard error; -vv says everything.")
@click.option(
    "-q", "--quiet", is_flag=True, help="No progress bar, no table; no word when another run holds the lock."
)
@click.version_option(VERSION, message="%(prog)s %(version)s")
@click.pass_context
def cli(ctx: click.Context, db: Path, sources: Path | None, verbose: int, quiet: bool) -> None:
    """Read news feeds, fetch the articles politely, keep clean text in SQLite.

    \b
    Example:
      pressclip crawl                      poll the sources, store what is new
      pressclip search 仮想通貨            ask the store
    """
    default = ctx.get_parameter_source("db") is ParameterSource.DEFAULT
    ctx.obj = Given(db=db, db_is_default=default, sources=sources, verbosity=-1 if quiet else verbose)


for command in (
    crawl,
    add,
    extract,
    list_,
    show,
    search,
    query,
    export,
    import_,
    reclean,
    backup,
    prune,
    doctor,
    status,
    sources_group,
    schedule,
    serve,
    mcp,
    demo,
):
    cli.add_command(command)


def main() -> None:
    """Run the command line and end the process with its exit code."""
    _stand_in_for_closed()
    sys.excepthook = _crashed
    try:
        code = cli.main(standalone_mode=False)
        sys.stdout.flush()
    except PressclipError as error:
        click.echo(f"pressclip: {_told(str(error))}", err=True)
        code = error.exit_code
    except click.ClickException as error:
        whole = StringIO()
        error.show(whole)
        click.echo(_told(whole.getvalue()), err=True, nl=False)
        code = error.exit_code
    except (click.Abort, KeyboardInterrupt):
        code = 130
    except BrokenPipeError:
        _give_up_output()
        code = BROKEN_PIPE
    except OSError as error:
        click.echo(f"pressclip: cannot write the output: {error.strerror or error}", err=True)
        _give_up_output()
        code = 1
    sys.exit(code if isinstance(code, int) else 0)


def _crashed(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Tell of a bug as Python does, without the secrets that its message may quote."""
    sys.stderr.write(redacted("".join(traceback.format_exception(kind, error, trace))))


def _told(message: str) -> str:
    """What an error quotes, an address or a server's words, is shown as any other: it may stand in a mail from cron."""
    return safe(redacted(message), keep="\n")


def _stand_in_for_closed() -> None:
    """Put nothing in the place of a standard stream that is closed: else the next file opened would become it."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115 - open to the end


def _give_up_output() -> None:
    """Python flushes standard output once more at exit; there is nobody to read it."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
