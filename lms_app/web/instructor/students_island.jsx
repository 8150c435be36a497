// The students of a course: a toolbar, and as much of the table as is in sight, read in blocks of fifty.
import { createElement as h, useCallback, useEffect, useRef, useState } from "react";
import { useVirtualizer } from "@tanstack/react-virtual";
import { Button, ask } from "$/public/external/lms_app/web/components/island_parts/island_parts.jsx";
import { FigureNotes } from "$/public/external/lms_app/web/components/figure_notes/figure_notes.jsx";
import MessageDialog from "$/public/external/lms_app/web/instructor/students/message_dialog.jsx";
import "$/public/css/students.css";

const BLOCK = 50;
const COLUMNS = [
  ["name", "Name"],
  ["visited", "Last visit"],
  ["progress", "Progress"],
  ["score", "Mean score"],
  ["time", "Time"],
  ["enrolled", "Enrolled"],
];
const NARROW = [
  ["all", "All students"],
  ["unstarted", "Not started"],
  ["inactive", "No visit for 14 days"],
  ["at_risk", "At risk"],
  ["completed", "Completed"],
];
// What is best read from the other end first.
const DOWN = new Set(["visited", "score", "time", "enrolled", "progress"]);

export function inHours(minutes) {
  if (!minutes) return "—";
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

export function usePhone() {
  const query = "(max-width: 720px)";
  const [phone, setPhone] = useState(() => matchMedia(query).matches);
  useEffect(() => {
    const watched = matchMedia(query);
    const turn = () => setPhone(watched.matches);
    watched.addEventListener("change", turn);
    return () => watched.removeEventListener("change", turn);
  }, []);
  return phone;
}

export function StudentsIsland({ courseId, revision }) {
  const [asked, setAsked] = useState({ search: "", sort: "name", descending: false, narrow: "all", group: "" });
  const [head, setHead] = useState(null);
  const [told, setTold] = useState(null);
  const [trouble, setTrouble] = useState("");
  const [writing, setWriting] = useState(null);
  const [said, setSaid] = useState("");
  const [, setMoved] = useState(0);
  const lines = useRef(new Map());
  const turn = useRef(0);
  const wanted = useRef("");
  const base = `/v/courses/${courseId}/students`;

  const read = useCallback(
    async (block) => {
      const now = turn.current;
      const query = new URLSearchParams({ first: block * BLOCK, rows: BLOCK, search: asked.search, sort: asked.sort, descending: asked.descending, narrow: asked.narrow });
      if (asked.group) query.set("group", asked.group);
      try {
        const found = await ask("GET", `${base}?${query}`);
        if (turn.current !== now) return;
        found.lines.forEach((line, at) => lines.current.set(found.first + at, line));
        setTold({ students: found.students, total: found.total });
        setTrouble("");
        setMoved((moved) => moved + 1);
      } catch (error) {
        if (turn.current === now) setTrouble(error.message);
      }
    },
    [base, asked],
  );

  // What is in sight is read anew when something moved; what was asked anew begins at the top.
  useEffect(() => {
    turn.current += 1;
    const blocks = new Set(wanted.current ? wanted.current.split(",").map(Number) : [0]);
    for (const block of blocks) read(block);
    ask("GET", `${base}/head`).then(setHead, () => {});
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [revision]);
  const first = useRef(true);
  useEffect(() => {
    if (first.current) {
      first.current = false;
      return undefined;
    }
    turn.current += 1;
    lines.current.clear();
    wanted.current = "";
    const later = setTimeout(() => read(0), asked.search ? 200 : 0);
    return () => clearTimeout(later);
  }, [asked, read]);

  const change = (some) => setAsked({ ...asked, ...some });
  const sortBy = (sort) => change(sort === asked.sort ? { descending: !asked.descending } : { sort, descending: DOWN.has(sort) });

  if (!told) {
    return trouble
      ? h("p", { className: "ly-error", role: "alert" }, trouble, " ", h(Button, { size: "s", onClick: () => read(0) }, "Try again"))
      : h("p", { className: "ly-second", role: "status" }, "Loading students…");
  }
  const narrowed = asked.search || asked.narrow !== "all" || asked.group;
  return h(
    "div",
    { className: "ly-people" },
    h(
      "div",
      { className: "ly-people-tools", role: "search" },
      h("input", { type: "search", className: "ly-input", "aria-label": "Search students", placeholder: "Search students", maxLength: 200, autoComplete: "off", value: asked.search, onChange: (event) => change({ search: event.target.value }) }),
      h(Choice, { label: "Which students", value: asked.narrow, options: NARROW, set: (narrow) => change({ narrow }) }),
      head?.groups.length ? h(Choice, { label: "Group", value: asked.group, options: [["", "Every group"], ...head.groups], set: (group) => change({ group }) }) : null,
      h(Choice, { label: "Sort by", value: asked.sort, options: COLUMNS.map(([value, words]) => [value, `By ${words.toLowerCase()}`]), set: (sort) => sortBy(sort), phone: true }),
      h("span", { className: "ly-caption ly-nums", role: "status" }, narrowed ? `${told.total.toLocaleString("en-GB")} of ${told.students.toLocaleString("en-GB")} students` : `${told.students.toLocaleString("en-GB")} ${told.students === 1 ? "student" : "students"}`),
    ),
    trouble ? h("p", { className: "ly-error", role: "alert" }, trouble) : null,
    told.total === 0
      ? h("p", { className: "ly-people-empty" }, narrowed ? (asked.narrow === "at_risk" && !asked.search && !asked.group ? "Nobody is at risk by the thresholds of this course." : "Nobody is like that. Try fewer words, or all students.") : "Nobody takes this course yet. Students appear here when they enrol.")
      : h(Table, { key: JSON.stringify(asked), reasons: asked.narrow === "at_risk", count: told.total, lines: lines.current, wanted, read, asked, sortBy, courseId, write: head?.may_write ? setWriting : null }),
    h("p", { className: said ? "ly-second" : "ly-sr", role: "status" }, said),
    writing
      ? h(MessageDialog, {
          base: `/v/courses/${courseId}/risk`,
          students: [writing.id],
          whom: writing.name,
          suggestion: "",
          close: () => setWriting(null),
          done: (words) => {
            setSaid(words);
            setWriting(null);
          },
        })
      : null,
    head ? h(FigureNotes, { metrics: head.metrics, of: `${told.students.toLocaleString("en-GB")} ${told.students === 1 ? "student" : "students"}`, asOf: head.as_of }) : null,
  );
}

function Choice({ label, value, options, set, phone = false }) {
  return h(
    "select",
    { className: "ly-input", "aria-label": label, value, "data-phone": phone ? "" : undefined, onChange: (event) => set(event.target.value) },
    options.map(([key, words]) => h("option", { key, value: key }, words)),
  );
}

function Table({ count, lines, wanted, read, asked, sortBy, courseId, reasons, write }) {
  const box = useRef(null);
  const phone = usePhone();
  // On a phone a row is as high as its reasons, and is measured once it is there: this is two lines of them.
  const grows = phone && reasons;
  const row = grows ? 128 : phone ? 92 : reasons ? 65 : 45;
  const rows = useVirtualizer({ count, getScrollElement: () => box.current, estimateSize: () => row, overscan: 8 });
  const shown = rows.getVirtualItems();
  useEffect(() => {
    rows.measure();
  }, [row, rows]);
  const blocks = shown.length ? [...new Set(shown.map(({ index }) => Math.floor(index / BLOCK)))].join(",") : "";
  useEffect(() => {
    if (!blocks) return;
    wanted.current = blocks;
    for (const block of blocks.split(",").map(Number)) if (!lines.has(block * BLOCK)) read(block);
  }, [blocks, lines, read, wanted]);
  const height = Math.min(720, rows.getTotalSize() + (phone ? 2 : 44));
  return h(
    "div",
    { ref: box, className: "ly-people-box", style: { height: `min(70vh, ${height}px)` }, role: "region", "aria-label": "Students", tabIndex: 0 },
    h(
      "div",
      { role: "table", "aria-label": "Students", "aria-rowcount": count + 1, "aria-colcount": COLUMNS.length + (write ? 1 : 0), "data-writes": write ? "" : undefined },
      h(
        "div",
        { role: "rowgroup", className: "ly-people-head" },
        h(
          "div",
          { role: "row", "aria-rowindex": 1, className: "ly-people-row" },
          COLUMNS.map(([name, words]) =>
            h(
              "div",
              { key: name, role: "columnheader", "data-column": name, "aria-sort": asked.sort === name ? (asked.descending ? "descending" : "ascending") : "none" },
              h("button", { type: "button", onClick: () => sortBy(name) }, words, h("span", { "aria-hidden": true }, asked.sort === name ? (asked.descending ? " ↓" : " ↑") : "")),
            ),
          ),
          write ? h("div", { role: "columnheader", "data-column": "write" }, h("span", { className: "ly-sr" }, "Write to them")) : null,
        ),
      ),
      h(
        "div",
        { role: "rowgroup", className: "ly-people-body", style: { height: rows.getTotalSize() } },
        shown.map(({ index, start }) => h(Line, { key: index, line: lines.get(index), index, start, row: grows ? undefined : row, measure: grows ? rows.measureElement : undefined, courseId, write })),
      ),
    ),
  );
}

function Line({ line, index, start, row, measure, courseId, write }) {
  return h(
    "div",
    { ref: measure, "data-index": index, role: "row", "aria-rowindex": index + 2, className: "ly-people-row", style: { height: row, transform: `translateY(${start}px)` } },
    line
      ? [
          h("div", { key: "name", role: "rowheader", "data-column": "name" }, h("a", { className: "ly-link", href: `/teach/courses/${courseId}/students/${line.id}` }, line.name)),
          h("div", { key: "visited", role: "cell", "data-column": "visited", "data-name": "Last visit" }, line.visited || "Not yet"),
          h(
            "div",
            { key: "progress", role: "cell", "data-column": "progress" },
            line.completed ? h("span", { className: "ly-pill", "data-tone": "ok" }, "Completed") : h("progress", { className: "ly-meter", value: line.percent, max: 100, "aria-label": `Progress of ${line.name}` }),
            h("span", { className: "ly-nums" }, `${line.done} of ${line.total}`),
          ),
          h("div", { key: "score", role: "cell", "data-column": "score", "data-name": "Mean score", className: "ly-nums" }, line.score === null ? "—" : `${line.score} %`),
          h("div", { key: "time", role: "cell", "data-column": "time", "data-name": "Time", className: "ly-nums" }, inHours(line.minutes)),
          h("div", { key: "enrolled", role: "cell", "data-column": "enrolled", "data-name": "Enrolled", title: line.enrolled }, line.enrolled_on),
          write ? h("div", { key: "write", role: "cell", "data-column": "write" }, h(Button, { size: "s", kind: "ghost", "aria-label": `Write to ${line.name}`, onClick: () => write(line) }, "Write")) : null,
          line.why ? h("div", { key: "why", role: "cell", "data-column": "why", title: line.why }, line.why) : null,
        ]
      : h("div", { role: "cell", "data-column": "name" }, h("span", { className: "ly-people-wait" })),
  );
}
