"""The one family of errors that carry a sentence for the reader. Anything else is a fault and shows a reference number.

`Undelivered` is of another kind: it tells the job that sends why nothing was taken.
"""


class LmsError(Exception):
    """A refusal in the reader's language. `status` is the HTTP status of the same refusal."""

    status = 400
    slug = "refused"

    def __init__(self, sentence: str, *, fields: dict[str, str] | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.fields = fields or {}


class Invalid(LmsError):
    """What was given cannot be taken. `fields` maps a field's name to what is wrong with it."""

    status = 422
    slug = "invalid"


class NotSignedIn(LmsError):
    """Nobody is signed in, or the login has ended."""

    status = 401
    slug = "not-signed-in"

    def __init__(self, sentence: str = "Sign in to go on.") -> None:
        super().__init__(sentence)


class NotAllowed(LmsError):
    """The account lacks the capability as a whole. For a single row, use NotFound."""

    status = 403
    slug = "not-allowed"

    def __init__(self, sentence: str = "Your account may not do this.") -> None:
        super().__init__(sentence)


class NotFound(LmsError):
    """There is no such thing that the actor may see."""

    status = 404
    slug = "not-found"

    def __init__(self, sentence: str = "This does not exist, or is not open to you.") -> None:
        super().__init__(sentence)


class Conflict(LmsError):
    """Somebody else changed it first, or it is no longer in a state that allows this."""

    status = 409
    slug = "conflict"


class Locked(Conflict):
    """It is not open to the actor yet, or no more. The sentence says when it opens."""

    slug = "locked"


class LimitReached(LmsError):
    """A limit of the course, the quiz or the installation is reached."""

    status = 409
    slug = "limit-reached"


class TooLarge(LmsError):
    """An upload is over the limit."""

    status = 413
    slug = "too-large"


class TooMany(LmsError):
    """Too many tries. `retry_after` is in whole seconds."""

    status = 429
    slug = "too-many"

    def __init__(self, sentence: str, *, retry_after: int) -> None:
        super().__init__(sentence)
        self.retry_after = retry_after


class Undelivered(Exception):
    """A mail or a message that was not taken. `reason` holds no personal data. `for_good`: trying again is in vain. `gone`: so it is for whatever is
    sent to this address."""

    def __init__(self, reason: str, *, for_good: bool = False, gone: bool = False) -> None:
        super().__init__(reason)
        self.reason, self.for_good, self.gone = reason, for_good, gone
