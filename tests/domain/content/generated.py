"""Rich texts, documents and Markdown made by Hypothesis."""

from typing import Any

from hypothesis import strategies as st

from lms_app.domain.content.document import document_of
from lms_app.domain.content.rich_text_schema import MARKS

Node = dict[str, Any]

WORDS = st.text(
    st.one_of(
        st.sampled_from(" abcXYZ019 .,;:!?'\"()[]{}<>&*_~`$\\|#+-=/@%^\n\t  "),
        st.characters(codec="utf-8", exclude_categories=("Cs",)),
    ),
    max_size=24,
)
ADDRESSES = st.sampled_from(
    [
        "https://example.org/a?b=1&c=2#d",
        "http://example.org",
        "mailto:a@example.org",
        "page:0192f0c1-7a60-7000-8000-000000000001",
        "page:unit 1#part",
        "file:notes (final).pdf",
        "#part",
        "/catalogue",
        "https://example.org/a_b_(c)",
        "javascript:alert(1)",
        "",
    ]
)
FILES = st.sampled_from(["", "0192f0c1-7a60-7000-8000-000000000002", "a picture (1).png", "naïve_*file*.svg", "a<b>.png", "x&amp;y.png"])
TEX = st.one_of(st.sampled_from([r"x^2", r"\frac{a}{b}", r"a<b & c", r"\text{<b>}", "5$", "\\", "x|y", r"\|x\|", "a\\"]), WORDS)


def node(kind: str, **fields: Any) -> Node:
    return {"type": kind, **{name: value for name, value in fields.items() if value is not None}}


MARK = st.one_of(
    st.sampled_from([name for name in MARKS if name != "link"]).map(lambda name: {"type": name}),
    ADDRESSES.map(lambda href: {"type": "link", "attrs": {"href": href}}),
)
MARK_LISTS = st.lists(MARK, max_size=3)
INLINE = st.one_of(
    st.builds(lambda text, marks: node("text", text=text, marks=marks), WORDS, MARK_LISTS),
    st.builds(lambda text, marks: node("text", text=text, marks=marks), WORDS, MARK_LISTS),
    st.just({"type": "hardBreak"}),
    st.builds(lambda tex, marks: node("maths", attrs={"tex": tex}, marks=marks), TEX, MARK_LISTS),
    st.builds(lambda name, alt, marks: node("image", attrs={"file": name, "alt": alt}, marks=marks), FILES, WORDS, MARK_LISTS),
)
LINES = st.lists(INLINE, max_size=5)
LEAVES = st.one_of(
    LINES.map(lambda inline: node("paragraph", content=inline)),
    LINES.map(lambda inline: node("paragraph", content=inline)),
    st.builds(lambda level, inline: node("heading", attrs={"level": level}, content=inline), st.integers(1, 6), LINES),
    st.builds(
        lambda language, text: node("codeBlock", attrs={"language": language}, content=[node("text", text=text)]),
        st.sampled_from([None, "python", "c++", "no-such-language", "text"]),
        WORDS,
    ),
    st.just({"type": "horizontalRule"}),
)


def _item(blocks: list[Node]) -> Node:
    return node("listItem", content=blocks)


def _containers(inside: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    blocks = st.lists(inside, max_size=3)
    items = st.lists(blocks.map(_item), min_size=1, max_size=3)
    return st.one_of(
        blocks.map(lambda content: node("blockquote", content=content)),
        items.map(lambda content: node("bulletList", content=content)),
        st.builds(lambda start, content: node("orderedList", attrs={"start": start}, content=content), st.sampled_from([0, 1, 1, 7]), items),
        st.lists(
            st.lists(
                st.builds(
                    lambda kind, content, span: node(kind, attrs={"colspan": span}, content=content),
                    st.sampled_from(["tableCell", "tableHeader"]),
                    blocks,
                    st.sampled_from([1, 1, 2]),
                ),
                min_size=1,
                max_size=3,
            ).map(lambda cells: node("tableRow", content=cells)),
            min_size=1,
            max_size=3,
        ).map(lambda rows: node("table", content=rows)),
    )


BLOCKS = st.recursive(LEAVES, _containers, max_leaves=8)
RICH_TEXTS = st.lists(BLOCKS, max_size=5).map(lambda content: node("doc", content=content))

MARKDOWN = st.lists(
    st.one_of(
        st.sampled_from(
            ["# ", "- ", "1. ", "> ", "```", "***", "**", "*", "_", "`", "$", "$$", "~~", "[a](b)", "![a](file:b)", "| a | b |\n|---|---|\n| c | d |"]
        ),
        st.sampled_from(["\n", "\n\n", "  \n", "    ", "\\", "<u>", "</u>", "<br>", "&nbsp;", "&amp;", "::: tip\n", ":::\n", "| ", "===", "---"]),
        WORDS,
    ),
    max_size=12,
).map("".join)

FIELDS = WORDS.map(lambda words: words.strip())
CALLOUTS = st.builds(
    lambda tone, content: {"type": "callout", "tone": tone, "content": content}, st.sampled_from(["note", "tip", "careful"]), RICH_TEXTS
)
OTHER_BLOCKS = st.one_of(
    st.builds(
        lambda name, alt, caption, decorative: {"type": "image", "file": name, "alt": alt, "caption": caption, "decorative": decorative},
        FILES,
        FIELDS,
        FIELDS,
        st.booleans(),
    ),
    st.builds(
        lambda name, title, language, transcript: {
            "type": "video",
            "file": name,
            "title": title,
            "captions": [{"file": name, "language": language, "label": title}] if language else [],
            "transcript": transcript,
        },
        FILES,
        FIELDS,
        st.sampled_from(["", "en", "pt-BR"]),
        WORDS,
    ),
    st.builds(
        lambda url, title: {"type": "video", "url": url, "title": title},
        st.sampled_from(["https://youtu.be/abcdefghijk", "https://example.org/a(b).mp4", "http://vimeo.com/12345"]),
        st.just("") | FIELDS,
    ),
    st.builds(lambda kind, name, title: {"type": kind, "file": name, "title": title}, st.sampled_from(["audio", "file", "pdf"]), FILES, FIELDS),
    st.builds(
        lambda url, title: {"type": "embed", "url": url, "title": title},
        st.sampled_from(["https://player.vimeo.com/embed/1", "https://example.org/a?b=[1]", ""]),
        st.just("") | FIELDS,
    ),
    CALLOUTS,
    st.builds(lambda title, content: {"type": "collapsible", "title": title, "content": content}, FIELDS, RICH_TEXTS),
    st.builds(
        lambda language, text, caption: {"type": "code", "language": language, "text": text, "caption": caption},
        st.sampled_from(["", "python", "c++", "text"]),
        WORDS,
        st.just("") | FIELDS,
    ),
    TEX.map(lambda tex: {"type": "maths", "tex": tex}),
    st.sampled_from(["<p>a</p>", "<pre>```\n```` x</pre>", "<p>a</p>\n\n<ul><li>b</li></ul>\n", "", "  <b>x</b>"]).map(
        lambda html: {"type": "html", "html": html}
    ),
    st.sampled_from(["0192f0c1-7a60-7000-8000-000000000009", "unit (1) [a]"]).map(lambda name: {"type": "quiz", "assessment": name}),
)
TEXT_BLOCKS = RICH_TEXTS.map(lambda content: {"type": "rich_text", "content": content})
DOCUMENTS = st.lists(TEXT_BLOCKS | OTHER_BLOCKS, max_size=5).map(document_of)
