"""Who may come in, and what others cannot do: each point a test."""

import itertools
import re
from typing import Any

from smart_image_scraper.web.assets import find_assets

CURATOR, VIEWER = "the curators' password", "the viewers' password"
EVIL = "http://evil.example"


async def test_at_the_machine_itself_everybody_is_a_curator(ann: Any) -> None:
    session = await ann.json("/api/session")

    assert (session["role"], session["name"], session["can_review"]) == ("curator", "ann", True)
    assert session["personal"] is True
    assert session["passwords"] is False


async def test_without_a_login_only_the_login_the_pages_files_and_the_health_answer(
    stranger: Any, guarded: Any
) -> None:
    page = await stranger.get("/login")
    refused = {
        path: (await stranger.get(path)).status_code
        for path in ("/api/photos", "/api/openapi.json", "/media/flickr:1/320", "/nothing")
    }

    assert page.status_code == 200
    assert (await stranger.get(f"{find_assets().prefix}/js/main.js")).status_code == 200
    assert set(refused.values()) == {401}
    assert (await stranger.get("/healthz")).json() == {"status": "ok", "problems": []}


async def test_a_page_that_was_asked_for_comes_after_the_login(stranger: Any) -> None:
    sent_on = await stranger.get("/?country=PH&view=map")
    form = await stranger.get(sent_on.headers["location"])

    wanted = re.findall(r'name="next" value="([^"]*)"', form.text)
    assert sent_on.status_code == 303
    assert wanted == ["/?country=PH&amp;view=map"]


async def test_a_login_leads_to_pages_of_ours_alone(guarded: Any, visit: Any) -> None:
    elsewhere = (
        *("//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)"),
        *("/?a=\r\nSet-Cookie: x=y", "/api/photos", "", "/?a=\\evil"),
    )

    for wanted in elsewhere:
        async with visit(guarded) as visitor:
            done = await visitor.log_in(CURATOR, next=wanted)

        assert (done.status_code, done.headers["location"]) == (303, "/"), wanted


async def test_the_password_tells_the_role_and_the_login_the_name(
    viewer: Any, curator: Any
) -> None:
    looks, judges = await viewer.json("/api/session"), await curator.json("/api/session")

    assert (looks["role"], looks["name"], looks["can_review"]) == ("viewer", "viewer", False)
    assert looks["personal"] is False
    assert (judges["role"], judges["name"], judges["can_review"]) == ("curator", "Carol", True)
    assert judges["personal"] is True


async def test_a_wrong_password_opens_nothing(stranger: Any) -> None:
    done = await stranger.log_in("guess")

    assert done.status_code == 401
    assert "That password is wrong." in done.text
    assert (await stranger.get("/api/photos")).status_code == 401


async def test_the_cookie_is_out_of_reach_of_scripts_and_of_other_sites(stranger: Any) -> None:
    done = await stranger.log_in(CURATOR)

    (cookie,) = [each for each in done.headers.get_list("set-cookie") if "sis-8000=" in each]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Path=/" in cookie


async def test_where_https_is_spoken_the_cookie_never_travels_without_it(
    setting: Any, opened: Any, passwords: Any, visit: Any
) -> None:
    setting.passwords = passwords
    app = opened(setting, secure=True)

    async with visit(app) as visitor:
        form = await visitor.get("/login")

    (cookie,) = form.headers.get_list("set-cookie")
    assert cookie.startswith("__Host-sis-login=")
    assert "Secure" in cookie
    assert form.headers["strict-transport-security"] == "max-age=31536000"


async def test_a_login_begins_a_session_of_a_new_id(stranger: Any) -> None:
    stranger.client.cookies.set("sis-8000", "an-id-that-somebody-else-knows", domain="localhost")

    done = await stranger.log_in(CURATOR)

    assert done.cookies["sis-8000"] != "an-id-that-somebody-else-knows"
    stranger.client.cookies.clear()
    stranger.client.cookies.set("sis-8000", "an-id-that-somebody-else-knows", domain="localhost")
    assert (await stranger.get("/api/photos")).status_code == 401


async def test_a_second_login_ends_the_session_before(viewer: Any) -> None:
    before = viewer.client.cookies["sis-8000"]
    csrf = (await viewer.json("/api/session"))["csrf"]
    await viewer.post("/logout")

    await viewer.log_in(CURATOR)

    after = await viewer.json("/api/session")
    assert after["role"] == "curator"
    assert after["csrf"] != csrf
    viewer.client.cookies.set("sis-8000", before, domain="localhost")
    viewer.client.cookies.clear()
    viewer.client.cookies.set("sis-8000", before, domain="localhost")
    assert (await viewer.get("/api/photos")).status_code == 401


async def test_after_a_logout_the_session_is_over(curator: Any) -> None:
    cookie = curator.client.cookies["sis-8000"]

    await curator.post("/logout")

    curator.client.cookies.set("sis-8000", cookie, domain="localhost")
    assert (await curator.get("/api/photos")).status_code == 401


async def test_passwords_cannot_be_tried_for_long(stranger: Any) -> None:
    for _ in range(10):
        assert (await stranger.log_in("guess")).status_code == 401

    late = await stranger.log_in(CURATOR)

    assert late.status_code == 429
    assert 800 < int(late.headers["retry-after"]) <= 901
    assert "Too many wrong passwords. Try again in" in late.text
    assert (await stranger.get("/api/photos")).status_code == 401


async def test_who_tries_passwords_elsewhere_does_not_lock_others_out(
    guarded: Any, visit: Any
) -> None:
    async with visit(guarded, address="192.0.2.66") as guesser:
        for _ in range(11):
            await guesser.log_in("guess")

    async with visit(guarded, address="192.0.2.1") as other:
        assert (await other.log_in(CURATOR)).status_code == 303


async def test_a_login_without_the_forms_token_is_refused(stranger: Any) -> None:
    await stranger.get("/login")

    sent = {"password": CURATOR, "csrf": "made up", "next": "/"}
    done = await stranger.client.post("/login", data=sent)

    assert done.status_code == 403
    assert (await stranger.get("/api/photos")).status_code == 401


async def test_a_change_without_the_sessions_token_is_refused(ann: Any) -> None:
    word = {"reviews": [{"photo": "flickr:1", "verdict": "accept", "concept": None}]}
    await ann.json("/api/session")

    without = await ann.client.post("/api/reviews", json=word)
    wrong = await ann.client.post("/api/reviews", json=word, headers={"X-SIS-CSRF": "x"})
    right = await ann.post("/api/reviews", word)

    assert (without.status_code, wrong.status_code, right.status_code) == (403, 403, 200)


async def test_the_token_of_another_session_is_refused(curator: Any, viewer: Any) -> None:
    foreign = (await viewer.json("/api/session"))["csrf"]

    sent = await curator.client.post("/api/reload", headers={"X-SIS-CSRF": foreign})

    assert sent.status_code == 403


async def test_a_page_of_another_site_can_change_nothing_and_read_nothing(ann: Any) -> None:
    foreign = (
        {"Origin": EVIL},
        {"Origin": "null"},
        {"Origin": "http://localhost:9999"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    )

    for headers in foreign:
        changed = await ann.post("/api/reload", headers=headers)
        read = await ann.get("/api/photos", headers=headers)
        shown = await ann.get("/media/flickr:1/320", headers=headers)

        statuses = (changed.status_code, read.status_code, shown.status_code)
        assert statuses == (403, 403, 403), headers


async def test_a_link_of_another_site_to_the_page_may_be_followed(ann: Any) -> None:
    headers = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}

    assert (await ann.get("/?country=PH", headers=headers)).status_code == 200


async def test_a_name_that_another_site_led_here_is_refused(ann: Any) -> None:
    hosts = ("evil.example", "evil.example:8000", "192.0.2.1:8000", "")

    for host, path in itertools.product(hosts, ("/", "/api/photos", "/healthz", "/static/x/y")):
        refused = await ann.get(path, headers={"Host": host})

        assert refused.status_code == 400, (host, path)
        assert "not known by that name" in refused.json()["error"]


async def test_every_answer_tells_the_browser_what_not_to_do(ann: Any) -> None:
    paths = ("/", "/login", "/api/photos", "/api/photos?bbox=x", "/nothing", "/media/flickr:9/320")
    answers = [await ann.get(path) for path in paths]
    answers.append(await ann.get("/", headers={"Host": "evil.example"}))

    for answer in answers:
        policy = dict(
            part.split(" ", 1) for part in answer.headers["content-security-policy"].split("; ")
        )
        assert policy["default-src"] == "'none'"
        assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == "'self'"
        assert policy["img-src"] == "'self' blob: data:"
        assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "same-origin"
        assert answer.headers["cross-origin-resource-policy"] == "same-origin"
        assert "access-control-allow-origin" not in answer.headers


async def test_the_host_of_map_tiles_is_let_in_where_the_user_says_so(
    setting: Any, opened: Any, visit: Any
) -> None:
    app = opened(setting, tiles="https://{s}.tiles.example/{z}/{x}/{y}.png")

    async with visit(app) as visitor:
        policy = (await visitor.get("/")).headers["content-security-policy"]

    assert "img-src 'self' blob: data: https://*.tiles.example;" in policy


async def test_answers_with_photos_are_kept_nowhere(ann: Any) -> None:
    for path in ("/api/photos", "/api/photos/flickr:1", "/api/session", "/"):
        assert (await ann.get(path)).headers["cache-control"] == "no-store"


async def test_an_address_that_is_too_long_is_refused(ann: Any) -> None:
    refused = await ann.get(f"/api/photos?text={'x' * 20_000}")

    assert refused.status_code == 414
    assert refused.json() == {"error": "the address is longer than 16,384 bytes"}


async def test_a_text_of_more_words_than_people_type_is_refused(ann: Any) -> None:
    refused = [
        await ann.get("/api/photos", params={"text": text})
        for text in ("猿" * 101, " ".join(f"word{number}" for number in range(101)))
    ]

    assert [each.status_code for each in refused] == [400] * 2
    assert refused[0].json() == {"error": "the app looks for at most 100 words at once, not 101"}


async def test_what_is_sent_cannot_be_too_long_whatever_its_length_is_said_to_be(
    ann: Any,
) -> None:
    async def endless() -> Any:
        for _ in range(100):
            yield b" " * 10_000

    announced = await ann.post("/api/reviews", content=b" " * 1_000_000)
    unannounced = await ann.post("/api/reviews", content=endless())
    lied = await ann.post("/api/reviews", content=b"{}", headers={"Content-Length": "-1"})

    assert (announced.status_code, unannounced.status_code) == (413, 413)
    assert lied.status_code == 400


async def test_a_wrong_parameter_is_an_error_that_says_what_is_wrong(ann: Any) -> None:
    queries = (
        *("page=0", "page=-1", "page=1e9", "page=99999999999999999999", "limit=0", "limit=100000"),
        *("order=sideways", "nonsense=1", "bbox=1,2,3", "license=free", "id=x", "month=13"),
        *("taken-from=yesterday", "score=monkey", "views-from=-1", "views-from=9e9", "country=XYZ"),
        *("order=similar:nothing", "order=score:unheard-of", "taken-from=2020&taken-to=2019"),
    )

    refused = {query: await ann.get(f"/api/photos?{query}") for query in queries}

    assert {query: reply.status_code for query, reply in refused.items()} == dict.fromkeys(
        queries, 400
    )
    assert min(len(reply.json()["error"]) for reply in refused.values()) > 10


async def test_parameters_cannot_be_pydantic_errors_or_tracebacks(ann: Any) -> None:
    wrong = await ann.post("/api/thumbs", {"ids": ["x"] * 257})
    other = await ann.post(
        "/api/thumbs", content=b"{", headers={"Content-Type": "application/json"}
    )

    for refused in (wrong, other):
        assert refused.status_code == 400
        assert set(refused.json()) == {"error"}


async def test_a_viewer_can_change_nothing(viewer: Any, setting: Any) -> None:
    word = {"photo": "flickr:1", "verdict": "accept", "concept": None}
    whole = {"filter": "", "verdict": "accept", "concept": None, "expected": 4}

    refused = [
        await viewer.post("/api/reviews", {"reviews": [word]}),
        await viewer.post("/api/reviews/matching", whole),
        await viewer.post("/api/train", {"concept": "monkey"}),
        await viewer.post("/api/reload"),
        await viewer.get("/api/reviews/next?concept=monkey"),
    ]

    assert [each.status_code for each in refused] == [403] * 5
    assert setting.store.reviews.all() == []


async def test_texts_that_people_wrote_are_data_and_never_part_of_a_page(ann: Any) -> None:
    page = await ann.get("/?text=<script>alert(1)</script>")
    photo = await ann.get("/api/photos/flickr:1")

    assert "<script>alert" not in page.text
    assert photo.headers["content-type"] == "application/json"
    assert photo.json()["title"] == "<script>alert(1)</script> wild 猿"


async def test_the_login_puts_nothing_that_was_sent_into_the_page_as_it_is(stranger: Any) -> None:
    form = await stranger.get('/login?next=/?a="><script>alert(1)</script>')

    assert "<script>alert" not in form.text


async def test_no_path_leads_out_of_what_is_served(ann: Any) -> None:
    paths = (
        *("/static/../app.py", "/static/%2e%2e/app.py", "/static/x/js/main.js"),
        *("/media/../../etc/passwd/full", "/media/%2e%2e%2f%2e%2e%2fetc%2fpasswd/full"),
        *("/media/flickr:1/../../keys", "/media/flickr%3A1/..%2f..%2fkeys", "/keys", "/%00"),
    )

    for path in paths:
        refused = await ann.get(path)

        assert refused.status_code in {400, 404}, path
        assert b"root:" not in refused.content
        assert b"import" not in refused.content


async def test_the_files_of_the_page_lead_nowhere_else(ann: Any) -> None:
    page = (await ann.get("/")).text
    prefix = re.findall(r'src="(/static/[0-9a-f]{16})/', page)[0]

    for name in ("../app.py", "..%2fapp.py", "%2e%2e/app.py", "js/%2e%2e/%2e%2e/app.py", "js", ""):
        assert (await ann.get(f"{prefix}/{name}")).status_code == 404


async def test_the_description_of_the_api_names_no_other_host(ann: Any) -> None:
    described = await ann.json("/api/openapi.json")

    assert {"/api/photos", "/api/facets", "/api/reviews", "/healthz"} <= set(described["paths"])
    for path in ("/docs", "/redoc"):
        assert (await ann.get(path)).status_code == 404


async def test_the_files_of_the_page_are_kept_for_good_and_come_compressed(ann: Any) -> None:
    path = f"{find_assets().prefix}/js/main.js"

    small = await ann.get(path, headers={"Accept-Encoding": "gzip"})
    plain = await ann.get(path, headers={"Accept-Encoding": "identity"})

    assert small.headers["content-encoding"] == "gzip"
    assert small.content == plain.content
    assert small.headers["content-type"].startswith("text/javascript")
    for reply in (small, plain):
        assert reply.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert reply.headers["vary"] == "Accept-Encoding"
