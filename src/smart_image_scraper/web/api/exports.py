"""Serve: the photos that a filter means, as a file or as a command."""

import shlex
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

from anyio import to_thread
from fastapi import APIRouter, HTTPException, Query
from fastapi.responses import FileResponse
from starlette.background import BackgroundTask

from smart_image_scraper.pipeline.filter_words import write_options
from smart_image_scraper.web.answers import Json
from smart_image_scraper.web.api.given import (
    FILTER,
    Exporting,
    ExportsHere,
    Person,
    ServedHere,
    Where,
)
from smart_image_scraper.web.api.replies import CommandsReply
from smart_image_scraper.web.exporting import remove_sent
from smart_image_scraper.web.file_formats import FORMATS

router = APIRouter(prefix="/api", tags=["export"])

_BY_WORD = {each.word: each for each in FORMATS}
_ALL_SHOWN = ("--include-all-rights-reserved", "--with-rejected")


@router.get("/export", openapi_extra=FILTER, response_class=FileResponse)
async def export(
    *,
    served: ServedHere,
    exports: ExportsHere,
    exporting: Exporting,
    visitor: Person,
    where: Where,
    form: Annotated[str, Query(alias="format", max_length=40)] = "csv",
    personal: bool = False,
) -> FileResponse:
    """Return the photos as a file; with what is personal only to curators, where there are keys."""
    known = _BY_WORD.get(form)
    if known is None:
        raise HTTPException(400, f"{form!r} is no format; there are {', '.join(_BY_WORD)}")
    if personal and not visitor.is_curator:
        raise HTTPException(403, "personal fields are for curators")

    def write() -> Path:
        return exports.write(
            served.store(),
            where,
            form=form,
            open_vault=served.open_vault,
            with_personal=personal,
        )

    path = await to_thread.run_sync(write, limiter=exporting)
    day = datetime.now(UTC).strftime("%Y-%m-%d")
    return FileResponse(
        path,
        media_type=known.media_type,
        filename=f"photos-{day}.{known.extension}",
        background=BackgroundTask(remove_sent, path),
    )


@router.get("/command", openapi_extra=FILTER, response_model=CommandsReply)
async def command(*, served: ServedHere, visitor: Person, where: Where) -> Json:
    """Return the commands that export and list the same photos."""
    options = write_options(where)
    if visitor.is_curator:
        options += ["--workspace", str(served.workspace)]
    return Json(
        {
            "export": shlex.join(["sis", "export", "photos.csv", *_ALL_SHOWN, *options]),
            "list": shlex.join(["sis", "list", *options]),
        }
    )
