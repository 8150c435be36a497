// The questions that were found, a hundred at a time as they come into sight.
import { createElement as h, useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";
import { Link } from "react-router";
import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { Eye } from "lucide-react";
import { Button, Tool, ask } from "$/public/external/lms_app/web/instructor/editor/editor_parts.jsx";
import { DIFFICULTIES, NAMES } from "$/public/external/lms_app/web/instructor/question_editor/question_form.jsx";

const WINDOW = 100;
const STATES = { new: "Draft", changed: "Changed since published" };

export function List({ base, query, revision, shelf, chosen, setChosen, open, preview, found, left, again, empty }) {
  const [total, setTotal] = useState(null);
  const [windows, setWindows] = useState(() => new Map());
  const [trouble, setTrouble] = useState("");
  const box = useRef(null);
  const [margin, setMargin] = useState(0);
  const asked = useRef(new Set());
  const turn = useRef(0);

  const read = useCallback(
    (number) => {
      if (asked.current.has(number)) return;
      asked.current.add(number);
      const now = turn.current;
      ask("GET", `${base}/questions?${query ? `${query}&` : ""}offset=${number * WINDOW}`).then(
        (told) => {
          if (turn.current !== now) return;
          setTrouble("");
          setTotal(told.total);
          found(told.total);
          setWindows((before) => new Map(before).set(number, told.entries));
        },
        (error) => {
          if (turn.current !== now) return;
          asked.current.delete(number);
          setTrouble(error.message);
        },
      );
    },
    [base, query, found],
  );
  const before = useRef(query);
  useEffect(() => {
    turn.current += 1;
    asked.current = new Set();
    if (before.current !== query) {
      setWindows(new Map());
      left.current.question = "";
    }
    before.current = query;
    read(0);
  }, [read, query, revision, left]);
  useLayoutEffect(() => {
    if (box.current) setMargin(box.current.getBoundingClientRect().top + window.scrollY);
  }, [total]);

  const virtual = useWindowVirtualizer({ count: total ?? 0, estimateSize: () => 72, overscan: 12, scrollMargin: margin });
  const items = virtual.getVirtualItems();
  // The question that was closed is in sight again, and has the focus once it is drawn.
  useEffect(() => {
    const { at, question } = left.current;
    if (margin && at !== null) {
      left.current.at = null;
      virtual.scrollToIndex(at, { align: "center" });
    }
    const title = question && box.current?.querySelector(`[data-question="${question}"]`);
    if (!title) return;
    left.current.question = "";
    title.focus({ preventScroll: true });
  });
  const wanted = [...new Set(items.map(({ index }) => Math.floor(index / WINDOW)))].join();
  useEffect(() => {
    if (total) wanted.split(",").filter(Boolean).map(Number).forEach(read);
  }, [wanted, total, read, revision]);

  if (trouble) return h(Trouble, { said: trouble, again });
  if (total === null) return h("div", { className: "ly-skeleton", style: { minHeight: 400 } });
  if (total === 0) return empty;
  const flip = (id) =>
    setChosen((known) => {
      const next = new Set(known);
      if (!next.delete(id)) next.add(id);
      return next;
    });
  return h(
    "div",
    { ref: box, className: "ly-rows ly-banking-list", role: "list", "aria-label": "Questions", style: { height: virtual.getTotalSize() } },
    items.map(({ index, key, start }) => {
      const entry = windows.get(Math.floor(index / WINDOW))?.[index % WINDOW];
      return h(
        "div",
        { key, "data-index": index, ref: virtual.measureElement, role: "listitem", "aria-posinset": index + 1, "aria-setsize": total, className: "ly-banking-row", style: { transform: `translateY(${start - margin}px)` } },
        entry ? h(Entry, { entry, at: index, shelf, chosen: chosen.has(entry.id), flip, open, preview }) : h("span", { className: "ly-skeleton ly-banking-waiting" }),
      );
    }),
  );
}

export function Trouble({ said, again }) {
  return h("div", { className: "ly-callout", "data-tone": "bad", role: "alert" }, h("div", null, h("p", null, said), h(Button, { onClick: again }, "Try again")));
}

function Entry({ entry, at, shelf, chosen, flip, open, preview }) {
  const category = shelf.categories.find(({ id }) => id === entry.category)?.name;
  const difficulty = DIFFICULTIES.find(([value]) => value && value === entry.difficulty)?.[1];
  return [
    h("input", { key: "choose", type: "checkbox", className: "ly-banking-choose", checked: chosen, "aria-label": `Choose: ${entry.title}`, onChange: () => flip(entry.id) }),
    h(
      "div",
      { key: "words", className: "ly-banking-words" },
      h("button", { type: "button", className: "ly-banking-title", "data-question": entry.id, onClick: () => open(entry.id, at) }, entry.title),
      h(
        "p",
        { className: "ly-caption ly-banking-line" },
        h("span", null, [NAMES[entry.type], difficulty, category].filter(Boolean).join(" · ")),
        STATES[entry.state] ? h("span", { className: "ly-pill", "data-tone": entry.state === "changed" ? "warn" : undefined }, STATES[entry.state]) : null,
        entry.tags.map((tag) => h("span", { key: tag, className: "ly-pill" }, tag)),
        h(Use, { entry }),
      ),
    ),
    h(Tool, { key: "preview", name: `Preview: ${entry.title}`, icon: Eye, onClick: () => preview(entry.id) }),
  ];
}

// "In 3 quizzes, 412 answers, facility 0.61"
function Use({ entry }) {
  const { quizzes, answers, facility } = entry;
  const where = quizzes.length === 0 ? "In no quiz" : quizzes.length === 1 ? ["In ", h(Link, { key: "quiz", to: `/teach/quizzes/${quizzes[0].id}`, className: "ly-link" }, quizzes[0].title)] : h("span", { title: quizzes.map(({ title }) => title).join(", ") }, `In ${quizzes.length} quizzes`);
  return h("span", { className: "ly-nums" }, where, answers ? `, ${answers.toLocaleString("en-GB")} ${answers === 1 ? "answer" : "answers"}, facility ${facility}` : "");
}
