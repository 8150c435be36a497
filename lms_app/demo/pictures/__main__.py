"""Writes all pictures of the demo courses beside them."""

from pathlib import Path

from lms_app.demo.pictures import PICTURES

COURSES = Path(__file__).parents[1] / "courses"


def write_all() -> None:
    """Draws every picture and writes it to its course's folder."""
    for slug, pictures in PICTURES.items():
        folder = COURSES / slug / "pictures"
        folder.mkdir(parents=True, exist_ok=True)
        for name, draw in pictures.items():
            (folder / f"{name}.svg").write_text(draw(), encoding="utf-8")


if __name__ == "__main__":
    write_all()
