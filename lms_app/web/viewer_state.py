"""Who looks at the page: what the shells show of a person. Courtesy only: what somebody may do is decided by the Guard and the lookups."""

import reflex as rx


class ViewerState(rx.State):
    """The person in the top bar. The defaults are what is prerendered: nobody known yet."""

    ready: bool = False
    """Whether we know who looks, or that nobody is signed in."""
    signed_in: bool = False
    name: str = ""
    initials: str = ""
    is_student: bool = False
    is_instructor: bool = False
    is_admin: bool = False
    unread: int = 0
    """Notifications in the inbox that have not been opened."""
    toast: str = ""
    toast_tone: str = "note"
    """`note`, `ok`, `warn` or `bad`."""
    toast_href: str = ""
    """Where the toast leads, by words in `toast_action`; empty for nowhere."""
    toast_action: str = ""
    toast_number: int = 0
    """Grows with each toast, so that the same words twice are shown twice."""

    @rx.event
    def dismiss_toast(self) -> None:
        """Take the toast away before its six seconds are over."""
        self.toast = ""
