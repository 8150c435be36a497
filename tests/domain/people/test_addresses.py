import pytest

from lms_app.domain.people import addresses
from lms_app.errors import Invalid


@pytest.mark.parametrize(
    "password", ["1qaz2wsx3edc", "Manchester", "q1w2e3r4t5y6", "lyceum2026", "Lyceum-2026!", "Password2026", "20262026202", "aaaaaaaaaaaaaaa"]
)
def test_a_password_that_everybody_tries_first_is_refused(password: str) -> None:
    with pytest.raises(Invalid) as refused:
        addresses.checked_password(password)
    assert list(refused.value.fields) == ["password"]


@pytest.mark.parametrize("password", ["seven quiet mornings", "lyceum is where I read", "x9#kQ2!mvT", "пять тихих утр"])
def test_any_composition_is_allowed(password: str) -> None:
    assert addresses.checked_password(password) == password
