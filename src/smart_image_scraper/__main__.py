"""``python -m smart_image_scraper`` is ``sis``."""

import sys


def main() -> None:
    """Run the command line; Ctrl-C ends it tidily while it is still being loaded, too."""
    try:
        # The import takes most of a second, and Ctrl-C may come within it.
        from smart_image_scraper.cli import main as run_command_line  # noqa: PLC0415 — as said
    except KeyboardInterrupt:
        sys.stderr.write("sis: stopped; run the same command to go on where it was\n")
        sys.exit(130)
    run_command_line()


if __name__ == "__main__":
    main()
