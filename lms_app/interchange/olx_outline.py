"""How the blocks of an OLX course lie in modules, lessons and pages, and what they are called."""

from lms_app.interchange.olx_source import CONTAINERS, OlxNode
from lms_app.interchange.xml import words

_LESSONS, _PAGES = ("sequential", "videosequence"), ("vertical",)
DRAWING = ("library_content", "itembank")
CHOOSING = {
    "library_content": "It draws some of what it holds for each student; all of it was taken.",
    "itembank": "It draws some of what it holds for each student; all of it was taken.",
    "randomize": "It shows one of its parts to each student; all of them were taken.",
    "split_test": "It shows different groups different parts; all of them were taken.",
    "conditional": "It shows its parts on a condition only; they were taken without it.",
}
REASONS = {
    "discussion": "Lyceum has no discussions yet.",
    "lti": "It runs on another platform.",
    "lti_consumer": "It runs on another platform.",
    "scorm": "It runs its own scripts.",
}
NAMES = {
    "annotatable": "Annotation",
    "discussion": "Discussion",
    "done": "Completion",
    "drag-and-drop-v2": "Drag and Drop",
    "edx_sga": "Staff Graded Assignment",
    "html": "Text",
    "itembank": "Problem Bank",
    "library_content": "Randomized Content Block",
    "lti": "LTI",
    "openassessment": "Open Response Assessment",
    "poll": "Poll",
    "problem": "Problem",
    "staffgradedxblock": "Staff Graded Points",
    "survey": "Survey",
    "video": "Video",
}

Outline = list[tuple[OlxNode, list[tuple[OlxNode, list[OlxNode]]]]]


def outline_of(course: OlxNode) -> Outline:
    """Chapters with their lessons with their pages. What stands a level too high in the source gets levels of its own name."""
    outline: Outline = []
    for chapter in course.children:
        lessons = chapter.children if chapter.tag == "chapter" else (chapter,)
        outline.append((chapter, [(lesson, pages_of(lesson)) for lesson in lessons]))
    return outline


def pages_of(lesson: OlxNode) -> list[OlxNode]:
    return list(lesson.children) if lesson.tag in _LESSONS else [lesson]


def components_of(unit: OlxNode) -> list[OlxNode]:
    """The components of a unit in order, containers before what they hold; what draws from its components stands for them."""
    found: list[OlxNode] = [unit] if unit.tag not in _PAGES else []
    for child in unit.children if unit.tag not in DRAWING else ():
        found += components_of(child) if child.tag in CONTAINERS else [child]
    return found


def title_of(node: OlxNode) -> str:
    return node.title or NAMES.get(node.tag) or node.url_name.replace("_", " ") or node.tag.capitalize()


def shown_title_of(node: OlxNode) -> str:
    """The title that a component gives itself, in whatever way its kind does."""
    own = node.element.find("title")
    return node.title or (words(own) if own is not None else "") or node.attributes.get("block_name", "")


def inherited(name: str, *nodes: OlxNode) -> str:
    return next((node.attributes[name].strip() for node in nodes if node.attributes.get(name, "").strip()), "")
