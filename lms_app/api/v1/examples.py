"""An example of every operation for the OpenAPI document: the call in docs/api.md and what it was answered, as tests/api/v1/test_guide.py kept it."""

from functools import lru_cache
from pathlib import Path
from typing import Any

import orjson

FILE = Path(__file__).with_name("examples.json")

Json = dict[str, Any]


@lru_cache(maxsize=1)
def examples() -> dict[str, Json]:
    """By operation: `call` (a line of shell), `parameters`, and, where there is one, `body` and `answer` with its `status`."""
    return orjson.loads(FILE.read_bytes()) if FILE.exists() else {}


def put_into(document: Json) -> Json:
    """The document with a summary and an example on every operation."""
    for item in document["paths"].values():
        for operation in item.values():
            operation["summary"] = operation["description"].split(". ")[0].rstrip(".").replace("`", "")
            example = examples().get(operation["operationId"])
            if example is not None:
                _add(operation, example)
    return document


def _add(operation: Json, example: Json) -> None:
    operation["x-codeSamples"] = [{"lang": "Shell", "source": example["call"]}]
    for parameter in operation.get("parameters", []):
        if parameter["name"] in example["parameters"]:
            parameter["example"] = example["parameters"][parameter["name"]]
    if "body" in example:
        operation["requestBody"]["content"]["application/json"]["example"] = example["body"]
    if "answer" in example:
        operation["responses"][example["status"]]["content"]["application/json"]["example"] = example["answer"]
