"""A picture of Lyceum itself, for the course of first steps."""

from lms_app.demo.pictures.canvas import AMBER, BLUE, INK, LINE, TEAL, TEXT, Canvas, Point


def a_course() -> str:
    """The outline, the page and the way on, as a sketch."""
    canvas = Canvas(400)
    canvas.box((30, 30), (580, 340), fill="#131d40", stroke=LINE, width=1.5, radius=12)
    canvas.line((214, 30), (214, 370), stroke=LINE)
    canvas.box((52, 58), (140, 8), fill=LINE, radius=4)
    canvas.box((52, 58), (86, 8), fill=BLUE, radius=4)
    for row, width in enumerate((104, 88, 112, 76, 96)):
        level = 106 + row * 42
        if row == 2:
            canvas.box((42, level - 19), (160, 38), fill="#22315f", radius=8)
        _tick(canvas, (64, level), done=row < 2, current=row == 2)
        canvas.box((86, level - 5), (width, 10), fill=TEXT if row == 2 else "#7f8ab0", radius=5)
    canvas.text((120, 350), "outline", size=18, fill=TEAL, weight=600)
    canvas.box((244, 64), (230, 20), fill=TEXT, radius=6)
    for row, width in enumerate((330, 316, 338, 270)):
        canvas.box((244, 112 + row * 24), (width, 10), fill="#7f8ab0", radius=5)
    canvas.box((244, 218), (330, 66), fill="#1b274f", radius=8)
    canvas.dot((274, 251), 11, fill="none", stroke=AMBER, width=2.5)
    canvas.box((298, 240), (180, 9), fill=AMBER, radius=4, opacity=0.85)
    canvas.box((298, 257), (240, 9), fill=AMBER, radius=4, opacity=0.55)
    canvas.text((244, 350), "page", size=18, fill=TEAL, anchor="start", weight=600)
    canvas.box((482, 310), (104, 42), fill="#4666e5", radius=9)
    canvas.text((534, 337), "Next", size=18, fill="#ffffff", weight=600)
    return canvas.svg()


def _tick(canvas: Canvas, centre: Point, *, done: bool, current: bool) -> None:
    x, y = centre
    canvas.dot(centre, 10, fill=TEAL if done else "none", stroke=TEAL if done else BLUE if current else "#7f8ab0", width=2)
    if done:
        canvas.curve([(x - 4.5, y), (x - 1, y + 4), (x + 5, y - 4)], stroke=INK, width=2.4)
    if current:
        canvas.dot(centre, 5, fill=BLUE)
