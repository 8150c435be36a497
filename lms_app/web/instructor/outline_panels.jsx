// Beside the outline: the chosen module, lesson or quiz. The block editor stands there for a page.
import { createElement as h, useState } from "react";
import { Link } from "react-router";
import { Archive, ArrowDown, ArrowUp, ChartColumn, CopyPlus, Pencil, Plus, Send } from "lucide-react";
import { Button, TitleField, Tool } from "$/public/external/lms_app/web/instructor/editor/editor_parts.jsx";
import { AvailabilityLine } from "$/public/external/lms_app/web/instructor/outline/outline_availability.jsx";
import { State } from "$/public/external/lms_app/web/instructor/outline/outline_states.jsx";
import { HOLDS, below, counted, path } from "$/public/external/lms_app/web/instructor/outline/outline_model.jsx";

// Where it stands, and what can be done with all of it.
export function PanelHead({ all, entry, acts }) {
  const outer = path(all, entry.key).map((key) => all.get(key).title);
  const number = all.get(entry.parent)?.children.indexOf(entry.key) + 1;
  const where = entry.kind === "module" ? `Module ${number} of ${all.get(entry.parent).children.length}` : outer.join(" · ");
  return h(
    "div",
    { className: "ly-desk-head" },
    h("p", { className: "ly-desk-where" }, where),
    entry.kind === "quiz"
      ? null
      : h(
          "div",
          { className: "ly-desk-acts", role: "group", "aria-label": `This ${entry.kind}` },
          h(Tool, { name: `Move ${entry.kind} up`, icon: ArrowUp, keys: "Alt ↑", onClick: () => acts.shift(entry, -1) }),
          h(Tool, { name: `Move ${entry.kind} down`, icon: ArrowDown, keys: "Alt ↓", onClick: () => acts.shift(entry, 1) }),
          h(Tool, { name: `Duplicate ${entry.kind}`, icon: CopyPlus, onClick: () => acts.duplicate(entry) }),
          h(Tool, { name: `Archive ${entry.kind}`, icon: Archive, onClick: () => acts.archive(entry) }),
        ),
  );
}

export function PartPanel({ all, entry, acts, choose }) {
  const inner = HOLDS[entry.kind];
  const pages = below(all, entry.key, "page");
  const quizzes = below(all, entry.key, "quiz");
  const told = [entry.kind === "module" ? counted(entry.children.length, "lesson") : "", counted(pages.length, "page"), counted(quizzes.length, "quiz", "quizzes")].filter(Boolean).join(", ");
  return h(
    "div",
    { className: "ly-desk-part" },
    h(PanelHead, { all, entry, acts }),
    h(Title, { key: entry.key, entry, rename: acts.rename }),
    h("div", { className: "ly-line", "data-wrap": "" }, h(State, { state: entry.state, full: true }), h("span", { className: "ly-second" }, told), entry.node.category ? h("span", { className: "ly-pill" }, entry.node.category) : null),
    h(
      "div",
      { className: "ly-line", "data-wrap": "" },
      entry.state === "published" ? h("span", { className: "ly-second" }, "No changes to publish") : h(Button, { kind: "primary", icon: Send, disabled: !pages.length, onClick: () => acts.askPublish(entry) }, `Publish ${entry.kind}`),
      h(Button, { icon: Plus, onClick: () => acts.askAdd(inner, entry.key) }, `Add ${inner}`),
    ),
    h(AvailabilityLine, { entry, change: acts.askAvailability }),
    h("h2", { className: "ly-section-title" }, inner === "lesson" ? "Lessons" : "Pages"),
    entry.children.length
      ? h(
          "ul",
          { className: "ly-desk-list" },
          entry.children.map((key) => {
            const child = all.get(key);
            return h(
              "li",
              { key },
              h("button", { type: "button", className: "ly-desk-name ly-link", onClick: () => choose(key) }, child.title),
              h("span", { className: "ly-caption" }, child.kind === "lesson" ? counted(child.children.length, "page") : child.node.minutes ? `${child.node.minutes} min` : ""),
              h(State, { state: child.state }),
            );
          }),
        )
      : h("p", { className: "ly-quiet" }, `Nothing is in it yet. Add a ${inner}, then publish.`),
  );
}

export function QuizPanel({ all, entry, acts, choose }) {
  const { practice, questions } = entry.node;
  const page = all.get(entry.parent);
  return h(
    "div",
    { className: "ly-desk-part" },
    h("h2", { className: "ly-desk-title" }, entry.title),
    h("div", { className: "ly-line", "data-wrap": "" }, h(State, { state: entry.state, full: true }), h("span", { className: "ly-second" }, `${practice ? "Practice quiz" : "Quiz"}, ${counted(questions, "question")}`)),
    questions ? null : h("p", { className: "ly-second" }, "It stays hidden from students until it has a question."),
    h("p", { className: "ly-second" }, "It stands on the page ", h("button", { type: "button", className: "ly-link", onClick: () => choose(page.key) }, page.title), ", and is published with it."),
    h("div", { className: "ly-line", "data-wrap": "" }, h(Link, { className: "ly-button", "data-kind": "primary", to: `/teach/quizzes/${entry.id}` }, h(Pencil, { size: 16, className: "ly-icon", "aria-hidden": true }), h("span", null, "Edit quiz")), h(Link, { className: "ly-button", to: `/teach/quizzes/${entry.id}/statistics` }, h(ChartColumn, { size: 16, className: "ly-icon", "aria-hidden": true }), h("span", null, "Statistics"))),
    h(AvailabilityLine, { entry, change: acts.askAvailability }),
  );
}

// A title that is written where it stands: Enter and leaving it keep it, Escape brings the old one back.
function Title({ entry, rename }) {
  // What is being written, and the title that it began with; null while nothing is.
  const [draft, setDraft] = useState(null);
  const keep = () => {
    const clean = draft?.value.trim();
    if (clean && clean !== draft.seen) rename({ ...entry, title: draft.seen }, clean);
    setDraft(null);
  };
  return h(TitleField, {
    className: "ly-desk-title",
    "aria-label": `Title of the ${entry.kind}`,
    value: draft?.value ?? entry.title,
    onChange: (value) => setDraft({ value, seen: draft?.seen ?? entry.title }),
    onBlur: keep,
    onEnter: (event) => event.currentTarget.blur(),
    onKeyDown: (event) => event.key === "Escape" && setDraft(null),
  });
}
