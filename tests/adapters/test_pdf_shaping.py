import unicodedata

import pytest
import uharfbuzz  # noqa: F401  the fonts need it; a missing wheel should say so here

from lms_app.adapters.pdf_fonts import CUTS, FOLDER, open_face
from lms_app.adapters.pdf_shaping import Writing, clean, graphemes, in_drawn_order
from lms_app.adapters.pdf_text import set_text

FONTS = sorted(path.name.removesuffix(".ttf.xz") for path in FOLDER.glob("*.ttf.xz"))


def uncovered(text: str) -> str:
    return "".join(char for char in text if Writing(char, "Display").uncovered)


def letters(first: int, last: int) -> str:
    return "".join(chr(code) for code in range(first, last + 1) if unicodedata.category(chr(code)) in {"Lu", "Ll", "Lo"})


def test_every_font_has_a_name_of_its_own() -> None:
    names = [open_face(font).drawer.face.name for font in FONTS]
    assert len(set(names)) == len(names) == 23
    assert b"Lyceum-Devanagari" in names


def test_the_licence_travels_with_the_fonts() -> None:
    licence = (FOLDER / "OFL.txt").read_text()
    assert "SIL OPEN FONT LICENSE Version 1.1" in licence
    assert "Reserved Font Name 'Source'" in licence


ALPHABETS = {
    "latin": (0x20, 0x17F),
    "latin b": (0x180, 0x24F),
    "latin additional": (0x1E00, 0x1EFF),
    "greek": (0x388, 0x3CE),
    "cyrillic": (0x400, 0x52F),
    "hebrew": (0x5D0, 0x5EA),
    "arabic": (0x620, 0x64A),
    "devanagari": (0x904, 0x939),
    "chinese": (0x4E00, 0x9FA5),
}


@pytest.mark.parametrize(("first", "last"), ALPHABETS.values(), ids=ALPHABETS)
def test_the_fonts_have_every_letter(first: int, last: int) -> None:
    assert uncovered(letters(first, last)) == ""


def test_our_serif_itself_has_what_most_european_and_vietnamese_names_need() -> None:
    needed = letters(0xC0, 0x17E) + letters(0x1EA0, 0x1EF9) + letters(0x410, 0x44F)
    for cut in CUTS:
        assert "".join(char for char in needed if not open_face(cut).covers(char)) == "ĬĭĲĳŦŧ"


def test_one_face_sets_a_whole_word_even_if_another_has_most_of_it() -> None:
    assert {face.name for face in Writing("Ἀριστοτέλης", "Title").faces if face} == {"Wide"}
    assert {face.name for face in Writing("Αριστοτέλης", "Title").faces if face} == {"Title"}


def test_spaces_and_digits_follow_the_script_that_they_stand_in() -> None:
    assert [face.name for face in Writing("חלק 2", "Text").faces if face] == ["Hebrew"] * 4 + ["Text"]
    assert [face.name for face in Writing("ભાગ ૨", "Text").faces if face] == ["Gujarati"] * 4
    assert [face.name for face in Writing("第1部「山」", "Text").faces if face] == ["EastAsian", "Text", *["EastAsian"] * 4]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Ẹ̀kọ́", ["Ẹ̀", "k", "ọ́"]),
        ("क्षेत्र", ["क्षे", "त्र"]),
        ("שִׁיר", ["שִׁ", "י", "ר"]),
        ("👩‍🎓a", ["👩‍🎓", "a"]),
        ("a b", ["a", " ", "b"]),
    ],
)
def test_a_letter_stays_with_its_marks(text: str, parts: list[str]) -> None:
    composed = [unicodedata.normalize("NFC", part) for part in parts]
    assert graphemes(clean(text)) == composed


def test_text_is_cleaned_without_losing_what_shapes_it() -> None:
    assert clean("  e\u0301\n\ta\u00a0b\x07 ") == "é a b"
    assert clean("\u202eevil\u202c \u2066x\u2069") == "evil x"
    assert clean("ශ්\u200dරී") == "ශ්\u200dරී"


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("אבג (12) דה", "הד (12) גבא"),
        ("abc אבג דה 12 xyz", "abc 12 הד גבא xyz"),
        ("محمد 2026، علي", "يلع ،2026 دمحم"),
        ("שלום abc def עולם", "םלוע abc def םולש"),
        ("Ada (שרה) Ψ", "Ada (הרש) Ψ"),
    ],
)
def test_runs_stand_in_the_order_in_which_they_are_read(text: str, seen: str) -> None:
    line = Writing(text, "Text").line(0, len(text))
    assert "".join(in_drawn_order(run.text) if run.level % 2 else run.text for run in line.runs) == seen


def lines(text: str, **box: float) -> list[str]:
    setting = set_text(text, cut="Text", **{"width": 200, "height": 60, "size": 12, "least": 6} | box)
    return ["".join(run.text for run in line.runs) for line in setting.lines]


def test_a_text_shrinks_before_it_breaks() -> None:
    setting = set_text("Reading the land and its contours", cut="Text", width=150, height=60, size=12, least=6)
    assert len(setting.lines) == 1
    assert 8.4 <= setting.size < 12


def test_lines_of_a_title_are_about_equally_long() -> None:
    first, second = lines("Reading the land and its contours, a first introduction to maps", height=30)
    assert abs(len(first) - len(second)) < 10


def test_chinese_breaks_anywhere_but_not_before_a_full_stop() -> None:
    text = "地形图阅读导论从等高线到山脊，山谷与河流。" * 3
    broken = lines(text)
    assert "".join(broken) == text
    assert len(broken) > 2
    assert not any(line[0] in "，。" for line in broken)


def test_a_word_that_is_too_long_is_cut_between_letters() -> None:
    broken = lines("W" * 70)
    assert "".join(broken) == "W" * 70
    assert len(broken) > 1


@pytest.mark.parametrize("text", ["Reading the land " * 9, "地" * 130, "محمد بن عبد الرحمن " * 9, "W" * 130, "क्षेत्र " * 30])
def test_no_line_is_wider_than_its_box_and_no_text_taller(text: str) -> None:
    setting = set_text(text, cut="Display", width=180, height=50, size=20, least=7)
    assert all(line.width * setting.size <= 180.001 for line in setting.lines)
    assert setting.height <= 50
