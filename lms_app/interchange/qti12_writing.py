"""Questions in QTI 1.2 as Common Cartridge has it: choices, true or false, a text, an essay."""

from collections.abc import Callable
from decimal import Decimal
from html import escape
from typing import Any

from lms_app.domain.assessments.types import TYPES
from lms_app.domain.content.rich_text import is_empty
from lms_app.interchange.made_questions import Unfit
from lms_app.interchange.neutral import Question
from lms_app.interchange.question_html import stem_html, text_html
from lms_app.words import QuestionType

_PROFILES = {
    QuestionType.SINGLE_CHOICE: "multiple_choice",
    QuestionType.TRUE_FALSE: "true_false",
    QuestionType.MULTIPLE_CHOICE: "multiple_response",
    QuestionType.SHORT_TEXT: "fib",
    QuestionType.ESSAY: "essay",
}


def item_xml(question: Question, lead: Callable[[str], str]) -> str:
    """The question as an `item`. `lead` leads the references in its HTML. Raises Unfit for a type that Common Cartridge does not have."""
    if question.type not in _PROFILES:
        raise Unfit("Common Cartridge has no such question.")
    body = TYPES[question.type].body.model_validate(question.body).model_dump(mode="json")
    return _Item(question, body, lead).xml()


class _Item:
    """One item being written."""

    def __init__(self, question: Question, body: dict[str, Any], lead: Callable[[str], str]) -> None:
        self.question, self.body, self.lead = question, body, lead
        self.feedback: list[tuple[str, str]] = []
        self.conditions: list[str] = []

    def xml(self) -> str:
        response = self._response()
        if (general := self.body.get("feedback")) and not is_empty(general):
            self.feedback.append(("general_fb", text_html(general)))
            shown = '<displayfeedback feedbacktype="Response" linkrefid="general_fb"/>'
            self.conditions.insert(0, f'<respcondition continue="Yes"><conditionvar><other/></conditionvar>{shown}</respcondition>')
        fields = {"cc_profile": f"cc.{_PROFILES[self.question.type]}.v0p1", "cc_weighting": self.question.points}
        if self.question.type == QuestionType.ESSAY:
            fields |= {"qmd_scoringpermitted": "Yes", "qmd_computerscored": "No"}
        facts = "".join(
            f"<qtimetadatafield><fieldlabel>{name}</fieldlabel><fieldentry>{escape(value)}</fieldentry></qtimetadatafield>"
            for name, value in fields.items()
        )
        said = "".join(
            f'<itemfeedback ident="{name}"><flow_mat><material>{self._text(html)}</material></flow_mat></itemfeedback>'
            for name, html in self.feedback
        )
        processing = (
            '<resprocessing><outcomes><decvar maxvalue="100" minvalue="0" varname="SCORE" vartype="Decimal"/></outcomes>'
            f"{''.join(self.conditions)}</resprocessing>"
            if self.conditions
            else ""
        )
        return (
            f'<item ident="{escape(self.question.ref)}" title="{escape(self.question.title)}"><itemmetadata><qtimetadata>{facts}</qtimetadata>'
            f"</itemmetadata><presentation><material>{self._text(stem_html(self.body['stem']['blocks']))}</material>{response}</presentation>"
            f"{processing}{said}</item>"
        )

    def _response(self) -> str:
        match self.question.type:
            case QuestionType.TRUE_FALSE:
                return self._true_false()
            case QuestionType.SINGLE_CHOICE | QuestionType.MULTIPLE_CHOICE:
                return self._choices(several=self.question.type == QuestionType.MULTIPLE_CHOICE)
            case QuestionType.SHORT_TEXT:
                return self._texts()
        return '<response_str ident="response1" rcardinality="Single"><render_fib/></response_str>'

    def _true_false(self) -> str:
        labels = "".join(
            f'<response_label ident="{name}"><material><mattext texttype="text/plain">{name.capitalize()}</mattext></material></response_label>'
            for name in ("true", "false")
        )
        self._say("true", self.body.get("feedback_true"))
        self._say("false", self.body.get("feedback_false"))
        self._earn(_equal("true" if self.body["answer"] else "false"), Decimal(100))
        return f'<response_lid ident="response1" rcardinality="Single"><render_choice>{labels}</render_choice></response_lid>'

    def _choices(self, *, several: bool) -> str:
        choices = {f"c{number}": choice for number, choice in enumerate(self.body["choices"], start=1)}
        labels = "".join(
            f'<response_label ident="{name}"><material>{self._text(text_html(choice["content"]))}</material></response_label>'
            for name, choice in choices.items()
        )
        for name, choice in choices.items():
            self._say(name, choice.get("feedback"))
        weights = {name: Decimal(choice["weight"]) for name, choice in choices.items()}
        if several:
            asked = "".join(_equal(name) if weight > 0 else f"<not>{_equal(name)}</not>" for name, weight in weights.items())
            self._earn(f"<and>{asked}</and>", Decimal(100))
        else:
            for name, weight in weights.items():
                if weight > 0:
                    self._earn(_equal(name), (weight * 100).quantize(Decimal("0.0001")))
        shuffle = ' shuffle="Yes"' if self.body.get("shuffle") else ""
        cardinality = "Multiple" if several else "Single"
        return f'<response_lid ident="response1" rcardinality="{cardinality}"><render_choice{shuffle}>{labels}</render_choice></response_lid>'

    def _texts(self) -> str:
        case = "Yes" if self.body.get("case_sensitive") else "No"
        for answer in self.body["answers"]:
            self._say(answer["text"], answer.get("feedback"), case=case)
        for answer in self.body["answers"]:
            if Decimal(answer["weight"]) > 0:
                self._earn(_equal(answer["text"], case=case), (Decimal(answer["weight"]) * 100).quantize(Decimal("0.0001")))
        return '<response_str ident="response1" rcardinality="Single"><render_fib prompt="Dashline"/></response_str>'

    def _say(self, value: str, feedback: Any, *, case: str = "") -> None:
        if not feedback or is_empty(feedback):
            return
        name = f"{len(self.feedback) + 1}_fb"
        self.feedback.append((name, text_html(feedback)))
        shown = f'<displayfeedback feedbacktype="Response" linkrefid="{name}"/>'
        self.conditions.append(f'<respcondition continue="Yes"><conditionvar>{_equal(value, case=case)}</conditionvar>{shown}</respcondition>')

    def _earn(self, test: str, score: Decimal) -> None:
        self.conditions.append(
            f'<respcondition continue="No"><conditionvar>{test}</conditionvar><setvar action="Set" varname="SCORE">{score.normalize():f}</setvar>'
            "</respcondition>"
        )

    def _text(self, html: str) -> str:
        return f'<mattext texttype="text/html">{escape(self.lead(html), quote=False)}</mattext>'


def _equal(value: str, *, case: str = "") -> str:
    noted = f' case="{case}"' if case else ""
    return f'<varequal respident="response1"{noted}>{escape(value, quote=False)}</varequal>'
