"""Serve: the file that keeps the hashes of the passwords, readable by its owner alone."""

import json
import os
import secrets
from pathlib import Path

from smart_image_scraper.errors import SettingsError, WorkspaceError
from smart_image_scraper.web.access.passwords import Role


def read_hashes(path: Path) -> dict[Role, str]:
    """Read the hashes, by role; none if there is no file.

    Raises:
        SettingsError: The file is open to others, cannot be read, or holds something else.
    """
    try:
        if path.stat().st_mode & 0o077:
            raise SettingsError(f"{path}: others have rights on the file; run `chmod 600 {path}`")
        hashes = json.loads(path.read_text(encoding="utf-8"))
        return {Role(name): str(hashed) for name, hashed in hashes.items()}
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise SettingsError(f"{path}: cannot be read: {error.strerror}") from error
    except (ValueError, AttributeError):
        # Without the cause, which may hold a password that somebody wrote there.
        raise SettingsError(
            f"{path}: not as `sis password --store` writes it; remove it and run that again"
        ) from None


def store_hash(path: Path, role: Role, *, hashed: str) -> None:
    """Put the hash of a role's password into the file, whole or not at all.

    Raises:
        SettingsError: The file that is there cannot be read.
        WorkspaceError: It cannot be written.
    """
    hashes = {each.value: known for each, known in read_hashes(path).items()}
    text = json.dumps(hashes | {role.value: hashed}, indent=1) + "\n"
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode=0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
        beside.replace(path)
    except OSError as error:
        raise WorkspaceError(f"{path}: cannot be written: {error.strerror}") from error
    finally:
        beside.unlink(missing_ok=True)
