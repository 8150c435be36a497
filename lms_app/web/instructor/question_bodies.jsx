// What each type of question has besides its text: one table, keyed by type. A body is drawn from `form` and changes it by `set(name, value)`, where the
// value may be made of the one before: `held(name)` is a field of it, `list(name)` its rows. `asked` is the editor of what is asked.
import { createElement as h, useState } from "react";
import { Button, ask } from "$/public/external/lms_app/web/instructor/editor/editor_parts.jsx";
import { Earns, Feedback, More, NumberAnswer, TOLERANCES, TextAnswer, Units, named } from "$/public/external/lms_app/web/instructor/question_editor/question_answers.jsx";
import { Choose, Line, Text, Tick, Trouble, useTrouble } from "$/public/external/lms_app/web/instructor/question_editor/question_fields.jsx";
import { sent, wordsOf } from "$/public/external/lms_app/web/instructor/question_editor/question_form.jsx";
import { Cloze, Dropdown } from "$/public/external/lms_app/web/instructor/question_editor/question_gaps.jsx";
import { Hotspot } from "$/public/external/lms_app/web/instructor/question_editor/question_hotspot.jsx";
import { GAPS, NUMBERS, putMark } from "$/public/external/lms_app/web/instructor/question_editor/question_marks.jsx";
import { Rows } from "$/public/external/lms_app/web/instructor/question_editor/question_rows.jsx";
import { RichText } from "$/public/external/lms_app/web/instructor/question_editor/question_texts.jsx";

function Choices({ form, held, list, many }) {
  const byWeight = many && form.credit === "weights";
  return [
    many
      ? h(Choose, { key: "credit", label: "Scoring", ...held("credit"), options: [["all_or_nothing", "Full marks for exactly the right choices, else nothing"], ["partial", "A share for each right choice; wrong ones take as much"], ["weights", "By a weight for each choice"]] })
      : null,
    h(Rows, {
      key: "rows",
      label: "Choices",
      ...list("choices"),
      help: many ? "Tick every right one." : "Tick the right one.",
      called: (entry, at) => named("choice", wordsOf(entry.text), at),
      add: "Add choice",
      fresh: () => ({ id: "", text: "", right: false, weight: "", feedback: "", feedback_unselected: "" }),
      draw: (entry, at, alter) => [
        h(
          "div",
          { key: "main", className: "ly-choice-line" },
          byWeight ? null : h("input", { type: "checkbox", className: "ly-choice-right", checked: Boolean(entry.right), "aria-label": `Choice ${at + 1} is right`, title: "Right", onChange: (event) => alter({ right: event.target.checked }) }),
          h(RichText, { label: `Choice ${at + 1}`, name: `choices.${at}.text`, value: entry.text, quiet: true, placeholder: `Choice ${at + 1}`, onChange: (text) => alter({ text }) }),
          byWeight ? h(Earns, { at: `choices.${at}`, entry, alter, placeholder: "0" }) : null,
        ),
        h(Feedback, { key: "feedback", at: `choices.${at}`, entry, alter, label: "Feedback when chosen" }),
        !many && !entry.right ? h(More, { key: "weight", label: "Partly right", filled: entry.weight }, h(Earns, { at: `choices.${at}`, entry, alter, placeholder: "0", help: "Below zero it costs, where the quiz lets answers cost." })) : null,
        many ? h(Feedback, { key: "unselected", at: `choices.${at}`, entry, alter, field: "feedback_unselected", label: "Feedback when not chosen" }) : null,
      ],
    }),
    h(Tick, { key: "shuffle", label: "Shuffle the choices", ...held("shuffle") }),
    many ? h(Tick, { key: "tell", label: "Tell how many are right", ...held("tell_count") }) : null,
    many
      ? h(
          Line,
          { key: "select" },
          h(Text, { label: "How many to tick", ...held("select"), optional: true, narrow: true, inputMode: "numeric" }),
          h(Choose, { label: "That many", ...held("select_rule"), options: [["exactly", "Exactly"], ["at_most", "At most"]] }),
        )
      : null,
  ];
}

function TrueFalse({ form, set, held }) {
  const said = useTrouble("answer");
  return [
    h(
      "fieldset",
      { key: "answer", className: "ly-stack", "data-gap": "4", "data-field": "answer" },
      h("legend", { className: "ly-label" }, "The statement is"),
      [["true", "True"], ["false", "False"]].map(([value, words]) => h("label", { key: value, className: "ly-check" }, h("input", { type: "radio", name: "answer", checked: form.answer === value, onChange: () => set("answer", value) }), h("span", null, words))),
      h(Trouble, { said }),
    ),
    h(RichText, { key: "true", label: "Feedback to “true”", ...held("feedback_true") }),
    h(RichText, { key: "false", label: "Feedback to “false”", ...held("feedback_false") }),
  ];
}

function ShortText({ held, list }) {
  return [
    h(Rows, {
      key: "rows",
      label: "Answers that are taken",
      ...list("answers"),
      called: (entry, at) => named("answer", entry.text, at),
      add: "Add answer",
      fresh: () => ({ text: "", match: "exact", weight: "100", feedback: "" }),
      draw: (entry, at, alter) => h(TextAnswer, { at: `answers.${at}`, entry, alter }),
    }),
    h(Tick, { key: "case", label: "Capital letters matter", ...held("case_sensitive") }),
    h(Tick, { key: "accents", label: "Accents do not matter", ...held("ignore_accents") }),
  ];
}

const whole = (form, set) => ({ entry: form, alter: (fields) => Object.entries(fields).forEach(([name, value]) => set(name, value)) });

function Numeric({ form, set, list }) {
  return [
    h(Rows, {
      key: "rows",
      label: "Answers that are taken",
      ...list("answers"),
      called: (entry, at) => named("answer", entry.value, at),
      add: "Add answer",
      fresh: () => ({ value: "", tolerance: "absolute", margin: "", low: "", high: "", weight: "100", feedback: "" }),
      draw: (entry, at, alter) => h(NumberAnswer, { at: `answers.${at}`, entry, alter }),
    }),
    h(Units, { key: "units", ...whole(form, set) }),
  ];
}

function Calculated({ form, set, held, list, asked, questionId }) {
  return [
    h(Rows, {
      key: "variables",
      label: "Numbers that are drawn",
      ...list("variables"),
      help: "Every attempt has its own. In the text {a} stands for the number drawn for a.",
      called: (entry, at) => named("number", entry.name, at),
      add: "Add number",
      most: 20,
      fresh: () => ({ name: "", low: "", high: "", step: "1" }),
      draw: (entry, at, alter) =>
        h(
          Line,
          null,
          [["Name", "name", ""], ["From", "low", ""], ["To", "high", ""], ["In steps of", "step", "1"]].map(([label, name, placeholder]) => h(Text, { key: name, label, name: `variables.${at}.${name}`, narrow: true, placeholder, inputMode: name === "name" ? "text" : "decimal", value: entry[name], onChange: (value) => alter({ [name]: value }) })),
          entry.name ? h("div", { className: "ly-question-put" }, h(Button, { size: "s", onClick: () => asked && putMark(asked, NUMBERS, entry.name) }, `Put {${entry.name}} into the text`)) : null,
        ),
    }),
    h(Rows, {
      key: "answers",
      label: "Formulas that are taken",
      ...list("answers"),
      help: "Write them with the names above: sqrt(a^2 + b^2), 2*pi*r, sin(x) with x in radians.",
      called: (entry, at) => named("formula", entry.formula, at),
      add: "Add formula",
      most: 20,
      fresh: () => ({ formula: "", tolerance: "relative", margin: "1", weight: "100", feedback: "" }),
      draw: (entry, at, alter) => [
        h(
          Line,
          { key: "line" },
          h(Text, { label: "Formula", name: `answers.${at}.formula`, value: entry.formula, maxLength: 500, spellCheck: false, "data-mono": "", onChange: (formula) => alter({ formula }) }),
          h(Choose, { label: "Taken", name: `answers.${at}.tolerance`, value: entry.tolerance, options: TOLERANCES.slice(0, 2), onChange: (tolerance) => alter({ tolerance }) }),
          h(Text, { label: entry.tolerance === "relative" ? "Percent" : "Distance", name: `answers.${at}.margin`, narrow: true, inputMode: "decimal", placeholder: "0", value: entry.margin, onChange: (margin) => alter({ margin }) }),
          h(Earns, { at: `answers.${at}`, entry, alter }),
        ),
        h(Feedback, { key: "feedback", at: `answers.${at}`, entry, alter }),
      ],
    }),
    h(
      Line,
      { key: "rounding" },
      h(Choose, { label: "The right answer is shown with", ...held("rounding"), options: [["figures", "So many significant figures"], ["decimals", "So many decimals"]] }),
      h(Text, { label: "How many", ...held("places"), narrow: true, inputMode: "numeric" }),
    ),
    h(Units, { key: "units", ...whole(form, set) }),
    h(Draws, { key: "draws", form, questionId }),
  ];
}

// What some attempts would draw, and the right answer to each.
function Draws({ form, questionId }) {
  const [draws, setDraws] = useState(null);
  const [trouble, setTrouble] = useState("");
  const look = async () => {
    try {
      setDraws(await ask("POST", `/v/questions/${questionId}/draws`, { form: sent(form) }));
      setTrouble("");
    } catch (error) {
      setDraws(null);
      setTrouble(error.told?.fields ? "This question is not complete yet. What is missing is said below its fields." : error.message);
    }
  };
  const names = draws?.length ? Object.keys(draws[0].values) : [];
  return h(
    "div",
    { className: "ly-stack", "data-gap": "12" },
    h("div", null, h(Button, { size: "s", onClick: look }, draws ? "Draw again" : "Show what would be drawn")),
    trouble ? h("p", { className: "ly-error", role: "alert" }, trouble) : null,
    draws?.length
      ? h(
          "div",
          { className: "ly-scroll", tabIndex: 0, role: "group", "aria-label": "Draws" },
          h(
            "table",
            { className: "ly-table ly-question-draws" },
            h("caption", { className: "ly-sr" }, "What some attempts would draw"),
            h("thead", null, h("tr", null, [...names, "Right answer"].map((name) => h("th", { key: name, scope: "col" }, name)))),
            h("tbody", null, draws.map((drawn, at) => h("tr", { key: at }, names.map((name) => h("td", { key: name, className: "ly-nums" }, drawn.values[name])), h("td", { className: "ly-nums ly-strong" }, drawn.answer)))),
          ),
        )
      : null,
  );
}

function Matching({ held, list }) {
  return [
    h(Rows, {
      key: "rows",
      label: "Pairs",
      ...list("pairs"),
      help: "A right side alone is one more thing to choose from that belongs to nothing. The same right side may stand in several lines.",
      called: (entry, at) => named("pair", wordsOf(entry.text), at),
      add: "Add pair",
      most: 50,
      fresh: () => ({ id: "", text: "", option_id: "", option: "", feedback: "" }),
      draw: (entry, at, alter) => [
        h(
          "div",
          { key: "sides", className: "ly-question-sides" },
          h(RichText, { label: `Left side ${at + 1}`, name: `pairs.${at}.text`, value: entry.text, quiet: true, placeholder: "Left side", onChange: (text) => alter({ text }) }),
          h(RichText, { label: `Right side ${at + 1}`, name: `pairs.${at}.option`, value: entry.option, quiet: true, placeholder: "Belongs to it", onChange: (option) => alter({ option }) }),
        ),
        h(Feedback, { key: "feedback", at: `pairs.${at}`, entry, alter, label: "Feedback when wrong" }),
      ],
    }),
    h(Choose, { key: "credit", label: "Scoring", ...held("credit"), options: [["each", "A share for each right pair"], ["all", "Full marks where all are right, else nothing"]] }),
    h(Tick, { key: "shuffle", label: "Shuffle the left sides", ...held("shuffle") }),
  ];
}

function Ordering({ held, list }) {
  return [
    h(Rows, {
      key: "rows",
      label: "Items in their right order",
      ...list("items"),
      help: "Students see them in another order.",
      called: (entry, at) => named("item", wordsOf(entry.text), at),
      add: "Add item",
      most: 50,
      fresh: () => ({ id: "", text: "" }),
      draw: (entry, at, alter) => h(RichText, { label: `Item ${at + 1}`, name: `items.${at}.text`, value: entry.text, quiet: true, placeholder: `Item ${at + 1}`, onChange: (text) => alter({ text }) }),
    }),
    h(Choose, { key: "credit", label: "Scoring", ...held("credit"), options: [["exact", "Full marks for the right order alone"], ["position", "A share for each item at its place"], ["pairs", "A share for each item that follows the right one"], ["run", "By the longest row of items in the right order"]] }),
  ];
}

function Essay({ held }) {
  const count = (label, name, more) => h(Text, { label, narrow: true, inputMode: "numeric", ...held(name), ...more });
  return [
    h(Line, { key: "limits" }, count("Words at least", "words_min", { optional: true }), count("Words at most", "words_max", { optional: true }), count("Lines that the field shows", "lines")),
    h("p", { key: "help", className: "ly-help" }, "A text outside the limits is taken all the same; the marker is told."),
    h(RichText, { key: "sample", label: "A good answer", ...held("sample"), help: "For you and other markers, and for students where the quiz shows solutions." }),
  ];
}

function FileUpload({ held }) {
  const field = (label, name, more) => h(Text, { label, narrow: true, ...held(name), ...more });
  return h(Line, null, field("Files at most", "files_max", { inputMode: "numeric" }), field("Megabytes each, at most", "megabytes", { inputMode: "decimal" }), field("Endings of their names", "kinds", { optional: true, placeholder: ".pdf .odt", help: "Any file, if left empty.", narrow: false }));
}

// `marked`: what stands in the text for something else. `asks`: there is something to answer.
export const BODIES = {
  single_choice: { Body: Choices },
  multiple_choice: { Body: (props) => h(Choices, { ...props, many: true }) },
  true_false: { Body: TrueFalse },
  short_text: { Body: ShortText },
  numeric: { Body: Numeric },
  calculated: { Body: Calculated, marked: NUMBERS },
  matching: { Body: Matching },
  ordering: { Body: Ordering },
  cloze: { Body: Cloze, marked: GAPS },
  dropdown: { Body: Dropdown, marked: GAPS },
  hotspot: { Body: Hotspot },
  essay: { Body: Essay },
  file_upload: { Body: FileUpload },
  description: { Body: () => null, asks: false },
};
