"""A document on a page: every type of block, references resolved, absent files said, headings in order."""

import dataclasses
import json

import pytest

from lms_app.domain.content import rich_text
from lms_app.domain.content.document import document_of, parse_document
from lms_app.domain.content.markdown import document_from_markdown
from lms_app.domain.content.rendering import Resolver, html_of_document, inline_html_of_rich_text, render
from lms_app.domain.content.views import BlockView, Heading
from tests.domain.content.test_document import every_block

UNIT = "0192f0c1-7a60-7000-8000-0000000000aa"
RESOLVER = Resolver(page=lambda name: f"/learn/algebra/{name}" if name == UNIT else None)
NOWHERE = Resolver(file=lambda name: None, page=lambda name: None)


def shown(resolver: Resolver = RESOLVER) -> dict[str, BlockView]:
    return {block.kind if not block.url else f"{block.kind} elsewhere": block for block in render(parse_document(every_block()), resolver).blocks}


def html_of(markdown: str, resolver: Resolver = RESOLVER) -> str:
    return render(document_from_markdown(markdown), resolver).html


def test_every_type_of_block_is_shown() -> None:
    blocks = shown()
    assert blocks["rich_text"].html == "<p>Words</p>"
    assert blocks["image"].html == (
        '<figure class="ly-figure"><img src="/v/files/0192f0c1-7a60-7000-8000-000000000001" alt="A cat" loading="lazy">'
        "<figcaption>Felix</figcaption></figure>"
    )
    video = blocks["video"]
    assert f'<video class="ly-media" controls preload="metadata" data-block="{video.id}" aria-label="A walk">' in video.html
    assert '<track kind="subtitles" src="/v/files/0192f0c1-7a60-7000-8000-000000000003" srclang="en" label="English">' in blocks["video"].html
    assert "<summary>Transcript</summary><p>One.</p><p>Two.</p>" in blocks["video"].html
    assert blocks["video elsewhere"].frame == "https://www.youtube-nocookie.com/embed/abcdefghijk"
    assert (blocks["video elsewhere"].host, blocks["video elsewhere"].title) == ("youtube.com", "Elsewhere")
    assert 'src="/v/files/0192f0c1-7a60-7000-8000-000000000004"' in blocks["audio"].html
    assert '<a class="ly-file" href="/v/files/0192f0c1-7a60-7000-8000-000000000005" download>Download Notes</a>' in blocks["file"].html
    assert blocks["embed elsewhere"].frame == "https://player.vimeo.com/video/12345"
    assert 'data-tone="tip"' in blocks["callout"].html
    assert '<span class="hl-nb">print</span>' in blocks["code"].html
    assert "<figcaption>Hello</figcaption>" in blocks["code"].html
    assert "<mfrac>" in blocks["maths"].html
    assert blocks["html"].html == "<p>Old words</p>"
    assert (blocks["quiz"].html, blocks["quiz"].assessment) == ("", "0192f0c1-7a60-7000-8000-000000000006")


def test_a_view_is_plain_values_that_state_can_hold() -> None:
    rendered = render(parse_document(every_block()), RESOLVER)
    assert json.loads(json.dumps([dataclasses.asdict(block) for block in rendered.blocks]))


def test_absent_files_are_said_where_they_would_stand() -> None:
    blocks = shown(NOWHERE)
    for kind, words in [("image", "A cat"), ("video", "A walk"), ("audio", "A song"), ("file", "Notes")]:
        assert blocks[kind].missing
        assert "ly-missing" in blocks[kind].html
        assert words in blocks[kind].html
        assert blocks[kind].src == ""
    assert "Picture missing:</span> A dog" in html_of("words ![A dog](file:dog.png)", NOWHERE)
    assert "Picture missing:</span> A dog" in html_of('```{=html}\n<p><img src="file:dog.png" alt="A dog"></p>\n```', NOWHERE)
    assert "Picture missing:</span> no description" in html_of("![](file:)", NOWHERE)


def test_references_lead_to_pages_of_ours_and_dead_ones_lead_nowhere() -> None:
    for markdown in (f"[x](page:{UNIT}#part) [y](page:gone)", f'```{{=html}}\n<a href="page:{UNIT}#part">x</a> <a href="page:gone">y</a>\n```'):
        assert f'<a href="/learn/algebra/{UNIT}#in-part">x</a> <a class="ly-dead">y</a>' in html_of(markdown)


def test_links_to_other_sites_tell_them_nothing() -> None:
    link = '<a href="https://example.org" rel="noopener noreferrer">x</a>'
    assert link in html_of("[x](https://example.org)")
    assert link in html_of('```{=html}\n<a href="https://example.org">x</a>\n```')
    assert 'href="/catalogue">' in html_of("[x](/catalogue)")


def test_pictures_and_recordings_from_other_sites_are_linked_not_loaded() -> None:
    html = html_of('```{=html}\n<img src="https://example.org/a.png" alt="A map"><video src="https://example.org/b.mp4"></video>\n```')
    assert "<img" not in html
    assert "<video" not in html
    assert ">Picture: A map (example.org)</a>" in html
    assert ">Video (example.org)</a>" in html


def test_a_decorative_picture_is_silent() -> None:
    (view,) = render(document_of([{"type": "image", "file": UNIT, "alt": "Waves", "decorative": True}])).blocks
    assert 'alt=""' in view.html


def test_headings_begin_at_the_second_level_and_can_be_linked_to() -> None:
    rendered = render(document_from_markdown("# One\n\n## Two & *three*\n\n### Deep\n\n# One\n\n```{=html}\n<h1 id='old'>Four</h1>\n```"))
    assert rendered.headings == [
        Heading(anchor="in-one", text="One", level=2),
        Heading(anchor="in-two-three", text="Two & three", level=3),
        Heading(anchor="in-one-2", text="One", level=2),
        Heading(anchor="in-old", text="Four", level=2),
    ]
    assert "<h1" not in rendered.html
    for heading in rendered.headings:
        assert f'<h{heading.level} id="{heading.anchor}">' in rendered.html
    assert '<h4 id="in-deep">' in rendered.html


def test_a_page_whose_highest_heading_is_a_third_is_not_left_with_a_gap() -> None:
    assert [(heading.text, heading.level) for heading in render(document_from_markdown("### A\n\n#### B")).headings] == [("A", 2), ("B", 3)]


def test_an_author_can_link_to_a_heading_by_its_words() -> None:
    assert '<a href="#in-the-rule">' in html_of("See [x](#the-rule)\n\n## The rule")


def test_headings_of_a_question_are_below_those_of_its_page_and_have_no_ids() -> None:
    assert html_of_document(document_from_markdown("# Given\n\ntext").dump()) == "<h3>Given</h3><p>text</p>"


def test_wide_things_scroll_in_a_box_that_keys_reach() -> None:
    table = "| a |\n|---|\n| b |"
    html = html_of(f"{table}\n\n$$x$$\n\n```\ncode\n```\n\n```{{=html}}\n<table><tr><td>x</table><pre>y</pre>\n```")
    assert html.count('<div class="ly-scroll" role="group" tabindex="0" aria-label="Table"><table>') == 2
    assert html.count('<div class="ly-scroll" role="group" tabindex="0" aria-label="Formula"><math') == 1
    assert html.count('<pre tabindex="0">') == 2
    assert html.count("<div") == html.count("</div>")


def test_code_in_an_unknown_language_is_shown_as_it_is() -> None:
    assert html_of("```klingon\na < b\n```") == (
        '<figure class="ly-code"><pre tabindex="0"><code class="language-klingon">a &lt; b</code></pre></figure>'
    )


def test_coloured_code_keeps_every_character() -> None:
    text = "\n\n  def f(x):\n\treturn '<&>'  # ok\n\n"
    document = document_of([{"type": "code", "language": "python", "text": text}])
    found = rich_text.from_html(render(document).blocks[0].html)
    assert found["content"][0]["content"][0]["text"] == text


@pytest.mark.parametrize("tex", [r"\frac{a}{", r"\undefined{x}", r"\begin{nonsense}x\end{nonsense", "}", r"\left(", "x^", "_", "&"])
def test_tex_that_cannot_be_read_is_either_a_formula_or_the_tex_itself(tex: str) -> None:
    html = render(document_of([{"type": "maths", "tex": tex}])).html
    assert "<math" in html or "ly-tex" in html
    assert tex.replace("&", "&amp;") in html


def test_unreadable_tex_is_shown_as_tex() -> None:
    assert '<code class="ly-tex">\\frac{a}{</code>' in html_of("$$\n\\frac{a}{\n$$")


@pytest.mark.parametrize("name", ["aligned", "align*", "align", "gathered"])
def test_formulas_of_several_lines_are_tables_without_numbers(name: str) -> None:
    html = render(document_of([{"type": "maths", "tex": rf"\begin{{{name}}} a &= b \\ c &= d \end{{{name}}}"}])).html
    assert html.count("<mtr>") == 2
    assert "(1)" not in html
    assert "<mi>&amp;</mi>" not in html


def test_a_choice_of_one_paragraph_stands_in_its_label_without_a_paragraph() -> None:
    assert inline_html_of_rich_text(rich_text.from_markdown("**Yes**")) == "<strong>Yes</strong>"
    assert inline_html_of_rich_text(rich_text.from_markdown("Yes\n\nNo")) == "<p>Yes</p><p>No</p>"


def test_what_may_stand_in_a_frame_says_so_beside_its_link() -> None:
    allowed = html_of("https://youtu.be/abcdefghijk")
    assert 'data-frame="https://www.youtube-nocookie.com/embed/abcdefghijk" data-kind="video"' in allowed
    assert '<a class="ly-outside" href="https://youtu.be/abcdefghijk"' in allowed
    assert "data-frame" not in html_of("::embed[A map](https://example.org/map)")
