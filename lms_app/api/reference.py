"""The reference of the REST API for people, made from the OpenAPI document.

The page reads without any script. Where scripts run, Swagger UI takes its place, so that calls can be tried: files of ours that the build
copies from npm (lms_app/launcher/pages.py), started by assets/reference/start.js, dressed by assets/reference/look.css.
"""

from collections.abc import Iterator
from functools import lru_cache
from html import escape
from typing import Any

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from lms_app.api.v1 import app as v1

router = APIRouter()

Json = dict[str, Any]
ROOT = "/api/v1"
POLICY = (
    # The library writes styles while it runs and has its icons in data addresses.
    "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self' 'unsafe-inline'; font-src 'self'; img-src 'self' data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; report-uri /v/csp-reports"
)
TRYING = (
    "To try calls, open one and choose <em>Try it out</em>. Begin with <code>POST /tokens</code>: the token that it gives is sent with "
    "the calls after it. Calls are real: they act on your account."
)
STYLE = """
*{box-sizing:border-box}body{margin:0;background:var(--ly-bg,Canvas);color:var(--ly-text,CanvasText);font:15px/1.55 var(--ly-sans,system-ui)}
.all{display:grid;grid-template-columns:15rem minmax(0,46rem);gap:3rem;max-width:68rem;margin:auto;padding:2.5rem 1.25rem 6rem}
nav{position:sticky;top:1.5rem;align-self:start;max-height:calc(100vh - 3rem);overflow:auto;overflow-wrap:anywhere;font-size:13px}
nav ul{list-style:none;margin:0 0 1rem;padding:0}nav b{text-transform:capitalize}a{color:var(--ly-accent-text,LinkText)}
nav a{display:block;padding:3px 0;text-decoration:none;color:var(--ly-text-2,CanvasText)}nav a:hover{text-decoration:underline}
h1{font-size:28px;line-height:1.2;margin:0 0 .75rem}h2{text-transform:capitalize;font-size:20px;margin:3rem 0 .5rem}
h3{font:600 14px/1.5 var(--ly-mono,ui-monospace,monospace);margin:0;overflow-wrap:anywhere}h4{font-size:13px;margin:1rem 0 .25rem}
section.one{background:var(--ly-surface,Canvas);border:1px solid var(--ly-border,GrayText);border-radius:12px;padding:1rem 1.25rem;margin:1rem 0}
table{width:100%;border-collapse:collapse;font-size:13px}td,th{text-align:left;vertical-align:top;padding:5px 12px 5px 0;overflow-wrap:anywhere}
tr+tr td{border-top:1px solid var(--ly-border,GrayText)}td:first-child{width:32%}
code,pre{font-family:var(--ly-mono,ui-monospace,monospace);font-size:13px}
pre{background:var(--ly-sunken,Canvas);padding:.75rem 1rem;border-radius:8px;overflow:auto}p{margin:.4rem 0}
@media(max-width:800px){.all{display:block}nav{position:static;max-height:none;margin-top:2rem}}
"""


@router.get("/api/docs", include_in_schema=False)
def read() -> HTMLResponse:
    """The page."""
    return HTMLResponse(_page(), headers={"Content-Security-Policy": POLICY, "Cache-Control": "no-cache"})


@lru_cache(maxsize=1)
def _page() -> str:
    document = v1.build().openapi()
    groups: dict[str, list[tuple[str, str, Json]]] = {}
    for path, item in document["paths"].items():
        for method, operation in item.items():
            groups.setdefault(operation["tags"][0], []).append((method.upper(), path, operation))
    schemas: Json = document["components"]["schemas"]
    return "".join(
        (
            '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">',
            "<title>REST API · Lyceum</title>",
            '<link rel="icon" href="/favicon.svg"><link rel="stylesheet" href="/tokens.css">',
            f'<link rel="stylesheet" href="/reference/swagger-ui.css"><style>{STYLE}</style><link rel="stylesheet" href="/reference/look.css">',
            '<script defer src="/reference/swagger-ui-bundle.js"></script><script defer src="/reference/start.js"></script></head>',
            '<body><div class="trying"><header><a href="/">Lyceum</a></header><main><h1>REST API</h1>',
            f"<p>{_words(document['info']['description'])}</p>",
            f'<p>{TRYING} For programs: <a href="{ROOT}/openapi.json">the OpenAPI document</a>.</p>',
            '<p id="signed" role="status"></p><div id="reference"></div></main></div>',
            '<div class="all"><nav aria-label="Contents">',
            *(_contents(tag, operations) for tag, operations in groups.items()),
            '<p><a href="#shapes">Shapes</a></p></nav><main><h1>REST API</h1>',
            f"<p>{_words(document['info']['description'])}</p>",
            f'<p>Every address begins with <code>{ROOT}</code>. For programs: <a href="{ROOT}/openapi.json">the OpenAPI document</a>.</p>',
            *(
                f"<h2>{escape(tag)}</h2>" + "".join(_operation(method, path, operation) for method, path, operation in operations)
                for tag, operations in groups.items()
            ),
            '<h2 id="shapes">Shapes</h2>',
            *(_schema(name, schema) for name, schema in schemas.items()),
            "</main></div></body></html>",
        )
    )


def _contents(tag: str, operations: list[tuple[str, str, Json]]) -> str:
    links = "".join(f'<li><a href="#{operation["operationId"]}">{method} {escape(path)}</a></li>' for method, path, operation in operations)
    return f"<b>{escape(tag)}</b><ul>{links}</ul>"


def _operation(method: str, path: str, operation: Json) -> str:
    parts = [f'<section class="one" id="{operation["operationId"]}"><h3>{method} {escape(path)}</h3><p>{_words(operation["description"])}</p>']
    if "security" not in operation:
        parts.append("<p>Needs no token.</p>")
    if parameters := operation.get("parameters"):
        parts.append("<h4>Parameters</h4>" + _table((entry["name"], f"{entry['in']}, {_type(entry['schema'])}") for entry in parameters))
    if "requestBody" in operation:
        parts.append(f"<h4>Body</h4><p>{_content(operation['requestBody'])}</p>")
    answers = ((status, f"{_words(answer['description'])} {_content(answer)}") for status, answer in operation["responses"].items())
    return "".join(parts) + "<h4>Answers</h4>" + _table(answers) + "</section>"


def _schema(name: str, schema: Json) -> str:
    required = schema.get("required", [])
    rows = ((field, _type(shape) + ("" if field in required else ", may be left out")) for field, shape in schema.get("properties", {}).items())
    about = _words(schema.get("description", ""))
    return f'<section class="one" id="shape-{escape(name)}"><h3>{escape(name)}</h3><p>{about}</p>{_table(rows)}</section>'


def _content(holder: Json) -> str:
    return ", ".join(f"<code>{escape(media)}</code> {_type(entry['schema'])}" for media, entry in holder.get("content", {}).items())


def _type(schema: Json) -> str:
    """A shape in a few words, as HTML."""
    if "$ref" in schema:
        name = escape(schema["$ref"].rpartition("/")[2])
        return f'<a href="#shape-{name}">{name}</a>'
    if "anyOf" in schema:
        return " or ".join(_type(one) for one in schema["anyOf"])
    if schema.get("type") == "array":
        return f"list of {_type(schema['items'])}"
    return escape(", ".join(_said(schema))) or "anything"


def _said(schema: Json) -> Iterator[str]:
    if "properties" in schema:
        yield schema.get("title", "object")
    elif "type" in schema:
        yield schema.get("format") or schema["type"]
    for key, words in (("minLength", "at least {} long"), ("maxLength", "at most {} long"), ("minimum", "from {}"), ("maximum", "to {}")):
        if key in schema:
            yield words.format(schema[key])
    if schema.get("default") not in (None, ""):
        yield f"else {schema['default']}"


def _table(rows: Iterator[tuple[str, str]]) -> str:
    """Rows of a name and what is said of it, the latter as HTML."""
    return "<table>" + "".join(f"<tr><td><code>{escape(name)}</code></td><td>{said}</td></tr>" for name, said in rows) + "</table>"


def _words(text: str) -> str:
    """Text whose `words in backquotes` are code, as HTML."""
    pieces = escape(text, quote=False).split("`")
    return "".join(f"<code>{piece}</code>" if at % 2 else piece for at, piece in enumerate(pieces))
