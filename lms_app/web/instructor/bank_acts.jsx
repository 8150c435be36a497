// What can be done with all questions that are chosen.
import { createElement as h, useRef, useState } from "react";
import { Button, Dialog, Field, ask, useAct } from "$/public/external/lms_app/web/instructor/editor/editor_parts.jsx";
import { LeftOut } from "$/public/external/lms_app/web/instructor/bank/bank_import.jsx";
import { Choose } from "$/public/external/lms_app/web/instructor/question_editor/question_fields.jsx";
import { DIFFICULTIES, categoryOptions, counted } from "$/public/external/lms_app/web/instructor/question_editor/question_form.jsx";

const FORMATS = [["gift", "GIFT, plain text"], ["moodle", "Moodle XML"], ["qti", "QTI 3.0, a package"]];

export function Acts({ base, shelf, chosen, setChosen, total, query, act, archived, mine, courseId, told }) {
  const [dialog, setDialog] = useState("");
  const [busy, setBusy] = useState(false);
  const bar = useRef(null);
  // What was pressed is gone where nothing is chosen any more.
  const close = () => {
    setDialog("");
    setTimeout(() => document.activeElement === document.body && bar.current?.focus(), 0);
  };
  const all = async () => {
    setBusy(true);
    try {
      setChosen(new Set(await ask("GET", `${base}/ids?${query}`)));
    } catch (error) {
      told(error);
    }
    setBusy(false);
  };
  const done = (words) => ({ changed, left }) => told(`${words(counted(changed))} ${left}`.trim());
  const run = (name, fields, words) => act(name, fields).then(done(words));
  const said = total === null ? "" : chosen.size ? `${counted(chosen.size)} chosen` : counted(total);
  const one = (name, words, more = {}) => h(Button, { key: name, size: "s", onClick: () => setDialog(name), ...more }, words);
  return h(
    "div",
    { ref: bar, tabIndex: -1, className: "ly-banking-acts", role: "group", "aria-label": "Chosen questions" },
    h("span", { className: "ly-strong ly-nums", role: "status" }, said),
    total ? h(Button, { size: "s", kind: "ghost", busy, onClick: all }, `Choose all ${total.toLocaleString("en-GB")}`) : null,
    chosen.size
      ? [
          h(Button, { key: "none", size: "s", kind: "ghost", onClick: () => setChosen(new Set()) }, "Choose none"),
          archived
            ? h(Button, { key: "back", size: "s", onClick: () => run("bring_back", {}, (count) => `${count} brought back.`).catch(told).finally(close) }, "Bring back")
            : [one("move", "Move"), one("tag", "Tags"), one("rate", "Difficulty"), shelf.objectives.length ? one("serve", "Objective") : null, mine ? null : one("use", "Add to quiz"), one("copy", mine ? "Copy to this course" : "Copy to my bank"), one("export", "Export"), one("archive", "Take out")],
        ]
      : null,
    dialog === "move" ? h(Choosing, { title: `Move ${counted(chosen.size)}`, label: "Category", options: categoryOptions(shelf.categories), verb: "Move", close, save: (into) => run("move", { into: into || null }, (count) => `${count} moved.`) }) : null,
    dialog === "rate" ? h(Choosing, { title: `Difficulty of ${counted(chosen.size)}`, label: "Difficulty", options: DIFFICULTIES, verb: "Save", close, save: (difficulty) => run("rate", { difficulty }, (count) => `Difficulty of ${count} saved.`) }) : null,
    dialog === "serve" ? h(Choosing, { title: `Objective of ${counted(chosen.size)}`, label: "Objective", options: shelf.objectives.map(({ id, text }) => [id, text]), verb: "Save", close, save: (objective) => run("rate", { objective }, (count) => `Objective of ${count} saved.`) }) : null,
    dialog === "tag" ? h(Tagging, { count: chosen.size, close, save: (fields) => run("tag", fields, (count) => `Tags of ${count} saved.`) }) : null,
    dialog === "use" ? h(Using, { count: chosen.size, quizzes: shelf.quizzes, close, save: (fields) => run("use", fields, (count) => `${count} put at the end of the quiz. Students see them when it is published.`) }) : null,
    dialog === "copy" ? h(Sure, { title: `Copy ${counted(chosen.size)} ${mine ? "to this course" : "to your own bank"}?`, words: "Later changes stay apart.", verb: "Copy", close, save: () => run("copy", mine ? { into: courseId } : {}, (count) => `${count} copied.`) }) : null,
    dialog === "archive" ? h(Sure, { title: `Take ${counted(chosen.size)} out of the bank?`, words: "Quizzes keep what they ask, and what was answered is kept. You find them under “Taken out”.", verb: "Take out", close, save: () => run("archive", {}, (count) => `${count} taken out.`) }) : null,
    dialog === "export" ? h(Exporting, { base, chosen, close }) : null,
  );
}

function Frame({ title, verb, act, close, children, disabled = false }) {
  const { run, busy, trouble } = act;
  return h(
    Dialog,
    { title, close },
    h(
      "form",
      { className: "ly-stack", "data-gap": "16", noValidate: true, onSubmit: run },
      children,
      trouble ? h("p", { className: "ly-error", role: "alert" }, trouble) : null,
      h("div", { className: "ly-dialog-actions" }, h(Button, { onClick: close }, "Cancel"), h(Button, { type: "submit", kind: "primary", busy, disabled }, verb)),
    ),
  );
}

function Choosing({ title, label, options, verb, close, save }) {
  const [value, setValue] = useState(options[0][0]);
  const act = useAct(async () => {
    await save(value);
    close();
  });
  return h(Frame, { title, verb, act, close }, h(Choose, { label, value, onChange: setValue, options }));
}

function Tagging({ count, close, save }) {
  const [add, setAdd] = useState("");
  const [remove, setRemove] = useState("");
  const act = useAct(async () => {
    await save({ add, remove });
    close();
  });
  return h(Frame, { title: `Tags of ${counted(count)}`, verb: "Save tags", act, close }, h(Field, { label: "Add", value: add, autoFocus: true, help: "With commas.", onChange: (event) => setAdd(event.target.value) }), h(Field, { label: "Take away", value: remove, onChange: (event) => setRemove(event.target.value) }));
}

function Using({ count, quizzes, close, save }) {
  const [quiz, setQuiz] = useState("");
  const [points, setPoints] = useState("1");
  const act = useAct(async () => {
    await save({ into: quiz, points });
    close();
  });
  return h(Frame, { title: `Add ${counted(count)} to a quiz`, verb: "Add to quiz", act, close, disabled: !quiz }, h(Choose, { label: "Quiz", value: quiz, onChange: setQuiz, options: [["", "Choose a quiz"], ...quizzes.map(({ id, title }) => [id, title])] }), h(Field, { label: "Points of each", value: points, inputMode: "decimal", onChange: (event) => setPoints(event.target.value) }));
}

function Sure({ title, words, verb, close, save }) {
  const act = useAct(async () => {
    await save();
    close();
  });
  return h(Frame, { title, verb, act, close }, h("p", { className: "ly-second" }, words));
}

function Exporting({ base, chosen, close }) {
  const [format, setFormat] = useState("gift");
  const [report, setReport] = useState(null);
  const act = useAct(async () => {
    const written = await ask("POST", `${base}/exports`, { format, questions: [...chosen] });
    const bytes = Uint8Array.from(atob(written.content), (letter) => letter.charCodeAt(0));
    const address = URL.createObjectURL(new Blob([bytes], { type: written.type }));
    const link = document.createElement("a");
    link.href = address;
    link.download = written.name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(address), 10_000);
    setReport(written);
  });
  if (report) return h(Dialog, { title: `${counted(report.questions)} written`, close, wide: true }, h("p", { className: "ly-second" }, report.left_out.length ? "Not all of it could be said in this format." : "All of it is in the file."), h(LeftOut, { items: report.left_out }), h("div", { className: "ly-dialog-actions" }, h(Button, { kind: "primary", onClick: close }, "Close")));
  return h(Frame, { title: `Export ${counted(chosen.size)}`, verb: "Export", act, close }, h(Choose, { label: "Format", value: format, onChange: setFormat, options: FORMATS }), h("p", { className: "ly-help" }, "Questions are written as they are published. Drafts stay here."));
}
