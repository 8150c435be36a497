"""What is shown of what people say. Moments are in the reader's zone, in words; `at` is ISO 8601."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class ThreadLine:
    """A thread in a list. `page_link` and `page` are said where the list is of a whole course; `reports` only to who moderates."""

    id: str
    title: str
    author: str
    when: str
    at: str
    replies: int
    answered: bool
    waits: bool
    """Whether neither the staff has replied nor an answer was accepted since it was asked last."""
    closed: bool
    removed: bool
    page: str = ""
    reports: int = 0


@dataclass(frozen=True, kw_only=True)
class Discussion:
    """A page of the threads of a page or a course, those that moved last first. `why_not` says why the reader may not write, "" where they may;
    `people` are those who can be mentioned in a new thread."""

    threads: list[ThreadLine]
    total: int
    page: int
    pages: int
    why_not: str
    moderates: bool
    people: list[str]


@dataclass(frozen=True, kw_only=True)
class PostView:
    """One post. `text` is its Markdown for whoever may change it, "" for others; `removed` says why there is nothing to read."""

    id: str
    author: str
    staff: bool
    own: bool
    when: str
    at: str
    html: str
    text: str
    edited: bool
    removed: str
    accepted: bool
    reports: list[str]
    """Why it was reported, said to who moderates."""


@dataclass(frozen=True, kw_only=True)
class ThreadView:
    """A thread, whole. `accepts` says whether the reader may accept an answer, `follows` whether they hear of replies;
    who does not take part only reads."""

    id: str
    title: str
    page: str
    page_id: str
    link: str
    posts: list[PostView]
    people: list[str]
    takes_part: bool
    follows: bool
    accepts: bool
    moderates: bool
    closed: bool
    removed: bool
    why_not: str


@dataclass(frozen=True, kw_only=True)
class AnnouncementView:
    """An announcement. `text` is its Markdown for whoever may change it, "" for others; `run` names the run that it is for, "" for all."""

    id: str
    title: str
    author: str
    when: str
    at: str
    html: str
    text: str
    edited: bool
    run: str


@dataclass(frozen=True, kw_only=True)
class ThreadHead:
    """Where a thread stands, for the page around it. `back` leads to the page that it is about, or for staff to the threads of the course."""

    id: str
    page_id: str
    course: str
    course_link: str
    back: str
    back_words: str
    staff: bool


@dataclass(frozen=True, kw_only=True)
class CourseTitle:
    """A course, and what the reader is on its staff."""

    id: str
    title: str
    role: str


@dataclass(frozen=True, kw_only=True)
class RunChoice:
    """A run that an announcement may be for."""

    id: str
    title: str


@dataclass(frozen=True, kw_only=True)
class AnnouncementPage:
    """A page of the announcements of a course, newest first. `runs` are told to who may write one, where there are several."""

    course_id: str
    course: str
    slug: str
    lines: list[AnnouncementView]
    may_write: bool
    runs: list[RunChoice]
    total: int
    page: int
    pages: int
