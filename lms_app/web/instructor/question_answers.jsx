// Answers as an author writes them: words and numbers that are taken, what is said about them, units.
import { createElement as h, useState } from "react";
import { Choose, Line, Text } from "$/public/external/lms_app/web/instructor/question_editor/question_fields.jsx";
import { RichText } from "$/public/external/lms_app/web/instructor/question_editor/question_texts.jsx";

const MATCHES = [["exact", "As it is written"], ["wildcard", "* stands for anything"], ["regex", "As a pattern"]];
export const TOLERANCES = [["absolute", "Within a distance"], ["relative", "Within percent"], ["range", "Between two numbers"]];
const UNIT_RULES = [["optional", "Counts as in this unit"], ["required", "Earns nothing"], ["penalty", "Earns less"]];

// A part of a row that is not always needed: open where something is in it.
export function More({ label, filled, children }) {
  const [open, setOpen] = useState(Boolean(filled));
  return h("details", { className: "ly-question-more", open, onToggle: (event) => setOpen(event.currentTarget.open) }, h("summary", null, label), open ? h("div", { className: "ly-stack", "data-gap": "12" }, children) : null);
}

export function Feedback({ at, entry, alter, field = "feedback", label = "Feedback" }) {
  return h(More, { label, filled: entry[field] }, h(RichText, { label, name: `${at}.${field}`, value: entry[field], onChange: (text) => alter({ [field]: text }), quiet: true }));
}

export const named = (kind, words, at) => (words ? `${kind} ${at + 1}, ${words.slice(0, 40)}` : `${kind} ${at + 1}`);

// What share of the points it brings.
export function Earns({ at, entry, alter, placeholder = "100", help }) {
  return h(Text, { label: "Earns, %", name: `${at}.weight`, narrow: true, inputMode: "decimal", placeholder, value: entry.weight, onChange: (weight) => alter({ weight }), help });
}

export function TextAnswer({ at, entry, alter, label = "Answer" }) {
  return [
    h(
      Line,
      { key: "line" },
      h(Text, { label, name: `${at}.text`, value: entry.text, maxLength: 1000, onChange: (text) => alter({ text }) }),
      h(Choose, { label: "Compared", name: `${at}.match`, value: entry.match, options: MATCHES, onChange: (match) => alter({ match }) }),
      h(Earns, { at, entry, alter }),
    ),
    h(Feedback, { key: "feedback", at, entry, alter }),
  ];
}

export function NumberAnswer({ at, entry, alter, field = "value" }) {
  const range = entry.tolerance === "range";
  const number = (label, name, more = {}) => h(Text, { key: name, label, name: `${at}.${name}`, narrow: true, inputMode: "decimal", value: entry[name], onChange: (value) => alter({ [name]: value }), ...more });
  return [
    h(
      Line,
      { key: "line" },
      number("Number", field, { placeholder: range ? "The middle" : "" }),
      h(Choose, { label: "Taken", name: `${at}.tolerance`, value: entry.tolerance, options: TOLERANCES, onChange: (tolerance) => alter({ tolerance }) }),
      range ? [number("From", "low"), number("To", "high")] : number(entry.tolerance === "relative" ? "Percent" : "Distance", "margin", { placeholder: "0" }),
      h(Earns, { key: "weight", at, entry, alter }),
    ),
    h(Feedback, { key: "feedback", at, entry, alter }),
  ];
}

// How units are taken, of a question or of a gap. `at` is what its names begin with.
export function Units({ entry, alter, at = "" }) {
  const field = (name) => (at ? `${at}.${name}` : name);
  return h(
    More,
    { label: "Units", filled: entry.unit },
    h(
      Line,
      null,
      h(Text, { label: "Unit", name: field("unit"), optional: true, narrow: true, value: entry.unit, onChange: (unit) => alter({ unit }), placeholder: "m" }),
      h(Choose, { label: "A number without it", name: field("unit_rule"), value: entry.unit_rule, options: UNIT_RULES, onChange: (rule) => alter({ unit_rule: rule }) }),
      entry.unit_rule === "penalty" ? h(Text, { label: "Takes, %", name: field("unit_penalty"), narrow: true, inputMode: "decimal", placeholder: "50", value: entry.unit_penalty, onChange: (penalty) => alter({ unit_penalty: penalty }) }) : null,
    ),
    h(Text, { label: "Other units", name: field("units"), optional: true, area: true, rows: 2, value: entry.units, onChange: (units) => alter({ units }), help: "One a line: km = 1000, where one km is 1000 of the unit above." }),
  );
}
