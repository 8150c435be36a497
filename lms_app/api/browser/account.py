"""What of one's own account wants the present password: changing it, and erasing the account."""

from fastapi import APIRouter, Response

from lms_app.adapters import passwords, storage, tokens
from lms_app.api.browser.signing_in import Form, Password, Said, SignedInAs
from lms_app.api.identity import SignedIn
from lms_app.crossing import cross
from lms_app.domain.actor import Actor
from lms_app.domain.people import addresses, erasing, profile
from lms_app.settings import get_settings

router = APIRouter()


class ChangePassword(Form):
    """The present password and the new one."""

    current: Password
    password: Password


class Erase(Form):
    """The present password."""

    current: Password


@router.post("/password")
async def change_password(form: ChangePassword, actor: SignedIn) -> Said:
    """Changes one's password and ends one's other log-ins."""
    addresses.checked_password(form.password)
    version = await _check(actor, form.current)
    hashed = await passwords.hashed(form.password)
    await cross(profile.change_password, actor, hashed, version=version)
    return Said(sentence="Your password is changed. Your other log-ins have ended.")


@router.post("/account/erase")
async def erase(form: Erase, actor: SignedIn, response: Response) -> SignedInAs:
    """Erases one's account for good."""
    version = await _check(actor, form.current)
    await cross(erasing.erase_oneself, actor, version=version, discard=storage.delete)
    response.delete_cookie(tokens.cookie_name(), path="/", secure=get_settings().secure_cookies, httponly=True, samesite="lax")
    return SignedInAs(next="/", seconds=0)


async def _check(actor: Actor, password: str) -> int:
    """The version of the present password, which was given right."""
    account = await cross(profile.present_password, actor)
    if not await passwords.matches(password, account.password_hash):
        await cross(profile.refuse_password, actor)
        raise profile.wrong_password()
    return account.version
