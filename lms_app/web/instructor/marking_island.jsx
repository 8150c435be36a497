// Marking a quiz: the answer at the left, what is said of it at the right, the next one in hand before this one is done.
import { createElement as h, useCallback, useEffect, useRef, useState } from "react";
import { send } from "$/public/external/lms_app/web/components/keeper/keeping.jsx";
import { Button, Html, ask, megabytes, points } from "$/public/external/lms_app/web/instructor/marker/marking_parts.jsx";
import { FillRubric, WriteRubric, rubricPoints } from "$/public/external/lms_app/web/instructor/marker/marking_rubric.jsx";
import { MarkedList } from "$/public/external/lms_app/web/instructor/marker/marking_list.jsx";

const RENEW_EVERY = 60_000;

export function MarkingIsland({ assessment, course, byRelease, mayAuthor }) {
  const [view, setView] = useState("mark");
  const [script, setScript] = useState(undefined);
  const [done, setDone] = useState(0);
  const [waiting, setWaiting] = useState(0);
  const [trouble, setTrouble] = useState("");
  const ahead = useRef(null);
  const inHand = useRef(new Set());

  // The next answer; it is asked for while this one is marked, so that it is there at once.
  const take = useCallback(
    async (held) => {
      const { script: next } = await ask("POST", `/v/marking/quizzes/${assessment}/next`, { held });
      if (next) inHand.current.add(next.claim);
      return next;
    },
    [assessment],
  );
  const show = useCallback(
    (next) => {
      setScript(next);
      setTrouble("");
      ahead.current = next ? take([next.claim]).catch(() => null) : null;
    },
    [take],
  );
  // `left` is how many wait by the newest count: the one that came with an answer taken ahead is older.
  const goOn = useCallback(async (left) => {
    try {
      const next = (await ahead.current) ?? (await take([]));
      setWaiting(left ?? next?.waiting ?? 0);
      show(next);
    } catch (error) {
      setTrouble(error.message);
    }
  }, [show, take]);

  useEffect(() => {
    goOn();
    const timer = setInterval(() => {
      const claims = [...inHand.current];
      if (claims.length) ask("POST", "/v/marking/claims/renewal", { claims }).then(({ claims: kept }) => { inHand.current = new Set(kept); }).catch(() => {});
    }, RENEW_EVERY);
    const leave = () => {
      const claims = [...inHand.current];
      if (claims.length) send("/v/marking/claims/return", { method: "POST", keepalive: true, headers: { "Content-Type": "application/json" }, body: JSON.stringify({ claims }) }).catch(() => {});
    };
    addEventListener("pagehide", leave);
    return () => {
      clearInterval(timer);
      removeEventListener("pagehide", leave);
      leave();
    };
  }, [goOn]);

  const finished = (claim, kept) => {
    inHand.current.delete(claim);
    setDone((count) => count + (script.mark ? 0 : 1));
    goOn(kept.waiting);
  };
  const skip = async () => {
    inHand.current.delete(script.claim);
    if (script.mark) dropDraft(script);
    await ask("POST", "/v/marking/claims/return", { claims: [script.claim], passed: true }).catch(() => {});
    goOn();
  };
  const open = async (mark) => {
    try {
      const again = await ask("POST", `/v/marking/marks/${mark}/open`);
      inHand.current.add(again.claim);
      setScript(again);
      setView("mark");
      setTrouble("");
    } catch (error) {
      setTrouble(error.message);
    }
  };

  return h(
    "div",
    { className: "ly-stack", "data-gap": "24" },
    h(
      "div",
      { className: "ly-line", "data-between": "" },
      h("div", { className: "ly-segments", role: "group", "aria-label": "What is shown" }, h("button", { type: "button", "aria-pressed": view === "mark", onClick: () => setView("mark") }, "To mark"), h("button", { type: "button", "aria-pressed": view === "marked", onClick: () => setView("marked") }, "Marked")),
      view === "mark" && script ? h("p", { className: "ly-nums ly-second", role: "status" }, script.mark ? "Marking anew" : `${done + 1} of ${done + waiting}`) : null,
    ),
    trouble ? h("p", { className: "ly-error", role: "alert" }, trouble, " ", h(Button, { size: "s", onClick: () => goOn() }, "Try again")) : null,
    view === "marked" ? h(MarkedList, { assessment, byRelease, open }) : null,
    view === "mark" && script === undefined && !trouble ? h("p", { className: "ly-second", role: "status" }, "Taking an answer…") : null,
    view === "mark" && script === null ? h("div", { className: "ly-callout", "data-tone": "ok", role: "status" }, h("div", null, h("p", { className: "ly-callout-title" }, done ? "All is marked" : "Nothing to mark now"), h("p", null, byRelease ? "Release the marks under Marked, so that students see them." : "What others have in hand, and what is handed in later, appears here when you load the page again."))) : null,
    script ? h("div", { hidden: view !== "mark" }, h(Desk, { key: script.claim, script, course, mayAuthor, finished, skip, setRubric: (rubric) => setScript({ ...script, rubric }) })) : null,
  );
}

function Desk({ script, course, mayAuthor, finished, skip, setRubric }) {
  const draft = useRef(null);
  draft.current ??= readDraft(script);
  const [comment, setComment] = useState(draft.current.comment);
  const [given, setGiven] = useState(draft.current.given);
  const [chosen, setChosen] = useState(draft.current.chosen);
  const [criteria, setCriteria] = useState(draft.current.criteria);
  const [active, setActive] = useState(0);
  const [writing, setWriting] = useState(false);
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState("");
  const head = useRef(null);
  const { rubric } = script;
  const levels = Boolean(rubric?.criteria[0].levels.length);
  const made = rubric ? rubricPoints(rubric, chosen, criteria, script.points) : given;

  useEffect(() => {
    head.current?.focus();
  }, []);
  useEffect(() => {
    keepDraft(script, { comment, given, chosen, criteria });
  }, [script, comment, given, chosen, criteria]);

  const save = async () => {
    if (busy) return;
    if (made === "") return setTrouble(rubric ? "Fill in every criterion first." : "Give points first.");
    setTrouble("");
    setBusy(true);
    const how = !rubric ? { points: given } : levels ? { levels: chosen, rubric: rubric.version } : { criteria, rubric: rubric.version };
    try {
      const kept = await ask("PUT", `/v/marking/claims/${script.claim}/mark`, { ...how, comment, version: script.mark?.number ?? 0 });
      dropDraft(script);
      finished(script.claim, kept);
    } catch (error) {
      setTrouble(error.message);
      setBusy(false);
    }
  };
  const choose = (place, number) => {
    setChosen((all) => rubric.criteria.map((_, at) => (at === place ? number : all[at])));
    setActive(Math.min(place + 1, rubric.criteria.length - 1));
  };

  // 1 to 9 choose a level of the criterion whose turn it is; Ctrl Enter saves and goes on.
  const latest = useRef(null);
  latest.current = { save, choose, active, rubric, levels, writing };
  useEffect(() => {
    const onKey = (event) => {
      const now = latest.current;
      if (now.writing || event.defaultPrevented || head.current?.offsetParent === null) return undefined;
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        return now.save();
      }
      if (!now.levels || event.ctrlKey || event.metaKey || event.altKey || localStorage.getItem("lyceum:single-keys-off")) return undefined;
      if (event.target.closest?.("input:not([type=radio]), textarea, select, dialog[open]")) return undefined;
      const number = Number(event.key) - 1;
      if (event.key >= "1" && event.key <= "9" && number < now.rubric.criteria[now.active].levels.length) now.choose(now.active, number);
      return undefined;
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, []);

  return h(
    "div",
    { className: "ly-marking" },
    h(
      "section",
      { className: "ly-marking-script", "aria-label": "Answer" },
      h("h2", { className: "ly-section-title", tabIndex: -1, ref: head }, script.name || (script.anonymous ? "Without a name" : "Answer")),
      h("p", { className: "ly-small ly-quiet" }, [script.number ? `Question ${script.number}` : "", script.attempt > 1 ? `attempt ${script.attempt}` : "", script.submitted ? `handed in ${script.submitted}` : ""].filter(Boolean).join(" · ")),
      h(Html, { className: "ly-prose", html: script.question }),
      h(Answer, { script }),
      script.remark ? h("p", { className: "ly-help ly-nums" }, script.remark) : null,
      script.sample ? h("details", null, h("summary", { className: "ly-strong" }, "Show a good answer"), h(Html, { className: "ly-prose", html: script.sample })) : null,
    ),
    h(
      "section",
      { className: "ly-marking-mark", "aria-label": "Marks" },
      writing
        ? h(WriteRubric, { question: script.question_id, rubric, close: () => setWriting(false), written: (fresh) => { setRubric(fresh); setChosen([]); setCriteria([]); setActive(0); setWriting(false); } })
        : [
            rubric
              ? h(FillRubric, { key: "rubric", rubric, chosen, given: criteria, active, setActive, choose, give: (place, value) => setCriteria((all) => rubric.criteria.map((_, at) => (at === place ? value : (all[at] ?? "")))) })
              : h("label", { key: "points", className: "ly-field" }, h("span", { className: "ly-label" }, "Points"), h("input", { className: "ly-input ly-nums", inputMode: "decimal", autoComplete: "off", value: given, onChange: (event) => setGiven(event.target.value) }), h("span", { className: "ly-help" }, `0 to ${script.points}`)),
            h("p", { key: "total", className: "ly-marking-total ly-nums", role: "status" }, rubric ? (made === "" ? `Worth ${points(script.points)}` : `${made} of ${points(script.points)}`) : ""),
            h(Comment, { key: "comment", course, comment, setComment }),
            script.mark ? h("p", { key: "before", className: "ly-help" }, `Marked ${script.mark.when} by ${script.mark.marker}: ${points(script.mark.points)}. That mark is kept in the history.`) : null,
            trouble ? h("p", { key: "trouble", className: "ly-error", role: "alert" }, trouble) : null,
            h("div", { key: "acts", className: "ly-line" }, h(Button, { kind: "primary", busy, onClick: save, title: "Ctrl Enter" }, "Save and next"), h(Button, { kind: "ghost", onClick: skip }, script.mark ? "Leave as it is" : "Skip"), mayAuthor ? h(Button, { kind: "ghost", onClick: () => setWriting(true) }, rubric ? "Change rubric" : "Add rubric") : null),
            h("p", { key: "keys", className: "ly-help" }, levels ? "1 to 9 choose a level, Ctrl Enter saves and goes on." : "Ctrl Enter saves and goes on."),
          ],
    ),
  );
}

function Answer({ script }) {
  if (!script.readable) return h("p", { className: "ly-callout", "data-tone": "careful" }, h("span", null, "This answer can be read no more: its account was erased."));
  return h(
    "div",
    { className: "ly-marking-answer" },
    script.text ? h("p", { className: "ly-written" }, script.text) : null,
    script.html ? h(Html, { className: "ly-prose", html: script.html }) : null,
    script.files.length ? h("ul", { className: "ly-file-list" }, script.files.map((file) => h("li", { key: file.id }, h("a", { className: "ly-link ly-cut", href: `/v/marking/claims/${script.claim}/files/${file.id}`, download: "" }, file.name), h("span", { className: "ly-caption" }, megabytes(file.size))))) : null,
  );
}

function Comment({ course, comment, setComment }) {
  const [kept, setKept] = useState(null);
  const [said, setSaid] = useState("");
  const read = () => kept ?? ask("GET", `/v/marking/courses/${course}/comments`).then(setKept, (error) => setSaid(error.message));
  const keep = async () => {
    try {
      const one = await ask("POST", `/v/marking/courses/${course}/comments`, { text: comment });
      setKept((known) => (known && !known.some((each) => each.id === one.id) ? [one, ...known] : known));
      setSaid("Kept for use again.");
    } catch (error) {
      setSaid(error.message);
    }
  };
  const drop = async (one) => {
    await ask("DELETE", `/v/marking/comments/${one.id}`).catch(() => {});
    setKept((known) => known.filter((each) => each.id !== one.id));
  };
  return h(
    "div",
    { className: "ly-stack", "data-gap": "8" },
    h("label", { className: "ly-field" }, h("span", { className: "ly-label" }, "Comment"), h("textarea", { className: "ly-input", rows: 6, maxLength: 20_000, value: comment, onChange: (event) => { setSaid(""); setComment(event.target.value); } })),
    h("div", { className: "ly-line" }, h(Button, { kind: "ghost", size: "s", disabled: !comment.trim(), onClick: keep }, "Keep for use again"), h("span", { className: "ly-help", role: "status" }, said)),
    h(
      "details",
      { className: "ly-more", onToggle: (event) => event.target.open && read() },
      h("summary", { className: "ly-strong" }, "Comments that you keep"),
      kept === null
        ? null
        : kept.length
          ? h("ul", { className: "ly-kept" }, kept.map((one) => h("li", { key: one.id }, h("button", { type: "button", className: "ly-kept-text", onClick: () => setComment(comment.trim() ? `${comment.trim()}\n\n${one.text}` : one.text) }, one.text), h(Button, { kind: "ghost", size: "s", "aria-label": `Remove comment: ${one.text.slice(0, 60)}`, onClick: () => drop(one) }, "Remove"))))
          : h("p", { className: "ly-help" }, "None yet. Write one above and keep it."),
    ),
  );
}

// What is being written outlives a reload of the page; the answer comes back by itself.
function readDraft(script) {
  const mark = script.mark;
  const places = (script.rubric?.criteria ?? []).map((criterion, place) => criterion.levels.findIndex((level) => level.title === mark?.lines[place]?.level));
  const from = { comment: mark?.comment ?? "", given: mark?.points ?? "", chosen: places.every((place) => place >= 0) ? places : [], criteria: mark?.lines.map((line) => line.points) ?? [] };
  try {
    return { ...from, ...JSON.parse(sessionStorage.getItem(`lyceum:mark:${script.claim}`) ?? "{}") };
  } catch {
    return from;
  }
}

function keepDraft(script, draft) {
  try {
    sessionStorage.setItem(`lyceum:mark:${script.claim}`, JSON.stringify(draft));
  } catch {
    // A forbidden store: what is written lives as long as the page.
  }
}

function dropDraft(script) {
  try {
    sessionStorage.removeItem(`lyceum:mark:${script.claim}`);
  } catch {
    // Nothing was kept.
  }
}
