"""Writing a page as Markdown: a new revision only where something changed, and blocks that keep their ids."""

from sqlmodel import Session

from lms_app.models import Page, PageRevision
from tests.support.campus import Campus, new_campus
from tests.support.writing import write_markdown


def write(session: Session, campus: Campus, page: Page, markdown: str) -> PageRevision:
    return write_markdown(session, campus.instructor, page, markdown)


def test_saving_a_page_that_did_not_change_makes_no_revision(session: Session) -> None:
    campus = new_campus(session)
    page = campus.page("Stones")
    first = write(session, campus, page, "# One\n\n```python\nx\n```")
    assert write(session, campus, page, "# One\n\n```python\nx\n```\n").id == first.id
    assert write(session, campus, page, "# Two\n\n```python\nx\n```").id != first.id


def test_blocks_keep_their_ids_from_one_revision_to_the_next(session: Session) -> None:
    campus = new_campus(session)
    page = campus.page("Stones")
    first = write(session, campus, page, "One\n\n```python\nx\n```").document["blocks"]
    second = write(session, campus, page, "One, changed\n\n$$x$$\n\n```python\nx\n```").document["blocks"]
    assert [second[0]["id"], second[2]["id"]] == [first[0]["id"], first[1]["id"]]
