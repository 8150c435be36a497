// The gradebook as a grid: as much of it as is in sight, moved through and written by keys as in a spreadsheet.
import { createElement as h, useEffect, useRef, useState } from "react";
import { useVirtualizer } from "@tanstack/react-virtual";
import { sayCell } from "$/public/external/lms_app/web/instructor/gradebook/gradebook_store.jsx";

const ROW = 36;
const HEAD = 64;
const COLUMN = 112;
const STICKY = 296;

export default function Grid({ book, active, setActive, commit, open }) {
  const box = useRef(null);
  const [editing, setEditing] = useState(null);
  const byKey = useRef(false);
  const columns = book.head.columns;
  const rows = book.count ?? book.head.students;
  const down = useVirtualizer({ count: rows, getScrollElement: () => box.current, estimateSize: () => ROW, overscan: 6, scrollPaddingStart: HEAD, paddingStart: 0 });
  const across = useVirtualizer({ horizontal: true, count: columns.length, getScrollElement: () => box.current, estimateSize: () => COLUMN, overscan: 2, scrollPaddingStart: STICKY });
  const shownRows = down.getVirtualItems();
  const shownColumns = across.getVirtualItems();
  const bounds = [shownRows[0]?.index ?? 0, shownRows.at(-1)?.index ?? 0, shownColumns[0]?.index ?? 0, shownColumns.at(-1)?.index ?? 0];

  useEffect(() => {
    if (rows && columns.length) book.want([bounds[0], bounds[1]], [bounds[2], bounds[3]]);
    else if (rows) book.want([bounds[0], bounds[1]], [0, 0]);
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [book.want, rows, columns.length, ...bounds]);

  useEffect(() => {
    if (!byKey.current || !active || editing) return;
    // A cell far away is drawn only once the box has scrolled there.
    const cell = box.current?.querySelector(`[data-cell="${active.row}:${active.column}"]`);
    if (cell) byKey.current = false;
    cell?.focus({ preventScroll: true });
  });

  const go = (row, column) => {
    const to = { row: Math.max(0, Math.min(rows - 1, row)), column: Math.max(0, Math.min(columns.length - 1, column)) };
    byKey.current = true;
    down.scrollToIndex(to.row);
    across.scrollToIndex(to.column);
    setActive(to);
  };

  const write = (row, column, text) => {
    if (!book.head.may_grade) return;
    const cell = book.cell(book.person(row), column);
    if (cell) setEditing({ row, column, text: text ?? cell.points, before: cell.points, version: cell.version });
  };

  const finish = (text, move) => {
    const was = editing;
    setEditing(null);
    byKey.current = true;
    if (text !== null && text.trim() !== was.before) commit(was, text);
    if (move) go(was.row + move[0], was.column + move[1]);
    else setActive({ row: was.row, column: was.column });
  };

  const page = Math.max(1, Math.floor(((box.current?.clientHeight ?? 400) - HEAD) / ROW) - 1);
  const onKeyDown = (event) => {
    if (editing || !active || event.altKey) return;
    const { row, column } = active;
    const far = event.ctrlKey || event.metaKey;
    const moves = {
      ArrowDown: [far ? rows : row + 1, column],
      ArrowUp: [far ? 0 : row - 1, column],
      ArrowRight: [row, far ? columns.length : column + 1],
      ArrowLeft: [row, far ? 0 : column - 1],
      PageDown: [row + page, column],
      PageUp: [row - page, column],
      Home: [far ? 0 : row, 0],
      End: [far ? rows : row, columns.length],
    };
    if (moves[event.key]) go(...moves[event.key]);
    else if (event.key === "Enter" && event.shiftKey) open();
    else if (event.key === "Enter" || event.key === "F2") write(row, column);
    else if (event.key === "Delete" || event.key === "Backspace") {
      const cell = book.cell(book.person(row), column);
      if (book.head.may_grade && cell) commit({ row, column, version: cell.version }, "");
    } else if (!far && event.key.length === 1 && event.key !== " ") write(row, column, event.key);
    else return;
    event.preventDefault();
  };

  const width = STICKY + across.getTotalSize();
  const before = shownColumns[0]?.start ?? 0;
  return h(
    "div",
    { ref: box, className: "ly-gb-box", style: { height: `min(68vh, 760px, ${HEAD + rows * ROW + 18}px)` } },
    h(
      "div",
      { role: "grid", "aria-label": "Grades", "aria-rowcount": rows + 1, "aria-colcount": columns.length + 2, className: "ly-gb", style: { width }, onKeyDown },
      h(
        "div",
        { role: "row", "aria-rowindex": 1, className: "ly-gb-head", style: { height: HEAD } },
        h("div", { role: "columnheader", "aria-colindex": 1, className: "ly-gb-name" }, "Student"),
        h("div", { role: "columnheader", "aria-colindex": 2, className: "ly-gb-total" }, "Total"),
        h("div", { role: "presentation", style: { flex: "none", width: before } }),
        shownColumns.map(({ index }) => h(Head, { key: columns[index].id, column: columns[index], index })),
      ),
      h(
        "div",
        { role: "rowgroup", className: "ly-gb-body", style: { height: down.getTotalSize() } },
        shownRows.map(({ index, start }) =>
          h(Row, { key: index, index, start, before, shownColumns, columns, person: book.person(index), cell: book.cell, active, editing, setActive, write, finish }),
        ),
      ),
    ),
  );
}

function Head({ column, index }) {
  const notes = [`of ${column.points}`, column.counted ? "" : "does not count", column.required ? `needs ${column.required} %` : ""].filter(Boolean).join(", ");
  return h(
    "div",
    { role: "columnheader", "aria-colindex": index + 3, className: "ly-gb-column", title: `${column.title}${column.category ? ` · ${column.category}` : ""} · ${notes}` },
    h("span", { className: "ly-gb-title" }, column.title),
    h("span", { className: "ly-caption" }, notes),
  );
}

function Row({ index, start, before, shownColumns, columns, person, cell, active, editing, setActive, write, finish }) {
  const total = person?.total;
  return h(
    "div",
    { role: "row", "aria-rowindex": index + 2, className: "ly-gb-row", style: { height: ROW, transform: `translateY(${start}px)` }, "data-here": active?.row === index ? "" : undefined },
    h("div", { role: "rowheader", "aria-colindex": 1, className: "ly-gb-name", title: person?.name }, person ? person.name : h("span", { className: "ly-gb-wait" })),
    h(
      "div",
      { role: "gridcell", "aria-colindex": 2, className: "ly-gb-total ly-nums", "data-passed": total?.passed === null || total === undefined ? undefined : String(total.passed) },
      total ? total.text || "—" : "",
      total?.passed === false ? h("span", { className: "ly-sr" }, ", not passed") : null,
    ),
    h("div", { role: "presentation", style: { flex: "none", width: before } }),
    shownColumns.map(({ index: place }) => {
      const here = active?.row === index && active?.column === place;
      const writing = editing?.row === index && editing?.column === place;
      const known = cell(person, place);
      return h(
        "div",
        {
          key: columns[place].id,
          role: "gridcell",
          "aria-colindex": place + 3,
          "aria-selected": here ? "true" : "false",
          "aria-label": writing || !person ? undefined : `${person.name}, ${columns[place].title}: ${sayCell(known, columns[place])}`,
          className: "ly-gb-cell ly-nums",
          tabIndex: here || (!active && index === 0 && place === 0) ? 0 : -1,
          "data-cell": `${index}:${place}`,
          "data-state": known?.state,
          "data-late": known?.late ? "" : undefined,
          onFocus: () => !here && setActive({ row: index, column: place }),
          onDoubleClick: () => write(index, place),
        },
        writing ? h(Entry, { first: editing.text, finish, label: `${person.name}, ${columns[place].title}, of ${columns[place].points}` }) : known ? known.text : h("span", { className: "ly-gb-wait" }),
      );
    }),
  );
}

function Entry({ first, finish, label }) {
  const field = useRef(null);
  const done = useRef(false);
  useEffect(() => {
    field.current.focus();
    // What was there is replaced by what is typed; what began by typing goes on behind it.
    if (first.length > 1) field.current.select();
    else field.current.setSelectionRange(first.length, first.length);
  }, [first]);
  const end = (text, move) => {
    if (done.current) return;
    done.current = true;
    finish(text, move);
  };
  return h("input", {
    ref: field,
    className: "ly-gb-entry",
    defaultValue: first,
    inputMode: "decimal",
    maxLength: 40,
    "aria-label": label,
    onBlur: (event) => end(event.target.value, null),
    onKeyDown: (event) => {
      event.stopPropagation();
      if (event.key === "Escape") end(null, null);
      else if (event.key === "Enter") end(event.target.value, [event.shiftKey ? -1 : 1, 0]);
      else if (event.key === "Tab") end(event.target.value, [0, event.shiftKey ? -1 : 1]);
      else return;
      event.preventDefault();
    },
  });
}
