"""The way into a course, for the programs of its staff: runs, waiting list, prerequisites, invitation links and lists of addresses."""

from dataclasses import asdict
from typing import Annotated
from uuid import UUID

import orjson
from fastapi import APIRouter, Header, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from lms_app.api.identity import Program
from lms_app.api.problems import problem
from lms_app.api.v1.problem_responses import refuses
from lms_app.crossing import cross
from lms_app.domain.enrollments import address_invitations, enrolling_many, invitation_links, prerequisites, runs, waiting_list
from lms_app.domain.enrollments.address_invitations import InvitedPage
from lms_app.domain.enrollments.enrolling_many import LONGEST_LIST, Done, ListPreview
from lms_app.domain.enrollments.invitation_links import FreshLink, LinkLine
from lms_app.domain.enrollments.prerequisites import Required
from lms_app.domain.enrollments.runs import RunForm, RunLine, RunMoved, RunSheet
from lms_app.domain.enrollments.waiting_list import WaitingPage
from lms_app.words import EnrollmentPolicy

router = APIRouter(tags=["enrolment"], prefix="/teaching/courses/{course_id}")

Words = Annotated[str, Field(max_length=400, pattern=r"^[^\x00]*$")]
Page = Annotated[int, Query(ge=1, le=100_000)]
Seen = Annotated[str, Header(alias="If-Match", pattern=r'^"?[0-9a-f]{1,16}"?$')]


class _Given(BaseModel):
    model_config = ConfigDict(extra="forbid")


class RunSettings(_Given):
    """What is set of a run. Moments without an offset are in `time_zone`; "" or null is none, and null seats are no limit."""

    time_zone: Words
    opens_at: Words = ""
    closes_at: Words = ""
    enrollment_opens_at: Words = ""
    enrollment_closes_at: Words = ""
    seats: Annotated[int, Field(ge=0, lt=2**31)] | None = None
    policy: EnrollmentPolicy = EnrollmentPolicy.OPEN


class NewRun(_Given):
    """A run like the present one. `opens_on` is a day, to which its dates are moved; "" leaves them out."""

    title: Words = ""
    opens_on: Words = ""


class NewLink(_Given):
    """A link that works for so many days, and for so many people: null is as many as come."""

    label: Words = ""
    days: Annotated[int, Field(ge=0, lt=2**31)] = 14
    uses: Annotated[int, Field(ge=0, lt=2**31)] | None = None


class AddressList(_Given):
    """Lines of an address, and after commas a name and a group where wanted."""

    text: Annotated[str, Field(max_length=LONGEST_LIST)]


class SeenList(AddressList):
    """The same, with what its preview named as `seen`."""

    seen: Words


class NewCode(BaseModel):
    """The code that lets students in from now on."""

    code: str


@router.get("/enrolment", responses=refuses(401, 404))
async def read_enrolment(course_id: UUID, actor: Program, response: Response) -> RunSheet:
    """The dates, zone, seats and policy of a course's present run. `version` is what a change names in `If-Match`."""
    sheet = await cross(runs.run_sheet, actor, course_id)
    response.headers["ETag"] = f'"{sheet.version}"'
    return sheet


@router.put("/enrolment", response_model=RunSheet, responses=refuses(401, 404, 409))
async def set_enrolment(course_id: UUID, given: RunSettings, actor: Program, seen: Seen) -> Response:
    """Sets them, in the place of the version in `If-Match`. A 409 tells what somebody else set meanwhile, as `theirs`."""
    form = RunForm(**given.model_dump(exclude={"seats"}), seats="" if given.seats is None else str(given.seats))
    try:
        await cross(runs.set_up, actor, course_id, form, seen=seen.strip('"'))
    except RunMoved as moved:
        return problem(409, moved.slug, moved.sentence, theirs=asdict(moved.theirs))
    sheet = await cross(runs.run_sheet, actor, course_id)
    return Response(orjson.dumps(sheet), media_type="application/json", headers={"ETag": f'"{sheet.version}"'})


@router.post("/enrolment/code", responses=refuses(401, 404))
async def renew_code(course_id: UUID, actor: Program) -> NewCode:
    """Gives the present run another enrolment code. The old one lets nobody in any more."""
    return NewCode(code=await cross(runs.renew_code, actor, course_id))


@router.get("/runs", responses=refuses(401, 404))
async def read_runs(course_id: UUID, actor: Program) -> list[RunLine]:
    """The runs of a course, the newest first. The one that is `present` takes enrolments."""
    return await cross(runs.runs, actor, course_id)


@router.post("/runs", responses=refuses(401, 404, 409))
async def create_run(course_id: UUID, given: NewRun, actor: Program) -> list[RunLine]:
    """Makes a run like the present one. It takes enrolments once it is chosen; all runs come back."""
    await cross(runs.create_run, actor, course_id, title=given.title, opens_on=given.opens_on)
    return await cross(runs.runs, actor, course_id)


@router.put("/runs/{run_id}/present", status_code=204, responses=refuses(401, 404))
async def choose_run(course_id: UUID, run_id: UUID, actor: Program) -> None:
    """Makes a run the present one. Those who take another go on in it."""
    await cross(runs.choose_run, actor, course_id, run_id)


@router.get("/waiting", responses=refuses(401, 404))
async def read_waiting(course_id: UUID, actor: Program, page: Page = 1) -> WaitingPage:
    """Those who wait for a seat in the present run, fifty a page, the one who comes next first."""
    return await cross(waiting_list.waiting_list, actor, course_id, page)


@router.delete("/waiting/{entry_id}", status_code=204, responses=refuses(401, 404))
async def take_off(course_id: UUID, entry_id: UUID, actor: Program) -> None:
    """Takes somebody off the waiting list."""
    await cross(waiting_list.take_off, actor, course_id, entry_id)


@router.get("/prerequisites", responses=refuses(401, 404))
async def read_prerequisites(course_id: UUID, actor: Program) -> list[Required]:
    """The courses that are to be completed before this one."""
    return await cross(prerequisites.required, actor, course_id)


@router.put("/prerequisites/{required_id}", responses=refuses(401, 404, 409))
async def require(course_id: UUID, required_id: UUID, actor: Program) -> list[Required]:
    """Lets a published course be completed before this one. All that are come back."""
    await cross(prerequisites.require, actor, course_id, required_id)
    return await cross(prerequisites.required, actor, course_id)


@router.delete("/prerequisites/{required_id}", status_code=204, responses=refuses(401, 404, 409))
async def release(course_id: UUID, required_id: UUID, actor: Program) -> None:
    """Lets a course be taken without that one."""
    await cross(prerequisites.release, actor, course_id, required_id)


@router.get("/invitation-links", responses=refuses(401, 404))
async def read_links(course_id: UUID, actor: Program) -> list[LinkLine]:
    """The invitation links into the present run, the newest first. Their addresses are not kept."""
    return await cross(invitation_links.links, actor, course_id)


@router.post("/invitation-links", responses=refuses(401, 404, 409))
async def make_link(course_id: UUID, given: NewLink, actor: Program) -> FreshLink:
    """Makes an invitation link. Its `address` is told this once."""
    uses = "" if given.uses is None else str(given.uses)
    return await cross(invitation_links.make, actor, course_id, label=given.label, days=str(given.days), uses=uses)


@router.delete("/invitation-links/{link_id}", status_code=204, responses=refuses(401, 404))
async def revoke_link(course_id: UUID, link_id: UUID, actor: Program) -> None:
    """Lets nobody in by a link any more. Who came by it stays."""
    await cross(invitation_links.revoke, actor, course_id, link_id)


@router.get("/invitations", responses=refuses(401, 404))
async def read_invited(course_id: UUID, actor: Program, page: Page = 1) -> InvitedPage:
    """The addresses that were invited and have not come, fifty a page, the last ones first."""
    return await cross(address_invitations.invited, actor, course_id, page)


@router.delete("/invitations/{invitation_id}", status_code=204, responses=refuses(401, 404))
async def take_back(course_id: UUID, invitation_id: UUID, actor: Program) -> None:
    """Takes an invitation back. The seat that it kept goes to whoever waits longest."""
    await cross(address_invitations.take_back, actor, course_id, invitation_id)


@router.post("/enrolment/list/preview", responses=refuses(401, 403, 404, 409))
async def preview_list(course_id: UUID, given: AddressList, actor: Program, page: Page = 1) -> ListPreview:
    """Says line by line what a list of addresses would do. Nothing is done; `seen` names what was seen."""
    return await cross(enrolling_many.preview, actor, course_id, given.text, page)


@router.post("/enrolment/list", responses=refuses(401, 403, 404, 409, 429))
async def enrol_list(course_id: UUID, given: SeenList, actor: Program) -> Done:
    """Enrols, or invites by mail, everybody on a list: exactly what its preview said, or nothing."""
    return await cross(enrolling_many.carry_out, actor, course_id, given.text, seen=given.seen)
