// A file of questions: looked at first, with what can be taken and what not, then taken into a category.
import { createElement as h, useRef, useState } from "react";
import { Upload } from "lucide-react";
import { Button, Dialog } from "$/public/external/lms_app/web/instructor/editor/editor_parts.jsx";
import { send } from "$/public/external/lms_app/web/components/keeper/keeping.jsx";
import { Choose } from "$/public/external/lms_app/web/instructor/question_editor/question_fields.jsx";
import { NAMES, categoryOptions, counted } from "$/public/external/lms_app/web/instructor/question_editor/question_form.jsx";

export function ImportDialog({ base, shelf, category, close, taken }) {
  const [file, setFile] = useState(null);
  const [report, setReport] = useState(null);
  const [into, setInto] = useState(category);
  const [done, setDone] = useState(false);
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState("");
  const [over, setOver] = useState(false);
  const chooser = useRef(null);
  const post = async (address, sent) => {
    setBusy(true);
    setTrouble("");
    const reply = await send(address, { method: "POST", headers: { "Content-Type": "application/octet-stream", "X-File-Name": encodeURIComponent(sent.name) }, body: sent }).catch(() => null);
    const told = await reply?.json().catch(() => null);
    setBusy(false);
    if (reply?.ok) return told;
    setTrouble(told?.title ?? "There is no connection. Try again when you are back.");
    return null;
  };
  const look = async (chosen) => {
    if (!chosen) return;
    setFile(chosen);
    setReport(null);
    setReport(await post(`${base}/readings`, chosen));
  };
  const take = async () => {
    const told = await post(`${base}/imports${into ? `?category=${into}` : ""}`, file);
    if (!told) return;
    setReport(told);
    setDone(true);
    taken();
  };
  const drop = (event) => {
    event.preventDefault();
    setOver(false);
    look(event.dataTransfer.files[0]);
  };
  return h(
    Dialog,
    { title: done ? `${counted(report.taken)} imported` : "Import questions", close, wide: true },
    h(
      "div",
      { className: "ly-stack", "data-gap": "16" },
      done
        ? null
        : h(
            "div",
            { className: "ly-media-drop", "data-over": over ? "" : undefined, onDragOver: (event) => (event.preventDefault(), setOver(true)), onDragLeave: () => setOver(false), onDrop: drop },
            h("p", { className: "ly-second" }, busy ? "Reading …" : file ? file.name : "Drop a file here: GIFT, Aiken, Moodle XML, QTI (an .xml or a .zip) or a table (.csv)."),
            h(Button, { size: "s", icon: Upload, busy, onClick: () => chooser.current?.click() }, file ? "Choose another file" : "Browse"),
            h("input", { ref: chooser, type: "file", className: "ly-sr", tabIndex: -1, "aria-label": "File of questions", accept: ".txt,.gift,.xml,.qti,.zip,.csv,.tsv", onChange: (event) => look(event.target.files[0]) }),
          ),
      trouble ? h("p", { className: "ly-error", role: "alert" }, trouble) : null,
      report
        ? [
            h("p", { key: "taken", role: "status" }, done ? "" : report.taken ? `${counted(report.taken)} can be taken. Nothing is stored yet.` : "There is no question in it that can be taken."),
            report.taken ? h("p", { key: "kinds", className: "ly-second" }, Object.entries(report.kinds).map(([kind, count]) => `${count} × ${NAMES[kind]}`).join(", "), report.files ? `, with ${report.files} ${report.files === 1 ? "file" : "files"}` : "") : null,
            report.taken && !done ? h("details", { key: "list" }, h("summary", null, "Show them"), h("ol", { className: "ly-list ly-editor-scroll" }, report.questions.map((question, at) => h("li", { key: at }, question.title, h("span", { className: "ly-caption" }, ` ${NAMES[question.type]}${question.category ? `, in ${question.category}` : ""}`))))) : null,
            h(LeftOut, { key: "left", items: report.left_out }),
            report.missing_files.length ? h("p", { key: "missing", className: "ly-second" }, `Missing files: ${report.missing_files.join(", ")}.`) : null,
          ]
        : null,
      report?.taken && !done ? h(Choose, { label: "Into the category", value: into, onChange: setInto, options: categoryOptions(shelf.categories), help: "Categories of the file come below it." }) : null,
    ),
    h("div", { className: "ly-dialog-actions" }, h(Button, { kind: done ? "primary" : "default", onClick: close }, done ? "Close" : "Cancel"), done ? null : h(Button, { kind: "primary", busy, disabled: !report?.taken, onClick: take }, report?.taken ? `Import ${counted(report.taken)}` : "Import")),
  );
}

// What was left out, and why.
export function LeftOut({ items }) {
  if (!items.length) return null;
  return h("div", { className: "ly-stack", "data-gap": "8" }, h("p", { className: "ly-strong" }, items.length === 1 ? "One thing is left out, or not whole" : `${items.length} things are left out, or not whole`), h("ul", { className: "ly-list ly-editor-scroll ly-banking-left", tabIndex: 0 }, items.map((item, at) => h("li", { key: at }, h("span", { className: "ly-strong" }, item.title || item.kind), h("span", { className: "ly-second" }, `, ${item.place}. ${item.reason}`)))));
}
