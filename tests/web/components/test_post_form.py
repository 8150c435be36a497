import re
from pathlib import Path

import pytest

from lms_app.web import urls
from lms_app.web.components import post_form

ISLAND = Path(post_form.__file__).with_name("post_form_island.jsx").read_text()


@pytest.mark.parametrize(
    "address",
    ["/home", "/learn/stones?at=2", "//evil.example", "/\\evil.example", "/\t/evil.example", "/\n/evil.example", "https://evil.example", ""],
)
def test_the_sign_in_page_leads_back_to_the_same_addresses_as_the_server_would(address: str) -> None:
    found = re.search(r"/(\^.+)/\.test\(wanted\)", ISLAND)
    assert found is not None
    assert bool(re.match(found[1], address)) == urls.is_ours(address)
