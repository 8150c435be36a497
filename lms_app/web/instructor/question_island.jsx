// The question editor: what is asked, how it is answered, what is said about it. Saved by itself while it is written; students have it once it is published.
import { createElement as h, lazy, Suspense, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { Link } from "react-router";
import { CloudOff, Ellipsis, FlaskConical, Send, X } from "lucide-react";
import "$/public/css/editor.css";
import "$/public/css/questions.css";
import { Button, Dialog, Tool, ask, clockTime, useAct, useNotice } from "$/public/external/lms_app/web/instructor/editor/editor_parts.jsx";
import { Draft, QUESTIONS } from "$/public/external/lms_app/web/instructor/editor/editor_drafts.jsx";
import { Page } from "$/public/external/lms_app/web/instructor/editor/editor_page.jsx";
import { below, blockOf, dropped, pasted } from "$/public/external/lms_app/web/instructor/editor/editor_pasting.jsx";
import { SlashMenu } from "$/public/external/lms_app/web/instructor/editor/editor_slash.jsx";
import { Toolbar } from "$/public/external/lms_app/web/instructor/editor/editor_toolbar.jsx";
import { MediaPicker, uploadMedia } from "$/public/external/lms_app/web/instructor/media/media_picker.jsx";
import { BODIES } from "$/public/external/lms_app/web/instructor/question_editor/question_bodies.jsx";
import { Conflict } from "$/public/external/lms_app/web/instructor/question_editor/question_conflict.jsx";
import { Choose, Line, Problems, Text } from "$/public/external/lms_app/web/instructor/question_editor/question_fields.jsx";
import { DIFFICULTIES, NAMES, categoryOptions, opened, sent } from "$/public/external/lms_app/web/instructor/question_editor/question_form.jsx";
import { missing } from "$/public/external/lms_app/web/instructor/question_editor/question_gaps.jsx";
import { Rows } from "$/public/external/lms_app/web/instructor/question_editor/question_rows.jsx";
import { RichText, Texts } from "$/public/external/lms_app/web/instructor/question_editor/question_texts.jsx";

const Trial = lazy(() => import("$/public/external/lms_app/web/instructor/question_editor/question_trial.jsx"));

const NO_COURSE = "Pictures and files need a course: a question of your own bank has none.";
const STATES = { new: ["", "Draft"], changed: ["warn", "Changed since published"], saved: ["ok", "Published"] };

// `onClose` is there where the editor is a panel of another page; `onSaved` hears of each state that page may want to show, `onGone` that it left its bank.
export function QuestionEditor({ questionId, onClose, onSaved, onGone }) {
  const draft = useRef(null);
  const [state, setState] = useState({ status: "loading", page: null });
  const [first, setFirst] = useState(null);
  useEffect(() => {
    const begun = new Draft(QUESTIONS, questionId, setState);
    draft.current = begun;
    setFirst(null);
    begun.open().then((found) => draft.current === begun && setFirst(found));
    return () => {
      draft.current = null;
      begun.close();
    };
  }, [questionId]);
  if (state.status === "gone") return h("div", { className: "ly-callout", "data-tone": "bad", role: "alert" }, h("div", null, h("p", { className: "ly-callout-title" }, "This question cannot be edited"), h("p", null, state.trouble)));
  if (!first || !state.page) return h("div", { className: "ly-skeleton", style: { minHeight: 560 } });
  return h(Writing, { key: questionId, draft: draft.current, state, first, onClose, onSaved, onGone });
}

function Writing({ draft, state, first, onClose, onSaved, onGone }) {
  const question = state.page;
  const { Body, marked, asks = true } = BODIES[question.type];
  const [form, setForm] = useState(() => opened(first.form));
  const [generation, setGeneration] = useState(0);
  const [asked, setAsked] = useState(null);
  const [active, setActive] = useState(null);
  const [menu, setMenu] = useState(null);
  const [picking, setPicking] = useState(null);
  const [notice, tell] = useNotice();
  const [published, setPublished] = useState(null);
  const [publishing, setPublishing] = useState(false);
  const [refusal, setRefusal] = useState("");
  const [trying, setTrying] = useState(false);
  const [discarding, setDiscarding] = useState(false);
  const [touched, setTouched] = useState(() => new Set());
  const [strict, setStrict] = useState(false);
  // Fields that were changed since the server looked at them last.
  const [fresh, setFresh] = useState(() => new Set());
  const problems = question.problems ?? {};
  const summary = useRef(null);
  const now = useRef(null);
  now.current = form;

  const change = useCallback(
    (next) => {
      const made = question.type === "cloze" || question.type === "dropdown" ? missing(next, question.type) : next;
      now.current = made;
      setForm(made);
      draft.change({ form: sent(made) });
    },
    [draft, question.type],
  );
  const set = useCallback(
    (name, value) => {
      setFresh((before) => (before.has(name) ? before : new Set(before).add(name)));
      change({ ...now.current, [name]: typeof value === "function" ? value(now.current[name]) : value });
    },
    [change],
  );
  const held = (name) => ({ name, value: form[name], onChange: (value) => set(name, value) });
  const list = (name) => ({ name, rows: form[name], change: (next) => set(name, next) });
  useEffect(() => {
    if (state.status === "saved") setFresh((before) => (before.size ? new Set() : before));
  }, [state.status, state.savedAt]);

  const told = `${question.state}|${question.title}`;
  useEffect(() => {
    onSaved?.(question);
    // What matters to the page around is its state and title.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [told]);

  const insertFile = async (editor, file, at) => {
    tell({ text: `Sending ${file.name} …` });
    try {
      if (!question.course_id) throw new Error(NO_COURSE);
      const found = await uploadMedia(question.course_id, file, (part) => tell({ text: `Sending ${file.name}: ${Math.round(part * 100)} %` }));
      if (found.kind === "image" && !editor.schema.nodes.imageBlock) editor.chain().focus().insertContentAt(at ?? editor.state.selection.to, { type: "image", attrs: { file: found.id, alt: "" } }).run();
      else {
        const block = blockOf(found);
        if (!editor.schema.nodes[block.type]) throw new Error("This text takes pictures alone.");
        editor.chain().focus().insertContentAt(at ?? editor.state.selection.to, block).command(below).run();
      }
      tell("");
    } catch (error) {
      tell(error);
    }
  };
  const choose = (kind, pick) => (question.course_id ? setPicking({ kind, pick }) : tell(new Error(NO_COURSE)));
  const latest = useRef({});
  latest.current = { insertFile, choose };
  const texts = useMemo(
    () => ({
      focus: setActive,
      forget: (editor) => setActive((before) => (before === editor ? null : before)),
      menu: setMenu,
      asked: () => ({ choose: (kind, pick) => latest.current.choose(kind, pick), addQuiz: () => {} }),
      choosePicture: (pick) => latest.current.choose("image", pick),
      marked: (mark) => document.querySelector(`[data-gap-row="${CSS.escape(mark)}"]`)?.scrollIntoView({ block: "center", behavior: "smooth" }),
      paste: (editor, event) => pasted(editor, event, (file) => latest.current.insertFile(editor, file)),
      drop: (editor, event) => dropped(editor.view, event, (file, at) => latest.current.insertFile(editor, file, at)),
    }),
    [],
  );

  const replace = (next) => {
    now.current = next;
    setForm(next);
    setGeneration((before) => before + 1);
  };
  const settle = (fields) => {
    const theirs = opened(state.theirs.form);
    const next = { ...now.current, ...Object.fromEntries(fields.map((field) => [field, theirs[field]])) };
    const all = fields.length === state.theirs.differences.length;
    replace(all ? theirs : next);
    draft.settle(all ? null : { form: sent(next) });
  };

  const publish = async () => {
    setPublishing(true);
    setRefusal("");
    setPublished(null);
    setStrict(true);
    try {
      if (!(await draft.save(true))) throw new Error("This question is not saved yet. Try again once it is.");
      if (Object.keys(draft.state.page.problems ?? {}).length) setTimeout(() => summary.current?.focus(), 0);
      else {
        const given = await ask("POST", `/v/questions/${question.id}/publication`, undefined, { "If-Match": `"${draft.base}"` });
        draft.moved(given.version, { page: { ...draft.state.page, version: given.version, state: "saved", title: given.title, revision: given.revision, used_in: given.used_in, correctable: given.correctable, takes_it: null } });
        setPublished(given);
        setStrict(false);
      }
    } catch (error) {
      if (error.told?.theirs) draft.tell({ status: "conflict", theirs: error.told.theirs });
      else if (error.told?.fields) draft.tell({ page: { ...draft.state.page, problems: error.told.fields } });
      setRefusal(error.told?.fields ? "" : error.message);
    }
    setPublishing(false);
  };

  // A question in which nothing was written leaves nothing behind.
  const leave = async () => {
    if (question.blank && draft.changes === 0 && !question.tags.length && !question.difficulty && !question.objective) await ask("DELETE", `/v/questions/${question.id}/draft`, undefined, { "If-Match": `"${draft.base}"` }).catch(() => {});
    onClose();
  };

  const onBlur = (event) => {
    const name = event.target.closest?.("[data-field]")?.dataset.field;
    // Whatever is being pressed must not move away under the pointer.
    if (name && !touched.has(name)) setTimeout(() => setTouched((before) => new Set(before).add(name)), 250);
  };
  const shown = useCallback((name) => (strict || touched.has(name)) && !fresh.has(name.split(".")[0]), [strict, touched, fresh]);
  const wrongs = Object.entries(problems);
  const goTo = (name) => {
    const field = [...document.querySelectorAll("[data-field]")].find((element) => element.dataset.field === name || element.dataset.field === name.split(".")[0]);
    const control = field?.querySelector("input, textarea, select, [contenteditable=true], button");
    control?.focus();
    field?.scrollIntoView({ block: "center" });
  };
  const toolbar = active ?? asked;
  const page = { quizzes: [], choose };
  return h(
    Page.Provider,
    { value: page },
    h(
      Texts.Provider,
      { value: texts },
      h(
        Problems.Provider,
        { value: { problems, shown } },
        h(
          "div",
          { className: "ly-questioning", onBlur },
          h(
            "div",
            { className: "ly-editor-head" },
            h(Status, { state }),
            h(
              "div",
              { className: "ly-editor-acts" },
              h(Button, { kind: "ghost", icon: FlaskConical, onClick: () => setTrying(true) }, "Try it"),
              question.state === "saved" && state.status === "saved" ? h("span", { className: "ly-second" }, "No changes to publish") : h(Button, { kind: "primary", icon: Send, busy: publishing, disabled: state.status === "conflict", onClick: publish }, "Publish question"),
              question.state !== "saved" ? [h(Tool, { key: "tool", name: "More", icon: Ellipsis, popoverTarget: "ly-question-more" }), h("div", { key: "menu", id: "ly-question-more", popover: "auto", className: "ly-menu", role: "menu", "aria-label": "More" }, h("button", { type: "button", role: "menuitem", className: "ly-menu-item", onClick: (event) => (event.currentTarget.closest("[popover]").hidePopover(), setDiscarding(true)) }, h("span", null, question.state === "new" ? "Throw this question away" : "Go back to what is published")))] : null,
              onClose ? h(Tool, { name: "Close the question", icon: X, onClick: leave }) : null,
            ),
          ),
          state.status === "conflict" ? h(Conflict, { theirs: state.theirs, settle }) : null,
          state.status === "refused" ? h("div", { className: "ly-callout", "data-tone": "bad", role: "alert" }, h("div", null, h("p", { className: "ly-callout-title" }, "Not saved yet"), h("p", null, state.trouble))) : null,
          refusal ? h("p", { className: "ly-error", role: "alert" }, refusal) : null,
          strict && wrongs.length
            ? h("div", { className: "ly-callout", "data-tone": "bad", role: "alert", tabIndex: -1, ref: summary }, h("div", null, h("p", { className: "ly-callout-title" }, "This question cannot be published yet"), h("ul", { className: "ly-list" }, wrongs.map(([name, sentence]) => h("li", { key: name }, h("button", { type: "button", className: "ly-link", onClick: () => goTo(name) }, sentence))))))
            : null,
          published ? h(Published, { question, given: published }) : question.correctable && question.state === "saved" ? h(Correct, { question }) : null,
          h(
            "div",
            { className: "ly-questioning-body" },
            h(
              "div",
              { className: "ly-questioning-main" },
              h("p", { className: "ly-article-kicker" }, NAMES[question.type]),
              toolbar ? h(Toolbar, { key: toolbar.instanceId ?? "toolbar", editor: toolbar, page: texts.asked }) : null,
              h(RichText, { key: `stem-${generation}`, label: "Question", ...held("stem"), whole: true, quiet: true, placeholder: asks ? "Write what is asked, or press / for more" : "Write the text, or press / for more", marked, hold: setAsked }),
              h("div", { key: `body-${generation}`, className: "ly-stack", "data-gap": "24" }, h(Body, { form, set, held, list, asked, questionId: question.id })),
              asks
                ? h(
                    "section",
                    { key: `more-${generation}`, className: "ly-questioning-part", "aria-label": "Feedback and hints" },
                    h("h2", { className: "ly-section-title" }, "Feedback and hints"),
                    h(RichText, { label: "Feedback to everybody", ...held("feedback"), help: "Shown once the question is done, right or not." }),
                    h(Rows, { label: "Hints", ...list("hints"), help: "Given one after the other where a quiz lets one try again.", called: (entry, at) => `hint ${at + 1}`, add: "Add hint", most: 20, fresh: () => ({ text: "" }), draw: (entry, at, alter) => h(RichText, { label: `Hint ${at + 1}`, name: `hints.${at}`, value: entry.text, quiet: true, placeholder: `Hint ${at + 1}`, onChange: (text) => alter({ text }) }) }),
                    h(
                      Line,
                      null,
                      h(Text, { label: "Each wrong try takes, %", ...held("penalty"), optional: true, inputMode: "decimal", placeholder: "33.33", help: "Where a quiz gives several tries." }),
                      h(Text, { label: "A wrong answer costs, %", ...held("deduction"), optional: true, inputMode: "decimal", placeholder: "0", help: "Where a quiz lets answers cost." }),
                    ),
                  )
                : null,
            ),
            h(Place, { question, told: tell, moved: (place) => draft.tell({ page: { ...draft.state.page, ...place } }), onSaved }),
          ),
          h(SlashMenu, { state: menu }),
          notice,
          picking ? h(MediaPicker, { courseId: question.course_id, kind: picking.kind, onClose: () => setPicking(null), onPick: (file) => (setPicking(null), picking.pick(file)) }) : null,
          trying ? h(Suspense, { fallback: null }, h(Trial, { questionId: question.id, type: question.type, form: sent(form), close: () => setTrying(false) })) : null,
          discarding
            ? h(Discard, {
                question,
                close: () => setDiscarding(false),
                forget: async () => {
                  // What waits is sent first, so that only what another author has saved is a newer version.
                  await draft.save(true);
                  try {
                    await ask("DELETE", `/v/questions/${question.id}/draft`, undefined, { "If-Match": `"${draft.base}"` });
                  } catch (error) {
                    if (error.told?.theirs) draft.tell({ status: "conflict", theirs: error.told.theirs });
                    throw error;
                  }
                },
                gone: async () => {
                  draft.moved(draft.base);
                  if (question.state === "new") return onGone ? onGone() : window.history.back();
                  const found = await ask("GET", `/v/questions/${question.id}/draft`);
                  replace(opened(found.form));
                  return draft.moved(found.version, { page: found, savedAt: found.saved_at });
                },
              })
            : null,
        ),
      ),
    ),
  );
}

function Status({ state }) {
  const [tone, words] = STATES[state.page.state] ?? STATES.new;
  const said = {
    saved: state.savedAt ? `Saved ${clockTime(state.savedAt)}` : "Saved",
    saving: "Saving…",
    unsaved: "Saving…",
    offline: "Offline. Kept on this device",
    conflict: "Not saved: there are two states.",
    refused: "Not saved.",
  }[state.status];
  return h("p", { className: "ly-line ly-editor-status", "data-wrap": "" }, h("span", { className: "ly-pill", "data-tone": tone || undefined }, words), state.status === "offline" ? h(CloudOff, { size: 16, className: "ly-icon", "aria-hidden": true }) : null, h("span", { className: "ly-second", role: "status", "data-status": state.status }, said));
}

function Published({ question, given }) {
  const quizzes = given.used_in;
  return h(
    "div",
    { className: "ly-stack", "data-gap": "12", role: "status" },
    h(
      "div",
      { className: "ly-callout", "data-tone": "tip" },
      h(
        "div",
        null,
        h("p", { className: "ly-callout-title" }, "Published"),
        quizzes.length
          ? h("p", null, "It is in the drafts of ", quizzes.map((quiz, at) => [at ? ", " : "", h(Link, { key: quiz.id, to: `/teach/quizzes/${quiz.id}`, className: "ly-link" }, quiz.title)]), ". Students see it when ", quizzes.length === 1 ? "that quiz is" : "those quizzes are", " published.")
          : h("p", null, "No quiz asks it yet. Quizzes and pools take it from the bank."),
      ),
    ),
    given.correctable ? h(Correct, { question }) : null,
  );
}

function Correct({ question }) {
  return h("div", { className: "ly-callout", "data-tone": "careful" }, h("div", null, h("p", { className: "ly-callout-title" }, "Marks were given for an earlier form of this question"), h("p", null, "They stand as they are until you correct them. See first whom that would move."), h("p", null, h(Link, { to: `/teach/questions/${question.id}/regrade`, className: "ly-link" }, "Correct marks…"))));
}

function Discard({ question, close, forget, gone }) {
  const { run, busy, trouble } = useAct(async () => {
    await forget();
    close();
    await gone();
  });
  const fresh = question.state === "new";
  return h(
    Dialog,
    { title: fresh ? "Throw this question away?" : "Go back to what is published?", close },
    h("p", { className: "ly-second" }, fresh ? "It was never published, so nobody has answered it." : "What was written since is lost. Students see what is published, as before."),
    trouble ? h("p", { className: "ly-error", role: "alert" }, trouble) : null,
    h("div", { className: "ly-dialog-actions" }, h(Button, { onClick: close }, "Keep it"), h(Button, { kind: "danger", busy, onClick: run }, fresh ? "Throw away" : "Go back")),
  );
}

// Where the question stands in its bank. Kept as soon as it is chosen: students see nothing of it.
function Place({ question, told, moved, onSaved }) {
  const [tags, setTags] = useState(question.tags.join(", "));
  const [wrong, setWrong] = useState("");
  // What was chosen last, acknowledged or not: two choices in a row are both kept.
  const last = useRef({ category: question.category, difficulty: question.difficulty, objective: question.objective, tags: question.tags });
  const keep = async (fields) => {
    last.current = { ...last.current, ...fields };
    const next = last.current;
    try {
      await ask("PUT", `/v/questions/${question.id}/place`, { category_id: next.category || null, tags: next.tags.join(", "), difficulty: next.difficulty, objective_id: next.objective || null });
      moved(next);
      setWrong("");
      onSaved?.({ ...question, ...next });
    } catch (error) {
      if (fields.tags) setWrong(error.message);
      else told(error);
    }
  };
  const typed = () => {
    const next = [...new Set(tags.split(",").map((tag) => tag.trim().replace(/\s+/g, " ").toLowerCase()).filter(Boolean))];
    if (next.join(", ") !== question.tags.join(", ")) keep({ tags: next });
  };
  return h(
    "aside",
    { className: "ly-questioning-rail", "aria-label": "In the bank" },
    h("h2", { className: "ly-panel-title" }, "In the bank"),
    h(Choose, { label: "Category", value: question.category, onChange: (category) => keep({ category }), options: categoryOptions(question.categories) }),
    h(Text, { label: "Tags", value: tags, onChange: setTags, onBlur: typed, help: "With commas. Pools draw by them.", maxLength: 2000 }),
    wrong ? h("p", { className: "ly-error", role: "alert" }, wrong) : null,
    h(Choose, { label: "Difficulty", value: question.difficulty, onChange: (difficulty) => keep({ difficulty }), options: DIFFICULTIES }),
    question.course_id ? h(Choose, { label: "Objective", value: question.objective, onChange: (objective) => keep({ objective }), options: [["", "None"], ...question.objectives.map((entry) => [entry.id, entry.text])], help: question.objectives.length ? undefined : "Objectives are written in the settings of the course." }) : null,
    h(
      "div",
      { className: "ly-field" },
      h("span", { className: "ly-label" }, "Quizzes"),
      question.takes_it
        ? h("p", { className: "ly-second" }, "Goes into “", h(Link, { to: `/teach/quizzes/${question.takes_it.id}`, className: "ly-link" }, question.takes_it.title), "” when it is published.")
        : question.used_in.length
          ? h("ul", { className: "ly-list" }, question.used_in.map((quiz) => h("li", { key: quiz.id }, h(Link, { to: `/teach/quizzes/${quiz.id}`, className: "ly-link" }, quiz.title))))
          : h("p", { className: "ly-second" }, "No quiz asks it."),
    ),
  );
}
