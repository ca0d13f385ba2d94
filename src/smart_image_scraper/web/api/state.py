"""Serve: who asks, and how what is served stands."""

from dataclasses import asdict

from fastapi import APIRouter

from smart_image_scraper.errors import KeyRingError
from smart_image_scraper.web.access.login import set_cookie
from smart_image_scraper.web.answers import Json
from smart_image_scraper.web.api.given import AccessHere, Person, ProblemsHere, ServedHere
from smart_image_scraper.web.api.replies import HealthReply, LoadingReply, SessionReply, StateReply

router = APIRouter(tags=["state"])


@router.get("/healthz", response_model=HealthReply)
def health(*, visitor: Person, problems: ProblemsHere) -> Json:
    """Tell whether all is well; what is wrong, and what to do, is told to curators."""
    status = "degraded" if problems.find() else "ok"
    return Json({"status": status, "problems": problems.tell(visitor)})


@router.get("/api/session", response_model=SessionReply)
def session(*, access: AccessHere, served: ServedHere, visitor: Person) -> Json:
    """Tell what the visitor may do, with the token that whatever changes something sends along."""
    begun = access.session_of(visitor)
    answer = Json(
        {
            "role": visitor.role,
            "name": visitor.name,
            "can_review": visitor.is_curator,
            "personal": visitor.is_curator and _has_keys(served),
            "csrf": begun.csrf,
            "passwords": access.passwords is not None,
            "tiles": asdict(served.tiles) if served.tiles else None,
        }
    )
    set_cookie(answer, begun, access=access)
    return answer


@router.get("/api/state", response_model=StateReply)
def state(*, served: ServedHere, visitor: Person, problems: ProblemsHere) -> Json:
    """Tell how what is shown stands to the database."""
    now = served.library.state()
    at = now.loaded_at.isoformat(timespec="seconds") if now.loaded_at else None
    return Json(asdict(now) | {"loaded_at": at, "problems": problems.tell(visitor)})


@router.post("/api/reload", status_code=202, response_model=LoadingReply)
def reload(*, served: ServedHere) -> Json:
    """Begin to read everything anew from the database."""
    served.library.reload()
    return Json({"loading": True}, status_code=202)


def _has_keys(served: ServedHere) -> bool:
    try:
        served.open_vault()
    except KeyRingError:
        return False
    return True
