// Somebody else saved the question meanwhile: both states of every field that differs, and the choice.
import { createElement as h, useState } from "react";
import { Button, Html, clockTime } from "$/public/external/lms_app/web/instructor/editor/editor_parts.jsx";

const WORDS = { stem: "The question", feedback: "Feedback to everybody", hints: "Hints", penalty: "A wrong try takes", deduction: "A wrong answer costs", choices: "Choices", answers: "Answers", variables: "Numbers that are drawn", pairs: "Pairs", items: "Items", gaps: "Gaps", regions: "Regions" };

export function Conflict({ theirs, settle }) {
  const [chosen, setChosen] = useState({});
  const of = (field) => chosen[field] ?? "mine";
  const every = (wanted) => setChosen(Object.fromEntries(theirs.differences.map(({ field }) => [field, wanted])));
  const words = (field) => WORDS[field] ?? `${field[0].toUpperCase()}${field.slice(1).replaceAll("_", " ")}`;
  return h(
    "section",
    { className: "ly-callout ly-editor-conflict", "data-tone": "warn", "aria-label": "Two states of this question" },
    h("div", null, h("p", { className: "ly-callout-title", role: "alert" }, `${theirs.author} saved this question at ${clockTime(theirs.saved_at)}, while you were writing`), h("p", null, "Nothing is lost. Choose for each part what the question shall say.")),
    theirs.differences.length ? h("div", { className: "ly-line", "data-wrap": "" }, h(Button, { size: "s", onClick: () => every("theirs") }, "All theirs"), h(Button, { size: "s", onClick: () => every("mine") }, "All mine")) : null,
    h(
      "div",
      { className: "ly-difference" },
      theirs.differences.map(({ field, theirs: there, mine }) =>
        h(
          "div",
          { key: field, className: "ly-difference-piece" },
          h("p", { className: "ly-caption" }, words(field)),
          h("div", { className: "ly-difference-sides" }, h(Html, { className: "ly-prose", "data-side": "before", html: there || "<p>Nothing</p>" }), h(Html, { className: "ly-prose", "data-side": "after", html: mine || "<p>Nothing</p>" })),
          h("div", { className: "ly-segments", role: "group", "aria-label": words(field) }, [["theirs", "Theirs"], ["mine", "Mine"]].map(([key, label]) => h("button", { key, type: "button", "aria-pressed": of(field) === key ? "true" : "false", onClick: () => setChosen((before) => ({ ...before, [field]: key })) }, label))),
        ),
      ),
    ),
    h("div", { className: "ly-dialog-actions" }, h(Button, { kind: "primary", onClick: () => settle(theirs.differences.filter(({ field }) => of(field) === "theirs").map(({ field }) => field)) }, "Use what I chose")),
  );
}
