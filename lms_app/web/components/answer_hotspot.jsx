// Marks on a picture: set by a click or a tap, moved by arrow keys, so that nobody needs a pointer.
import { createElement as h, useRef } from "react";
import { Button } from "$/public/external/lms_app/web/components/answering/answer_parts.jsx";

const STEP = 0.01;
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

export function Hotspot({ question, response, told, locked, set }) {
  const { image, marks } = question.extras;
  const points = response?.points ?? [];
  const picture = useRef(null);
  const put = (next) => set({ points: next });
  const add = (x, y) => put(points.length < marks ? [...points, { x, y }] : [...points.slice(0, -1), { x, y }]);
  const onClick = (event) => {
    if (locked || event.target.closest("button")) return;
    const box = picture.current.getBoundingClientRect();
    add(kept((event.clientX - box.left) / box.width), kept((event.clientY - box.top) / box.height));
  };
  const onKey = (number) => (event) => {
    if (locked) return;
    if (event.key === "Delete" || event.key === "Backspace") {
      event.preventDefault();
      put(points.filter((_, other) => other !== number));
      return;
    }
    const way = ARROWS[event.key];
    if (!way) return;
    event.preventDefault();
    event.stopPropagation();
    const step = STEP * (event.shiftKey ? 5 : 1);
    put(points.map((point, other) => (other === number ? { x: kept(point.x + way[0] * step), y: kept(point.y + way[1] * step) } : point)));
  };
  const parts = told?.parts ?? [];
  return h(
    "div",
    { className: "ly-hotspot" },
    h("p", { className: "ly-question-hint" }, marks === 1 ? "Click the place, or add a mark and move it with the arrow keys." : `Set ${marks} marks: click, or add them and move them with the arrow keys. ${points.length} set.`),
    h(
      "div",
      { className: "ly-hotspot-picture", onClick },
      h("img", { ref: picture, src: image.src, alt: image.alt, width: image.width, height: image.height, draggable: false }),
      points.map((point, number) =>
        h("button", {
          key: number,
          type: "button",
          className: "ly-spot",
          disabled: locked,
          "data-outcome": parts[number]?.outcome,
          style: { left: `${point.x * 100}%`, top: `${point.y * 100}%` },
          "aria-label": `Mark ${number + 1}: ${Math.round(point.x * 100)} % from the left, ${Math.round(point.y * 100)} % from the top. Arrow keys move it, Delete removes it.`,
          onKeyDown: onKey(number),
        }, marks > 1 ? number + 1 : ""),
      ),
    ),
    locked
      ? null
      : h(
          "div",
          { className: "ly-line" },
          h(Button, { size: "s", disabled: points.length >= marks, onClick: () => add(0.5, 0.5) }, "Add a mark"),
          h(Button, { size: "s", kind: "ghost", disabled: points.length === 0, onClick: () => put(points.slice(0, -1)) }, "Remove the last mark"),
        ),
  );
}

function kept(value) {
  return Math.round(Math.min(1, Math.max(0, value)) * 10_000) / 10_000;
}
