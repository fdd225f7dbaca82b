"""Page -> Article. Pure, but for shell.py and workers.py."""
