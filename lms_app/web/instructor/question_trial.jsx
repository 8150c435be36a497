// "Try it": the question as a student has it, answered and marked by the server as it stands. Nothing is kept.
import { createElement as h, useCallback, useEffect, useState } from "react";
import { Button, Dialog, ask } from "$/public/external/lms_app/web/instructor/editor/editor_parts.jsx";
import { Asked } from "$/public/external/lms_app/web/components/answering/answer_fields.jsx";
import { Feedback, Hints } from "$/public/external/lms_app/web/components/answering/answer_parts.jsx";

const DRAWN = new Set(["calculated", "single_choice", "multiple_choice", "matching", "ordering", "cloze", "dropdown"]);

export default function Trial({ questionId, type, form: written, close }) {
  // As it stands when it is tried, whatever the editor behind it hears meanwhile.
  const [form] = useState(written);
  const [seed, setSeed] = useState(1);
  const [question, setQuestion] = useState(null);
  const [hints, setHints] = useState([]);
  const [response, setResponse] = useState(null);
  const [told, setTold] = useState(null);
  const [percent, setPercent] = useState("");
  const [trouble, setTrouble] = useState("");
  const [busy, setBusy] = useState(false);
  const read = useCallback(
    (given) => ask("POST", `/v/questions/${questionId}/trials`, given ? { form, seed, given } : { form, seed }),
    [questionId, form, seed],
  );
  useEffect(() => {
    let here = true;
    read().then(
      (found) => {
        if (!here) return;
        setQuestion(found.question);
        setHints(found.hints);
      },
      (error) => here && setTrouble(error.told?.fields ? `It cannot be tried out yet. ${Object.values(error.told.fields)[0]}` : error.message),
    );
    return () => {
      here = false;
    };
  }, [read]);
  const check = async () => {
    setBusy(true);
    setTrouble("");
    try {
      const found = await read(response ?? empty(type));
      setTold(found.feedback);
      setPercent(found.percent);
    } catch (error) {
      setTrouble(error.message);
    }
    setBusy(false);
  };
  const again = () => {
    setResponse(null);
    setTold(null);
    setPercent("");
    setTrouble("");
  };
  const draw = () => {
    again();
    setSeed(Math.floor(Math.random() * 2 ** 40));
  };
  const asks = type !== "description";
  return h(
    Dialog,
    { title: "As a student has it", close, "data-full": "" },
    h(
      "div",
      { className: "ly-editor-scroll ly-question-trial", tabIndex: 0, role: "group", "aria-label": "The question" },
      question
        ? [
            h(Asked, { key: `${seed}-asked`, question, response, told, locked: Boolean(told), set: (given) => setResponse(given), keep: (file) => Promise.resolve({ id: `file-${file.name}`.slice(0, 40), name: file.name, size: file.size }) }),
            hints.length && !told ? h(Hints, { key: `${seed}-hints`, hints }) : null,
            told ? h(Feedback, { key: "told", told: { ...told, score: "" } }) : null,
            told && percent !== "" ? h("p", { key: "percent", className: "ly-second ly-nums" }, `It earns ${percent}\u00a0% of the points.`) : null,
          ]
        : trouble
          ? null
          : h("div", { className: "ly-skeleton", style: { minHeight: 200 } }),
      trouble ? h("p", { className: "ly-error", role: "alert" }, trouble) : null,
    ),
    h(
      "div",
      { className: "ly-dialog-actions" },
      h(Button, { onClick: close }, "Close"),
      question && DRAWN.has(type) ? h(Button, { onClick: draw }, type === "calculated" ? "Draw other numbers" : "Draw another order") : null,
      question && asks && told ? h(Button, { onClick: again }, "Start again") : null,
      question && asks ? h(Button, { kind: "primary", busy, disabled: Boolean(told), onClick: check }, "Check answer") : null,
    ),
  );
}

// An answer that says nothing.
function empty(type) {
  if (type === "multiple_choice") return { choices: [] };
  if (type === "single_choice") return { choice: "" };
  if (type === "matching") return { pairs: {} };
  if (type === "ordering") return { order: [] };
  if (type === "cloze" || type === "dropdown") return { gaps: {} };
  if (type === "hotspot") return { points: [] };
  if (type === "file_upload") return { files: [] };
  if (type === "true_false") return null;
  return { text: "" };
}
