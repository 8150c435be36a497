"""What every request meets first, and what every response carries."""

import os
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from lms_app.adapters import clock
from lms_app.api.policy import FOR_DATA, PagePolicies, script_hashes
from lms_app.crypto import INSTALLATION
from lms_app.database import transaction
from lms_app.models import StoredFile
from tests.support.campus import new_campus
from tests.support.servers import TestServers, forget_connections
from tests.support.web import WebServer, web_server

PAGE = "<!doctype html><html><head><script>let a = 1 && 2;</script></head><body><script src='/assets/x.js'></script></body></html>"
FALLBACK = "<!doctype html><script type='module'>let b = 2</script>"


@pytest.fixture(scope="module")
def web(servers: TestServers, database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebServer]:
    """The test site with three built files, on a database of its own."""
    os.environ["DATABASE_URL"] = servers.clone(f"walls_{os.getpid()}")
    forget_connections()
    folder: Path = tmp_path_factory.mktemp("web")
    built = folder / "build" / "client"
    (built / "assets").mkdir(parents=True)
    (built / "index.html").write_text(PAGE)
    (built / "404.html").write_text(FALLBACK)
    (built / "assets" / "x-1a2b.js").write_text("export {}")
    with web_server("tests.wire.site:app", folder, REFLEX_WEB_WORKDIR=str(folder), __REFLEX_MOUNT_FRONTEND_COMPILED_APP="true") as server:
        yield server
    os.environ["DATABASE_URL"] = database
    forget_connections()


@pytest.fixture
def client(web: WebServer) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=web.url) as client:
        yield client


def ours(web: WebServer) -> dict[str, str]:
    return {"Origin": web.url, "X-Lyceum": "1"}


@pytest.mark.parametrize("path", ["/", "/members", "/nothing-here", "/healthz", "/v/nothing", "/api/v1/nothing", "/assets/x-1a2b.js", "/ping"])
def test_every_response_carries_the_security_headers(client: httpx.Client, path: str) -> None:
    headers = client.get(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "strict-origin-when-cross-origin"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["x-frame-options"] == "DENY"
    assert headers.get_list("content-security-policy", split_commas=False) == [headers["content-security-policy"]]
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "unsafe-eval" not in headers["content-security-policy"]
    assert "strict-transport-security" not in headers
    assert "access-control-allow-origin" not in headers


def test_a_page_may_run_its_own_inline_scripts_and_no_other(client: httpx.Client) -> None:
    home = client.get("/").headers["content-security-policy"]
    other = client.get("/members").headers["content-security-policy"]
    (of_home,), (of_other,) = script_hashes(PAGE), script_hashes(FALLBACK)
    assert f"script-src 'self' {of_home};" in home
    assert f"script-src 'self' {of_other};" in other


def test_a_pages_policy_names_the_socket_at_the_address_that_was_asked_for(client: httpx.Client, web: WebServer) -> None:
    assert f"connect-src 'self' ws://localhost:{web.port};" in client.get("/").headers["content-security-policy"]
    assert "connect-src 'self' ws://campus.example:9;" in client.get("/", headers={"Host": "campus.example:9"}).headers["content-security-policy"]
    assert "evil" not in client.get("/", headers={"Host": "a; script-src evil"}).headers["content-security-policy"]


def test_a_page_kept_by_the_browser_keeps_its_policy(client: httpx.Client) -> None:
    """A 304's headers replace those of the page that the browser kept: the policy for data there left the page without scripts or socket."""
    first = client.get("/")
    again = client.get("/", headers={"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304
    assert again.headers["content-security-policy"] == first.headers["content-security-policy"] != FOR_DATA


def test_what_can_be_kept_is_kept_and_pages_are_asked_for_anew(client: httpx.Client) -> None:
    assert client.get("/assets/x-1a2b.js").headers["cache-control"] == "public, max-age=31536000, immutable"
    assert client.get("/assets/gone-9z.js").headers["cache-control"] == "no-cache"
    assert client.get("/").headers["cache-control"] == "no-cache"
    assert client.get("/api/v1/nothing").headers["cache-control"] == "no-store"


def test_a_dynamic_page_is_served_with_200_and_an_unknown_one_with_404(client: httpx.Client) -> None:
    assert client.get("/members").status_code == 200
    assert client.get("/nothing-here").status_code == 404


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-Lyceum": "1"},
        {"Origin": "OURS"},
        {"Origin": "https://evil.example", "X-Lyceum": "1"},
        {"Origin": "null", "X-Lyceum": "1"},
        {"Origin": "OURS", "X-Lyceum": "0"},
    ],
)
def test_a_write_that_does_not_come_from_our_pages_is_refused(client: httpx.Client, web: WebServer, method: str, headers: dict[str, str]) -> None:
    sent = {name: value.replace("OURS", web.url) for name, value in headers.items()}
    answer = client.request(method, "/v/anything", headers=sent)
    assert answer.status_code == 403
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["type"] == "/problems/foreign"


def test_a_write_from_our_page_passes_the_wall(client: httpx.Client, web: WebServer) -> None:
    assert client.post("/v/anything", headers=ours(web)).status_code == 404


def test_no_other_site_is_told_that_it_may_call(client: httpx.Client) -> None:
    answer = client.options("/v/anything", headers={"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"})
    assert "access-control-allow-origin" not in answer.headers
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_a_policy_report_is_logged_without_the_address_it_was_about(client: httpx.Client, web: WebServer) -> None:
    report = {"csp-report": {"effective-directive": "img-src", "blocked-uri": "https://cdn.example/private/ada?token=1", "line-number": 3}}
    answer = client.post("/v/csp-reports", json=report, headers={"Content-Type": "application/csp-report"})
    assert answer.status_code == 204
    logged = next(line for line in web.logged().splitlines() if "csp_violation" in line)
    assert '"directive": "img-src"' in logged
    assert "https://cdn.example" in logged
    assert "private" not in logged
    assert client.post("/v/csp-reports", content=b"x" * 20_000).status_code == 413
    assert client.post("/v/csp-reports", content=b"[]").status_code == 400


def test_requests_are_logged_by_area_without_paths_or_queries(client: httpx.Client, web: WebServer) -> None:
    client.get("/reset/new?token=very-private-token")
    assert "very-private-token" not in web.logged()
    assert '"area": "pages"' in web.logged()


def test_what_nobody_expected_is_told_by_a_reference_that_the_log_has_once(client: httpx.Client, web: WebServer) -> None:
    with transaction() as session:
        course = new_campus(session).course
        cover = StoredFile(
            key_owner=INSTALLATION, course_id=course.id, purpose="course", filename="cover.png", media_type="image/png", size=1,
            storage_key="no such key", created_at=clock.now(),
        )  # fmt: skip
        session.add(cover)
        session.flush()
        course.cover_file_id = cover.id
    answer = client.get(f"/v/files/{cover.id}")
    assert (answer.status_code, answer.json()["type"]) == (500, "/problems/fault")
    assert web.logged().count(answer.json()["reference"]) == 1
    assert web.logged().count('"event": "fault"') == 1


def test_figures_are_told_on_this_machine_alone(client: httpx.Client) -> None:
    client.get("/healthz")
    assert 'lyceum_http_requests_total{area="/healthz",method="GET",status="200"}' in client.get("/metrics").text
    assert client.get("/metrics", headers={"X-Forwarded-For": "203.0.113.9"}).status_code == 404


def test_policies_read_every_page_of_the_build(tmp_path: Path) -> None:
    (tmp_path / "catalogue").mkdir()
    (tmp_path / "catalogue" / "index.html").write_text(PAGE)
    (tmp_path / "404.html").write_text(FALLBACK)
    policies = PagePolicies(tmp_path)
    assert script_hashes(PAGE)[0] in policies.policy("/catalogue", "localhost", secure=False)
    assert script_hashes(PAGE)[0] in policies.policy("/catalogue/", "localhost", secure=False)
    assert script_hashes(FALLBACK)[0] in policies.policy("/learn/a-course", "localhost", secure=True)
    assert "wss://localhost" in policies.policy("/learn/a-course", "localhost", secure=True)


def test_the_hash_of_an_inline_script_is_the_browsers() -> None:
    # Example from the Content Security Policy specification, level 2, section 4.3.5, worked out again with openssl.
    assert script_hashes("<script>alert('Hello, world.');</script>") == ["'sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng='"]


@pytest.mark.parametrize("path", ["/v/sign-in", "/api/v1/tokens"])
@pytest.mark.parametrize("says_its_length", [True, False])
def test_nobody_makes_us_read_an_endless_body(client: httpx.Client, web: WebServer, path: str, says_its_length: bool) -> None:
    body = b" " * (2 << 20)
    sent = body if says_its_length else iter([body[: 1 << 16]] * 32)
    answer = client.post(path, content=sent, headers=ours(web) | {"Content-Type": "application/json"})
    assert answer.status_code == 413
