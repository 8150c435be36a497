// One grade: what it is, why, what was done to it, and everything that can be done to it.
import { createElement as h, useEffect, useRef, useState } from "react";
import { readJson } from "$/public/external/lms_app/web/instructor/gradebook/gradebook_store.jsx";

const ACTS = { set: "Set", reset: "Given back to the quiz, or emptied", excused: "Excused", included: "Counted again", imported: "Imported" };

export default function Panel({ book, person, place, draft, setDraft, close }) {
  const column = book.head.columns[place];
  const cell = book.cell(person, place);
  const [story, setStory] = useState(null);
  const [points, setPoints] = useState("");
  const [reason, setReason] = useState("");
  const [errors, setErrors] = useState({});
  const [conflict, setConflict] = useState(null);
  const [saving, setSaving] = useState(false);
  const because = useRef(null);
  const of = `${person.id}/${column.id}`;

  useEffect(() => {
    let here = true;
    const later = setTimeout(async () => {
      const { ok, told } = await readJson(`${book.base}/grades/${of}`);
      if (here && ok) setStory({ of, ...told });
    }, 150);
    return () => {
      here = false;
      clearTimeout(later);
    };
  }, [book.base, of, cell?.version]);

  useEffect(() => {
    setReason("");
    setErrors({});
    setConflict(null);
  }, [of]);
  useEffect(() => {
    setPoints(cell?.points ?? "");
  }, [of, cell?.version]);

  // What was typed in the grid and could not be saved as it is goes on here.
  useEffect(() => {
    if (!draft || draft.of !== of) return;
    if (draft.points !== undefined) setPoints(draft.points);
    if (draft.conflict) setConflict(draft.conflict);
    setErrors(draft.errors ?? {});
    setDraft(null);
    because.current?.focus();
  }, [draft, of, setDraft]);

  const act = async (given, version = cell.version) => {
    setSaving(true);
    setErrors({});
    const answer = await book.save(person, place, version, { reason, ...given });
    setSaving(false);
    if (answer.ok) {
      setReason("");
      setConflict(null);
    } else if (answer.status === 409 && answer.told.theirs) setConflict({ theirs: answer.told.theirs, given });
    else setErrors(answer.told.fields ?? { points: answer.told.title });
  };

  const known = story?.of === of ? story : null;
  const excused = cell?.state === "excused";
  const byHand = cell?.state === "given" || cell?.state === "replaced";
  return h(
    "aside",
    { className: "ly-gb-panel", "aria-label": "This grade" },
    h(
      "header",
      null,
      h("div", { className: "ly-gb-whose" }, h("h2", { className: "ly-panel-title" }, person.name), h("p", { className: "ly-panel-sentence" }, column.title)),
      h("button", { type: "button", className: "ly-button", "data-kind": "ghost", "data-size": "s", onClick: close }, h("span", null, "Close")),
    ),
    h("p", { className: "ly-gb-now ly-nums" }, cell?.text || "—", cell?.points ? h("small", null, ` of ${column.points}`) : null),
    h(
      "div",
      { className: "ly-gb-why", "aria-live": "polite" },
      known?.why ? h("p", null, known.why) : null,
      known?.quiz_points ? h("p", null, `The quiz made ${known.quiz_points} of ${column.points}${known.handed_in ? `, handed in ${known.handed_in}` : ""}.`) : null,
    ),
    conflict
      ? h(
          "div",
          { className: "ly-gb-conflict", role: "alert" },
          h("p", { className: "ly-strong" }, "This grade changed while you were at it"),
          h("p", null, `It is ${conflict.theirs.text || "empty"} now. Yours is ${conflict.given.points || { excuse: "Excused", reset: "empty" }[conflict.given.act]}.`),
          h(
            "div",
            { className: "ly-line" },
            h(Button, { onClick: () => setConflict(null) }, "Keep theirs"),
            h(Button, { onClick: () => act(conflict.given, conflict.theirs.version), busy: saving }, "Set mine"),
          ),
        )
      : null,
    book.head.may_grade
      ? h(
          "form",
          {
            className: "ly-form",
            noValidate: true,
            onSubmit: (event) => {
              event.preventDefault();
              act({ act: "set", points });
            },
          },
          h(FieldBox, { id: "gb-points", label: "Grade", aside: `of ${column.points}`, error: errors.points, input: { value: points, inputMode: "decimal", maxLength: 40, onChange: (event) => setPoints(event.target.value) } }),
          h(FieldBox, { id: "gb-reason", label: "Reason", help: "The student reads it.", error: errors.reason, field: because, input: { value: reason, maxLength: 500, onChange: (event) => setReason(event.target.value) } }),
          h(
            "div",
            { className: "ly-form-actions" },
            h(Button, { type: "submit", busy: saving }, "Save grade"),
            excused ? h(Button, { kind: "ghost", onClick: () => act({ act: "reset" }) }, "Count again") : h(Button, { kind: "ghost", onClick: () => act({ act: "excuse" }) }, "Excuse"),
            byHand ? h(Button, { kind: "ghost", onClick: () => act({ act: "reset" }) }, "Reset") : null,
          ),
        )
      : null,
    known?.changes.length
      ? h(
          "section",
          null,
          h("h3", { className: "ly-caption" }, "History"),
          h(
            "ol",
            { className: "ly-gb-history" },
            known.changes.map((change, at) =>
              h(
                "li",
                { key: at },
                h("p", null, change.after && (change.act === "set" || change.act === "imported") ? `${ACTS[change.act]} to ${change.after}${change.before ? `, was ${change.before}` : ""}` : (ACTS[change.act] ?? change.act)),
                change.reason ? h("p", { className: "ly-gb-reason" }, change.reason) : null,
                h("p", { className: "ly-caption" }, `${change.who}, ${change.when}`),
              ),
            ),
          ),
        )
      : null,
  );
}

export function Button({ kind = "default", type = "button", busy = false, children, ...more }) {
  return h("button", { type, className: "ly-button", "data-kind": kind, "data-size": "s", "aria-busy": busy ? "true" : undefined, disabled: busy, ...more }, h("span", null, children));
}

function FieldBox({ id, label, aside, help, error, field, input }) {
  const described = [help ? `${id}-help` : "", error ? `${id}-error` : ""].filter(Boolean).join(" ") || undefined;
  return h(
    "div",
    { className: "ly-field" },
    h("div", { className: "ly-label" }, h("label", { htmlFor: id }, label), aside ? h("small", null, aside) : null),
    h("input", { ref: field, id, className: "ly-input", autoComplete: "off", "aria-invalid": error ? "true" : undefined, "aria-describedby": described, ...input }),
    help ? h("p", { id: `${id}-help`, className: "ly-help" }, help) : null,
    error ? h("p", { id: `${id}-error`, className: "ly-error", role: "alert" }, error) : null,
  );
}
