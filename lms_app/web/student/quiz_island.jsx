// A quiz being taken, page by page. Each answer is posted on its own and acknowledged by the server before it counts as saved; what is typed or
// chosen lives here and in the browser's own database until then. Reflex never holds it. Limits and the clock are the server's.
import { createElement as h, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { isGiven, send, sentenceOf, submitted, useAnswers, useBeat } from "$/public/external/lms_app/web/student/quiz/quiz_answers.jsx";
import { useAttending } from "$/public/external/lms_app/web/components/attending/attending.jsx";
import { Asked, KEYS } from "$/public/external/lms_app/web/components/answering/answer_fields.jsx";
import { Arrived, clockTime, Dialog, MarkerSaid, Portal, SavedAt, Timer, toggle, useTimeLeft } from "$/public/external/lms_app/web/student/quiz/quiz_parts.jsx";
import { Button, Feedback, Hints, Html } from "$/public/external/lms_app/web/components/answering/answer_parts.jsx";

// A description asks nothing, and what a person marks is marked after the quiz: neither can be checked.
const UNCHECKED = new Set(["description", "essay", "file_upload"]);

const SURE = [
  { value: 1, words: "Not very", marks: "1 if right, 0 if wrong" },
  { value: 2, words: "Fairly", marks: "2 if right, −2 if wrong" },
  { value: 3, words: "Very", marks: "3 if right, −6 if wrong" },
];

// `onOver` gets the result; before it, where many submit at once, `onArrived` is called.
export function QuizIsland({ sheet, moved, onArrived, onOver }) {
  return h(Attempt, { key: sheet.id, sheet, moved, onArrived, onOver });
}

// A submitted attempt, question by question.
export function QuizReview({ result }) {
  return result.questions.map((question) => h(Reviewed, { key: question.id, question, attempt: result.id }));
}

function Attempt({ sheet: loaded, moved: touched, onArrived, onOver }) {
  const [sheet, setSheet] = useState(loaded);
  const [deadline, setDeadline] = useState(loaded.deadline_at);
  const [moved, setMoved] = useState("");
  const [messages, setMessages] = useState(loaded.messages ?? []);
  const [read, setRead] = useState(() => new Set());
  const pages = useMemo(() => pagesOf(sheet), [sheet]);
  const oneWay = sheet.navigation === "one_way";
  // Without a way back the sheet holds the page reached and nothing else.
  const [chosen, setPlace] = useState(() => (oneWay ? 0 : firstOpen(sheet, pages)));
  const place = oneWay ? 0 : chosen;
  const [flagged, setFlagged] = useState(() => new Set());
  const [feedback, setFeedback] = useState(() => new Map(sheet.questions.filter((q) => q.feedback).map((q) => [q.id, q.feedback])));
  const [trouble, setTrouble] = useState({});
  const [asking, setAsking] = useState("");
  const [submitting, setSubmitting] = useState(false);
  const [arrived, setArrived] = useState("");
  const heading = useRef(null);
  const target = useRef(null);

  const learnDeadline = useCallback((at) => {
    setDeadline((known) => {
      if (known && at && Date.parse(at) !== Date.parse(known)) setMoved(Date.parse(at) > Date.parse(known) ? "You have been given more time." : "The end of this quiz has moved.");
      return at || known;
    });
  }, []);
  const told = useRef({ onArrived, onOver });
  told.current = { onArrived, onOver };
  // Several reasons to ask at once are one request.
  const finishing = useRef(null);
  const finish = useCallback(() => {
    const ask = async () => {
      const result = await submitted(loaded.id, (at) => {
        // Other tabs learn of it too, and nothing is left to send.
        answers.forget();
        setArrived(at);
        told.current.onArrived();
      });
      await answers.forget();
      told.current.onOver(result);
    };
    finishing.current ??= ask().finally(() => {
      finishing.current = null;
    });
    return finishing.current;
  }, [loaded.id]);
  const closed = useCallback(() => finish().catch(() => null), [finish]);
  const answers = useAnswers(sheet, { onDeadline: learnDeadline, onClosed: closed });
  const left = useTimeLeft(loaded.server_time, deadline);

  // The page's state reads the attempt again when the tab comes back.
  useEffect(() => {
    if (loaded === sheet) return;
    learnDeadline(loaded.deadline_at);
    setMessages(loaded.messages ?? []);
    answers.reread(loaded);
    setSheet(loaded);
  }, [loaded]);

  useBeat(sheet, pages[place].page, touched, (news) => {
    if (news.status && news.status !== "open") return closed();
    learnDeadline(news.deadline_at);
    setMessages(news.messages ?? []);
    return undefined;
  });

  useAttending(`/v/quizzes/${sheet.assessment_id}/heartbeat`);

  const say = useCallback((id, words) => setTrouble((known) => ({ ...known, [id]: words })), []);

  const turn = useCallback(
    (to, question) => {
      if (to === place) {
        document.getElementById(`question-${question}`)?.scrollIntoView({ block: "center" });
        return;
      }
      setTrouble({});
      target.current = question ?? "";
      setPlace(to);
    },
    [place],
  );

  const leave = useCallback(async () => {
    setAsking("");
    setTrouble({});
    if (!(await answers.settle())) return say("page", "Some answers are not saved yet. Check your connection; we keep trying.");
    const reply = await send("POST", `/v/attempts/${sheet.id}/page`, { page: sheet.page + 1 }).catch(() => null);
    if (!reply?.ok) return say("page", reply ? await sentenceOf(reply) : "The next page could not be opened. Check your connection.");
    const next = await reply.json();
    target.current = "";
    answers.reread(next);
    setSheet(next);
    return undefined;
  }, [answers, say, sheet.id, sheet.page]);

  useEffect(() => {
    if (target.current === null) return;
    if (target.current) document.getElementById(`question-${target.current}`)?.scrollIntoView({ block: "center" });
    else heading.current?.focus({ preventScroll: false });
    target.current = null;
  }, [place, sheet.page]);

  const submit = useCallback(async () => {
    setAsking("");
    setSubmitting(true);
    setTrouble({});
    if (!(await answers.settle())) {
      setSubmitting(false);
      say("page", "Some answers are not saved yet. Check your connection; we keep trying.");
      return;
    }
    try {
      await finish();
    } catch (error) {
      setArrived("");
      say("page", (error instanceof TypeError ? "" : error.message) || "The quiz could not be submitted. Check your connection and try again.");
      setSubmitting(false);
    }
  }, [answers, finish, say]);

  useEffect(() => {
    if (left === 0 && !submitting) submit();
  }, [left]);

  const check = useCallback(
    async (id) => {
      say(id, "");
      if (!(await answers.settle(id))) return say(id, "This answer is not saved yet. Check your connection; we keep trying.");
      const reply = await send("POST", `/v/attempts/${sheet.id}/answers/${id}/check`).catch(() => null);
      if (!reply?.ok) return say(id, reply ? await sentenceOf(reply) : "The answer could not be checked. Check your connection.");
      const told = await reply.json();
      return setFeedback((known) => new Map(known).set(id, told));
    },
    [answers, say, sheet.id],
  );

  const again = useCallback((id) => setFeedback((known) => new Map(known).set(id, { ...known.get(id), retrying: true })), []);

  const here = pages[place];
  const last = oneWay ? sheet.page === sheet.pages : place === pages.length - 1;
  const askedHere = here.questions.filter((question) => question.type !== "description");
  const alone = askedHere.length === 1;
  const single = alone ? askedHere[0] : null;
  const checks = sheet.behaviour === "immediate" || sheet.behaviour === "interactive";
  const open = sheet.questions.filter((question) => question.type !== "description" && !isGiven(answers.response(question.id))).length;
  const stateOf = (question) => stateFor(question, feedback.get(question.id), answers.response(question.id), checks);

  const forward = () => {
    const state = single ? stateOf(single) : null;
    if (state?.toCheck) check(single.id);
    else if (state?.toRetry) again(single.id);
    else if (last) setAsking("submit");
    else if (oneWay) setAsking("leave");
    else turn(place + 1);
  };
  useKeys({
    question: single && !stateOf(single).locked ? single : null,
    response: single ? answers.response(single.id) : null,
    change: answers.change,
    forward,
    back: () => !oneWay && place > 0 && turn(place - 1),
    next: () => !oneWay && !last && turn(place + 1),
    flag: () => single && toggle(setFlagged, single.id),
    asking: asking || arrived,
  });

  const action = single && stateOf(single).toCheck ? "Check answer" : single && stateOf(single).toRetry ? "Try again" : last ? "Submit quiz" : alone ? "Next question" : "Next page";
  const buttons = [
    oneWay ? h("span", { key: "back" }) : h(Button, { key: "back", disabled: place === 0, onClick: () => turn(place - 1) }, "Previous"),
    h(Button, { key: "on", kind: "primary", size: "l", busy: submitting, onClick: forward }, action),
  ];
  const unread = messages.filter((message) => !read.has(message.id));
  if (arrived) return h(Arrived, { at: arrived });

  return h(
    "div",
    { className: "ly-attempt" },
    h("h1", { className: "ly-sr" }, sheet.title),
    h(Portal, { to: "quiz-status" }, h(SavedAt, { state: answers.state }), left === null ? null : h(Timer, { left, moved }), h(Button, { busy: submitting, onClick: () => setAsking("submit") }, "Submit quiz")),
    h(Portal, { to: "quiz-rail" }, h(Navigator, { sheet, pages, place, turn, oneWay, flagged, feedback, answers })),
    h(Portal, { to: "quiz-phone" }, buttons),
    moved ? h(Notice, { words: moved, close: () => setMoved("") }) : null,
    unread.map((message) => h(Notice, { key: message.id, title: `Message from your teacher, ${clockTime(message.at)}`, words: message.text, close: () => setRead((known) => new Set(known).add(message.id)) })),
    here.section ? h("h2", { className: "ly-quiz-section" }, here.section) : null,
    here.introduction ? h(Html, { className: "ly-second ly-quiz-introduction", html: here.introduction }) : null,
    alone ? null : h("p", { className: "ly-question-head ly-nums", tabIndex: -1, ref: heading }, `Page ${oneWay ? sheet.page : place + 1} of ${oneWay ? sheet.pages : pages.length}`),
    here.questions.map((question) =>
      h(Question, {
        key: question.id,
        question,
        count: sheet.total,
        heading: alone ? heading : null,
        attempt: sheet.id,
        answers,
        state: stateOf(question),
        certainty: sheet.behaviour === "certainty",
        flagged: flagged.has(question.id),
        flag: () => toggle(setFlagged, question.id),
        check: alone ? null : () => check(question.id),
        again: alone ? null : () => again(question.id),
        trouble: trouble[question.id],
      }),
    ),
    trouble.page ? h("p", { className: "ly-error", role: "alert" }, trouble.page) : null,
    answers.conflict ? h("p", { className: "ly-error", role: "alert" }, answers.conflict) : null,
    h("div", { className: "ly-question-foot" }, buttons),
    asking === "submit" ? h(AskToSubmit, { open, unsaved: answers.state === "trouble" || answers.state === "offline", submitting, close: () => setAsking(""), submit }) : null,
    asking === "leave" ? h(AskToLeave, { close: () => setAsking(""), leave }) : null,
  );
}

// One question --------------------------------------------------------------------------------------------------------------------

function Question({ question, count, heading, attempt, answers, state, certainty, flagged, flag, check, again, trouble }) {
  const { told, locked } = state;
  const given = answers.answer(question.id);
  const set = (response, options) => answers.change(question.id, response, { certainty: given?.certainty ?? null, ...options });
  const elsewhere = answers.elsewhere?.id === question.id ? answers.elsewhere : null;
  if (question.type === "description") return h("section", { className: "ly-quiz-question" }, h(Html, { className: "ly-question", id: `question-${question.id}`, html: question.html }));
  const hints = told?.hints?.length ? told.hints : question.hints;
  return h(
    "section",
    { className: "ly-quiz-question", "aria-label": `Question ${question.number}` },
    h(
      "div",
      { className: "ly-question-head" },
      h("span", { className: "ly-nums", tabIndex: -1, ref: heading }, `Question ${question.number} of ${count}`, ` · ${question.points} ${question.points === "1" ? "point" : "points"}`, state.triesLeft > 0 && !state.final ? ` · ${state.triesLeft} ${state.triesLeft === 1 ? "try" : "tries"} left` : ""),
      h(Button, { kind: "ghost", size: "s", pressed: flagged, onClick: flag }, flagged ? "Flagged" : "Flag for later"),
    ),
    h(Asked, { key: question.id, question, response: given?.response, told: state.shown ? told : null, locked, set, attempt }),
    certainty ? h(Certainty, { id: question.id, value: given?.certainty ?? null, disabled: locked || !isGiven(given?.response), choose: (value) => answers.change(question.id, given.response, { certainty: value }) }) : null,
    hints.length && !state.final ? h(Hints, { key: `hints-${hints.length}`, hints, all: Boolean(told?.hints?.length) }) : null,
    state.shown ? h(Feedback, { told }) : null,
    elsewhere ? h(Elsewhere, { at: elsewhere.at, insist: answers.insist }) : null,
    trouble ? h("p", { className: "ly-error", role: "alert" }, trouble) : null,
    check && state.toCheck ? h("div", { className: "ly-question-check" }, h(Button, { onClick: check }, "Check answer")) : null,
    again && state.toRetry ? h("div", { className: "ly-question-check" }, h(Button, { onClick: again }, "Try again")) : null,
  );
}

// Whether an answer is being given, has been seen, or may be given again.
function stateFor(question, told, response, checks) {
  const final = Boolean(told) && told.final !== false;
  const retrying = Boolean(told?.retrying);
  const triesLeft = told ? (told.tries_left ?? 0) : (question.tries_left ?? 0);
  return {
    told,
    final,
    triesLeft,
    shown: Boolean(told) && !retrying,
    locked: Boolean(told) && (final || !retrying),
    toCheck: checks && !UNCHECKED.has(question.type) && isGiven(response) && (!told || (!final && retrying)),
    toRetry: Boolean(told) && !final && !retrying,
  };
}

function Certainty({ id, value, disabled, choose }) {
  return h(
    "fieldset",
    { className: "ly-certainty", disabled },
    h("legend", null, "How sure are you?"),
    SURE.map((degree) => h("label", { key: degree.value, className: "ly-check" }, h("input", { type: "radio", name: `sure-${id}`, checked: value === degree.value, onChange: () => choose(degree.value) }), h("span", null, degree.words, h("small", null, degree.marks)))),
  );
}

function Elsewhere({ at, insist }) {
  return h(
    "p",
    { className: "ly-callout ly-quiz-notice", "data-tone": "careful", role: "status" },
    h("span", null, `You answered this somewhere else at ${clockTime(at)}. That answer is shown and counts. `),
    h(Button, { size: "s", onClick: insist }, "Use the one I gave here"),
  );
}

function Reviewed({ question, attempt }) {
  const told = question.feedback;
  if (question.type === "description") return h("section", { className: "ly-result-question" }, h(Html, { className: "ly-question", html: question.html }));
  const known = told && told.outcome !== "" && told.outcome !== null;
  return h(
    "section",
    { className: "ly-result-question", "aria-label": `Question ${question.number}` },
    h(
      "div",
      { className: "ly-question-head" },
      h("span", { className: "ly-nums" }, `Question ${question.number}`),
      told && told.score !== "" ? h("span", { className: "ly-nums" }, `${told.score} of ${told.points} ${told.points === "1" ? "point" : "points"}`) : null,
    ),
    h(Asked, { question, response: question.response, told: known ? told : null, locked: true, set: () => {}, attempt }),
    known ? h(Feedback, { told }) : null,
    told ? h(MarkerSaid, { told }) : null,
  );
}

// Around the questions ------------------------------------------------------------------------------------------------------------

function Notice({ title, words, close }) {
  return h("div", { className: "ly-callout ly-quiz-notice", "data-tone": "tip", role: "status" }, h("div", null, title ? h("p", { className: "ly-caption" }, title) : null, h("p", { className: "ly-strong" }, words)), h(Button, { kind: "ghost", size: "s", onClick: close }, "Got it"));
}

function Navigator({ sheet, pages, place, turn, oneWay, flagged, feedback, answers }) {
  const asked = sheet.questions.filter((question) => question.type !== "description");
  const answered = asked.filter((question) => isGiven(answers.response(question.id))).length;
  return h(
    "section",
    { className: "ly-panel" },
    h("header", null, h("h2", { className: "ly-panel-title" }, "Questions"), h("span", { className: "ly-caption ly-nums" }, oneWay ? `Page ${sheet.page} of ${sheet.pages}` : `${answered} of ${asked.length} answered`)),
    h(
      "nav",
      { className: "ly-navigator", "aria-label": "Questions" },
      pages.flatMap((page, index) =>
        page.questions
          .filter((question) => question.type !== "description")
          .map((question) => {
            const told = feedback.get(question.id);
            const given = isGiven(answers.response(question.id));
            const state = told ? (told.outcome === "correct" ? "right" : told.outcome === "pending" ? "answered" : "wrong") : given ? "answered" : "open";
            const words = [`Question ${question.number}`, told ? told.outcome : given ? "answered" : "not answered", ...(flagged.has(question.id) ? ["flagged"] : [])];
            return h(
              "button",
              { key: question.id, type: "button", className: "ly-cell", "data-state": state, "data-flagged": flagged.has(question.id) ? "" : undefined, disabled: oneWay && index !== place, "aria-current": index === place ? "step" : undefined, "aria-label": words.join(", "), onClick: () => turn(index, page.questions.length > 1 ? question.id : null) },
              question.number,
            );
          }),
      ),
    ),
    h("p", { className: "ly-legend" }, h("span", null, h("i", { "data-state": "answered" }), "Answered"), h("span", null, h("i"), "Open"), h("span", null, h("i", { "data-state": "flagged" }), "Flagged")),
    oneWay ? h("p", { className: "ly-help" }, "One way: a page that you leave does not open again.") : null,
  );
}

function AskToSubmit({ open, unsaved, submitting, close, submit }) {
  const words = open === 0 ? "You have answered every question." : open === 1 ? "One question has no answer yet." : `${open} questions have no answer yet.`;
  return h(
    Dialog,
    { title: "Submit this quiz?", close, actions: [h(Button, { key: "no", autoFocus: true, onClick: close }, "Keep working"), h(Button, { key: "yes", kind: "primary", busy: submitting, onClick: submit }, "Submit quiz")] },
    h("p", { className: "ly-second" }, words, " After you submit, answers no longer change.", unsaved ? " Some answers are not saved yet; they are sent first." : ""),
  );
}

function AskToLeave({ close, leave }) {
  return h(
    Dialog,
    { title: "Go to the next page?", close, actions: [h(Button, { key: "no", autoFocus: true, onClick: close }, "Stay here"), h(Button, { key: "yes", kind: "primary", onClick: leave }, "Next page")] },
    h("p", { className: "ly-second" }, "You cannot come back to this page. What you have answered counts."),
  );
}

// Pages ---------------------------------------------------------------------------------------------------------------------------

// `[{ page, section, introduction, questions }]`; a section is named on the page where it begins.
function pagesOf(sheet) {
  const pages = [];
  let section = "";
  sheet.questions.forEach((question, index) => {
    const page = question.page ?? index + 1;
    if (pages.at(-1)?.page !== page) {
      const begins = Boolean(question.section) && question.section !== section;
      pages.push({ page, section: question.section ?? "", introduction: begins ? (question.section_introduction ?? "") : "", questions: [] });
      section = question.section ?? "";
    }
    pages.at(-1).questions.push(question);
  });
  return pages;
}

function firstOpen(sheet, pages) {
  return Math.max(0, pages.findIndex((page) => page.questions.some((question) => question.type !== "description" && !question.response)));
}

// A to Z choose, Enter goes on, arrows move, F flags; not while a field or a dialog has the focus.
function useKeys(now) {
  const latest = useRef(now);
  latest.current = now;
  useEffect(() => {
    const onKey = (event) => {
      const { question, response, change, forward, back, next, flag, asking } = latest.current;
      if (asking || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || localStorage.getItem("lyceum:single-keys-off")) return;
      const field = event.target.closest?.("input[type=text], input[type=file], textarea, select, dialog[open]");
      if (event.key === "Enter") {
        if (event.target.closest?.("button, a, textarea, summary, dialog[open]")) return;
        event.preventDefault();
        forward();
        return;
      }
      if (field) return;
      if (event.target.closest?.("input[type=radio], .ly-spot, .ly-order-grip") && (event.key.startsWith("Arrow") || event.key === " ")) return;
      if (event.key === "ArrowLeft") return back();
      if (event.key === "ArrowRight") return next();
      const letter = event.key.toUpperCase();
      if (letter.length !== 1) return;
      const choices = question?.type === "true_false" ? [{ id: true }, { id: false }] : (question?.choices ?? []);
      const choice = choices[KEYS.indexOf(letter)];
      if (choice && KEYS.indexOf(letter) >= 0) {
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
