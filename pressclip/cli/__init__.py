"""The command line: parse, call, print. One short file per group of commands."""


def main() -> None:
    """Run the command line."""
