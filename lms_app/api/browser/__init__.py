"""Routes of our own pages, under /v: the cookie says who asks, writes need our Origin and `X-Lyceum: 1` (lms_app/api/walls.py)."""
