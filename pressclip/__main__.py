"""`python -m pressclip`."""

from pressclip.cli import main

if __name__ == "__main__":
    main()
