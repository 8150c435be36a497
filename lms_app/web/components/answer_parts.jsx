// Small parts of a question that is answered: buttons, signs, hints, what is said of an answer.
import { createElement as h, useState } from "react";

export function Button({ kind = "default", size = "m", busy = false, pressed, disabled = false, icon = null, iconEnd = null, children, ...props }) {
  return h("button", { type: "button", className: "ly-button", "data-kind": kind, "data-size": size, "aria-busy": busy ? "true" : undefined, "aria-pressed": pressed, disabled: disabled || busy, ...props }, icon, h("span", null, children), iconEnd);
}

export function Html({ html, as = "div", ...props }) {
  return h(as, { ...props, dangerouslySetInnerHTML: { __html: html } });
}

export function Sign({ path }) {
  return h("svg", { className: "ly-icon", viewBox: "0 0 24 24", width: 16, height: 16, fill: "none", stroke: "currentColor", strokeWidth: 2.25, strokeLinecap: "round", strokeLinejoin: "round", "aria-hidden": "true" }, h("path", { d: path }));
}

// How one part of an answer did, in words.
export function PartSaid({ part }) {
  const words = { correct: "Right", partial: "Partly right", incorrect: "Not right", blank: "No answer" }[part.outcome] ?? "";
  return h("span", { className: "ly-part", "data-outcome": part.outcome }, words, part.html ? h(Html, { as: "span", html: part.html }) : null);
}

// One after the other, each only when asked for; those that a wrong try has brought are all there.
export function Hints({ hints, all }) {
  const [asked, setAsked] = useState(0);
  const shown = all ? hints.length : asked;
  return h(
    "div",
    { className: "ly-stack", "data-gap": "8", role: "status" },
    hints.slice(0, shown).map((hint, number) => h(Html, { key: number, className: "ly-second", html: hint })),
    shown < hints.length ? h("div", null, h(Button, { kind: "ghost", size: "s", onClick: () => setAsked(asked + 1) }, shown ? "Show another hint" : "Show a hint")) : null,
  );
}

const VERDICTS = { correct: ["That's right.", "✓"], partial: ["Partly right.", "◐"], incorrect: ["Not quite.", "✕"], pending: ["Your answer waits for its marks.", "…"], blank: ["No answer.", "–"] };

export function Feedback({ told }) {
  const [title, sign] = VERDICTS[told.outcome] ?? VERDICTS.blank;
  return h(
    "div",
    { className: "ly-feedback", "data-outcome": told.outcome, role: "status" },
    h("span", { className: "ly-feedback-sign", "aria-hidden": "true" }, sign),
    h("p", { className: "ly-feedback-title" }, title, " ", told.score !== "" && told.outcome !== "pending" ? h("span", { className: "ly-caption" }, `${told.score} of ${told.points}`) : null),
    h(
      "div",
      null,
      told.remark ? h("p", null, told.remark) : null,
      told.html ? h(Html, { html: told.html }) : null,
      told.solution ? h("p", { className: "ly-solution" }, h("span", { className: "ly-strong" }, "Right answer: "), h(Html, { as: "span", html: told.solution })) : null,
    ),
  );
}
