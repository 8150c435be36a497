from lms_app.domain.notifications.letters import Entry, Letter, as_html, as_text, dressed


def test_a_letter_of_many_things_lists_them_and_of_one_has_a_button() -> None:
    entries = [Entry(sentence=f"Thing {number}.", link=f"https://lyceum.example/{number}", when="12:00") for number in range(2)]
    many, one = as_html(Letter(title="News", entries=entries)), as_html(Letter(title="News", entries=entries[:1]))
    assert many.count("<a ") == 2
    assert ">Open</a>" not in many
    assert ">Open</a>" in one
    assert as_text(Letter(title="News", greeting="Ada", entries=entries)).startswith(
        "Ada,\n\nThing 0. (12:00)\n\nhttps://lyceum.example/0\n\nThing 1."
    )


def test_plain_words_are_dressed_with_their_addresses_as_buttons_and_nothing_of_them_is_markup() -> None:
    html = dressed("Confirm", "Hello <b>Ada</b>,\n\nOpen this:\n\nhttps://lyceum.example/confirm#x&y\n\nLyceum\n")
    assert "Hello &lt;b&gt;Ada&lt;/b&gt;," in html
    assert 'href="https://lyceum.example/confirm#x&amp;y"' in html
    assert html.count("Lyceum</td>") == 1
