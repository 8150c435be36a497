"""The guide's calls, as they stand in it."""

import shlex
from string import Template

import httpx

from lms_app.launcher.places import PROJECT
from tests.api.v1.conftest import PASSWORD, Ground, new_account


def calls() -> list[str]:
    return [line for line in (PROJECT / "docs" / "api.md").read_text().splitlines() if line.startswith("curl ")]


async def send(client: httpx.AsyncClient, line: str, known: dict[str, str]) -> httpx.Response:
    """Sends what curl would."""
    method, headers, data, address = "", {}, None, ""
    words = iter(shlex.split(line)[1:])
    for word in words:
        match word:
            case "-s":
                pass
            case "-X":
                method = next(words)
            case "-H":
                name, _, value = Template(next(words)).safe_substitute(known).partition(": ")
                headers[name] = value
            case "-d":
                data = Template(next(words)).safe_substitute(known)
            case _:
                address = Template(word).safe_substitute(known)
    return await client.request(method or ("POST" if data else "GET"), address, headers=headers, content=data)


async def test_every_call_of_the_guide_works(visitor: httpx.AsyncClient, ground: Ground) -> None:
    new_account("student@example.org")
    known = {
        "API": str(visitor.base_url).rstrip("/"),
        "COURSE": ground.slug,
        "PAGE": str(ground.pages["Sand"]),
        "QUIZ": str(ground.quizzes["Final quiz"]),
    }
    lines = calls()
    assert len(lines) == 11
    for line in lines:
        answer = await send(visitor, line.replace("lyceum-student", PASSWORD), known)
        assert answer.status_code < 300, (line, answer.text)
        told = answer.json() if answer.content else None
        if isinstance(told, dict) and "access_token" in told:
            known |= {"ACCESS_TOKEN": told["access_token"], "REFRESH_TOKEN": told["refresh_token"]}
        if line.endswith('/attempts -H "Authorization: Bearer $ACCESS_TOKEN"') and isinstance(told, dict):
            known["ATTEMPT"] = told["id"]
            known["QUESTION"] = next(question["id"] for question in told["questions"] if question["type"] == "true_false")
