// Places on a picture: drawn with the pointer, moved and sized by keys, or written as numbers.
import { createElement as h, useContext, useRef, useState } from "react";
import { Circle, Image, MousePointer2, Pentagon, Square } from "lucide-react";
import { Button, Tool } from "$/public/external/lms_app/web/instructor/editor/editor_parts.jsx";
import { Earns, Feedback } from "$/public/external/lms_app/web/instructor/question_editor/question_answers.jsx";
import { Choose, Line, Text, Trouble, useTrouble } from "$/public/external/lms_app/web/instructor/question_editor/question_fields.jsx";
import { row } from "$/public/external/lms_app/web/instructor/question_editor/question_form.jsx";
import { Rows } from "$/public/external/lms_app/web/instructor/question_editor/question_rows.jsx";
import { Texts } from "$/public/external/lms_app/web/instructor/question_editor/question_texts.jsx";

const SHAPES = [["circle", "Circle"], ["rectangle", "Rectangle"], ["polygon", "Polygon"]];
const TOOLS = [["", "Choose and move", MousePointer2], ["circle", "Draw a circle", Circle], ["rectangle", "Draw a rectangle", Square], ["polygon", "Draw a polygon", Pentagon]];
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

const read = (region) => (region.numbers ?? "").split(/[\s,;]+/).filter(Boolean).map(Number);
const round = (number) => Math.round(number * 10) / 10;

function written(shape, numbers) {
  const kept = numbers.map(round);
  if (shape !== "polygon") return kept.join(", ");
  return kept.reduce((parts, number, at) => (at % 2 ? [...parts.slice(0, -1), `${parts.at(-1)},${number}`] : [...parts, String(number)]), []).join(" ");
}

const whole = (shape, numbers) => numbers.every(Number.isFinite) && (shape === "circle" ? numbers.length === 3 : shape === "rectangle" ? numbers.length === 4 : numbers.length >= 6 && numbers.length % 2 === 0);

// A shape moved, without leaving the picture.
function moved(shape, numbers, [x, y], [width, height]) {
  const points = shape === "polygon" ? numbers : numbers.slice(0, 2);
  const across = points.filter((_, at) => at % 2 === 0);
  const down = points.filter((_, at) => at % 2 === 1);
  const wide = shape === "rectangle" ? numbers[2] : 0;
  const high = shape === "rectangle" ? numbers[3] : 0;
  const by = [Math.max(-Math.min(...across), Math.min(x, width - wide - Math.max(...across))), Math.max(-Math.min(...down), Math.min(y, height - high - Math.max(...down)))];
  return numbers.map((number, at) => (at < points.length ? number + by[at % 2] : number));
}

function sized(shape, numbers, [x, y]) {
  if (shape === "circle") return [numbers[0], numbers[1], Math.max(2, numbers[2] + (x || -y))];
  if (shape === "rectangle") return [numbers[0], numbers[1], Math.max(2, numbers[2] + x), Math.max(2, numbers[3] + y)];
  const middle = [0, 1].map((side) => numbers.filter((_, at) => at % 2 === side).reduce((sum, number) => sum + number, 0) / (numbers.length / 2));
  const factor = 1 + (x || -y) / 50;
  return numbers.map((number, at) => Math.max(0, middle[at % 2] + (number - middle[at % 2]) * factor));
}

export function Hotspot({ form, set }) {
  const { choosePicture } = useContext(Texts);
  const said = useTrouble("file");
  const [tool, setTool] = useState("circle");
  const [chosen, setChosen] = useState("");
  const has = /^[0-9a-f-]{36}$/i.test(form.file ?? "");
  const pick = () =>
    choosePicture((file) => {
      set("file", file.id);
      if (file.width) set("width", String(file.width));
      if (file.height) set("height", String(file.height));
    });
  const measure = (event) => {
    if (!form.width) set("width", String(event.currentTarget.naturalWidth));
    if (!form.height) set("height", String(event.currentTarget.naturalHeight));
  };
  return [
    h(
      "div",
      { key: "picture", className: "ly-stack", "data-gap": "12", "data-field": "file" },
      h("span", { className: "ly-label" }, "Picture"),
      has ? null : h("p", { className: "ly-editor-empty" }, h(Image, { size: 16, className: "ly-icon", "aria-hidden": true }), "No picture yet."),
      h("div", null, h(Button, { size: "s", onClick: pick }, has ? "Choose another picture" : "Choose picture")),
      h(Trouble, { said }),
      // Its size is not known from every library entry.
      has && !(form.width && form.height) ? h("img", { src: `/v/files/${form.file}`, alt: "", className: "ly-sr", onLoad: measure }) : null,
    ),
    h(Text, { key: "alt", label: "What the picture shows", name: "alt", value: form.alt, maxLength: 2000, onChange: (value) => set("alt", value), help: "Read out to whoever cannot see it. Do not say where the right place is." }),
    has && Number(form.width) && Number(form.height)
      ? h(
          "div",
          { key: "draw", className: "ly-stack", "data-gap": "8" },
          h("div", { className: "ly-editor-toolbar ly-hotspot-tools", role: "toolbar", "aria-label": "Regions" }, TOOLS.map(([name, words, icon]) => h(Tool, { key: name, name: words, icon, pressed: tool === name, onClick: () => setTool(name) }))),
          h(Picture, { form, set, tool, chosen, setChosen }),
          h("p", { className: "ly-help" }, tool === "polygon" ? "Click the corners; press Enter, or click the first one again, to close it. Escape gives up." : "Drag to draw. A region with the focus is moved by the arrow keys, sized by Shift and arrows, removed by Delete."),
        )
      : null,
    h(Line, { key: "marks" }, h(Text, { label: "Places to mark", name: "marks", narrow: true, inputMode: "numeric", value: form.marks, onChange: (value) => set("marks", value) })),
    h(Rows, {
      key: "regions",
      label: "Regions",
      name: "regions",
      help: "In pixels of the picture, from its upper left corner.",
      rows: form.regions,
      change: (next) => set("regions", next),
      called: (entry, at) => `region ${at + 1}`,
      add: "Add region",
      fresh: () => ({ id: "", shape: "circle", numbers: Number(form.width) ? written("circle", [form.width / 2, form.height / 2, Math.min(form.width, form.height) / 10]) : "", weight: "100", feedback: "" }),
      draw: (entry, at, alter) => [
        h(
          Line,
          { key: "line" },
          h(Choose, { label: "Shape", name: `regions.${at}.shape`, value: entry.shape, options: SHAPES, onChange: (shape) => alter({ shape, numbers: "" }) }),
          h(Text, { label: { circle: "x, y, radius", rectangle: "x, y, width, height", polygon: "Corners: x,y x,y x,y" }[entry.shape], name: `regions.${at}.numbers`, value: entry.numbers, onFocus: () => setChosen(entry._k), onChange: (numbers) => alter({ numbers }) }),
          h(Earns, { at: `regions.${at}`, entry, alter }),
        ),
        h(Feedback, { key: "feedback", at: `regions.${at}`, entry, alter }),
      ],
    }),
  ];
}

function Picture({ form, set, tool, chosen, setChosen }) {
  const svg = useRef(null);
  const drag = useRef(null);
  const [ghost, setGhost] = useState(null);
  const size = [Number(form.width), Number(form.height)];
  const point = (event) => {
    const box = svg.current.getBoundingClientRect();
    return [Math.min(size[0], Math.max(0, ((event.clientX - box.left) / box.width) * size[0])), Math.min(size[1], Math.max(0, ((event.clientY - box.top) / box.height) * size[1]))];
  };
  const alter = (key, numbers) => set("regions", (before) => before.map((region) => (region._k === key ? { ...region, numbers: written(region.shape, numbers) } : region)));
  const add = (shape, numbers) => {
    const made = row({ id: "", shape, numbers: written(shape, numbers), weight: "100", feedback: "" });
    // A row that nothing was drawn for yet is taken first.
    set("regions", (before) => [...before.filter((region) => region.numbers.trim() || region.feedback), made]);
    setChosen(made._k);
  };
  const down = (event, region = null) => {
    if (event.button) return;
    const at = point(event);
    if (region && tool !== "polygon") {
      event.stopPropagation();
      setChosen(region._k);
      drag.current = { key: region._k, shape: region.shape, numbers: read(region), at, corner: event.target.dataset.corner };
    } else if (tool === "polygon") {
      const corners = ghost?.numbers ?? [];
      const closes = corners.length >= 6 && Math.hypot(corners[0] - at[0], corners[1] - at[1]) < size[0] / 40;
      if (closes) {
        add("polygon", corners);
        setGhost(null);
      } else setGhost({ shape: "polygon", numbers: [...corners, ...at] });
      svg.current.focus();
      return;
    } else if (tool) drag.current = { shape: tool, at };
    else setChosen("");
    svg.current.setPointerCapture(event.pointerId);
  };
  const move = (event) => {
    const held = drag.current;
    if (!held) return;
    const at = point(event);
    const by = [at[0] - held.at[0], at[1] - held.at[1]];
    if (held.key) alter(held.key, held.corner ? resized(held, at) : moved(held.shape, held.numbers, by, size));
    else setGhost({ shape: held.shape, numbers: held.shape === "circle" ? [...held.at, Math.hypot(...by)] : [Math.min(held.at[0], at[0]), Math.min(held.at[1], at[1]), Math.abs(by[0]), Math.abs(by[1])] });
  };
  const up = () => {
    const held = drag.current;
    drag.current = null;
    if (!held || held.key) return;
    if (ghost && ghost.numbers.slice(2).every((number) => number > 3)) add(ghost.shape, ghost.numbers);
    setGhost(null);
  };
  const keys = (event) => {
    if (!ghost) return;
    if (event.key === "Escape") setGhost(null);
    if (event.key === "Enter" && ghost.numbers.length >= 6) {
      event.preventDefault();
      add("polygon", ghost.numbers);
      setGhost(null);
    }
  };
  const press = (event, region) => {
    const way = ARROWS[event.key];
    if (event.key === "Delete" || event.key === "Backspace") {
      event.preventDefault();
      svg.current.focus();
      return set("regions", (before) => before.filter(({ _k }) => _k !== region._k));
    }
    if (!way) return undefined;
    event.preventDefault();
    const step = Math.max(1, Math.round(size[0] / 100));
    const by = way.map((part) => part * step);
    return alter(region._k, event.shiftKey ? sized(region.shape, read(region), by) : moved(region.shape, read(region), by, size));
  };
  return h(
    "div",
    { className: "ly-hotspot-canvas" },
    h(
      "svg",
      { ref: svg, viewBox: `0 0 ${size[0]} ${size[1]}`, tabIndex: -1, "data-tool": tool || "move", onPointerDown: (event) => down(event), onPointerMove: move, onPointerUp: up, onPointerCancel: up, onKeyDown: keys, role: "group", "aria-label": `Regions on the picture: ${form.alt || "no description yet"}` },
      h("image", { href: `/v/files/${form.file}`, width: size[0], height: size[1] }),
      form.regions.map((region, at) => {
        const numbers = read(region);
        if (!whole(region.shape, numbers)) return null;
        const isChosen = chosen === region._k;
        return h(
          "g",
          { key: region._k, "data-chosen": isChosen ? "" : undefined, "data-wrong": Number(region.weight.replace(",", ".") || 100) <= 0 ? "" : undefined },
          h(Shape, { shape: region.shape, numbers, tabIndex: 0, role: "button", "aria-label": `Region ${at + 1}, ${region.shape}: ${region.numbers}. Arrows move it, Shift and arrows size it, Delete removes it.`, onFocus: () => setChosen(region._k), onPointerDown: (event) => down(event, region), onKeyDown: (event) => press(event, region) }),
          h("text", { x: numbers[0] + size[0] / 80, y: numbers[1] + size[0] / 36, fontSize: size[0] / 36, "aria-hidden": true }, at + 1),
          isChosen ? corners(region.shape, numbers).map(([x, y, corner]) => h("circle", { key: corner, cx: x, cy: y, r: size[0] / 90, className: "ly-hotspot-corner", "data-corner": corner, onPointerDown: (event) => down(event, region) })) : null,
        );
      }),
      ghost ? h("g", { "data-ghost": "" }, ghost.shape === "polygon" ? h("polyline", { points: ghost.numbers.join(" ") }) : h(Shape, { shape: ghost.shape, numbers: ghost.numbers }), ghost.shape === "polygon" ? h("circle", { cx: ghost.numbers[0], cy: ghost.numbers[1], r: size[0] / 90, className: "ly-hotspot-corner" }) : null) : null,
    ),
  );
}

function Shape({ shape, numbers, ...props }) {
  if (shape === "circle") return h("circle", { cx: numbers[0], cy: numbers[1], r: numbers[2], ...props });
  if (shape === "rectangle") return h("rect", { x: numbers[0], y: numbers[1], width: numbers[2], height: numbers[3], ...props });
  return h("polygon", { points: numbers.join(" "), ...props });
}

function corners(shape, numbers) {
  if (shape === "circle") return [[numbers[0] + numbers[2], numbers[1], "0"]];
  if (shape === "rectangle") return [[numbers[0] + numbers[2], numbers[1] + numbers[3], "0"]];
  return numbers.flatMap((x, at) => (at % 2 ? [] : [[x, numbers[at + 1], String(at)]]));
}

function resized({ shape, numbers, corner }, [x, y]) {
  if (shape === "circle") return [numbers[0], numbers[1], Math.max(2, Math.hypot(x - numbers[0], y - numbers[1]))];
  if (shape === "rectangle") return [numbers[0], numbers[1], Math.max(2, x - numbers[0]), Math.max(2, y - numbers[1])];
  return numbers.map((number, at) => (at === Number(corner) ? x : at === Number(corner) + 1 ? y : number));
}
