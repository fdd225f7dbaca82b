"""The command that lets language models read the store."""

import click

from pressclip.cli.context import Given, pass_given


@click.command()
@pass_given
def mcp(given: Given) -> None:
    """Serve the store to a language model (Model Context Protocol); nothing can write.

    It speaks over standard input and output. Its tools: search_articles, get_article, recent_articles,
    list_stories, query_sql. Name the store with an absolute path, because the program that starts this runs
    elsewhere.

    \b
    What to tell it:
      {"command": "pressclip", "args": ["--db", "/home/me/news.db", "mcp"]}

    \b
    Example:
      pressclip --db /home/me/news.db mcp
    """
    from pressclip.cli import extras

    extras.need("mcp", extra="mcp", what="pressclip mcp")
    from pressclip import model_tools
    from storage import reading

    with reading.opened(given.db):  # what is wrong with the file is said now, to whoever starts this
        pass
    model_tools.server(given.db).run()
