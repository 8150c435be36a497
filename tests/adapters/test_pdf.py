"""The certificate's page, looked at: every script, every length, everything that somebody may have for a name."""

import hashlib
import json
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
import zxingcpp
from structlog.testing import capture_logs

from lms_app.adapters import pdf
from lms_app.adapters.pdf_ornament import ACCENTS
from lms_app.domain.certificates.template_rules import COLOURS
from tests.support.certificate_ink import POINTS_PER_MM, Sheet, harfbuzz_ink, likeness

ABOVE, BELOW = "This certifies that", "has completed the course"
FIELDS = {
    "person": "Ada Example",
    "course": "Reading the land",
    "institution": "Lyceum",
    "signatory": "Ines Example",
    "signatory_title": "Head of studies",
    "issued_on": date(2026, 11, 23),
    "code": "k7m4q2xn9rtd2webc5hpj6vau3",
    "verification_url": "https://lyceum.example/certificates/k7m4q2xn9rtd2webc5hpj6vau3",
}
SCRIPTS = {
    "latin": ("Zoë Ångström-Đặng Łŵőğş", "Display"),
    "vietnamese": ("Nguyễn Thị Ngọc Ánh Tuyết", "Display"),
    "rare diacritics": ("Ẹ̀kọ́ N̈oa Ɖɛ̃ma Ọ̀ṣun", "Wide"),
    "greek": ("Άννα-Μαρία Ψαλτοπούλου", "Display"),
    "polytonic greek": ("Ἀριστοτέλης ὁ Σταγειρίτης", "Wide"),
    "cyrillic": ("Ярослава Щербатюк-Їжакевич", "Display"),
    "hebrew": ("נועה בן־דוד לוי", "Hebrew"),
    "pointed hebrew": ("שִׁירָה בֶּן־דָּוִד", "Hebrew"),
    "arabic": ("محمد عبد الله الأنصاري", "Arabic"),
    "pointed arabic": ("مُحَمَّدٌ الشَّافِعِيُّ", "Arabic"),
    "urdu": ("ڈاکٹر گلزار احمد ژالہ", "Arabic"),
    "devanagari": ("श्रीमती लक्ष्मी त्रिवेद्री कृष्णमूर्ति", "Devanagari"),
    "chinese": ("欧阳喆堃", "EastAsian"),
    "traditional chinese": ("龔國權", "EastAsian"),
    "japanese": ("東海林さくら", "EastAsian"),
    "korean": ("김하늘", "EastAsian"),
    "thai": ("สมชาย ศรีสวัสดิ์", "Thai"),
    "bengali": ("রবীন্দ্রনাথ চট্টোপাধ্যায়", "Bengali"),
    "tamil": ("ஸ்ரீனிவாச இராமானுஜன்", "Tamil"),
    "telugu": ("శ్రీకృష్ణ", "Telugu"),
    "kannada": ("ಕನ್ನಡ ಕ್ಷೇತ್ರ", "Kannada"),
    "malayalam": ("മലയാളം ക്ഷേത്രം", "Malayalam"),
    "sinhala": ("සිංහල ශ්‍රී", "Sinhala"),
    "gujarati": ("ક્ષત્રિય", "Gujarati"),
    "gurmukhi": ("ਗੁਰਮੁਖੀ", "Gurmukhi"),
    "khmer": ("ស្រីមុំ", "Khmer"),
    "lao": ("ພາສາລາວ", "Lao"),
    "myanmar": ("မြန်မာ ကျွန်ုပ်", "Myanmar"),
    "ethiopic": ("አበበ ቢቂላ", "Ethiopic"),
    "georgian": ("შოთა რუსთაველი", "Georgian"),
    "armenian": ("Նարեկացի", "Armenian"),
}
SHAPED = ["hebrew", "pointed hebrew", "arabic", "urdu", "devanagari", "bengali", "tamil", "telugu", "khmer", "myanmar", "sinhala"]
POINTED = {"pointed hebrew", "pointed arabic"}


def drawn(**changes) -> Sheet:
    return Sheet(pdf.render(**FIELDS | changes))


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_name_looks_as_harfbuzz_alone_draws_it(script: str) -> None:
    name, face = SCRIPTS[script]
    seen = drawn(person=name).band(ABOVE, BELOW)
    assert likeness(seen, harfbuzz_ink(name, face, width=seen.width)) > 0.995


@pytest.mark.parametrize("script", SHAPED)
def test_the_likeness_would_tell_letters_that_were_not_shaped(script: str) -> None:
    name, face = SCRIPTS[script]
    seen = drawn(person=name).band(ABOVE, BELOW)
    assert likeness(seen, harfbuzz_ink(name, face, width=seen.width, shaped=False)) < 0.9


@pytest.mark.parametrize("script", sorted(SCRIPTS.keys() - POINTED))
def test_what_is_copied_from_a_certificate_is_what_was_written(script: str) -> None:
    name, _ = SCRIPTS[script]
    sheet = drawn(person=name, course=f"{name} 2", signatory=name)
    assert sheet.between(ABOVE, BELOW) == name
    assert name in sheet.line_after(BELOW)


@pytest.mark.parametrize("script", SCRIPTS)
def test_course_and_signatory_are_written_in_every_script(script: str) -> None:
    name, _ = SCRIPTS[script]
    with capture_logs() as logs:
        sheet = drawn(course=name, signatory=name, signatory_title=name, institution=name)
    assert not logs
    assert "Boxes stand for" not in sheet.text
    if script not in POINTED:
        assert sheet.text.count(name) == 4


def test_words_of_both_directions_keep_their_places() -> None:
    mixed = drawn(person="María (محمد) Ψάλτης")
    glyphs = {mixed.words.get_text_range(i, 1): mixed.words.get_charbox(i)[0] for i in range(mixed.words.count_chars())}
    assert glyphs["Ψ"] > glyphs["م"] > glyphs["د"] > 24 * POINTS_PER_MM


def test_it_is_one_landscape_a4_page_with_all_that_was_given() -> None:
    sheet = drawn(score="92 %")
    assert len(sheet.document) == 1
    assert sheet.page.get_size() == pytest.approx((297 * POINTS_PER_MM, 210 * POINTS_PER_MM), abs=0.1)
    for words in ("Lyceum", "Certificate of completion", "Ada Example", "Reading the land", "with a score of 92 %", "Ines Example"):
        assert words in sheet.text
    for words in ("Head of studies", "23 November 2026", FIELDS["code"]):
        assert words in sheet.text
    assert sheet.document.get_metadata_dict()["Title"] == "Certificate of completion: Reading the land"
    assert sheet.document.get_metadata_dict()["CreationDate"].startswith("D:20261123")


def test_without_a_signatory_the_institution_signs() -> None:
    sheet = drawn(signatory="", signatory_title="", institution="Hill School")
    assert sheet.text.count("Hill School") == 2


def test_the_code_leads_to_the_public_check() -> None:
    found = zxingcpp.read_barcodes(drawn().picture)
    assert [code.text for code in found] == [FIELDS["verification_url"]]


def test_the_address_to_check_at_can_be_copied() -> None:
    assert FIELDS["verification_url"] in drawn().text.replace("\n", "")


def test_equal_certificates_are_equal_files_whatever_was_drawn_before() -> None:
    ours = {"person": SCRIPTS["devanagari"][0], "course": SCRIPTS["arabic"][0]}
    first = pdf.render(**FIELDS | ours)
    pdf.render(**FIELDS | {"person": SCRIPTS["arabic"][0][::-1], "course": "ज्ञ क्ष त्र"})
    assert pdf.render(**FIELDS | ours) == first
    elsewhere = subprocess.run(
        [sys.executable, "-c", _DRAW_ELSEWHERE], input=json.dumps(ours), capture_output=True, text=True, check=True
    )  # fmt: skip
    assert elsewhere.stdout.strip() == hashlib.sha256(first).hexdigest()


_DRAW_ELSEWHERE = """
import hashlib, json, sys
from lms_app.adapters import pdf
from tests.adapters.test_pdf import FIELDS
print(hashlib.sha256(pdf.render(**FIELDS | json.load(sys.stdin))).hexdigest())
"""


def test_certificates_drawn_at_once_do_not_touch_each_other() -> None:
    names = [name for name, _ in SCRIPTS.values()][:12]
    alone = [pdf.render(**FIELDS | {"person": name}) for name in names]
    with ThreadPoolExecutor(6) as pool:
        together = list(pool.map(lambda name: pdf.render(**FIELDS | {"person": name}), names))
    assert together == alone


@pytest.mark.parametrize(
    ("person", "course"),
    [
        ("A", "B"),
        ("", ""),
        ("Ana María de los Ángeles Guadalupe Fernández de Córdoba y Álvarez de Toledo Montemayor de la Santísima Trinidad", "Maps " * 30),
        ("Wolfeschlegelstein" * 12, "W" * 400),
        ("محمد بن عبد الرحمن " * 12, "地" * 300),
        ("क्ष" * 200, "A-" * 300),
        ("x" * 100_000, "y " * 100_000),
    ],
    ids=["one letter", "nothing", "long", "one word", "right to left", "conjuncts", "absurd"],
)
def test_any_length_stays_on_the_page_and_in_its_column(person: str, course: str) -> None:
    sheet = drawn(person=person, course=course, signatory=person, signatory_title=course, institution=person, score="9" * 50)
    assert len(sheet.document) == 1
    order = [sheet.words.get_charbox(sheet.words.search(words).get_next()[0])[1] for words in (ABOVE, BELOW, "with a score", "Issued")]
    assert order == sorted(order, reverse=True)
    column = [sheet.words.get_rect(i) for i in range(sheet.words.count_rects())]
    for left, bottom, right, top in column:
        assert left >= 23 * POINTS_PER_MM
        assert right <= (226 if top < 53 * POINTS_PER_MM else 203) * POINTS_PER_MM
        assert bottom >= 20 * POINTS_PER_MM


def test_a_long_name_is_shown_whole() -> None:
    name = "Ana María de los Ángeles Guadalupe Fernández de Córdoba y Álvarez de Toledo Montemayor de la Santísima Trinidad"
    assert drawn(person=name).between(ABOVE, BELOW) == name


def test_what_does_not_fit_at_all_ends_in_an_ellipsis() -> None:
    assert drawn(person="ab cd " * 1000).between(ABOVE, BELOW).endswith("…")


def test_a_character_without_a_glyph_becomes_a_box_that_the_page_explains_and_the_log_counts() -> None:
    with capture_logs() as logs:
        sheet = drawn(person="Anna ᚱᚢᚾ", course="Snow ☃")
    assert "Boxes stand for characters that the fonts of this page do not have." in sheet.text
    assert [(entry["event"], entry["kinds"]) for entry in logs] == [("certificate_characters_without_font", {"runic": 3, "symbol": 1})]
    assert "ᚱ" not in repr(logs)
    assert "Anna" not in repr(logs)
    boxes = sheet.band(ABOVE, BELOW)
    plain = drawn(person="Anna").band(ABOVE, BELOW)
    assert boxes.width > plain.width * 1.8


def test_markup_in_a_name_is_text_and_nothing_is_fetched() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.2)
        port = listener.getsockname()[1]
        name = f'<img src="http://127.0.0.1:{port}/a.png"> & {{person}} <b>%s</b>'
        course = f"</lytext><style>@import url(http://127.0.0.1:{port}/b.css)</style>"
        sheet = drawn(person=name, course=course, signatory="&lt;i&gt; \\ ( ) > EMC BT", institution="<pdf:nextpage/>", language="en /X")
        assert sheet.between(ABOVE, BELOW).replace("/ a", "/a") == name
        assert course in "".join(sheet.text.split("\n"))
        assert "&lt;i&gt; \\ ( ) > EMC BT" in sheet.text
        assert "<pdf:nextpage/>" in sheet.text
        assert len(sheet.document) == 1
        with pytest.raises(TimeoutError):
            listener.accept()


def test_control_characters_and_direction_overrides_do_nothing() -> None:
    assert pdf.render(**FIELDS | {"person": "Ada\u202e\x00\ud800 \n\tExam\u2067ple"}) == pdf.render(**FIELDS)


def test_a_courses_own_words_and_colour_stand_in_the_place_of_ours() -> None:
    own = drawn(heading="Teilnahmebescheinigung", completed="hat den Kurs besucht", colour="plum")
    assert all(words in own.text for words in ("Teilnahmebescheinigung", "This certifies that", "hat den Kurs besucht"))
    assert "Certificate of completion" not in own.text
    assert pdf.render(**FIELDS | {"colour": "plum"}) != pdf.render(**FIELDS) == pdf.render(**FIELDS | {"colour": "no such colour"})


def test_every_colour_that_an_author_may_choose_is_there_and_can_be_read() -> None:
    assert tuple(ACCENTS) == COLOURS
    for accent in ACCENTS.values():
        channels = [int(accent.text[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        red, green, blue = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in channels]
        assert 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05) >= 4.5
