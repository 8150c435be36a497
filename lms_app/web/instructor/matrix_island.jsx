// Who has done what: as much of a grid of students by pages and quizzes as is in sight, moved through by keys.
import { createElement as h, useCallback, useEffect, useRef, useState } from "react";
import { useVirtualizer } from "@tanstack/react-virtual";
import { Button, ask } from "$/public/external/lms_app/web/components/island_parts/island_parts.jsx";
import { FigureNotes } from "$/public/external/lms_app/web/components/figure_notes/figure_notes.jsx";
import "$/public/css/students.css";

const ROWS = 50;
const COLUMNS = 20;
const ROW = 34;
const HEAD = 152;
const COLUMN = 48;
const SAYS = { done: "done", started: "started", none: "not started" };

export function MatrixIsland({ courseId, revision }) {
  const base = `/v/courses/${courseId}/students/matrix`;
  const [head, setHead] = useState(null);
  const [search, setSearch] = useState("");
  const [count, setCount] = useState(null);
  const [active, setActive] = useState(null);
  const [trouble, setTrouble] = useState("");
  const [, setMoved] = useState(0);
  const kept = useRef({ people: new Map(), cells: new Map(), loaded: new Set(), wanted: new Set(), turn: 0 });

  const read = useCallback(
    async (key) => {
      const store = kept.current;
      const turn = store.turn;
      store.loaded.add(key);
      const [row, column] = key.split(":").map(Number);
      try {
        const told = await ask("GET", `${base}/window?${new URLSearchParams({ first: row * ROWS, rows: ROWS, first_column: column * COLUMNS, columns: COLUMNS, search })}`);
        if (store.turn !== turn) return;
        told.rows.forEach((person, at) => {
          store.people.set(told.first + at, person);
          person.cells.forEach((cell, place) => store.cells.set(`${person.id}:${told.first_column + place}`, cell));
        });
        setCount(told.students);
        setTrouble("");
        setMoved((moved) => moved + 1);
      } catch (error) {
        if (store.turn !== turn) return;
        store.loaded.delete(key);
        setTrouble(error.message);
      }
    },
    [base, search],
  );

  const want = useCallback(
    (rows, columns) => {
      const store = kept.current;
      store.wanted = new Set();
      for (let row = Math.floor(rows[0] / ROWS); row <= Math.floor(rows[1] / ROWS); row += 1)
        for (let column = Math.floor(columns[0] / COLUMNS); column <= Math.floor(columns[1] / COLUMNS); column += 1) store.wanted.add(`${row}:${column}`);
      for (const key of store.wanted) if (!store.loaded.has(key)) read(key);
    },
    [read],
  );

  const readHead = useCallback(() => {
    ask("GET", base).then(
      (told) => {
        setHead(told);
        setTrouble("");
      },
      (error) => setTrouble(error.message),
    );
  }, [base]);

  // What is in sight is read anew when something moved.
  useEffect(() => {
    readHead();
    const store = kept.current;
    store.loaded.clear();
    for (const key of store.wanted) read(key);
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [readHead, revision]);

  useEffect(() => {
    const store = kept.current;
    store.turn += 1;
    store.people.clear();
    store.loaded.clear();
    setActive(null);
    const later = setTimeout(() => read("0:0"), search ? 200 : 0);
    return () => clearTimeout(later);
  }, [search, read]);

  if (!head || count === null)
    return trouble ? h("p", { className: "ly-error", role: "alert" }, trouble, " ", h(Button, { size: "s", onClick: readHead }, "Try again")) : h("p", { className: "ly-second", role: "status" }, "Loading the matrix…");
  const store = kept.current;
  const person = active && store.people.get(active.row);
  const item = active && head.items[active.column];
  return h(
    "div",
    { className: "ly-matrix" },
    h(
      "div",
      { className: "ly-people-tools", role: "search" },
      h("input", { type: "search", className: "ly-input", "aria-label": "Search students", placeholder: "Search students", maxLength: 200, autoComplete: "off", value: search, onChange: (event) => setSearch(event.target.value) }),
      h("span", { className: "ly-caption" }, "✓ done · … started · numbers are best scores in percent"),
    ),
    trouble ? h("p", { className: "ly-error", role: "alert" }, trouble) : null,
    count === 0 || head.items.length === 0
      ? h("p", { className: "ly-people-empty" }, head.items.length === 0 ? "Nothing is published yet." : search ? "Nobody has that name. Try fewer or shorter words." : "Nobody takes this course yet.")
      : h(MatrixGrid, { key: search, items: head.items, rows: count, held: store, wish: want, here: active, set: setActive, courseId }),
    h("p", { className: "ly-second", role: "status" }, person && item ? `${person.name}, ${item.title}: ${say(store.cells.get(`${person.id}:${active.column}`))}. ${item.completed} completed it, ${item.started} opened it.` : "Arrow keys move through the matrix, Enter opens a student."),
    h(FigureNotes, { metrics: head.metrics, of: `${head.students.toLocaleString("en-GB")} ${head.students === 1 ? "student" : "students"}`, asOf: head.as_of }),
  );
}

function say(cell) {
  if (!cell) return "loading";
  return cell.score === null ? SAYS[cell.state] : `${SAYS[cell.state]}, ${cell.score} %`;
}

function MatrixGrid({ items, rows, held, wish, here, set, courseId }) {
  const box = useRef(null);
  const byKey = useRef(false);
  const narrow = matchMedia("(max-width: 720px)").matches;
  const name = narrow ? 148 : 248;
  const down = useVirtualizer({ count: rows, getScrollElement: () => box.current, estimateSize: () => ROW, overscan: 8, scrollPaddingStart: HEAD });
  const across = useVirtualizer({ horizontal: true, count: items.length, getScrollElement: () => box.current, estimateSize: () => COLUMN, overscan: 4, scrollPaddingStart: name });
  const lines = down.getVirtualItems();
  const columns = across.getVirtualItems();
  const bounds = [lines[0]?.index ?? 0, lines.at(-1)?.index ?? 0, columns[0]?.index ?? 0, columns.at(-1)?.index ?? 0];
  useEffect(() => {
    wish([bounds[0], bounds[1]], [bounds[2], bounds[3]]);
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [wish, ...bounds]);
  useEffect(() => {
    if (!byKey.current || !here) return;
    const cell = box.current?.querySelector(`[data-cell="${here.row}:${here.column}"]`);
    if (cell) byKey.current = false;
    cell?.focus({ preventScroll: true });
  });
  const onKeyDown = (event) => {
    if (!here || event.altKey) return;
    const { row, column } = here;
    const far = event.ctrlKey || event.metaKey;
    const page = 12;
    const to = {
      ArrowDown: [far ? rows : row + 1, column],
      ArrowUp: [far ? 0 : row - 1, column],
      ArrowRight: [row, far ? items.length : column + 1],
      ArrowLeft: [row, far ? 0 : column - 1],
      PageDown: [row + page, column],
      PageUp: [row - page, column],
      Home: [far ? 0 : row, 0],
      End: [far ? rows : row, items.length],
    }[event.key];
    if (to) {
      const next = { row: Math.max(0, Math.min(rows - 1, to[0])), column: Math.max(0, Math.min(items.length - 1, to[1])) };
      byKey.current = true;
      down.scrollToIndex(next.row);
      across.scrollToIndex(next.column);
      set(next);
    } else if (event.key === "Enter" && held.people.get(row)) location.assign(`/teach/courses/${courseId}/students/${held.people.get(row).id}`);
    else return;
    event.preventDefault();
  };
  const before = columns[0]?.start ?? 0;
  const gap = h("div", { role: "presentation", style: { flex: "none", width: before } });
  return h(
    "div",
    { ref: box, className: "ly-matrix-box", style: { height: `min(70vh, 720px, ${HEAD + rows * ROW + 18}px)` } },
    h(
      "div",
      { role: "grid", "aria-label": "Progress by item", "aria-rowcount": rows + 1, "aria-colcount": items.length + 1, className: "ly-matrix-grid", style: { width: name + across.getTotalSize() }, onKeyDown },
      h(
        "div",
        { role: "row", "aria-rowindex": 1, className: "ly-matrix-head", style: { height: HEAD } },
        h("div", { role: "columnheader", "aria-colindex": 1, className: "ly-matrix-name", style: { width: name } }, h("span", null, "Student"), h("small", null, "done")),
        gap,
        columns.map(({ index }) =>
          h(
            "div",
            { key: items[index].id, role: "columnheader", "aria-colindex": index + 2, className: "ly-matrix-column", title: `${items[index].title}: ${items[index].completed} completed it, ${items[index].started} opened it` },
            h("span", null, items[index].title),
            h("small", null, items[index].completed),
          ),
        ),
      ),
      h(
        "div",
        { role: "rowgroup", className: "ly-matrix-body", style: { height: down.getTotalSize() } },
        lines.map(({ index, start }) => {
          const person = held.people.get(index);
          return h(
            "div",
            { key: index, role: "row", "aria-rowindex": index + 2, className: "ly-matrix-row", style: { height: ROW, lineHeight: `${ROW - 1}px`, transform: `translateY(${start}px)` } },
            h("div", { role: "rowheader", "aria-colindex": 1, className: "ly-matrix-name", title: person?.name, style: { width: name } }, person ? h("span", null, person.name) : h("span", { className: "ly-people-wait" }), person ? h("small", { className: "ly-nums" }, `${person.done}/${person.total}`) : null),
            gap,
            columns.map(({ index: place }) => {
              const cell = person && held.cells.get(`${person.id}:${place}`);
              const chosen = here?.row === index && here?.column === place;
              return h(
                "div",
                {
                  key: items[place].id,
                  role: "gridcell",
                  "aria-colindex": place + 2,
                  "aria-selected": chosen ? "true" : "false",
                  "aria-label": person ? `${person.name}, ${items[place].title}: ${say(cell)}` : undefined,
                  className: "ly-matrix-cell",
                  tabIndex: chosen || (!here && index === 0 && place === 0) ? 0 : -1,
                  "data-cell": `${index}:${place}`,
                  "data-state": cell?.state,
                  onFocus: () => !chosen && set({ row: index, column: place }),
                  onClick: (event) => event.currentTarget.focus(),
                },
                cell ? (cell.score !== null ? cell.score : { done: "✓", started: "…", none: "" }[cell.state]) : "",
              );
            }),
          );
        }),
      ),
    ),
  );
}
