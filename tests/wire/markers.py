"""Words that the test site uses and the tests look for. Apart, so that a test process holds no second app."""

SECRET = "the-hidden-word-7f3a"
SHOWN = "a-word-on-the-page-51c9"
