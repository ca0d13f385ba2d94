"""Every exception of the project. The class says who stops.

::

    SisError                          the run ends with this one sentence, exit code 1
    ├── PhotoError                    one photo's stage ends, recorded on it; the run goes on
    │   ├── DownloadError             the file could not be had, or is no usable image
    │   ├── InspectError              the file's metadata could not be read or removed
    │   ├── GoneError                 its site does not, or no longer, show the photo
    │   ├── DeniedError               its owner does not let others see this of the photo
    │   ├── ScoreError                the file cannot be scored: missing, damaged, or refused
    │   └── TokenError                a sealed field does not open: moved, damaged, foreign
    ├── UsageError                    wrong use: an option, a query, an input file (exit code 2)
    │   ├── SettingsError             a setting is unknown or wrong
    │   ├── FrameError                a file of older records is not one
    │   └── CountryError              a word names no country, or more than one
    ├── KeyRingError                  the keys are missing, unreadable, or not those of the database
    ├── BudgetError                   as many API calls were made as the user allows
    ├── GeocodeError                  the geocoder's data is missing or damaged
    ├── ModelError                    a model, or what runs it, is missing or cannot be used
    ├── TrainError                    there is too little to learn from
    ├── WorkspaceError                the workspace cannot be read or written, or the disk is full
    ├── OutputError                   what a command says cannot be written where it is to go
    ├── StoreError                    the database does not answer, or refused a write
    │   ├── MongodError               the managed local database could not be started or found
    │   └── SchemaError               the database was written by a newer version
    └── NetworkError                  a request failed for good
        ├── AddressError              the address is private, loopback or otherwise not let in
        ├── StatusError               the server answered with an HTTP error
        ├── TransientError            no answer, a cut or garbled one: tried again, and it stayed
        │   └── BusyError             the server answered that it has no time, and went on so
        ├── TooLargeError             the reply is over the size limit
        └── SourceError               a source answered, and the answer is a refusal or unreadable
            └── CredentialsError      the source does not accept the API key, or there is none

Errors of other libraries are translated where they arise, with ``raise … from error``. Anything
that is not a ``SisError`` is a bug and keeps its traceback.
"""


class SisError(Exception):
    """End the run with one sentence: what happened, to which thing, what to do."""


class PhotoError(SisError):
    """End one photo's stage; it is recorded on the photo and the run goes on.

    Args:
        message: What happened, for a person; never a secret or a personal field.
        reason: The kind of failure in one word or two, such as ``not-found``; summaries count it.
        retryable: Whether the same step may succeed in a later run.
    """

    def __init__(self, message: str, *, reason: str, retryable: bool = False) -> None:
        super().__init__(message)
        self.reason = reason
        self.retryable = retryable


class DownloadError(PhotoError):
    """A photo's file could not be had, or what came is no usable image."""


class InspectError(PhotoError):
    """A file's metadata could not be read, or not be removed."""


class GoneError(PhotoError):
    """The photo's site does not, or no longer, show it: it was removed or made private."""


class DeniedError(PhotoError):
    """The photo's owner does not let others see what was asked for; the photo itself is shown."""


class ScoreError(PhotoError):
    """A photo's file cannot be scored: it is missing or damaged, or a service refuses it."""


class TokenError(PhotoError):
    """A sealed field does not open: it was moved, damaged, or sealed with another key."""


class UsageError(SisError):
    """An option, a query or an input file is wrong."""


class SettingsError(UsageError):
    """A setting is unknown or its value is wrong."""


class FrameError(UsageError):
    """A file that should hold older records does not."""


class CountryError(UsageError):
    """A word that should name a country names none, or more than one."""


class BudgetError(SisError):
    """As many API calls were made as the user allows; the same command goes on later."""


class GeocodeError(SisError):
    """The data that the geocoder brings along is missing, damaged or of another version."""


class TrainError(SisError):
    """There is too little to learn from."""


class KeyRingError(SisError):
    """The keys are missing, unreadable, open to others, or not those of the database."""


class ModelError(SisError):
    """A model, or what runs it, is not there, cannot be used, or ran out of memory."""


class WorkspaceError(SisError):
    """The workspace cannot be read or written, or its disk is full."""


class OutputError(SisError):
    """Standard output cannot be written, as onto a disk that is full."""


class StoreError(SisError):
    """The database does not answer, or it refused a write."""


class MongodError(StoreError):
    """The managed local database could not be found, started or stopped."""


class SchemaError(StoreError):
    """The database was written by a newer version of the program."""


class NetworkError(SisError):
    """A request failed, and went on failing when it was tried again."""


class AddressError(NetworkError):
    """The address is private, loopback, link-local or otherwise not one to connect to."""


class StatusError(NetworkError):
    """The server answered with an HTTP error status.

    Args:
        message: What happened, to which address.
        status: The HTTP status code.
    """

    def __init__(self, message: str, *, status: int) -> None:
        super().__init__(message)
        self.status = status


class TransientError(NetworkError):
    """No answer, or a cut or garbled one: worth trying again, and raised when that did not help."""


class BusyError(TransientError):
    """The server says in its answer, and not by its status, that it has no time now.

    Args:
        message: What happened, to which address.
        wait_s: The seconds that it asks to wait, if it says so.
    """

    def __init__(self, message: str, *, wait_s: float | None = None) -> None:
        super().__init__(message)
        self.wait_s = wait_s


class TooLargeError(NetworkError):
    """The reply is larger than the limit."""


class SourceError(NetworkError):
    """A source answered with a refusal, or with something that cannot be read.

    Args:
        message: What happened, in the source's and our words.
        code: The source's own error code, where it gave one.
    """

    def __init__(self, message: str, *, code: int | None = None) -> None:
        super().__init__(message)
        self.code = code


class CredentialsError(SourceError):
    """The source does not accept the API key, or none was given."""
