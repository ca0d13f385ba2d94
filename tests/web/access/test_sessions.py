from collections.abc import Callable
from typing import Any

from smart_image_scraper.web.access import Role, Sessions
from smart_image_scraper.web.access.sessions import IDLE_S, LONGEST_S


def test_a_session_is_found_by_its_id_alone(clock: Any) -> None:
    sessions = Sessions(clock)
    first = sessions.begin(role=Role.CURATOR, name="ann")
    second = sessions.begin(role=Role.VIEWER, name="bob")

    assert sessions.find(first.id) == first
    assert sessions.find(second.id) == second
    assert sessions.find(first.csrf) is None
    assert len({first.id, first.csrf, second.id, second.csrf}) == 4


def test_a_session_ends_when_nothing_is_asked_for_long(clock: Any) -> None:
    sessions = Sessions(clock)
    session = sessions.begin(role=Role.VIEWER, name="bob")

    clock.now += IDLE_S
    kept = sessions.find(session.id)
    clock.now += IDLE_S + 1

    assert kept is not None
    assert sessions.find(session.id) is None


def test_a_session_ends_at_last_however_much_is_asked(clock: Any) -> None:
    sessions = Sessions(clock)
    session = sessions.begin(role=Role.VIEWER, name="bob")
    end = clock.now + LONGEST_S

    while clock.now + IDLE_S < end:
        clock.now += IDLE_S
        assert sessions.find(session.id) is not None
    clock.now = end + 1

    assert sessions.find(session.id) is None


def test_a_session_that_was_ended_is_not_found(clock: Any) -> None:
    sessions = Sessions(clock)
    session = sessions.begin(role=Role.VIEWER, name="bob")

    sessions.end(session.id)
    sessions.end(session.id)

    assert sessions.find(session.id) is None


def test_the_sessions_that_were_idle_longest_make_room(clock: Callable[[], float]) -> None:
    sessions = Sessions(clock)
    first, second = (sessions.begin(role=Role.VIEWER, name="bob") for _ in range(2))
    sessions.find(first.id)

    for _ in range(9_999):
        sessions.begin(role=Role.VIEWER, name="bob")

    assert sessions.find(first.id) is not None
    assert sessions.find(second.id) is None
