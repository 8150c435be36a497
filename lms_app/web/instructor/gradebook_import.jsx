// Bringing grades in from a table: first what it would change and what is refused, then exactly that.
import { createElement as h, useRef, useState } from "react";
import { Button } from "$/public/external/lms_app/web/instructor/gradebook/gradebook_panel.jsx";
import { readJson } from "$/public/external/lms_app/web/instructor/gradebook/gradebook_store.jsx";

const MOST = 1 << 20;

export default function Import({ book, done }) {
  const dialog = useRef(null);
  const chooser = useRef(null);
  const [file, setFile] = useState(null);
  const [told, setTold] = useState(null);
  const [trouble, setTrouble] = useState("");
  const [busy, setBusy] = useState(false);

  const look = async (chosen) => {
    if (!chosen) return;
    setTold(null);
    setTrouble("");
    setFile(null);
    if (chosen.size > MOST) return setTrouble(`That file is ${Math.ceil(chosen.size / 1024)} KB. The limit is 1,024 KB.`);
    setBusy(true);
    const answer = await readJson(`${book.base}/import/preview`, { method: "POST", headers: { "Content-Type": "text/csv" }, body: chosen });
    setBusy(false);
    // Kept by itself: the field may choose the same file again, once it is mended.
    chooser.current.value = "";
    if (!answer.ok) return setTrouble(answer.told.title);
    setFile(chosen);
    setTold(answer.told);
  };

  const apply = async () => {
    setBusy(true);
    const query = new URLSearchParams({ digest: told.digest, name: file.name });
    const answer = await readJson(`${book.base}/import?${query}`, { method: "POST", headers: { "Content-Type": "text/csv" }, body: file });
    setBusy(false);
    if (!answer.ok) return setTrouble(answer.told.title);
    dialog.current.close();
    setTold(null);
    done(answer.told.changed);
  };

  const grades = (many) => `${many.toLocaleString("en-GB")} ${many === 1 ? "grade" : "grades"}`;
  return h(
    "span",
    null,
    h(Button, { onClick: () => dialog.current.showModal() }, "Import"),
    h(
      "dialog",
      { ref: dialog, className: "ly-dialog", "data-wide": "", "aria-labelledby": "gb-import-title" },
      h("h2", { id: "gb-import-title" }, "Import grades"),
      h("p", { className: "ly-second" }, "A CSV table like the one that Export gives: a line for each student, a column for each grade. Empty cells change nothing, EX excuses."),
      h("input", { ref: chooser, type: "file", accept: ".csv,text/csv", className: "ly-input ly-gb-file", "aria-label": "CSV file", onChange: (event) => look(event.target.files?.[0]) }),
      h("p", { className: trouble ? "ly-error" : "ly-sr", role: "alert" }, trouble),
      told
        ? h(
            "div",
            { className: "ly-gb-preview", role: "region", "aria-label": "What this changes", tabIndex: 0 },
            h("p", { className: "ly-strong", role: "status" }, `${file.name} changes ${grades(told.change_count)}. ${told.unchanged ? `${grades(told.unchanged)} stay as they are. ` : ""}${told.refusal_count ? `${told.refusal_count} not taken.` : ""}`),
            told.refusals.length ? h(Table, { caption: "Not taken", heads: ["Line", "Where", "Value", "Why"], rows: told.refusals.map((one) => [one.line, one.where, one.value, one.why]) }) : null,
            told.changes.length ? h(Table, { caption: "Changes", heads: ["Line", "Student", "Column", "Now", "Then"], rows: told.changes.map((one) => [one.line, one.name, one.column, one.before || "—", one.after]) }) : null,
            told.change_count > told.changes.length ? h("p", { className: "ly-caption" }, `And ${grades(told.change_count - told.changes.length)} more.`) : null,
          )
        : null,
      h(
        "div",
        { className: "ly-dialog-actions" },
        h(Button, { onClick: () => dialog.current.close() }, "Cancel"),
        h(Button, { kind: "primary", busy, disabled: busy || !told?.change_count, onClick: apply }, told?.change_count ? `Import ${grades(told.change_count)}` : "Import grades"),
      ),
    ),
  );
}

function Table({ caption, heads, rows }) {
  return h(
    "table",
    { className: "ly-table" },
    h("caption", { className: "ly-caption" }, caption),
    h("thead", null, h("tr", null, heads.map((words) => h("th", { key: words, scope: "col" }, words)))),
    h("tbody", null, rows.map((cells, at) => h("tr", { key: at }, cells.map((words, place) => h("td", { key: place }, words))))),
  );
}
