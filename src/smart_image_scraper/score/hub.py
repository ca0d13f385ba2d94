"""Score: models from the Hugging Face hub, at a pinned revision, or from its cache."""

import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from smart_image_scraper.errors import ModelError


@dataclass(frozen=True, slots=True, kw_only=True)
class HubFiles:
    """Files of a repository on the hub.

    Attributes:
        repository: Such as ``onnx-community/siglip2-base-patch16-224-ONNX``.
        revision: The commit, so that a model is the same everywhere and for ever.
        names: The files, by their paths in the repository; ``*`` stands for anything.
    """

    repository: str
    revision: str
    names: Sequence[str]

    def fetch(self) -> Path:
        """Return the folder that holds the files: from the hub's cache, else downloaded.

        Raises:
            ModelError: They are not in the cache, and cannot be downloaded.
        """
        try:
            from huggingface_hub import snapshot_download  # noqa: PLC0415 — an extra
            from huggingface_hub.errors import (  # noqa: PLC0415 — as above
                HfHubHTTPError,
                LocalEntryNotFoundError,
                OfflineModeIsEnabled,
            )
        except ImportError as error:
            raise ModelError(
                "models from the hub need packages that are not installed; install "
                "smart-image-scraper[score], or smart-image-scraper[offline] for one that needs no "
                "hub"
            ) from error
        from httpx import TransportError  # noqa: PLC0415 — what the hub's client stands on

        wanted = partial(
            snapshot_download,
            self.repository,
            revision=self.revision,
            allow_patterns=list(self.names),
        )
        # First without a call: of a commit the hub has nothing new to say, and an older version's
        # cache, which lacks the list of files, would be refused where there is no hub.
        with suppress(LocalEntryNotFoundError):
            cached = Path(wanted(local_files_only=True))
            if all(any(cached.glob(name)) for name in self.names):
                return cached
        try:
            return Path(wanted())
        except (
            *(HfHubHTTPError, OfflineModeIsEnabled, TransportError),
            *(OSError, ValueError),
        ) as error:
            raise ModelError(self._unavailable(error)) from error

    def _unavailable(self, error: Exception) -> str:
        reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        endpoint = os.environ.get("HF_ENDPOINT", "https://huggingface.co")
        return (
            f"the model {self.repository} is not on this machine, and {endpoint} does not give it "
            f"({reason}); run the same where that can be reached, or fetch its files there with "
            f"`hf download {self.repository} --revision {self.revision} --local-dir FOLDER` and "
            "name the folder with --model-path FOLDER; without it, `sis train` and --model "
            "dinov2-s14 work (smart-image-scraper[offline])"
        )
