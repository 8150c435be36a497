// One field for each type of question. `told` is the feedback when the answer has been seen; `locked` says that it no longer changes.
// `set(response, { typing })` gives an answer. All of it works with a pointer and with keys alone.
import { createElement as h, lazy, Suspense } from "react";
import { Html, PartSaid } from "$/public/external/lms_app/web/components/answering/answer_parts.jsx";
import { Gaps } from "$/public/external/lms_app/web/components/answering/answer_gaps.jsx";
import { Essay, Files } from "$/public/external/lms_app/web/components/answering/answer_writing.jsx";
import { Hotspot } from "$/public/external/lms_app/web/components/answering/answer_hotspot.jsx";

// Dragging is for one type alone, so its library comes when a question needs it.
const Ordering = lazy(() => import("$/public/external/lms_app/web/components/answering/answer_ordering.jsx"));

export const KEYS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const INSIDE_THE_TEXT = new Set(["cloze", "dropdown"]);

// What is asked, and the field that answers it: for gaps in a text they are one.
export function Asked(props) {
  const { question } = props;
  if (INSIDE_THE_TEXT.has(question.type)) return h(Gaps, props);
  return [h(Html, { key: "text", className: "ly-question", id: `question-${question.id}`, html: question.html }), h(Field, { key: "field", ...props })];
}

function Field(props) {
  switch (props.question.type) {
    case "single_choice":
      return h(SingleChoice, props);
    case "multiple_choice":
      return h(MultipleChoice, props);
    case "true_false":
      return h(TrueFalse, props);
    case "matching":
      return h(Matching, props);
    case "ordering":
      return h(Suspense, { fallback: h("div", { className: "ly-answer-wait", "aria-busy": "true" }) }, h(Ordering, props));
    case "hotspot":
      return h(Hotspot, props);
    case "essay":
      return h(Essay, props);
    case "file_upload":
      return h(Files, props);
    case "description":
      return null;
    default:
      return h(TextAnswer, props);
  }
}

function SingleChoice({ question, response, set, ...rest }) {
  return h(Choices, { question, ...rest, legend: "Choose one answer", isChosen: (id) => response?.choice === id, choose: (id) => set({ choice: id }) });
}

function TrueFalse({ question, response, set, ...rest }) {
  const both = { ...question, choices: [{ id: "true", html: "True" }, { id: "false", html: "False" }] };
  return h(Choices, { question: both, ...rest, legend: "True or false", isChosen: (id) => response !== undefined && response !== null && String(response.value) === id, choose: (id) => set({ value: id === "true" }) });
}

function MultipleChoice({ question, response, set, ...rest }) {
  const chosen = response?.choices ?? [];
  const exactly = question.extras?.select;
  const most = exactly ?? question.extras?.select_most;
  const flip = (id) => set({ choices: chosen.includes(id) ? chosen.filter((other) => other !== id) : [...chosen, id] });
  const wanted = exactly ? `Choose ${exactly}` : `Choose ${most} at most`;
  const hint = most ? `${wanted}. ${chosen.length} chosen.` : "More than one may be right.";
  return h(Choices, { question, ...rest, many: true, most, hint, legend: most ? wanted : "Choose every right answer", isChosen: (id) => chosen.includes(id), count: chosen.length, choose: flip });
}

function Choices({ question, told, locked, many = false, most, count = 0, hint, legend, isChosen, choose }) {
  const verdicts = new Map((told?.choices ?? []).map((choice) => [choice.id, choice]));
  return h(
    "fieldset",
    { className: "ly-choices", "aria-describedby": `question-${question.id}` },
    h("legend", { className: "ly-sr" }, legend),
    hint ? h("p", { className: "ly-question-hint" }, hint) : null,
    question.choices.map((choice, number) => {
      const verdict = verdicts.get(choice.id);
      const chosen = isChosen(choice.id);
      const said = verdict?.right ? "right" : verdict && chosen ? "wrong" : told ? "none" : undefined;
      return h(
        "label",
        { key: choice.id, className: "ly-choice", "data-many": many ? "" : undefined, "data-verdict": said },
        h("input", { type: many ? "checkbox" : "radio", name: `answer-${question.id}`, checked: chosen, disabled: locked || (Boolean(most) && !chosen && count >= most), onChange: () => choose(choice.id) }),
        h("span", { className: "ly-choice-key", "aria-hidden": "true" }, KEYS[number] ?? ""),
        h("span", { className: "ly-choice-text" }, h(Html, { as: "span", html: choice.html }), verdict?.html ? h(Html, { as: "span", className: "ly-choice-why", html: verdict.html }) : null),
        said === "right" ? h("span", { className: "ly-choice-verdict" }, h("span", null, chosen ? "Your answer, correct" : "Correct answer")) : null,
        said === "wrong" ? h("span", { className: "ly-choice-verdict" }, h("span", null, "Your answer")) : null,
      );
    }),
  );
}

function TextAnswer({ question, response, locked, set }) {
  const numeric = question.type === "numeric" || question.type === "calculated";
  const { unit, with_unit: withUnit } = question.extras ?? {};
  const number = withUnit ? "Your answer, a number with its unit" : unit ? `Your answer in ${unit}` : "Your answer, a number";
  return h(
    "div",
    { className: "ly-answer-text" },
    h(
      "label",
      { className: "ly-field" },
      h("span", { className: "ly-label" }, numeric ? number : "Your answer"),
      h("input", {
        className: "ly-input",
        type: "text",
        inputMode: numeric && !unit && !withUnit ? "decimal" : "text",
        autoComplete: "off",
        spellCheck: false,
        maxLength: 1000,
        disabled: locked,
        "aria-describedby": `question-${question.id}`,
        value: response?.text ?? "",
        onChange: (event) => set({ text: event.target.value }, { typing: true }),
      }),
    ),
  );
}

// A list of prompts, each with a menu of what may belong to it. Options that are more than words stand below as lettered cards.
function Matching({ question, response, told, locked, set }) {
  const { prompts, options } = question.extras;
  const pairs = response?.pairs ?? {};
  const parts = new Map((told?.parts ?? []).map((part) => [part.id, part]));
  const plain = options.map((option) => wordsOf(option.html));
  const rich = options.some((option, number) => plain[number] === null);
  const named = (number) => (rich ? KEYS[number] : plain[number]);
  const pair = (prompt, option) => {
    const { [prompt]: before, ...others } = pairs;
    set({ pairs: option ? { ...others, [prompt]: option } : others });
  };
  return h(
    "div",
    { className: "ly-matching", role: "group", "aria-label": "Choose what belongs to each" },
    rich ? h("ol", { className: "ly-options", "aria-label": "To choose from" }, options.map((option, number) => h("li", { key: option.id }, h("span", { className: "ly-choice-key" }, KEYS[number]), h(Html, { html: option.html })))) : null,
    prompts.map((prompt) => {
      const part = parts.get(prompt.id);
      return h(
        "div",
        { key: prompt.id, className: "ly-pair", "data-outcome": part?.outcome },
        h(Html, { id: `prompt-${prompt.id}`, html: prompt.html }),
        h(
          "select",
          { className: "ly-input", "aria-labelledby": `prompt-${prompt.id}`, disabled: locked, value: pairs[prompt.id] ?? "", onChange: (event) => pair(prompt.id, event.target.value) },
          h("option", { value: "" }, "Choose…"),
          options.map((option, number) => h("option", { key: option.id, value: option.id }, named(number))),
        ),
        part ? h(PartSaid, { part }) : null,
      );
    }),
  );
}

// The words of an option, or null where there is more to it than words.
function wordsOf(html) {
  const parsed = new DOMParser().parseFromString(html, "text/html").body;
  return parsed.querySelector("img, math, svg, pre, code, table, audio, video") ? null : parsed.textContent.trim();
}
