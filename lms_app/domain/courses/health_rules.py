"""What can be wrong with a course: every check by its code, how grave it is, its sentence and what to do about it. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from lms_app.words import NodeKind, Severity

RULES_VERSION = 1
"""Grows with every change of a check of single nodes: courses that were looked through by earlier ones are looked through anew."""

LONGEST_DETAIL = 120
"""Characters of a title or of words that a sentence quotes."""

ERROR, WARNING, HINT = Severity.ERROR, Severity.WARNING, Severity.HINT


@dataclass(frozen=True, kw_only=True)
class Check:
    """One thing to look for. `sentence` has the names of a finding's details in braces; `advice` says what to do."""

    severity: Severity
    purpose: str
    sentence: str
    advice: str


def _check(severity: Severity, purpose: str, sentence: str, advice: str) -> Check:
    return Check(severity=severity, purpose=purpose, sentence=sentence, advice=advice)


PAGE_CHECKS: dict[str, Check] = {
    "page_empty": _check(WARNING, "A page with nothing to read or do.", "This page is empty.", "Write something on it, or archive it."),
    "page_unparted": _check(
        HINT,
        "A long page that headings would help to find one's way in.",
        "This page has {words} words and no heading.",
        "Part it by headings, or into several pages.",
    ),
    "heading_skipped": _check(
        WARNING,
        "Headings that leave out a level, by which screen readers step through a page.",
        "The heading “{words}” is of level {level}, and the one before it of level {before}.",
        "Make it level {wanted}.",
    ),
    "picture_without_description": _check(
        WARNING,
        "A picture that somebody who does not see it learns nothing of.",
        "A picture has no description.",
        "Say in words what it shows, or mark it as decorative.",
    ),
    "description_is_a_file_name": _check(
        WARNING,
        "A description that only names the file.",
        "The description of a picture is “{words}”, the name of a file.",
        "Say in words what the picture shows.",
    ),
    "video_without_captions": _check(
        WARNING, "A video that cannot be followed without sound.", "{name} has no captions.", "Add captions, a WebVTT file in the language spoken."
    ),
    "video_without_transcript": _check(
        HINT, "A video whose words cannot be read or searched.", "{name} has no transcript.", "Add a transcript beside the video."
    ),
    "media_without_title": _check(
        HINT,
        "Something to play or open whose name nobody can tell.",
        "A {what} has no title.",
        "Give it a title, so that everybody knows what opens.",
    ),
    "link_says_nothing": _check(
        WARNING,
        "A link whose words do not say where it leads.",
        "A link reads “{words}”.",
        "Let its words name what is there.",
    ),
    "link_unprotected": _check(
        HINT,
        "An address outside that is not encrypted.",
        "“{address}” begins with http://, which others on the way can read and change.",
        "Use its https:// address, if it has one.",
    ),
    "html_left_over": _check(
        HINT,
        "HTML of an import, which the editor cannot show as blocks.",
        "A block is HTML that was left from an import.",
        "Write it anew as blocks, so that it looks like the rest and can be edited.",
    ),
    "frame_not_allowed": _check(
        WARNING,
        "A page from elsewhere that is shown as a link, because its host is not on the list.",
        "“{host}” may not be shown inside a page; students see a link to it.",
        "Leave it as a link, or ask whoever runs Lyceum to allow the host.",
    ),
    "table_without_head": _check(
        WARNING,
        "A table whose cells a screen reader cannot name.",
        "A table has no head cells.",
        "Make its first row, or first column, a head.",
    ),
    "file_missing": _check(
        ERROR,
        "A picture, recording or file that is not there.",
        "A file that is shown here is not in the course.",
        "Put the file in again, or take this out.",
    ),
    "address_missing": _check(
        ERROR, "A video or frame without anything to load.", "A {what} has neither a file nor an address.", "Give it one, or take it out."
    ),
    "link_to_nothing": _check(
        ERROR, "A link to a page that is not in the course any more.", "A link leads to a page that is not in this course.", "Link to another page."
    ),
    "link_to_hidden_page": _check(
        WARNING,
        "A link that students cannot follow, for they do not see the page.",
        "A link leads to “{title}”, which students cannot see.",
        "Publish that page, or link to another.",
    ),
    "quiz_missing": _check(
        ERROR,
        "The place of a quiz that is gone.",
        "The quiz that stands here is not in the course any more.",
        "Take the block out, or add another quiz.",
    ),
}

QUESTION_CHECKS: dict[str, Check] = {
    "question_without_key": _check(
        ERROR, "A question that no answer to is right.", "This question cannot be graded: {reason}", "Open it, say what is right, and save it."
    ),
    "question_empty": _check(ERROR, "A question that asks nothing.", "This question asks nothing.", "Write what is asked."),
    "wrong_for_some": _check(
        ERROR,
        "A question that cannot be answered with some of the numbers that may be drawn.",
        "For some students this question goes wrong. {reason}",
        "Draw other numbers, or allow a wider tolerance.",
    ),
    "nothing_to_show_as_right": _check(
        HINT,
        "A question with patterns only, so that no right answer can be shown to anybody.",
        "Every right answer of this question is a pattern, so nobody can be shown one.",
        "Add the usual right answer as it is spelt.",
    ),
    "choices_equal": _check(WARNING, "Two choices that nobody can tell apart.", "Two choices say “{words}”.", "Change one of them, or take it out."),
    "every_choice_right": _check(
        WARNING, "A question that cannot be answered wrong.", "Every choice of this question is right.", "Add a choice that is wrong."
    ),
}

QUIZ_CHECKS: dict[str, Check] = {
    "quiz_without_questions": _check(
        ERROR, "A quiz that cannot be taken.", "This quiz has no questions, so students do not see it.", "Add a question or a pool."
    ),
    "quiz_worth_nothing": _check(
        ERROR,
        "A quiz that counts and gives no points.",
        "All questions of this quiz together are worth nothing.",
        "Say what its questions are worth.",
    ),
    "pass_mark_unreachable": _check(
        ERROR,
        "A quiz that nobody can pass, so that a rule can never be met.",
        "To pass takes {mark}, and the best answers together earn {best}.",
        "Mend the questions that cannot be graded, or lower the pass mark.",
    ),
    "pool_too_small": _check(
        ERROR,
        "A pool that asks for more questions than it can draw.",
        "A pool asks for {wanted} questions and finds {found}.",
        "Ask for fewer, or put more questions into its category.",
    ),
    "quiz_never_open": _check(
        ERROR,
        "A quiz whose dates lie outside those of the course.",
        "This quiz {when}.",
        "Change the dates of the quiz, or those of the course.",
    ),
    "quiz_over": _check(
        ERROR,
        "A required quiz that is closed, so that a rule can never be met.",
        "This quiz is closed, and the course cannot be completed without it.",
        "Let it close later, or not at all; or make it a practice quiz.",
    ),
    "quiz_nowhere": _check(HINT, "A quiz that stands on no page.", "No student comes to this quiz: it stands on no page.", "Place it on a page."),
    "quiz_hidden": _check(
        WARNING,
        "A quiz on a page that students see, and they do not see the quiz.",
        "Students see the page and not this quiz on it.",
        "Publish the quiz, or take it off the page.",
    ),
}

COURSE_CHECKS: dict[str, Check] = {
    "module_empty": _check(WARNING, "A module without lessons.", "This module has no lessons.", "Add a lesson, or archive the module."),
    "lesson_empty": _check(WARNING, "A lesson without pages.", "This lesson has no pages.", "Add a page, or archive the lesson."),
    "lesson_hidden": _check(
        WARNING,
        "A lesson of which students see nothing.",
        "Students do not see this lesson: none of its pages is published.",
        "Publish a page of it, or archive it.",
    ),
    "changes_wait": _check(
        WARNING,
        "Changes that were not published for a week.",
        "This has changes since {when} that students do not see.",
        "Publish them, or take them back.",
    ),
    "required_page_hidden": _check(
        WARNING,
        "A page that is required and that students cannot see, so that nobody can complete it.",
        "This page is required to complete the course, and students cannot see it.",
        "Publish it, or do not require it.",
    ),
    "never_opens": _check(
        ERROR,
        "A part of the course whose availability can never be met, so that no student ever comes to it.",
        "No student can ever open this: {why}.",
        "Let it wait for something else, or take the condition away.",
    ),
    "certificate_for_nothing": _check(
        ERROR,
        "A certificate that can never be earned, for there is nothing to complete.",
        "The course offers a certificate, and nothing that students see is required for it.",
        "Require a page or a quiz, or offer no certificate.",
    ),
    "grade_for_nothing": _check(
        ERROR,
        "A certificate that asks for a grade in a course where nothing is graded.",
        "The certificate asks for a grade of {least}, and nothing in this course is graded.",
        "Let a quiz count, add a column to the gradebook, or ask for no grade.",
    ),
    "certificate_quiz_hidden": _check(
        WARNING,
        "A quiz that a certificate asks to pass, and that students do not see.",
        "The certificate asks to pass a quiz that students do not see: it is given without it.",
        "Publish the quiz and its page, or ask for another one.",
    ),
    "course_without_summary": _check(
        HINT, "A course that the catalogue says nothing about.", "The catalogue says nothing about this course.", "Write a summary in its settings."
    ),
    "titles_equal": _check(
        HINT, "Two pages of a lesson that an outline cannot tell apart.", "Two pages of this lesson are called “{title}”.", "Rename one of them."
    ),
}

STATISTICS_CHECKS: dict[str, Check] = {
    "nobody_right": _check(
        WARNING,
        "A question that nobody gets right.",
        "None of {answered} answers to this question earned anything.",
        "Look whether its key is right and whether the course teaches it.",
    ),
    "everybody_right": _check(
        HINT,
        "A question that everybody gets right.",
        "All {answered} answers to this question earned everything.",
        "Keep it to encourage; to tell students apart, make it harder.",
    ),
    "better_students_do_worse": _check(
        WARNING,
        "A question that students who know more get wrong more often.",
        "Who does well in the rest of the quiz does worse in this question (item-rest correlation {rest}).",
        "Look for a wrong key or words that mislead.",
    ),
}

CHECKS: dict[str, Check] = {**PAGE_CHECKS, **QUESTION_CHECKS, **QUIZ_CHECKS, **COURSE_CHECKS, **STATISTICS_CHECKS}


@dataclass(frozen=True, kw_only=True)
class Finding:
    """Something to mend at a node: which check, at which node, in which block of it ("" for the whole), and what its sentence quotes."""

    code: str
    kind: NodeKind
    node: UUID
    block: str = ""
    details: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def severity(self) -> Severity:
        """How grave it is."""
        return CHECKS[self.code].severity

    @property
    def sentence(self) -> str:
        """What is wrong, for whoever mends it."""
        said = CHECKS[self.code].sentence.format(**self.details)
        more = int(self.details.get("more", "0"))
        return f"{said} The same {more} more {'time' if more == 1 else 'times'} in this place." if more else said

    @property
    def advice(self) -> str:
        """What to do."""
        return CHECKS[self.code].advice.format(**self.details)


def found(code: str, kind: NodeKind, node: UUID, block: str = "", **details: object) -> Finding:
    """A finding whose details are cut to what a sentence can carry."""
    return Finding(code=code, kind=kind, node=node, block=block, details={name: cut(str(value)) for name, value in details.items()})


def cut(words: str) -> str:
    """At most `LONGEST_DETAIL` characters of words."""
    return words if len(words) <= LONGEST_DETAIL else words[: LONGEST_DETAIL - 1].rstrip() + "…"


def each_once(findings: Iterable[Finding]) -> list[Finding]:
    """The findings with one for each check and place: the first, which counts the others."""
    kept: dict[tuple[UUID, str, str], list[Finding]] = {}
    for finding in findings:
        kept.setdefault((finding.node, finding.code, finding.block), []).append(finding)
    return [
        same[0]
        if len(same) == 1
        else Finding(
            code=same[0].code, kind=same[0].kind, node=same[0].node, block=same[0].block, details={**same[0].details, "more": str(len(same) - 1)}
        )
        for same in kept.values()
    ]
