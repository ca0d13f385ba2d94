"""Whatever is sent, within what the API's description says or beyond it: nothing is a fault."""

import itertools
import warnings
from collections import Counter
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # of what it brings along, when that is imported
    import schemathesis
    from schemathesis.generation import GenerationMode

ADDRESS = "http://localhost:8000"
EXAMPLES = 6
OPERATIONS = 18


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
async def test_nothing_that_is_sent_is_a_fault(ann: Any, mode: GenerationMode) -> None:
    described = schemathesis.openapi.from_dict(await ann.json("/api/openapi.json"))
    operations = [each.ok() for each in described.get_all_operations()]
    headers = {"X-SIS-CSRF": (await ann.json("/api/session"))["csrf"]}
    statuses: Counter[int] = Counter()

    for case in itertools.chain.from_iterable(cases(each, mode) for each in operations):
        sent = case.as_transport_kwargs(base_url=ADDRESS, headers=headers)
        sent["content"] = sent.pop("data", None)
        reply = await ann.client.request(**sent | {"cookies": None})
        statuses[reply.status_code] += 1
        assert reply.status_code < 500, (case.as_curl_command(), reply.text)

    assert len(operations) == OPERATIONS
    assert statuses[400 if mode is GenerationMode.NEGATIVE else 200] > len(operations)


def cases(operation: Any, mode: GenerationMode) -> list[Any]:
    """Return some calls of an operation; none if there is no wrong way to call it."""
    found: list[Any] = []
    by_chance = mode is GenerationMode.NEGATIVE or "{photo_id}" not in operation.path
    known = None if by_chance else {"photo_id": "flickr:1"}

    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(operation.as_strategy(generation_mode=mode, path_parameters=known))
    def collect(case: Any) -> None:
        found.append(case)

    with suppress(Unsatisfiable):
        collect()
    return found
