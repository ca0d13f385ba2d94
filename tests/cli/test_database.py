import json
from collections.abc import Callable


def test_start_keeps_the_database_running_until_stop(
    sis: Callable, environment: dict[str, str]
) -> None:
    environment["SIS_DB"] = ""

    before = json.loads(sis("db", "status", "--json").out)
    started = sis("db", "start")
    during = sis("db", "status")
    stopped = sis("db", "stop")
    after = json.loads(sis("db", "status", "--json").out)

    assert (before["is_running"], after["is_running"]) == (False, False)
    assert started.out == sis("db", "uri").out
    assert started.out.startswith("mongodb://%2F")
    assert "running: yes\nkept running by `sis db start`: yes\n" in during.out
    assert "no security fixes since" in during.err
    assert (stopped.code, stopped.out, stopped.err) == (0, "", "sis: the database is stopped\n")


def test_a_database_elsewhere_is_not_managed_here(sis: Callable) -> None:
    outcome = sis("db", "start", SIS_DB="mongodb://db.example/")

    assert outcome.code == 2
    assert "SIS_DB names a database that is not managed here" in outcome.err
