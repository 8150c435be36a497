"""The learning page: outline, article, what completes it, and the way on."""

import reflex as rx

from lms_app.domain.content.views import BlockView, Heading
from lms_app.domain.enrollments.views import OutlineLessonGroup, OutlineModuleGroup, OutlinePageLine, ProgressReason, QuizOnPage
from lms_app.web.components.buttons import button, link_button
from lms_app.web.components.dialogs import dialog
from lms_app.web.components.icons import icon
from lms_app.web.components.links import link, plain_link
from lms_app.web.components.meters import tick
from lms_app.web.components.outline import lesson_name, outline_head, outline_module, step
from lms_app.web.components.panels import facts
from lms_app.web.components.pills import pill
from lms_app.web.components.playing import playing
from lms_app.web.components.skeletons import loading, skeleton_article, skeleton_lines
from lms_app.web.components.talking import page_talk
from lms_app.web.layout import lesson_shell
from lms_app.web.student.learn_state import LearnState
from lms_app.web.student.reading import reading

page = LearnState.page


def learn_page() -> rx.Component:
    """Three columns; one on a phone, with the outline in a sheet."""
    return lesson_shell(
        rx.cond(LearnState.ready & (page != None), _article(), loading(skeleton_article())),  # noqa: E711 - becomes JavaScript
        outline=rx.cond(page != None, _outline(), skeleton_lines(12)),  # noqa: E711 - becomes JavaScript
        crumbs=[("Home", "/home"), (rx.cond(page != None, page.course, "Course"), "")],  # noqa: E711 - becomes JavaScript
        tools=rx.cond(LearnState.ready & (page != None), _tools(), rx.fragment()),  # noqa: E711 - becomes JavaScript
        phone_action=rx.cond(LearnState.ready & (page != None), _way_on(), rx.fragment()),  # noqa: E711 - becomes JavaScript
    )


def _article() -> rx.Component:
    return rx.el.article(
        rx.el.header(
            rx.el.p(
                page.module,
                rx.cond(page.lesson != page.title, rx.fragment(" · ", page.lesson), rx.fragment()),
                class_name="ly-article-kicker",
            ),
            rx.el.h1(page.title, class_name="ly-article-title"),
            rx.cond(page.locked, rx.fragment(), facts([icon("clock"), rx.el.span(page.minutes, " min")])),
            class_name="ly-article-head",
        ),
        rx.cond(
            page.locked,
            _lock(page.locked),
            rx.el.div(rx.foreach(page.blocks, _block), playing(page.blocks, page.page_id), class_name="ly-prose"),
        ),
        reading(
            page.page_id,
            open=~page.locked.bool(),
            watched=(page.rule == "read") & ~page.completed & ~page.locked.bool(),
            on_complete=LearnState.refresh,
            again_at=page.opens_again_at,
        ),
        rx.cond(page.locked, rx.el.footer(rx.el.span(), _way_on(), class_name="ly-finish"), _finish()),
        rx.el.nav(
            rx.cond(page.previous_link, _turn("Previous", page.previous_title, page.previous_link, "previous", "k"), rx.fragment()),
            rx.cond(
                page.next_link,
                _turn("Next", page.next_title, page.next_link, "next", "j"),
                rx.cond(page.next_locked, _locked_turn(), rx.fragment()),
            ),
            aria_label="Pages",
            class_name="ly-turns",
        ),
        rx.cond(page.locked, rx.fragment(), page_talk(page.page_id, LearnState.talk)),
    )


def _turn(words: str, title: rx.Var[str], href: rx.Var[str], way: str, key: str) -> rx.Component:
    return link(
        rx.el.small(words),
        rx.el.span(title),
        href=href,
        class_name="ly-turn",
        data_way=way,
        data_key=key,
        data_key_words=f"{words} page",
    )


def _lock(sentence: rx.Var[str]) -> rx.Component:
    return rx.el.p(icon("lock"), rx.el.span(sentence), class_name="ly-locked", role="status")


def _locked_turn() -> rx.Component:
    """The next page, which is not to be had yet."""
    return rx.el.div(rx.el.small("Next"), rx.el.span(page.next_title), _lock(page.next_locked), class_name="ly-turn", data_way="next", data_locked="")


def _block(block: BlockView) -> rx.Component:
    return rx.cond(
        block.kind == "quiz",
        rx.foreach(page.quizzes, lambda quiz: rx.cond(quiz.id == block.assessment, _quiz(quiz), rx.fragment())),
        rx.html(block.html, key=block.id),
    )


def _quiz(quiz: QuizOnPage) -> rx.Component:
    return rx.el.section(
        rx.el.div(
            rx.el.p(rx.cond(quiz.practice, "Practice", "Quiz"), class_name="ly-caption"),
            rx.el.h2(quiz.title, class_name="ly-feature-title"),
            rx.el.p(
                quiz.questions,
                rx.cond(quiz.questions == 1, " question. ", " questions. "),
                quiz.rule_sentence,
                class_name="ly-second",
            ),
            rx.cond(
                quiz.done,
                pill("Done", "ok", icon="check"),
                rx.cond(quiz.best_percent != None, pill(rx.fragment("Best ", quiz.best_percent, "\u00a0%")), rx.fragment()),  # noqa: E711 - becomes JavaScript
            ),
            rx.cond(quiz.locked, _lock(quiz.locked), rx.fragment()),
            class_name="ly-feature-words",
        ),
        rx.cond(
            quiz.locked,
            rx.fragment(),
            link_button(
                rx.cond(quiz.done, "Open quiz", rx.cond(quiz.practice, "Practise", "Start quiz")),
                quiz.link,
                kind="default",
                icon_end="arrow-right",
            ),
        ),
        class_name="ly-feature ly-sans",
        key=quiz.id,
    )


def _finish() -> rx.Component:
    """What completes the page, said beside it, and the one thing to do next."""
    return rx.el.footer(
        rx.el.p(
            tick(rx.cond(page.completed, "done", "none")),
            rx.el.span(
                rx.cond(page.completed, "This page is done.", page.rule_sentence),
                rx.cond(page.course_completed, rx.fragment(" You have completed this course."), rx.fragment()),
                rx.cond(page.certificate_missing, rx.fragment(" For its certificate: ", page.certificate_missing.join(" ")), rx.fragment()),
                rx.cond(page.ended != "", rx.fragment(" ", page.ended), rx.fragment()),
            ),
            class_name="ly-finish-rule",
            role="status",
        ),
        _way_on(),
        class_name="ly-finish",
    )


def _way_on() -> rx.Component:
    return rx.cond(
        (page.rule == "manual") & ~page.completed & ~page.locked.bool() & (page.ended == ""),
        button("Mark complete", kind="primary", icon="check", on_click=LearnState.mark_complete, data_key="m", data_key_words="Mark complete"),
        rx.cond(
            page.onward_link,
            link_button(rx.cond(page.next_link, "Next page", "Next open page"), page.onward_link, kind="primary", icon_end="arrow-right"),
            rx.cond(
                page.course_completed,
                rx.cond(
                    page.certificate_missing,
                    link_button("See your grades", rx.Var.create("/grades/") + page.slug, kind="primary"),
                    link_button("See your certificates", "/my/certificates", kind="primary", icon="award"),
                ),
                link_button("Back to the course", rx.Var.create("/courses/") + page.slug, kind="primary"),
            ),
        ),
    )


def _outline() -> rx.Component:
    return rx.fragment(
        outline_head(
            page.course,
            page.percent,
            rx.el.span(page.done, " of ", page.total, " steps done"),
            href=rx.Var.create("/courses/") + page.slug,
        ),
        button(
            rx.fragment("Why ", page.percent, "\u00a0%?"),
            kind="ghost",
            size="s",
            icon="circle-help",
            opens="why",
            on_click=LearnState.explain,
        ),
        rx.foreach(page.modules, _module),
        _why(),
    )


def _module(module: OutlineModuleGroup) -> rx.Component:
    return outline_module(
        rx.fragment(module.number, " · ", module.title),
        rx.foreach(module.lessons, _lesson),
        opened=module.current,
        count=rx.cond(module.done, "Done", ""),
        locked=module.locked,
    )


def _lesson(lesson: OutlineLessonGroup) -> rx.Component:
    return rx.cond(
        lesson.pages.length() > 0,
        rx.fragment(lesson_name(lesson.title, locked=lesson.locked), rx.foreach(lesson.pages, _page)),
        step(lesson.title, lesson.link, state=_state(lesson.mark), current=lesson.current, length=lesson.note, locked=lesson.locked, key=lesson.id),
    )


def _page(line: OutlinePageLine) -> rx.Component:
    return step(line.title, line.link, state=_state(line.mark), current=line.current, length=line.note, locked=line.locked, sub=True, key=line.id)


def _state(mark: rx.Var | str) -> rx.Var:
    return rx.cond(mark == "open", "none", mark)


def _tools() -> rx.Component:
    return rx.cond(
        page.headings.length() > 1,
        rx.el.nav(
            rx.el.p("On this page", class_name="ly-caption"),
            rx.el.ul(rx.foreach(page.headings, _heading)),
            aria_label="On this page",
            class_name="ly-toc",
        ),
        rx.fragment(),
    )


def _heading(heading: Heading) -> rx.Component:
    return rx.el.li(plain_link(heading.text, href=rx.Var.create("#") + heading.anchor, class_name=""), data_level=heading.level.to_string())


def _why() -> rx.Component:
    why = LearnState.why
    return dialog(
        "why",
        rx.cond(why != None, rx.fragment("Why ", why.percent, "\u00a0%?"), "Why?"),  # noqa: E711 - becomes JavaScript
        rx.cond(
            why != None,  # noqa: E711 - becomes JavaScript
            rx.fragment(
                rx.el.p(why.sentence),
                rx.cond(why.certificate_sentence, rx.el.p(why.certificate_sentence, " ", why.certificate_missing.join(" ")), rx.fragment()),
                rx.el.ul(rx.foreach(why.reasons, _reason), class_name="ly-reasons"),
            ),
            skeleton_lines(5),
        ),
        actions=[button("Close", closes="why")],
        wide=True,
    )


def _reason(reason: ProgressReason) -> rx.Component:
    return rx.el.li(
        tick(rx.cond(reason.done, "done", "none")),
        rx.el.div(
            link(reason.title, href=reason.link),
            rx.el.p(reason.sentence, rx.cond(reason.when, rx.fragment(" ", reason.when, "."), rx.fragment()), class_name="ly-small"),
        ),
        key=reason.id,
    )
