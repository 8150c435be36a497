"""Signing in and out, and staying signed in: what sets, renews and takes away the cookie."""

from typing import Annotated

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from lms_app.adapters import passwords, tokens
from lms_app.api.sign_in import browser_of, network_of
from lms_app.api.sign_in import sign_in as password_sign_in
from lms_app.crossing import actor_by_login, cross_plain
from lms_app.domain.enrollments import arriving
from lms_app.domain.people import addresses, links, registration, resetting, signing_in
from lms_app.domain.people.signing_in import Grant
from lms_app.errors import NotSignedIn
from lms_app.settings import get_settings
from lms_app.words import LinkPurpose

router = APIRouter()

Email = Annotated[str, Field(max_length=300)]
Password = Annotated[str, Field(max_length=2000)]
Secret = Annotated[str, Field(min_length=10, max_length=100)]


class Form(BaseModel):
    """What a page sends. Unknown fields are refused."""

    model_config = ConfigDict(extra="forbid")


class SignIn(Form):
    """The sign-in form."""

    email: Email
    password: Password


class Register(Form):
    """The registration form."""

    name: Annotated[str, Field(max_length=500)]
    email: Email
    teach: bool = False
    time_zone: Annotated[str, Field(max_length=60)] = "UTC"
    invitation: Annotated[str, Field(max_length=100)] = ""


class Ask(Form):
    """Who has forgotten a password."""

    email: Email


class NewPassword(Form):
    """A mailed link and the password that its holder chooses."""

    secret: Secret
    password: Password


class SignedInAs(BaseModel):
    """Where to go next, and how long the cookie's token is good, in seconds."""

    next: str
    seconds: int


class Said(BaseModel):
    """A sentence for the page to show."""

    sentence: str
    mailbox: str = ""
    """Where this demo's mail can be read, if it is one."""


@router.post("/sign-in")
async def sign_in(form: SignIn, request: Request, response: Response) -> SignedInAs:
    """Signs in by password."""
    return _let_in(response, await password_sign_in(form.email, form.password, network=network_of(request), browser=browser_of(request)))


@router.post("/refresh")
async def refresh(request: Request, response: Response) -> SignedInAs:
    """Renews the cookie. A page asks under a lock of the browser, so that its tabs ask once."""
    token = tokens.token_in_cookies(request.headers.get("cookie", ""))
    claims = tokens.verify(token, allow_expired=True)
    grant = await cross_plain(lambda session: signing_in.renew(session, claims.login_id, claims.token_id))
    if grant is None:
        raise NotSignedIn
    return _let_in(response, grant)


@router.post("/sign-out")
async def sign_out(request: Request, response: Response) -> Said:
    """Ends this browser's login, also when its token's time is over."""
    try:
        claims = tokens.verify(tokens.token_in_cookies(request.headers.get("cookie", "")), allow_expired=True)
        actor = await actor_by_login(claims.login_id)
    except NotSignedIn:
        actor = None
    if actor is not None:
        await cross_plain(lambda session: signing_in.sign_out(session, actor))
    response.delete_cookie(tokens.cookie_name(), path="/", secure=get_settings().secure_cookies, httponly=True, samesite="lax")
    return Said(sentence="You are signed out.")


@router.post("/register")
async def register(form: Register, request: Request) -> Said:
    """Asks for an account. The answer is the same whether the address has one or not."""
    addresses.refuse_together(lambda: addresses.clean_name(form.name), lambda: addresses.clean_email(form.email))
    network = network_of(request)
    await cross_plain(lambda session: resetting.slow_down(session, form.email, network))
    await cross_plain(
        lambda session: registration.request(
            session, name=form.name, email=form.email, wants_to_teach=form.teach, time_zone=form.time_zone, invitation=form.invitation
        )
    )
    return Said(sentence="We sent you a mail. Open the link in it within 24 hours to finish.", mailbox=_mailbox())


@router.post("/confirm")
async def confirm(form: NewPassword, request: Request, response: Response) -> SignedInAs:
    """Makes the account that a mailed link confirms, with the password that the link's holder chooses, and signs in. Leads to the course that they
    were invited to, if they were."""
    hashed = await _hashed(form, LinkPurpose.CONFIRM)
    network, browser = network_of(request), browser_of(request)

    def make(session) -> tuple[Grant, str]:  # pyright: ignore[reportMissingParameterType]
        person_id = registration.confirm(session, form.secret, hashed)
        email = registration.email_of(session, person_id)
        grant = signing_in.begin(session, person_id, email=email, network=network, browser=browser)
        return grant, arriving.first_page(session, person_id)

    grant, first = await cross_plain(make)
    return _let_in(response, grant, first)


@router.post("/reset")
async def ask_reset(form: Ask, request: Request) -> Said:
    """Mails a link to set a new password, if the address has an account."""
    network = network_of(request)
    await cross_plain(lambda session: resetting.ask(session, form.email, network))
    return Said(sentence="If this address has an account, we sent it a mail. The link in it works for 30 minutes.", mailbox=_mailbox())


@router.post("/reset/new")
async def reset(form: NewPassword) -> Said:
    """Sets a new password by a mailed link."""
    hashed = await _hashed(form, LinkPurpose.RESET)
    await cross_plain(lambda session: resetting.reset(session, form.secret, hashed))
    return Said(sentence="Your new password is set, and you are signed out everywhere. Sign in with it.")


async def _hashed(form: NewPassword, purpose: LinkPurpose) -> str:
    """The hash of the password chosen with a link. A link that does not work costs no hashing."""
    addresses.checked_password(form.password)
    await cross_plain(lambda session: links.must_be_good(session, purpose, form.secret))
    return await passwords.hashed(form.password)


def _mailbox() -> str:
    return "/mailbox" if get_settings().shows_mailbox else ""


def _let_in(response: Response, grant: Grant, first: str = "/home") -> SignedInAs:
    token = tokens.sign(login_id=grant.login_id, person_id=grant.person_id, token_id=grant.token_id, issued_at=grant.issued_at)
    response.set_cookie(
        tokens.cookie_name(),
        token,
        max_age=int(signing_in.LOGIN_LIFE.total_seconds()),
        path="/",
        secure=get_settings().secure_cookies,
        httponly=True,
        samesite="lax",
    )
    return SignedInAs(next=first, seconds=int(tokens.LIFE.total_seconds()))
