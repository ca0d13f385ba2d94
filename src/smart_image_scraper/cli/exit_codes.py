"""What the program's exit codes mean, and which error has which."""

from smart_image_scraper.errors import CredentialsError, KeyRingError, SisError, UsageError

DONE = 0
ENDED_BY_ERROR = 1
WRONG_USE = 2
SOME_PHOTOS_FAILED = 3
INTERRUPTED = 130
# 128 and the number of SIGPIPE, as of any program whose reader has gone.
READER_GONE = 141


def exit_code(error: SisError) -> int:
    """Return the exit code for an error that ends the run."""
    wrong_use = isinstance(error, UsageError | CredentialsError | KeyRingError)
    return WRONG_USE if wrong_use else ENDED_BY_ERROR
