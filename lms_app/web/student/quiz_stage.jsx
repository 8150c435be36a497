// A quiz on its page: its cover, the attempt under way, or the result. Beginning and submitting are plain requests whose replies are shown as they
// come: when a whole hall does it at once nothing may wait for a page's state. What the state reads later takes the place of what was shown.
import { createContext, createElement as h, lazy, Suspense, useContext, useEffect, useId, useMemo, useRef, useState } from "react";
import { ArrowLeft, ArrowRight, Award, CircleAlert, Repeat } from "lucide-react";
import { Link } from "react-router";
import { resultOf, send, sentenceOf, submitted } from "$/public/external/lms_app/web/student/quiz/quiz_answers.jsx";
import { Arrived } from "$/public/external/lms_app/web/student/quiz/quiz_parts.jsx";
import { useMoment } from "$/public/external/lms_app/web/components/moments/moments.jsx";
import { Button } from "$/public/external/lms_app/web/components/answering/answer_parts.jsx";

const fetchIsland = () => import("$/public/external/lms_app/web/student/quiz/quiz_island.jsx");
const QuizIsland = lazy(() => fetchIsland().then((parts) => ({ default: parts.QuizIsland })));
const QuizReview = lazy(() => fetchIsland().then((parts) => ({ default: parts.QuizReview })));

const Stage = createContext(null);

export function QuizStage({ quizId, needsPassword, back, sheet, result, moved, againAt, onOver, onLeft, onMoment, children }) {
  // What a request of ours brought: `{ sheet }`, `{ result }`, or `{}` after going back to the cover. Null: as the page's state says.
  const [own, setOwn] = useState(null);
  const reviewed = useRef(null);
  const shown = own ?? { sheet, result };
  useMoment(shown.sheet || shown.result ? "" : againAt, onMoment);
  // A reload comes back to the result, and first to waiting for one that is still to come.
  const place = `lyceum:quiz-result:${quizId}`;
  const awaited = `lyceum:quiz-submitted:${quizId}`;
  const next = () => sessionStorage.getItem(awaited) || (result ? null : sessionStorage.getItem(place));
  const [coming, setComing] = useState(() => (sheet ? null : next()));
  const [arrived, setArrived] = useState("");
  useEffect(() => {
    const last = own || sheet ? null : next();
    setComing(last);
    if (!last) {
      setArrived("");
      return undefined;
    }
    let here = true;
    submitted(last, (at) => here && setArrived(at), last === sessionStorage.getItem(awaited))
      .then((fresh) => here && end(fresh))
      .catch(() => {
        sessionStorage.removeItem(awaited);
        sessionStorage.removeItem(place);
      })
      .finally(() => {
        if (!here) return;
        setComing(null);
        setArrived("");
      });
    return () => {
      here = false;
    };
  }, [own, sheet, result]);

  useEffect(() => {
    if (sheet) setOwn((known) => (known?.result?.id === sheet.id ? known : null));
  }, [sheet]);
  useEffect(() => {
    if (result && result.id !== reviewed.current) setOwn(null);
    reviewed.current = result?.id ?? null;
  }, [result]);
  // Marks may have been made or released.
  const over = shown.sheet ? null : shown.result?.id;
  useEffect(() => {
    if (!over || !moved) return;
    resultOf(over)
      .then((fresh) => setOwn((known) => ((known?.result ?? result)?.id === fresh.id && !known?.sheet ? { result: fresh } : known)))
      .catch(() => null);
  }, [moved]);
  useEffect(() => {
    fetchIsland();
  }, []);

  const way = useMemo(
    () => ({
      needsPassword,
      back,
      begin: async (password) => {
        const reply = await send("POST", `/v/quizzes/${quizId}/attempts`, password ? { password } : {});
        if (!reply.ok) throw new Error(await sentenceOf(reply));
        const fresh = await reply.json();
        sessionStorage.removeItem(place);
        setOwn({ sheet: fresh });
      },
      leave: () => {
        sessionStorage.removeItem(place);
        setOwn({});
        onLeft?.();
      },
    }),
    [quizId, needsPassword, back, onLeft],
  );

  const end = (over) => {
    sessionStorage.removeItem(awaited);
    sessionStorage.setItem(place, over.id);
    setOwn({ result: over });
    if (sheet) onOver?.();
  };
  const waiting = h("p", { className: "ly-second", role: "status" }, "Loading…");
  let stage = arrived ? h(Arrived, { at: arrived }) : coming ? waiting : children;
  if (shown.sheet) stage = h(QuizIsland, { sheet: shown.sheet, moved, onArrived: () => sessionStorage.setItem(awaited, shown.sheet.id), onOver: end });
  else if (shown.result && !coming) stage = h(Result, { result: shown.result });
  return h(Stage.Provider, { value: way }, h(Suspense, { fallback: waiting }, stage));
}

// The way into an attempt: a button, with the password before it where the quiz asks for one.
export function QuizStart({ words }) {
  const { needsPassword } = useContext(Stage);
  const { busy, trouble, begin } = useBegin();
  const id = useId();
  if (!needsPassword) {
    return h("div", { className: "ly-stack", "data-gap": "8" }, h("div", null, h(Button, { kind: "primary", size: "l", busy, iconEnd: h(Icon, { of: ArrowRight }), onClick: () => begin("") }, words)), h(Trouble, { words: trouble }));
  }
  const submit = (event) => {
    event.preventDefault();
    begin(event.currentTarget.elements.password.value);
  };
  return h(
    "form",
    { className: "ly-form", noValidate: true, onSubmit: submit },
    h(
      "div",
      { className: "ly-field" },
      h("label", { htmlFor: id, className: "ly-label" }, "Password of this quiz"),
      h("input", { id, name: "password", type: "text", className: "ly-input", autoComplete: "off", autoCapitalize: "none", spellCheck: false, maxLength: 200, "aria-invalid": trouble ? "true" : "false", "aria-describedby": trouble ? `${id}-error` : undefined }),
      h(Trouble, { words: trouble, id: `${id}-error` }),
    ),
    h("div", { className: "ly-form-actions" }, h(Button, { type: "submit", kind: "primary", size: "l", busy, iconEnd: h(Icon, { of: ArrowRight }) }, words)),
  );
}

function useBegin() {
  const { begin } = useContext(Stage);
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState("");
  const there = useRef(true);
  useEffect(() => {
    there.current = true;
    return () => {
      there.current = false;
    };
  }, []);
  return {
    busy,
    trouble,
    begin: async (password) => {
      if (busy) return;
      setBusy(true);
      setTrouble("");
      try {
        await begin(password);
      } catch (error) {
        setTrouble(error instanceof TypeError ? "Lyceum does not answer. Check your connection and try again." : error.message);
      }
      if (there.current) setBusy(false);
    },
  };
}

function Icon({ of }) {
  return h(of, { size: 16, className: "ly-icon", "aria-hidden": "true" });
}

function Trouble({ words, id }) {
  return words ? h("p", { className: "ly-error", id, role: "alert" }, h(Icon, { of: CircleAlert }), h("span", null, words)) : null;
}

function Result({ result }) {
  const { needsPassword, back, leave } = useContext(Stage);
  const { busy, trouble, begin } = useBegin();
  const marked = result.percent !== null;
  const toTry = result.passed === false && result.attempts_left !== 0;
  const course = h(Link, { key: "course", className: "ly-button", "data-kind": toTry ? "default" : "primary", to: back }, h(Icon, { of: ArrowLeft }), h("span", null, "Back to the course"));
  const again = result.attempts_left !== 0 ? h(Button, { key: "again", kind: toTry ? "primary" : "default", busy, icon: h(Icon, { of: Repeat }), onClick: () => (needsPassword ? leave() : begin("")) }, "Try again") : null;
  const title = result.passed === true ? "You passed" : result.passed === false ? "Not passed yet" : result.discarded ? "Not submitted in time" : marked ? "Your result" : "Submitted";
  return h(
    "article",
    { className: "ly-stack", "data-gap": "32" },
    h(
      "header",
      { className: "ly-stack", "data-gap": "16" },
      h("p", { className: "ly-article-kicker" }, `Attempt ${result.number}`),
      h("h1", { className: "ly-article-title" }, title),
      marked ? h("p", { className: "ly-score" }, h("strong", null, result.percent, "\u00a0%"), h("span", null, `${result.score} of ${result.max_score} points`), result.pass_percent !== null ? h("span", null, `Pass mark ${result.pass_percent}\u00a0%`) : null) : null,
      result.pending > 0 ? h("p", { className: "ly-second" }, result.pending === 1 ? "One answer waits" : `${result.pending} answers wait`, " for a teacher\u2019s marks. Until then the result is provisional.") : null,
      result.band ? h("p", { className: "ly-lead" }, result.band) : null,
      result.notice ? h("p", { className: "ly-second" }, result.notice) : null,
      result.late ? h("p", { className: "ly-second" }, "The time ran out. What was saved by then counts.") : null,
      result.course_completed ? h("p", { className: "ly-strong ly-line" }, h(Icon, { of: Award }), h("span", null, "You have completed the course.")) : null,
      h("div", { className: "ly-line" }, toTry ? [again, course] : [course, again]),
      h(Trouble, { words: trouble }),
    ),
    h("section", { className: "ly-section" }, h("header", null, h("div", null, h("h2", { className: "ly-section-title" }, "Question by question"))), h(QuizReview, { result })),
  );
}
