// A quiz being taken: one question at a time, each answer posted on its own and acknowledged by the server before it counts as saved.
// What is typed or chosen lives here and in the browser's own store until the server has it; Reflex never holds it.
import { createElement as h, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { createPortal } from "react-dom";
import { send as sendSignedIn } from "$/public/external/lms_app/web/components/keeper/keeping.jsx";

const RETRY = [1000, 2000, 4000, 8000, 15000];
const TYPING_PAUSE = 600;
const KEYS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

export function QuizIsland({ sheet, onSubmitted }) {
  return sheet ? h(Attempt, { key: sheet.id, sheet, onSubmitted }) : null;
}

function Attempt({ sheet, onSubmitted }) {
  const [place, setPlace] = useState(() => Math.max(0, sheet.questions.findIndex((question) => !question.response)));
  const [flagged, setFlagged] = useState(() => new Set());
  const [feedback, setFeedback] = useState(() => new Map(sheet.questions.filter((q) => q.feedback).map((q) => [q.id, q.feedback])));
  const [trouble, setTrouble] = useState("");
  const [asking, setAsking] = useState(false);
  const [submitting, setSubmitting] = useState(false);
  const answers = useAnswers(sheet);
  const left = useTimeLeft(sheet);
  const question = sheet.questions[place];
  const last = place === sheet.questions.length - 1;
  const heading = useRef(null);
  const moved = useRef(false);

  const go = useCallback((to) => {
    moved.current = true;
    setTrouble("");
    setPlace(to);
  }, []);

  useEffect(() => {
    if (moved.current) heading.current?.focus({ preventScroll: false });
  }, [place]);

  const submit = useCallback(async () => {
    setSubmitting(true);
    setTrouble("");
    if (!(await answers.settle())) {
      setSubmitting(false);
      setTrouble("Some answers are not saved yet. Check your connection; we keep trying.");
      return;
    }
    try {
      const reply = await send("POST", `/v/attempts/${sheet.id}/submission`);
      if (!reply.ok) throw new Error(await sentenceOf(reply));
      answers.forget();
      onSubmitted?.(sheet.id);
    } catch (error) {
      setTrouble(error.message || "The quiz could not be submitted. Try again.");
      setSubmitting(false);
    }
  }, [answers, onSubmitted, sheet.id]);

  useEffect(() => {
    if (left === 0 && !submitting) submit();
  }, [left]);

  const check = useCallback(async () => {
    setTrouble("");
    if (!(await answers.settle(question.id))) {
      setTrouble("This answer is not saved yet. Check your connection; we keep trying.");
      return;
    }
    const reply = await send("POST", `/v/attempts/${sheet.id}/answers/${question.id}/check`).catch(() => null);
    if (!reply?.ok) {
      setTrouble(reply ? await sentenceOf(reply) : "The answer could not be checked. Check your connection.");
      return;
    }
    const said = await reply.json();
    setFeedback((known) => new Map(known).set(question.id, said));
  }, [answers, question.id, sheet.id]);

  const response = answers.response(question.id);
  const given = isGiven(response);
  const told = feedback.get(question.id);
  const toCheck = sheet.immediate && !told;
  const openCount = sheet.questions.filter((entry) => !isGiven(answers.response(entry.id))).length;

  const forward = () => {
    if (toCheck && given) check();
    else if (last) setAsking(true);
    else go(place + 1);
  };
  useKeys({ question, told, response, change: answers.change, forward, back: () => place > 0 && go(place - 1), next: () => !last && go(place + 1), flag: () => toggle(setFlagged, question.id), asking });

  const action = toCheck && given ? "Check answer" : last ? "Submit quiz" : "Next question";
  const buttons = [
    h(Button, { key: "back", disabled: place === 0, onClick: () => go(place - 1) }, "Previous"),
    h(Button, { key: "on", kind: "primary", size: "l", busy: submitting, onClick: forward }, action),
  ];

  return h(
    "div",
    { className: "ly-attempt" },
    h(Portal, { to: "quiz-status" }, h(SavedAt, { state: answers.state }), left === null ? null : h(Timer, { left }), h(Button, { busy: submitting, onClick: () => setAsking(true) }, "Submit quiz")),
    h(Portal, { to: "quiz-rail" }, h(Navigator, { sheet, place, go, flagged, feedback, answers })),
    h(Portal, { to: "quiz-phone" }, buttons),
    h(
      "div",
      { className: "ly-question-head" },
      h("span", { className: "ly-nums", tabIndex: -1, ref: heading }, `Question ${place + 1} of ${sheet.questions.length}`, ` · ${question.points} ${question.points === "1" ? "point" : "points"}`),
      h(Button, { kind: "ghost", size: "s", pressed: flagged.has(question.id), onClick: () => toggle(setFlagged, question.id) }, flagged.has(question.id) ? "Flagged" : "Flag for later"),
    ),
    h("div", { className: "ly-question", id: "question-text", dangerouslySetInnerHTML: { __html: question.html } }),
    h(Field, { key: question.id, question, response, told, change: answers.change }),
    sheet.immediate && !told && question.hints.length ? h(Hints, { key: `hints-${question.id}`, hints: question.hints }) : null,
    told ? h(Feedback, { told }) : null,
    trouble ? h("p", { className: "ly-error", role: "alert" }, trouble) : null,
    answers.conflict ? h("p", { className: "ly-error", role: "alert" }, answers.conflict) : null,
    h("div", { className: "ly-question-foot" }, buttons),
    asking ? h(Ask, { openCount, unsaved: answers.state === "trouble", submitting, close: () => setAsking(false), submit: () => (setAsking(false), submit()) }) : null,
  );
}

// Answers --------------------------------------------------------------------------------------------------------------------------

// Every change is kept in the browser first, posted with a number that only grows, and posted again until it is acknowledged or refused.
function useAnswers(sheet) {
  const store = `lyceum:attempt:${sheet.id}`;
  const [responses, setResponses] = useState(() => {
    const saved = new Map(sheet.questions.filter((q) => q.response).map((q) => [q.id, q.response]));
    for (const [id, kept] of Object.entries(readStore(store))) saved.set(id, kept.response);
    return saved;
  });
  const [state, setState] = useState(() => latestSaved(sheet));
  const [conflict, setConflict] = useState("");
  const pending = useRef(null);
  if (pending.current === null) pending.current = new Map(Object.entries(readStore(store)));
  const sequence = useRef(Math.max(Date.now(), ...sheet.questions.map((q) => q.sequence)));
  const busy = useRef(new Map());
  const timers = useRef(new Map());
  const types = useMemo(() => new Map(sheet.questions.map((q) => [q.id, q.type])), [sheet]);

  const post = useCallback(
    (id, attempt = 0) => {
      const kept = pending.current.get(id);
      if (!kept) return Promise.resolve(true);
      const running = busy.current.get(id);
      if (running) return running.then(() => post(id, attempt));
      setState("saving");
      const sent = send("PUT", `/v/attempts/${sheet.id}/answers/${id}`, { type: types.get(id), response: kept.response, sequence: kept.sequence })
        .then(async (reply) => {
          if (reply.ok) {
            const { saved_at } = await reply.json();
            if (pending.current.get(id)?.sequence === kept.sequence) pending.current.delete(id);
            writeStore(store, pending.current);
            if (pending.current.size === 0) setState({ at: saved_at });
            return true;
          }
          if (reply.status >= 500 || reply.status === 401 || reply.status === 429) throw new Error("again");
          // Refused for good: the attempt is over, or the answer was seen. What the server has counts.
          setConflict(await sentenceOf(reply));
          pending.current.delete(id);
          writeStore(store, pending.current);
          return true;
        })
        .catch(() => {
          setState("trouble");
          const wait = RETRY[Math.min(attempt, RETRY.length - 1)];
          clearTimeout(timers.current.get(id));
          timers.current.set(id, setTimeout(() => post(id, attempt + 1), wait));
          return false;
        })
        .finally(() => busy.current.delete(id));
      busy.current.set(id, sent);
      return sent;
    },
    [sheet.id, store, types],
  );

  const change = useCallback(
    (id, response, typing) => {
      sequence.current = Math.max(sequence.current + 1, Date.now());
      pending.current.set(id, { response, sequence: sequence.current });
      writeStore(store, pending.current);
      setResponses((known) => new Map(known).set(id, response));
      setState("saving");
      clearTimeout(timers.current.get(id));
      timers.current.set(id, setTimeout(() => post(id), typing ? TYPING_PAUSE : 0));
    },
    [post, store],
  );

  // True when everything, or one question, is acknowledged.
  const settle = useCallback(
    async (id) => {
      const waiting = id ? [id] : [...pending.current.keys()];
      for (const each of waiting) clearTimeout(timers.current.get(each));
      const results = await Promise.all(waiting.map((each) => post(each)));
      return results.every(Boolean) && waiting.every((each) => !pending.current.has(each));
    },
    [post],
  );

  useEffect(() => {
    for (const id of pending.current.keys()) post(id);
    const retry = () => [...pending.current.keys()].forEach((id) => post(id));
    const warn = (event) => pending.current.size > 0 && event.preventDefault();
    window.addEventListener("online", retry);
    window.addEventListener("beforeunload", warn);
    return () => {
      window.removeEventListener("online", retry);
      window.removeEventListener("beforeunload", warn);
      retry();
    };
  }, [post]);

  return { response: (id) => responses.get(id), change, settle, state, conflict, forget: () => localStorage.removeItem(store) };
}

function readStore(name) {
  try {
    return JSON.parse(localStorage.getItem(name) ?? "{}");
  } catch {
    return {};
  }
}

function writeStore(name, pending) {
  try {
    if (pending.size === 0) localStorage.removeItem(name);
    else localStorage.setItem(name, JSON.stringify(Object.fromEntries(pending)));
  } catch {
    // A full or forbidden store: the answer is still posted.
  }
}

function latestSaved(sheet) {
  const times = sheet.questions.map((question) => question.saved_at).filter(Boolean);
  return times.length ? { at: times.sort().at(-1) } : "fresh";
}

function isGiven(response) {
  if (!response) return false;
  if ("choices" in response) return response.choices.length > 0;
  if ("text" in response) return response.text.trim() !== "";
  return true;
}

async function send(method, address, body) {
  return sendSignedIn(address, {
    method,
    headers: body ? { "Content-Type": "application/json" } : {},
    body: body ? JSON.stringify(body) : undefined,
  });
}

async function sentenceOf(reply) {
  try {
    return (await reply.json()).title;
  } catch {
    return "That did not work. Try again.";
  }
}

// Answering ------------------------------------------------------------------------------------------------------------------------

function Field({ question, response, told, change }) {
  const set = (value, typing) => change(question.id, value, typing);
  switch (question.type) {
    case "single_choice":
      return h(Choices, { question, told, many: false, isChosen: (id) => response?.choice === id, choose: (id) => set({ choice: id }) });
    case "multiple_choice": {
      const chosen = response?.choices ?? [];
      const flip = (id) => set({ choices: chosen.includes(id) ? chosen.filter((other) => other !== id) : [...chosen, id] });
      return h(Choices, { question, told, many: true, isChosen: (id) => chosen.includes(id), choose: flip });
    }
    case "true_false": {
      const both = { ...question, choices: [{ id: "true", html: "True" }, { id: "false", html: "False" }] };
      return h(Choices, { question: both, told, many: false, isChosen: (id) => response !== undefined && String(response.value) === id, choose: (id) => set({ value: id === "true" }) });
    }
    default:
      return h(TextAnswer, { question, response, told, set });
  }
}

function Choices({ question, told, many, isChosen, choose }) {
  const verdicts = new Map((told?.choices ?? []).map((choice) => [choice.id, choice]));
  return h(
    "fieldset",
    { className: "ly-choices", "aria-describedby": "question-text" },
    h("legend", { className: "ly-sr" }, many ? "Choose every right answer" : "Choose one answer"),
    many ? h("p", { className: "ly-question-hint" }, "More than one may be right.") : null,
    question.choices.map((choice, number) => {
      const verdict = verdicts.get(choice.id);
      const chosen = isChosen(choice.id);
      const said = verdict?.right ? "right" : verdict && chosen ? "wrong" : told ? "none" : undefined;
      return h(
        "label",
        { key: choice.id, className: "ly-choice", "data-many": many ? "" : undefined, "data-verdict": said },
        h("input", { type: many ? "checkbox" : "radio", name: `answer-${question.id}`, checked: chosen, disabled: Boolean(told), onChange: () => choose(choice.id) }),
        h("span", { className: "ly-choice-key", "aria-hidden": "true" }, KEYS[number] ?? ""),
        h(
          "span",
          { className: "ly-choice-text" },
          h("span", { dangerouslySetInnerHTML: { __html: choice.html } }),
          verdict?.html ? h("span", { className: "ly-choice-why", dangerouslySetInnerHTML: { __html: verdict.html } }) : null,
        ),
        said === "right" ? h("span", { className: "ly-choice-verdict" }, h("span", null, "Correct answer")) : null,
        said === "wrong" ? h("span", { className: "ly-choice-verdict" }, h("span", null, "Your answer")) : null,
      );
    }),
  );
}

function TextAnswer({ question, response, told, set }) {
  const numeric = question.type === "numeric";
  const unit = question.extras?.unit;
  return h(
    "div",
    { className: "ly-answer-text" },
    h(
      "label",
      { className: "ly-field" },
      h("span", { className: "ly-label" }, numeric ? (unit ? `Your answer in ${unit}` : "Your answer, a number") : "Your answer"),
      h("input", {
        className: "ly-input",
        type: "text",
        inputMode: numeric ? "decimal" : "text",
        autoComplete: "off",
        spellCheck: false,
        maxLength: 1000,
        disabled: Boolean(told),
        "aria-describedby": "question-text",
        value: response?.text ?? "",
        onChange: (event) => set({ text: event.target.value }, true),
      }),
    ),
  );
}

// One after the other, each only when asked for.
function Hints({ hints }) {
  const [shown, setShown] = useState(0);
  return h(
    "div",
    { className: "ly-stack", "data-gap": "8", role: "status" },
    hints.slice(0, shown).map((hint, number) => h("div", { key: number, className: "ly-second", dangerouslySetInnerHTML: { __html: hint } })),
    shown < hints.length ? h("div", null, h(Button, { kind: "ghost", size: "s", onClick: () => setShown(shown + 1) }, shown ? "Show another hint" : "Show a hint")) : null,
  );
}

function Feedback({ told }) {
  const title = { correct: "That's right.", partial: "Partly right.", incorrect: "Not quite." }[told.outcome] ?? "No answer.";
  return h(
    "div",
    { className: "ly-feedback", "data-outcome": told.outcome, role: "status" },
    h("span", { className: "ly-feedback-sign", "aria-hidden": "true" }, told.outcome === "correct" ? "✓" : told.outcome === "partial" ? "◐" : "✕"),
    h("p", { className: "ly-feedback-title" }, title, " ", h("span", { className: "ly-caption" }, `${told.score} of ${told.points}`)),
    h("div", null, told.remark ? h("p", null, told.remark) : null, told.html ? h("div", { dangerouslySetInnerHTML: { __html: told.html } }) : null),
  );
}

// Around the question --------------------------------------------------------------------------------------------------------------

function Navigator({ sheet, place, go, flagged, feedback, answers }) {
  const answered = sheet.questions.filter((question) => isGiven(answers.response(question.id))).length;
  return h(
    "section",
    { className: "ly-panel" },
    h("header", null, h("h2", { className: "ly-panel-title" }, "Questions"), h("span", { className: "ly-caption ly-nums" }, `${answered} of ${sheet.questions.length} answered`)),
    h(
      "nav",
      { className: "ly-navigator", "aria-label": "Questions" },
      sheet.questions.map((question, number) => {
        const told = feedback.get(question.id);
        const given = isGiven(answers.response(question.id));
        const state = told ? (told.outcome === "correct" ? "right" : "wrong") : given ? "answered" : "open";
        const words = [`Question ${number + 1}`, told ? told.outcome : given ? "answered" : "not answered", ...(flagged.has(question.id) ? ["flagged"] : [])];
        return h("button", { key: question.id, type: "button", className: "ly-cell", "data-state": state, "data-flagged": flagged.has(question.id) ? "" : undefined, "aria-current": number === place ? "step" : undefined, "aria-label": words.join(", "), onClick: () => go(number) }, number + 1);
      }),
    ),
    h("p", { className: "ly-legend" }, h("span", null, h("i", { "data-state": "answered" }), "Answered"), h("span", null, h("i"), "Open"), h("span", null, h("i", { "data-state": "flagged" }), "Flagged")),
  );
}

function SavedAt({ state }) {
  const [words, time] =
    state === "saving" ? ["Saving…", ""] : state === "trouble" ? ["Not saved. Retrying", ""] : state === "fresh" ? ["Answers are saved as you give them", ""] : ["Saved", clockTime(state.at)];
  return h("span", { className: "ly-saved", role: "status", "data-tone": state === "trouble" ? "warn" : "calm", "data-state": typeof state === "string" ? state : "saved" }, h(Sign, { path: state === "trouble" ? "M12 4v10M12 19v1" : "M4 12.5l5 5L20 6.5" }), h("span", null, words, " "), h("span", null, time));
}

function Sign({ path }) {
  return h("svg", { className: "ly-icon", viewBox: "0 0 24 24", width: 16, height: 16, fill: "none", stroke: "currentColor", strokeWidth: 2.25, strokeLinecap: "round", strokeLinejoin: "round", "aria-hidden": "true" }, h("path", { d: path }));
}

function clockTime(iso) {
  return new Date(iso).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false });
}

// Seconds until the deadline by the server's clock; null without one.
function useTimeLeft(sheet) {
  const skew = useMemo(() => Date.parse(sheet.server_time) - Date.now(), [sheet]);
  const measure = () => (sheet.deadline_at ? Math.max(0, Math.ceil((Date.parse(sheet.deadline_at) - Date.now() - skew) / 1000)) : null);
  const [left, setLeft] = useState(measure);
  useEffect(() => {
    if (!sheet.deadline_at) return undefined;
    const timer = setInterval(() => setLeft(measure()), 500);
    return () => clearInterval(timer);
  }, [sheet]);
  return left;
}

function Timer({ left }) {
  const hours = Math.floor(left / 3600);
  const minutes = Math.floor((left % 3600) / 60);
  const shown = `${hours ? `${hours}:${String(minutes).padStart(2, "0")}` : minutes}:${String(left % 60).padStart(2, "0")}`;
  const announce = left === 300 ? "Five minutes left." : left === 60 ? "One minute left." : "";
  return h("span", { className: "ly-timer", "data-tone": left <= 300 ? "warn" : "calm" }, h("span", { className: "ly-sr" }, "Time left "), shown, h("span", { className: "ly-sr", role: "alert" }, announce));
}

function Ask({ openCount, unsaved, submitting, close, submit }) {
  const dialog = useRef(null);
  useEffect(() => {
    dialog.current?.showModal();
  }, []);
  const open = openCount === 0 ? "You have answered every question." : openCount === 1 ? "One question has no answer yet." : `${openCount} questions have no answer yet.`;
  return h(
    "dialog",
    { ref: dialog, className: "ly-dialog", onClose: close, "aria-labelledby": "ask-title" },
    h("h2", { id: "ask-title" }, "Submit this quiz?"),
    h("p", { className: "ly-second" }, open, " After you submit, answers no longer change.", unsaved ? " Some answers are not saved yet; they are sent first." : ""),
    h("div", { className: "ly-dialog-actions" }, h(Button, { autoFocus: true, onClick: close }, "Keep working"), h(Button, { kind: "primary", busy: submitting, onClick: submit }, "Submit quiz")),
  );
}

function Button({ kind = "default", size = "m", busy = false, pressed, disabled = false, children, ...props }) {
  return h("button", { type: "button", className: "ly-button", "data-kind": kind, "data-size": size, "aria-busy": busy ? "true" : undefined, "aria-pressed": pressed, disabled: disabled || busy, ...props }, h("span", null, children));
}

function Portal({ to, children }) {
  const [place, setPlace] = useState(null);
  useEffect(() => setPlace(document.getElementById(to)), [to]);
  return place ? createPortal(children, place) : null;
}

function toggle(setSet, id) {
  setSet((known) => {
    const next = new Set(known);
    if (!next.delete(id)) next.add(id);
    return next;
  });
}

// A to Z choose, Enter goes on, arrows move, F flags; not while a text field or a dialog has the focus.
function useKeys(now) {
  const latest = useRef(now);
  latest.current = now;
  useEffect(() => {
    const onKey = (event) => {
      const { question, told, response, change, forward, back, next, flag, asking } = latest.current;
      if (asking || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || localStorage.getItem("lyceum:single-keys-off")) return;
      const field = event.target.closest?.("input[type=text], textarea, select, dialog[open]");
      if (event.key === "Enter") {
        if (event.target.closest?.("button, a, dialog[open]")) return;
        event.preventDefault();
        forward();
        return;
      }
      if (field) return;
      if (event.target.closest?.("input[type=radio]") && event.key.startsWith("Arrow")) return;
      if (event.key === "ArrowLeft") return back();
      if (event.key === "ArrowRight") return next();
      const letter = event.key.toUpperCase();
      if (letter.length !== 1) return;
      const choices = question.type === "true_false" ? [{ id: true }, { id: false }] : question.choices;
      const choice = choices[KEYS.indexOf(letter)];
      if (choice && !told && KEYS.indexOf(letter) >= 0) {
        if (question.type === "single_choice") change(question.id, { choice: choice.id });
        if (question.type === "true_false") change(question.id, { value: choice.id });
        if (question.type === "multiple_choice") {
          const chosen = response?.choices ?? [];
          change(question.id, { choices: chosen.includes(choice.id) ? chosen.filter((id) => id !== choice.id) : [...chosen, choice.id] });
        }
        return;
      }
      if (letter === "F") flag();
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, []);
}
