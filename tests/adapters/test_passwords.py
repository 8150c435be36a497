from lms_app.adapters.passwords import check_password, hash_password, needs_rehash


def test_the_right_password_alone_is_right() -> None:
    stored = hash_password("correct horse battery")
    assert check_password("correct horse battery", stored)
    assert not check_password("correct horse batterY", stored)


def test_every_character_of_a_long_password_counts() -> None:
    stored = hash_password("x" * 500 + "a")
    assert check_password("x" * 500 + "a", stored)
    assert not check_password("x" * 500 + "b", stored)


def test_a_stored_hash_does_not_hold_the_password_or_repeat() -> None:
    assert hash_password("correct horse battery") != hash_password("correct horse battery")


def test_nobody_has_no_password() -> None:
    assert not check_password("nobody", None)


def test_a_nul_is_an_ordinary_character() -> None:
    assert not check_password("abc\0def", hash_password("abc"))


def test_half_a_character_is_an_ordinary_character() -> None:
    """JSON can carry half of a surrogate pair; a sign-in with one fails like any other."""
    assert not check_password("abc\ud800", hash_password("abc"))
    assert check_password("abc\ud800", hash_password("abc\ud800"))


def test_a_hash_of_other_rounds_is_to_be_made_anew() -> None:
    assert not needs_rehash(hash_password("correct horse battery"))
    assert needs_rehash("$2b$05$" + hash_password("correct horse battery")[7:])
    assert needs_rehash("not a hash of ours")
