// Gaps in a text: put where the cursor is, typed into or chosen from a menu. `[[1]]` in the text is where the gap named 1 stands.
import { createElement as h } from "react";
import { Plus } from "lucide-react";
import { Button } from "$/public/external/lms_app/web/instructor/editor/editor_parts.jsx";
import { Earns, Feedback, More, NumberAnswer, TextAnswer, Units, named } from "$/public/external/lms_app/web/instructor/question_editor/question_answers.jsx";
import { Choose, Line, Text, Tick, Trouble, useTrouble } from "$/public/external/lms_app/web/instructor/question_editor/question_fields.jsx";
import { row } from "$/public/external/lms_app/web/instructor/question_editor/question_form.jsx";
import { GAPS, namesIn, putMark } from "$/public/external/lms_app/web/instructor/question_editor/question_marks.jsx";
import { Rows } from "$/public/external/lms_app/web/instructor/question_editor/question_rows.jsx";

const TAKES = [["text", "Words, typed"], ["number", "A number, typed"], ["select", "A choice from a menu"]];

const gapRow = (name) => row({ id: "", name, kind: "text", share: "1", width: "12", case_sensitive: false, ignore_accents: false, shuffle: true, unit: "", units: "", unit_rule: "optional", unit_penalty: "" });
const answerRow = (gap, text = "", weight = "100") => row({ id: "", gap, text, match: "exact", tolerance: "absolute", margin: "", low: "", high: "", weight, feedback: "" });

// The gaps that the text names and that are not there yet, as rows to add.
export function missing(form, type) {
  const known = new Set(form.gaps.map(({ name }) => name));
  const names = [...new Set(namesIn(form.stem, GAPS))].filter((name) => !known.has(name));
  if (!names.length) return form;
  if (type === "dropdown") return { ...form, gaps: [...form.gaps, ...names.map((name) => row({ id: "", name, choice: "", feedback: "" }))] };
  return { ...form, gaps: [...form.gaps, ...names.map(gapRow)], answers: [...form.answers, ...names.map((name) => answerRow(name))] };
}

function nextName(form) {
  const placed = new Set(namesIn(form.stem, GAPS));
  const waiting = form.gaps.find(({ name }) => !placed.has(name));
  if (waiting) return waiting.name;
  let number = 1;
  while (placed.has(String(number)) || form.gaps.some(({ name }) => name === String(number))) number += 1;
  return String(number);
}

// Puts a gap where the cursor is; words that are chosen are what belongs there.
function Insert({ form, set, asked, type }) {
  const said = useTrouble("gaps");
  const put = () => {
    if (!asked) return;
    const name = nextName(form);
    const words = putMark(asked, GAPS, name);
    if (!words) return;
    if (type === "dropdown") {
      set("choices", (before) => (before.some(({ text }) => text === words) ? before : [...before.filter(({ text, gap }) => text || gap), row({ id: "", gap: "", text: words })]));
      set("gaps", (before) => (before.some((gap) => gap.name === name) ? before.map((gap) => (gap.name === name ? { ...gap, choice: words } : gap)) : [...before, row({ id: "", name, choice: words, feedback: "" })]));
      return;
    }
    set("gaps", (before) => (before.some((gap) => gap.name === name) ? before : [...before, gapRow(name)]));
    set("answers", (before) => {
      const empty = before.find((answer) => answer.gap === name && !answer.text);
      return empty ? before.map((answer) => (answer === empty ? { ...answer, text: words } : answer)) : [...before, answerRow(name, words)];
    });
  };
  return h(
    "div",
    { className: "ly-stack", "data-gap": "8", "data-field": "gaps" },
    h("div", null, h(Button, { icon: Plus, onMouseDown: (event) => event.preventDefault(), onClick: put }, type === "dropdown" ? "Put a menu here" : "Put a gap here")),
    h("p", { className: "ly-help" }, "Place the cursor in the text first. Words that you select become the right answer."),
    h(Trouble, { said }),
  );
}

// Takes a gap out of the text too.
function takeOut(editor, name) {
  if (!editor) return;
  const mark = GAPS.write(name);
  const places = [];
  editor.state.doc.descendants((node, at) => {
    if (!node.isText) return;
    for (let start = node.text.indexOf(mark); start >= 0; start = node.text.indexOf(mark, start + 1)) places.push(at + start);
  });
  const change = editor.state.tr;
  for (const place of places.toReversed()) change.delete(place, place + mark.length);
  editor.view.dispatch(change);
}

export function Cloze({ form, set, asked }) {
  const removed = (next) => {
    const kept = typeof next === "function" ? next(form.gaps) : next;
    const gone = form.gaps.filter(({ name }) => !kept.some((gap) => gap.name === name));
    set("gaps", kept);
    if (!gone.length) return;
    set("answers", (before) => before.filter(({ gap }) => !gone.some(({ name }) => name === gap)));
    gone.forEach(({ name }) => takeOut(asked, name));
  };
  return [
    h(Insert, { key: "insert", form, set, asked, type: "cloze" }),
    h(Rows, {
      key: "gaps",
      label: "Gaps",
      rows: form.gaps,
      change: removed,
      fixed: true,
      called: (gap) => `gap ${gap.name}`,
      draw: (gap, at, alter) => h(Gap, { gap, at, alter, form, set }),
    }),
  ];
}

function Gap({ gap, at, alter, form, set }) {
  const own = form.answers.filter((answer) => answer.gap === gap.name);
  const place = (entry) => `answers.${form.answers.indexOf(entry)}`;
  const change = (next) =>
    set("answers", (before) => {
      const mine = before.filter((answer) => answer.gap === gap.name);
      const made = typeof next === "function" ? next(mine) : next;
      return [...before.filter((answer) => answer.gap !== gap.name), ...made];
    });
  const select = gap.kind === "select";
  return h(
    "div",
    { className: "ly-stack", "data-gap": "12", "data-gap-row": gap.name },
    h(
      Line,
      null,
      h("span", { className: "ly-mark-chip ly-question-gap" }, GAPS.write(gap.name)),
      h(Choose, { label: "Takes", name: `gaps.${at}.kind`, value: gap.kind, options: TAKES, onChange: (kind) => alter({ kind }) }),
      h(Text, { label: "Counts, times", name: `gaps.${at}.share`, narrow: true, inputMode: "decimal", placeholder: "1", value: gap.share, onChange: (share) => alter({ share }) }),
      select ? null : h(Text, { label: "Letters shown", name: `gaps.${at}.width`, narrow: true, inputMode: "numeric", placeholder: "12", value: gap.width, onChange: (width) => alter({ width }) }),
    ),
    h(Rows, {
      label: select ? `Choices of gap ${gap.name}` : `Answers for gap ${gap.name}`,
      name: `gaps.${at}.name`,
      help: select ? "The right one earns 100 %, the others 0." : undefined,
      rows: own,
      change,
      called: (entry, place_) => named(select ? "choice" : "answer", entry.text, place_),
      add: select ? "Add choice" : "Add answer",
      most: 50,
      fresh: () => ({ ...answerRow(gap.name, "", select && own.length ? "0" : "100"), id: "" }),
      draw: (entry, place_, alterAnswer) =>
        gap.kind === "number"
          ? h(NumberAnswer, { at: place(entry), entry, alter: alterAnswer, field: "text" })
          : select
            ? [
                h(Line, { key: "line" }, h(Text, { label: "Choice", name: `${place(entry)}.text`, value: entry.text, maxLength: 200, onChange: (text) => alterAnswer({ text }) }), h(Earns, { at: place(entry), entry, alter: alterAnswer })),
                h(Feedback, { key: "feedback", at: place(entry), entry, alter: alterAnswer }),
              ]
            : h(TextAnswer, { at: place(entry), entry, alter: alterAnswer }),
    }),
    gap.kind === "text" ? h(More, { label: "How words are compared", filled: gap.case_sensitive || gap.ignore_accents }, h(Tick, { label: "Capital letters matter", value: gap.case_sensitive, onChange: (value) => alter({ case_sensitive: value }) }), h(Tick, { label: "Accents do not matter", value: gap.ignore_accents, onChange: (value) => alter({ ignore_accents: value }) })) : null,
    gap.kind === "number" ? h(Units, { entry: gap, alter, at: `gaps.${at}` }) : null,
    select ? h(Tick, { label: "Shuffle the menu", value: gap.shuffle, onChange: (value) => alter({ shuffle: value }) }) : null,
  );
}

export function Dropdown({ form, set, asked }) {
  const place = (entry) => `choices.${form.choices.indexOf(entry)}`;
  const list = (gap) => (next) =>
    set("choices", (before) => {
      const mine = before.filter((choice) => choice.gap === gap);
      const made = typeof next === "function" ? next(mine) : next;
      return gap ? [...before.filter((choice) => choice.gap !== gap), ...made] : [...made, ...before.filter((choice) => choice.gap !== gap)];
    });
  const choices = (gap, label, help) =>
    h(Rows, {
      label,
      help,
      name: gap ? undefined : "choices",
      rows: form.choices.filter((choice) => choice.gap === gap),
      change: list(gap),
      called: (entry, at) => named("choice", entry.text, at),
      add: "Add choice",
      most: 50,
      fresh: () => ({ id: "", gap, text: "" }),
      draw: (entry, at, alter) => h(Text, { label: `Choice ${at + 1}`, name: `${place(entry)}.text`, value: entry.text, maxLength: 200, onChange: (text) => rename(form, set, entry, text, alter) }),
    });
  const removed = (next) => {
    const kept = typeof next === "function" ? next(form.gaps) : next;
    const gone = form.gaps.filter(({ name }) => !kept.some((gap) => gap.name === name));
    set("gaps", kept);
    set("choices", (before) => before.filter(({ gap }) => !gap || kept.some(({ name }) => name === gap)));
    gone.forEach(({ name }) => takeOut(asked, name));
  };
  return [
    h(Insert, { key: "insert", form, set, asked, type: "dropdown" }),
    h("div", { key: "shared" }, choices("", "Choices that all menus share")),
    h(Rows, {
      key: "gaps",
      label: "Menus",
      rows: form.gaps,
      change: removed,
      fixed: true,
      called: (gap) => `menu ${gap.name}`,
      draw: (gap, at, alter) => {
        const own = form.choices.filter((choice) => choice.gap === gap.name && choice.text);
        const menu = own.length ? own : form.choices.filter((choice) => !choice.gap && choice.text);
        return h(
          "div",
          { className: "ly-stack", "data-gap": "12", "data-gap-row": gap.name },
          h(
            Line,
            null,
            h("span", { className: "ly-mark-chip ly-question-gap" }, GAPS.write(gap.name)),
            h(Choose, { label: "Right choice", name: `gaps.${at}.choice`, value: menu.some(({ text }) => text === gap.choice) ? gap.choice : "", options: [["", "Choose…"], ...menu.map(({ text }) => [text, text])], onChange: (choice) => alter({ choice }) }),
          ),
          h(Feedback, { at: `gaps.${at}`, entry: gap, alter, label: "Feedback when wrong" }),
          h(More, { label: "Choices of its own", filled: own.length }, choices(gap.name, `Choices of menu ${gap.name}`, "A menu with choices of its own shows those alone.")),
        );
      },
    }),
    h(Tick, { key: "shuffle", label: "Shuffle the choices", value: form.shuffle, onChange: (value) => set("shuffle", value) }),
  ];
}

// A choice that is reworded stays the right one of the menus where it was.
function rename(form, set, entry, text, alter) {
  alter({ text });
  if (entry.text) set("gaps", (before) => before.map((gap) => (gap.choice === entry.text && (!entry.gap || entry.gap === gap.name) ? { ...gap, choice: text } : gap)));
}
