// What completes a page: said in a line, changed in a dialog that tells beforehand what the change does.
import { createElement as h, useEffect, useState } from "react";
import { Button, Dialog, ask, useAct } from "$/public/external/lms_app/web/instructor/editor/editor_parts.jsx";

const RULES = [["read", "Reading it to the end"], ["manual", "Marking it by hand"], ["none", "Nothing: it is no step of its own"]];

export function Completion({ page, quizzes, told }) {
  const [rule, setRule] = useState({ rule: page.rule, required: page.required });
  const [open, setOpen] = useState(false);
  return h(
    "section",
    { className: "ly-desk-setting", "aria-label": "Completion" },
    h("p", { className: "ly-label" }, "What completes this page"),
    h("p", { className: "ly-desk-said" }, said(rule, quizzes)),
    h(Button, { size: "s", onClick: () => setOpen(true) }, "Change completion"),
    open
      ? h(CompletionDialog, {
          page,
          now: rule,
          close: () => setOpen(false),
          saved: (next) => {
            setRule(next);
            setOpen(false);
            told("Completion saved. What students did is kept.");
          },
        })
      : null,
  );
}

function CompletionDialog({ page, now, close, saved }) {
  const [next, setNext] = useState(now);
  const [told, setTold] = useState(null);
  const [missing, setMissing] = useState("");
  useEffect(() => {
    let gone = false;
    ask("POST", `/v/pages/${page.id}/rule/preview`, next).then(
      (found) => !gone && (setTold(found), setMissing("")),
      (error) => !gone && (setTold(null), setMissing(error.message)),
    );
    return () => {
      gone = true;
    };
  }, [page.id, next]);
  const { run, busy, trouble } = useAct(async () => {
    await ask("PUT", `/v/pages/${page.id}/rule`, next);
    saved(next);
  });
  return h(
    Dialog,
    { title: "What completes this page?", close },
    h(
      "form",
      { onSubmit: run, className: "ly-stack", "data-gap": "16" },
      h("fieldset", { className: "ly-stack", "data-gap": "4" }, h("legend", { className: "ly-sr" }, "What completes this page"), RULES.map(([key, words]) => h("label", { key, className: "ly-check" }, h("input", { type: "radio", name: "rule", checked: next.rule === key, onChange: () => setNext({ ...next, rule: key }) }), h("span", null, words)))),
      h("label", { className: "ly-check" }, h("input", { type: "checkbox", checked: next.required, disabled: next.rule === "none", onChange: (event) => setNext({ ...next, required: event.target.checked }) }), h("span", null, "Required to complete the course")),
      h("div", { className: "ly-desk-preview", role: "status" }, told ? [h("p", { key: "w", className: "ly-strong" }, told.words), h("p", { key: "s", className: "ly-second" }, told.sentence)] : null, missing ? h("p", { className: "ly-error" }, missing) : null),
      trouble ? h("p", { className: "ly-error", role: "alert" }, trouble) : null,
      h("div", { className: "ly-dialog-actions" }, h(Button, { onClick: close }, "Cancel"), h(Button, { kind: "primary", type: "submit", busy, disabled: next.rule === now.rule && next.required === now.required }, "Save rule")),
    ),
  );
}

function said({ rule, required }, quizzes) {
  if (rule === "none") return quizzes.some((quiz) => !quiz.practice) ? "Its quizzes: it is no step of its own." : "Nothing: it is no step of its own.";
  return `${RULES.find(([key]) => key === rule)?.[1] ?? rule}. ${required ? "Required to complete the course." : "Optional."}`;
}
