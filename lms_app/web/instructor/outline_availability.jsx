// When a part of the course is open: said in a line, changed in a dialog that tells beforehand whom it opens for.
import { createElement as h, useEffect, useId, useRef, useState } from "react";
import { Lock, LockOpen, Plus, Trash2 } from "lucide-react";
import { Button, Dialog, Tool, ask, useAct } from "$/public/external/lms_app/web/instructor/editor/editor_parts.jsx";
import { COURSE, KINDS, quoted, within } from "$/public/external/lms_app/web/instructor/outline/outline_model.jsx";

const NODE_KINDS = { module: "module", lesson: "lesson", page: "page", quiz: "assessment" };
const ADDED = { from: { kind: "from", at: "" }, days: { kind: "days", days: 7 }, after: { kind: "after", node: "" }, score: { kind: "score", node: "", percent: 70 }, until: { kind: "until", at: "" } };
const NAMES = { from: "From a date", days: "Days after enrolment", after: "After something is complete", score: "After a score in a quiz", until: "Until a date" };
const ONCE = ["from", "days", "until"];
const PAUSE = 300;

export function AvailabilityLine({ entry, change }) {
  const words = entry.node.availability;
  return h(
    "section",
    { className: "ly-desk-setting", "aria-label": "Availability" },
    h("p", { className: "ly-label" }, "Availability"),
    h("p", { className: "ly-desk-said" }, h(words ? Lock : LockOpen, { size: 16, className: "ly-icon", "aria-hidden": true }), h("span", null, words || "Always open to students.")),
    h(Button, { size: "s", onClick: () => change(entry) }, "Change availability"),
  );
}

export function AvailabilityDialog({ all, entry, address, save, close }) {
  const [held, setHeld] = useState(null);
  const [match, setMatch] = useState("all");
  const [conditions, setConditions] = useState([]);
  const [told, setTold] = useState(null);
  const [missing, setMissing] = useState("");
  const [theirs, setTheirs] = useState(null);
  const serial = useRef(0);
  const adding = useRef(null);

  const take = (editor) => {
    setHeld(editor);
    setMatch(editor.availability.match);
    setConditions(editor.availability.conditions.map((condition) => ({ ...edited(condition), key: (serial.current += 1) })));
    setTheirs(null);
  };
  useEffect(() => {
    ask("GET", address).then(take, (error) => setMissing(error.message));
    // Read once, when it opens.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [address]);

  const ready = conditions.every(isWhole);
  const availability = { match, conditions: conditions.map((condition) => plain(condition)) };
  const asked = held && ready ? JSON.stringify(availability) : "";
  useEffect(() => {
    if (!asked) return undefined;
    let gone = false;
    const timer = setTimeout(() => {
      ask("POST", `${address}/preview`, { availability: JSON.parse(asked) }).then(
        (found) => !gone && (setTold(found), setMissing("")),
        (error) => !gone && (setTold(null), setMissing(error.message)),
      );
    }, PAUSE);
    return () => {
      gone = true;
      clearTimeout(timer);
    };
  }, [asked, address]);

  const { run, busy, trouble } = useAct(async () => {
    try {
      await save(availability, (theirs ?? held).version);
      close();
    } catch (error) {
      if (error.status !== 409 || !error.told?.theirs) throw error;
      setTheirs(error.told.theirs);
      throw new Error("");
    }
  });
  const change = (key, next) => setConditions((before) => before.map((condition) => (condition.key === key ? { ...condition, ...next } : condition)));
  const add = (kind) => setConditions((before) => [...before, { ...ADDED[kind], key: (serial.current += 1) }]);
  const remove = (key) => {
    setConditions((before) => before.filter((one) => one.key !== key));
    adding.current.querySelector("button").focus();
  };
  const opening = conditions.filter((condition) => condition.kind !== "until").length;
  return h(
    Dialog,
    { title: `When is ${quoted(entry.title)} open?`, close, wide: true },
    held
      ? h(
          "form",
          { onSubmit: run, className: "ly-stack", "data-gap": "16" },
          opening > 1
            ? h("label", { className: "ly-field" }, h("span", { className: "ly-label" }, "It opens when"), h("select", { className: "ly-input", value: match, onChange: (event) => setMatch(event.target.value) }, h("option", { value: "all" }, "all of these hold"), h("option", { value: "any" }, "any one of these holds")))
            : null,
          conditions.length ? null : h("p", { className: "ly-second" }, "It is always open. Add a condition to let it open later."),
          h("ul", { className: "ly-desk-conditions" }, conditions.map((condition) => h(Condition, { key: condition.key, condition, all, entry, change: (next) => change(condition.key, next), remove: () => remove(condition.key) }))),
          h(
            "div",
            { ref: adding, className: "ly-line", "data-wrap": "", role: "group", "aria-label": "Add a condition" },
            Object.keys(NAMES)
              .filter((kind) => !ONCE.includes(kind) || !conditions.some((condition) => condition.kind === kind))
              .map((kind) => h(Button, { key: kind, size: "s", icon: Plus, onClick: () => add(kind) }, NAMES[kind])),
          ),
          conditions.some((condition) => condition.at !== undefined) ? h("p", { className: "ly-help" }, `Dates are in the time of the course: ${held.zone.replace("_", " ")}.`) : null,
          h(
            "div",
            { className: "ly-desk-preview", role: "status" },
            missing ? h("p", { className: "ly-error" }, missing) : null,
            !ready ? h("p", { className: "ly-second" }, "Fill in each condition to see whom it opens for.") : null,
            ready && told ? h("p", { className: "ly-strong" }, told.words || "Always open to students.") : null,
            ready && told ? (told.refusal ? h("p", { className: "ly-error" }, told.refusal) : h("p", { className: "ly-second" }, told.sentence)) : null,
          ),
          h("p", { className: "ly-help" }, "Whoever has opened or completed it keeps it, and what students did is kept."),
          theirs
            ? h("div", { className: "ly-callout", "data-tone": "warn", role: "alert" }, h("div", { className: "ly-stack", "data-gap": "8" }, h("p", null, `Somebody else changed it meanwhile: ${theirs.words || "Always open to students."}`), h("div", { className: "ly-line", "data-wrap": "" }, h(Button, { size: "s", onClick: run }, "Use mine"), h(Button, { size: "s", onClick: () => take(theirs) }, "Keep theirs"))))
            : null,
          trouble ? h("p", { className: "ly-error", role: "alert" }, trouble) : null,
          h("div", { className: "ly-dialog-actions" }, h(Button, { onClick: close }, "Cancel"), h(Button, { kind: "primary", type: "submit", busy, disabled: !ready || Boolean(told?.refusal) || Boolean(theirs) }, "Save rule")),
        )
      : missing
        ? h("p", { className: "ly-error", role: "alert" }, missing)
        : h("div", { className: "ly-skeleton", style: { minHeight: 160 } }),
  );
}

function Condition({ condition, all, entry, change, remove }) {
  const id = useId();
  const { kind } = condition;
  const wall = (name) => h("input", { id, type: "datetime-local", className: "ly-input", value: condition.at, min: "2000-01-01T00:00", max: "2200-12-31T23:59", onChange: (event) => change({ at: event.target.value }), "aria-label": name });
  const number = (name, value, most, set) => h("input", { id, type: "number", className: "ly-input ly-desk-number", min: 1, max: most, step: 1, value, onChange: (event) => set(event.target.value === "" ? "" : Number(event.target.value)), "aria-label": name });
  const fields = {
    from: () => [h("label", { key: "l", htmlFor: id, className: "ly-label" }, "From"), h("span", { key: "f" }, wall("Opens at"))],
    until: () => [h("label", { key: "l", htmlFor: id, className: "ly-label" }, "Until"), h("span", { key: "f" }, wall("Closes at"))],
    days: () => [h("label", { key: "l", htmlFor: id, className: "ly-label" }, "Days after enrolment"), h("span", { key: "f" }, number("Days after enrolment", condition.days, 3650, (days) => change({ days })))],
    after: () => [h("label", { key: "l", htmlFor: id, className: "ly-label" }, "After this is complete"), h("span", { key: "f" }, h(NodeSelect, { id, all, entry, value: condition.node, choose: (node) => change({ node }) }))],
    score: () => [
      h("label", { key: "l", htmlFor: id, className: "ly-label" }, "After a score"),
      h("span", { key: "f", className: "ly-line", "data-wrap": "" }, h("span", { className: "ly-second" }, "of"), number("Least percentage", condition.percent, 100, (percent) => change({ percent })), h("span", { className: "ly-second" }, "% in"), h(NodeSelect, { all, entry, quizzes: true, value: condition.node, choose: (node) => change({ node }) })),
    ],
  };
  return h("li", null, h("div", { className: "ly-desk-condition" }, ...fields[kind]()), h(Tool, { name: `Remove: ${NAMES[kind].toLowerCase()}`, icon: Trash2, onClick: remove }));
}

// What may be waited for: everything in the course but the part itself and what is in it.
function NodeSelect({ id, all, entry, quizzes = false, value, choose }) {
  const modules = all.get(COURSE).children;
  const inside = (key) => [all.get(key), ...all.get(key).children.flatMap(inside)];
  const fits = (one) => (quizzes ? one.kind === "quiz" : true) && !within(all, one.key, entry.key);
  return h(
    "select",
    { id, className: "ly-input", value, "aria-label": quizzes ? "Quiz" : "Part of the course", onChange: (event) => choose(event.target.value) },
    h("option", { value: "" }, quizzes ? "Choose a quiz" : "Choose a part of the course"),
    value && !all.has(value) ? h("option", { value }, "Something that is not in the course any more") : null,
    modules.map((key) => {
      const found = inside(key).filter(fits);
      return found.length ? h("optgroup", { key, label: all.get(key).title }, found.map((one) => h("option", { key: one.key, value: one.key }, `${KINDS[one.kind]}: ${one.title}`))) : null;
    }),
  );
}

// A condition as it is edited names nodes by their keys in the outline.
function edited(condition) {
  if (condition.kind === "after") return { kind: "after", node: `${Object.keys(NODE_KINDS).find((kind) => NODE_KINDS[kind] === condition.node_kind)}-${condition.node}` };
  if (condition.kind === "score") return { kind: "score", node: `quiz-${condition.quiz}`, percent: condition.percent };
  return condition;
}

function plain(condition) {
  const { kind, node } = condition;
  const id = node?.slice(node.indexOf("-") + 1) ?? "";
  if (kind === "after") return { kind, node_kind: NODE_KINDS[node.slice(0, node.indexOf("-"))] ?? "", node: id };
  if (kind === "score") return { kind, quiz: id, percent: condition.percent };
  return kind === "days" ? { kind, days: condition.days } : { kind, at: condition.at.slice(0, 16) };
}

const isWhole = ({ kind, at, days, node, percent }) => (kind === "days" ? Number.isInteger(days) : kind === "from" || kind === "until" ? Boolean(at) : Boolean(node) && (kind === "after" || Number.isInteger(percent)));
