// A bank of questions: found, opened, tried, and many at once moved, tagged, used, taken out, written to files. Of thousands the rows in sight are drawn.
import { createElement as h, lazy, Suspense, useCallback, useEffect, useRef, useState } from "react";
import { Plus, Search, Upload } from "lucide-react";
import "$/public/css/editor.css";
import "$/public/css/questions.css";
import { Button, ask, useNotice } from "$/public/external/lms_app/web/instructor/editor/editor_parts.jsx";
import { Acts } from "$/public/external/lms_app/web/instructor/bank/bank_acts.jsx";
import { Categories } from "$/public/external/lms_app/web/instructor/bank/bank_categories.jsx";
import { ImportDialog } from "$/public/external/lms_app/web/instructor/bank/bank_import.jsx";
import { List, Trouble } from "$/public/external/lms_app/web/instructor/bank/bank_list.jsx";
import { DIFFICULTIES, KINDS, opened, sent } from "$/public/external/lms_app/web/instructor/question_editor/question_form.jsx";

const QuestionEditor = lazy(() => import("$/public/external/lms_app/web/instructor/question_editor/question_island.jsx").then((parts) => ({ default: parts.QuestionEditor })));
const Trial = lazy(() => import("$/public/external/lms_app/web/instructor/question_editor/question_trial.jsx"));

const NOTHING = { search: "", category: "", kind: "", tag: "", difficulty: "", objective: "", show: "" };
const SHOW = [["", "In the bank"], ["unused", "In no quiz"], ["unpublished", "With changes to publish"], ["archived", "Taken out"]];

export function QuestionBank({ courseId }) {
  const [mine, setMine] = useState(false);
  const base = mine ? "/v/bank" : `/v/courses/${courseId}/bank`;
  return h(Bank, { key: base, base, courseId, mine, setMine });
}

function Bank({ base, courseId, mine, setMine }) {
  const [shelf, setShelf] = useState(null);
  const [sought, setSought] = useState(NOTHING);
  const [typed, setTyped] = useState("");
  const [chosen, setChosen] = useState(() => new Set());
  const [found, setFound] = useState(null);
  const [revision, setRevision] = useState(0);
  const [editing, setEditing] = useState("");
  const [trying, setTrying] = useState(null);
  const [importing, setImporting] = useState(false);
  const [notice, tell] = useNotice();
  const [trouble, setTrouble] = useState("");
  // Where the list was left for a question.
  const left = useRef({ at: null, question: "" });

  const readShelf = useCallback(() => ask("GET", base).then((found) => (setShelf(found), setTrouble("")), (error) => setTrouble(error.message)), [base]);
  useEffect(() => {
    readShelf();
  }, [readShelf, revision]);
  useEffect(() => {
    const later = setTimeout(() => setSought((before) => (before.search === typed ? before : { ...before, search: typed })), 250);
    return () => clearTimeout(later);
  }, [typed]);
  const again = useCallback(() => setRevision((before) => before + 1), []);
  const look = (change) => {
    setSought((before) => ({ ...before, ...change }));
    setChosen(new Set());
  };
  const query = queryOf(sought);
  const open = (id, at = null) => {
    left.current = { at, question: id };
    setEditing(id);
  };
  const close = () => {
    setEditing("");
    again();
  };
  const create = async (kind) => {
    try {
      const { id } = await ask("POST", mine ? "/v/bank/questions" : `/v/courses/${courseId}/questions`, { kind, ...(sought.category ? { below: sought.category } : {}) });
      open(id);
    } catch (error) {
      tell(error);
    }
  };
  const preview = async (id) => {
    try {
      const question = await ask("GET", `/v/questions/${id}/draft`);
      setTrying({ id, type: question.type, form: sent(opened(question.form)) });
    } catch (error) {
      tell(error);
    }
  };
  const act = async (name, fields = {}) => {
    const told = await ask("POST", `${base}/acts`, { act: name, questions: [...chosen], ...fields });
    again();
    setChosen(new Set());
    return told;
  };
  if (!shelf && trouble) return h(Trouble, { said: trouble, again });
  if (!shelf) return h("div", { className: "ly-skeleton", style: { minHeight: 560 } });
  if (editing) return h(Suspense, { fallback: h("div", { className: "ly-skeleton", style: { minHeight: 560 } }) }, h(QuestionEditor, { questionId: editing, onClose: close, onGone: close }));
  const select = (label, name, options) => h("label", null, h("span", { className: "ly-sr" }, label), h("select", { className: "ly-input", value: sought[name], onChange: (event) => look({ [name]: event.target.value }) }, options.map(([value, words]) => h("option", { key: value, value }, words))));
  const narrowed = JSON.stringify(sought) !== JSON.stringify(NOTHING);
  return h(
    "div",
    { className: "ly-stack", "data-gap": "24" },
    h(
      "div",
      { className: "ly-banking-head" },
      h("div", { className: "ly-segments", role: "group", "aria-label": "Whose bank" }, [[false, "This course"], [true, "Mine"]].map(([value, words]) => h("button", { key: words, type: "button", "aria-pressed": mine === value ? "true" : "false", onClick: () => setMine(value) }, words))),
      h(
        "div",
        { className: "ly-editor-acts" },
        h(Button, { icon: Upload, onClick: () => setImporting(true) }, "Import questions"),
        h(Button, { kind: "primary", icon: Plus, popoverTarget: "ly-question-kinds" }, "Add question"),
        h(
          "div",
          { id: "ly-question-kinds", popover: "auto", className: "ly-menu ly-menu-long", role: "group", "aria-label": "Kinds of question" },
          KINDS.flatMap(([group, kinds], at) => [at ? h("hr", { key: `${group}-rule` }) : null, h("div", { key: group, className: "ly-menu-head ly-caption" }, group), ...kinds.map(([kind, words]) => h("button", { key: kind, type: "button", className: "ly-menu-item", onClick: (event) => (event.currentTarget.closest("[popover]").hidePopover(), create(kind)) }, h("span", null, words)))]),
        ),
      ),
    ),
    h(
      "div",
      { className: "ly-banking" },
      h(Categories, { base, shelf, chosen: sought.category, choose: (category) => look({ category }), changed: (categories) => setShelf({ ...shelf, categories }), moved: again, told: tell }),
      h(
        "div",
        { className: "ly-banking-main" },
        h(
          "div",
          { className: "ly-banking-filters", role: "search" },
          h("label", { className: "ly-banking-search" }, h(Search, { size: 16, className: "ly-icon", "aria-hidden": true }), h("input", { type: "search", className: "ly-input", "aria-label": "Search questions", placeholder: "Search all that questions say", maxLength: 200, value: typed, onChange: (event) => setTyped(event.target.value) })),
          select("Kind of question", "kind", [["", "All kinds"], ...KINDS.flatMap(([, kinds]) => kinds)]),
          select("Difficulty", "difficulty", [["", "Any difficulty"], ...DIFFICULTIES.slice(1), ["unsaid", "Not said"]]),
          select("Tag", "tag", [["", "All tags"], ...shelf.tags.map(({ tag, questions }) => [tag, `${tag} (${questions})`])]),
          shelf.objectives.length ? select("Objective", "objective", [["", "All objectives"], ...shelf.objectives.map(({ id, text }) => [id, text])]) : null,
          select("Show", "show", SHOW),
        ),
        h(Acts, { base, shelf, chosen, setChosen, total: found, query, act, archived: sought.show === "archived", mine, courseId, told: tell }),
        h(List, { base, query, revision, shelf, chosen, setChosen, open, preview, found: setFound, left, again, empty: h(Empty, { narrowed, mine, clear: () => (setTyped(""), setSought(NOTHING)) }) }),
      ),
    ),
    notice,
    importing ? h(ImportDialog, { base, shelf, category: sought.category, close: () => setImporting(false), taken: again }) : null,
    trying ? h(Suspense, { fallback: null }, h(Trial, { questionId: trying.id, type: trying.type, form: trying.form, close: () => setTrying(null) })) : null,
  );
}

function Empty({ narrowed, mine, clear }) {
  const [title, words] = narrowed ? ["No question matches", "Try fewer words, another category or all kinds."] : mine ? ["Your own bank is empty", "Add a question here, or copy one from a course. It goes with you to every course that you teach."] : ["No questions yet", "Add one here or in a quiz, or import a file. Quizzes and pools draw from this bank."];
  return h("div", { className: "ly-empty" }, h("p", { className: "ly-strong" }, title), h("p", null, words), narrowed ? h(Button, { onClick: clear }, "Show all questions") : null);
}

function queryOf({ show, ...fields }) {
  const given = Object.entries(fields).filter(([, value]) => value);
  return new URLSearchParams([...given, ...(show ? [[show, "true"]] : [])]).toString();
}
