"""A person's own events, to take along."""

import tempfile
from collections.abc import Iterator
from typing import IO, Literal

from fastapi import APIRouter
from fastapi.responses import StreamingResponse

from lms_app.api.identity import SignedIn
from lms_app.database import transaction
from lms_app.domain.analytics import event_exports

router = APIRouter()

_PIECE = 64 * 1024


@router.get("/my-events/{format}.zip")
def read(format: Literal["json", "csv", "xapi"], actor: SignedIn) -> StreamingResponse:
    """An archive: whoever is signed in gets their own events and goals, and nobody else's."""
    # Nobody is told how long it takes to send.
    target = tempfile.SpooledTemporaryFile(max_size=1_000_000)  # noqa: SIM115 - closed when it has been sent
    event_exports.write_own({"csv": "events"}.get(format, format), actor, target, transaction)
    headers = {"Cache-Control": "private, no-store", "Content-Disposition": f'attachment; filename="lyceum-events-{format}.zip"'}
    return StreamingResponse(_pieces(target), media_type="application/zip", headers=headers)


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        file.seek(0)
        while piece := file.read(_PIECE):
            yield piece
