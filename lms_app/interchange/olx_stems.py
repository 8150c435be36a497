"""What a response of an OLX problem asks: the text around and in it, without its answers and without the other responses."""

from collections.abc import Sequence

from lxml import etree

from lms_app.interchange.xml import words

_BLANK, _OTHER_BLANK = " ____ ", " … "
_LEFT_OUT = {
    "script", "solution", "solutionset", "demandhint", "hintgroup", "hintpart", "choicehint", "optionhint", "correcthint", "stringequalhint",
    "compoundhint", "responseparam", "additional_answer", "answer", "startouttext", "endouttext", "style", "link",
}  # fmt: skip
_INPUTS = {
    "choicegroup", "checkboxgroup", "radiogroup", "optioninput", "textline", "formulaequationinput", "textbox", "filesubmission", "imageinput",
    "jsinput", "schematic", "annotationinput", "numericalinput", "crystallography", "vsepr_input", "chemicalequationinput", "designprotein2dinput",
    "editageneinput", "editamoleculeinput", "javascriptinput", "choicetextgroup", "radiotextgroup", "checkboxtextgroup", "codeinput", "matlabinput",
}  # fmt: skip
_INLINE_PARENTS = {"p", "span", "td", "th", "li", "b", "i", "strong", "em", "dd", "dt"}
_SEEN_EMPTY = {"img", "br", "hr", "iframe", "video", "audio", "object", "embed", "source", "td", "th"}
_RENAMED = {"label": "p", "center": "div", "legend": "p", "problem": "div", "text": "div", "section": "div"}

Segment = tuple[str, int]


def stem_html(problem: etree._Element, units: Sequence[etree._Element], number: int) -> str:
    """The HTML of what unit `number` asks.

    Text stands with the response that follows it; what stands before all of them is shown with each, where the first response has a label
    of its own; responses that share a table or a paragraph each show it, with a blank for their own place.
    """
    frame = _shared_frame(units[number], units)
    if frame is None:
        return _html(_Copy(units, _wanted(units, number), {}).of(problem))
    inside = [index for index, unit in enumerate(units) if frame in (unit, *unit.iterancestors())]
    marks = {units[index]: _BLANK if index == number else _OTHER_BLANK for index in inside}
    copy = _Copy(units, _wanted(units, inside[0]) | {("in", index) for index in inside} | {("after", index) for index in inside[:-1]}, marks)
    copy.own_row = _row_of(units[number], frame)
    copy.frame = frame
    return _html(copy.of(problem))


def gapped_html(problem: etree._Element, units: Sequence[etree._Element]) -> str:
    """The HTML of the whole problem with `[[1]]` in the place of its first unit, and so on."""
    wanted = {(where, number) for number in range(-1, len(units)) for where in ("in", "after")}
    return _html(_Copy(units, wanted, {unit: f"[[{number}]]" for number, unit in enumerate(units, start=1)}).of(problem))


def opening_html(problem: etree._Element, units: Sequence[etree._Element]) -> str:
    """The HTML of what stands before the first unit."""
    return _html(_Copy(units, {("after", -1)}, {}).of(problem))


def _wanted(units: Sequence[etree._Element], number: int) -> set[Segment]:
    """The stretches of the problem that a unit shows."""
    wanted: set[Segment] = {("in", number), ("after", number - 1)}
    if number and speaks(units[0]):
        wanted.add(("after", -1))
    if number == len(units) - 1:
        wanted.add(("after", number))
    return wanted


def speaks(unit: etree._Element) -> bool:
    """Whether the response itself says what it asks."""
    return any(str(child.tag) in ("label", "p", "div", "legend") and words(child) for child in unit)


def _shared_frame(unit: etree._Element, units: Sequence[etree._Element]) -> etree._Element | None:
    """The table or paragraph in which several units stand, this one among them."""
    for above in unit.iterancestors("table", "p", "ul", "ol", "dl"):
        if sum(1 for other in units if above in other.iterancestors()) > 1:
            return above
    return None


def _row_of(unit: etree._Element, frame: etree._Element) -> etree._Element | None:
    return next((above for above in unit.iterancestors("tr") if frame in above.iterancestors()), None)


class _Copy:
    """Copies a problem, keeping the wanted stretches. A stretch is the inside of a unit, or what follows one (-1: the beginning)."""

    def __init__(self, units: Sequence[etree._Element], wanted: set[Segment], marks: dict[etree._Element, str]) -> None:
        self._numbers = {unit: index for index, unit in enumerate(units)}
        self._wanted = wanted
        self._marks = marks
        self._now: Segment = ("after", -1)
        self.own_row: etree._Element | None = None
        self.frame: etree._Element | None = None

    def of(self, element: etree._Element) -> etree._Element:
        """The copy of an element with what is wanted of its inside."""
        copy = etree.Element(_name(element))
        for name, value in element.attrib.items():
            copy.set(name, value)
        self._say(copy, element.text)
        for child in element:
            self._child(copy, element, child)
            self._say(copy, child.tail)
        return copy

    def _child(self, copy: etree._Element, parent: etree._Element, child: etree._Element) -> None:
        tag = str(child.tag)
        if child in self._numbers:
            self._unit(copy, child)
        elif tag in _LEFT_OUT or self._is_row_of_others(child):
            self._pass_over(child)
        elif tag in _INPUTS:
            self._input(copy, parent, child)
        else:
            inner = self.of(child)
            if tag == "description":
                inner = _within("p", inner, "em")
            if tag == "clarification":
                inner.tag = "em"
                inner.text = f" ({inner.text or ''}"
                etree.SubElement(inner, "span").text = ")"
            if _is_worth_keeping(inner, self._now in self._wanted):
                copy.append(inner)

    def _unit(self, copy: etree._Element, unit: etree._Element) -> None:
        number = self._numbers[unit]
        self._now = ("in", number)
        if unit in self._marks:
            mark = etree.SubElement(copy, "strong" if self._marks[unit] == _BLANK else "span")
            mark.text = self._marks[unit].strip()
        elif str(unit.tag) == "optioninput":
            pass
        elif self._now in self._wanted:
            inner = self.of(unit)
            inner.tag = "span" if str(copy.tag) in _INLINE_PARENTS else "div"
            inner.attrib.clear()
            if str(copy.tag) in _INLINE_PARENTS and not words(inner):
                inner.text = _BLANK
            copy.append(inner)
        self._now = ("after", number)

    def _input(self, copy: etree._Element, parent: etree._Element, element: etree._Element) -> None:
        if self._now not in self._wanted:
            return
        if str(parent.tag) in _INLINE_PARENTS and words(parent):
            self._say(copy, _BLANK)
        label = (element.get("label") or "").strip()
        if label and not any(True for _ in parent.iter("label")):
            etree.SubElement(copy, "p").text = label

    def _pass_over(self, element: etree._Element) -> None:
        """Moves on past units inside something that is left out."""
        for unit in element.iter(etree.Element):
            if unit in self._numbers:
                self._now = ("after", self._numbers[unit])

    def _is_row_of_others(self, element: etree._Element) -> bool:
        return (
            str(element.tag) == "tr"
            and self.own_row is not None
            and element is not self.own_row
            and any(above is self.frame for above in element.iterancestors())
            and any(unit in self._numbers for unit in element.iter(etree.Element))
        )

    def _say(self, copy: etree._Element, text: str | None) -> None:
        if not text or self._now not in self._wanted:
            return
        if len(copy):
            copy[-1].tail = (copy[-1].tail or "") + text
        else:
            copy.text = (copy.text or "") + text


def _name(element: etree._Element) -> str:
    tag = str(element.tag)
    return _RENAMED.get(tag, tag)


def _within(outer: str, inner: etree._Element, name: str) -> etree._Element:
    inner.tag = name
    wrapper = etree.Element(outer)
    wrapper.append(inner)
    return wrapper


def _is_worth_keeping(element: etree._Element, is_wanted: bool) -> bool:
    """Whether an element says something, or stands in a wanted stretch and shows without words."""
    if words(element):
        return True
    return is_wanted and any(str(found.tag) in _SEEN_EMPTY for found in element.iter(etree.Element))


def _html(element: etree._Element) -> str:
    return etree.tostring(element, method="html", encoding="unicode")
