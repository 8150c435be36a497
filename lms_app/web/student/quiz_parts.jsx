// Small parts of the quiz: the clock, when it was saved, dialogs.
import { createElement as h, useEffect, useMemo, useRef, useState } from "react";
import { createPortal } from "react-dom";
import { Sign } from "$/public/external/lms_app/web/components/answering/answer_parts.jsx";

export function Portal({ to, children }) {
  const [place, setPlace] = useState(null);
  useEffect(() => {
    setPlace(document.getElementById(to));
  }, [to]);
  return place ? createPortal(children, place) : null;
}

const SAVED = {
  saving: ["Saving…", "calm"],
  trouble: ["Not saved. Retrying", "warn"],
  offline: ["Offline. Kept on this device", "warn"],
  fresh: ["Answers are saved as you give them", "calm"],
};

export function SavedAt({ state }) {
  const [words, tone] = SAVED[state] ?? ["Saved", "calm"];
  const time = typeof state === "string" ? "" : clockTime(state.at);
  return h("span", { className: "ly-saved", role: "status", "data-tone": tone, "data-state": typeof state === "string" ? state : "saved" }, h(Sign, { path: tone === "warn" ? "M12 4v10M12 19v1" : "M4 12.5l5 5L20 6.5" }), h("span", null, words, " "), h("span", null, time));
}

export function clockTime(iso) {
  return new Date(iso).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false });
}

// Seconds until the deadline by the server's clock; null without one. The deadline may move while the clock runs.
export function useTimeLeft(serverTime, deadlineAt) {
  const skew = useMemo(() => Date.parse(serverTime) - Date.now(), [serverTime]);
  const measure = () => (deadlineAt ? Math.max(0, Math.ceil((Date.parse(deadlineAt) - Date.now() - skew) / 1000)) : null);
  const [left, setLeft] = useState(measure);
  useEffect(() => {
    setLeft(measure());
    if (!deadlineAt) return undefined;
    const timer = setInterval(() => setLeft(measure()), 500);
    return () => clearInterval(timer);
  }, [deadlineAt, skew]);
  return left;
}

export function Timer({ left, moved }) {
  const hours = Math.floor(left / 3600);
  const minutes = Math.floor((left % 3600) / 60);
  const shown = `${hours ? `${hours}:${String(minutes).padStart(2, "0")}` : minutes}:${String(left % 60).padStart(2, "0")}`;
  const announced = useRef(null);
  const mark = left <= 60 ? 60 : left <= 300 ? 300 : null;
  const due = mark !== null && announced.current !== mark && left > 0;
  useEffect(() => {
    announced.current = mark;
  }, [mark]);
  const words = moved ? `${moved} You now have ${shown} left.` : due ? (mark === 300 ? "Five minutes left." : "One minute left.") : "";
  return h("span", { className: "ly-timer", "data-tone": left <= 300 ? "warn" : "calm" }, h("span", { className: "ly-sr" }, "Time left "), shown, h("span", { className: "ly-sr", role: "alert" }, words));
}

export function Dialog({ title, children, actions, close }) {
  const dialog = useRef(null);
  useEffect(() => {
    const before = document.activeElement;
    dialog.current?.showModal();
    return () => before?.focus?.();
  }, []);
  return h("dialog", { ref: dialog, className: "ly-dialog", onClose: close, "aria-labelledby": "dialog-title" }, h("h2", { id: "dialog-title" }, title), children, h("div", { className: "ly-dialog-actions" }, actions));
}

// What a marker filled in and wrote.
export function MarkerSaid({ told }) {
  if (!told.comment && !told.rubric?.length) return null;
  return h(
    "div",
    { className: "ly-marker-said" },
    told.rubric?.length ? h("ul", null, told.rubric.map((line, place) => h("li", { key: place }, h("span", null, line.level ? `${line.title}: ${line.level}` : line.title), line.most ? h("span", { className: "ly-nums ly-quiet" }, `${line.points} of ${line.most}`) : null))) : null,
    told.comment ? h("p", { className: "ly-caption" }, "Comment") : null,
    told.comment ? h("p", { className: "ly-marker-comment" }, told.comment) : null,
  );
}

export function toggle(setSet, id) {
  setSet((known) => {
    const next = new Set(known);
    if (!next.delete(id)) next.add(id);
    return next;
  });
}

// Between a submission and its result, when many submit at the same moment.
export function Arrived({ at }) {
  return h(
    "header",
    { className: "ly-stack", "data-gap": "16", role: "status" },
    h("h1", { className: "ly-article-title" }, "Submitted"),
    h("p", { className: "ly-second" }, "Your answers arrived at ", h("time", { dateTime: at, className: "ly-nums" }, clockTime(at)), ". Many are submitting right now. Your result will be shown here by itself, usually within a minute."),
    h("p", { className: "ly-second" }, "You may also close this page. Nothing is lost: the result will be on the quiz\u2019s page."),
  );
}
