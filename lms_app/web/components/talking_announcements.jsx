// Announcements of a course: written for all or for one run, put right, taken back.
import { createElement as h, useState } from "react";
import { Megaphone, Pencil, Trash2 } from "lucide-react";
import "$/public/css/talking.css";
import { Button, Html, ask } from "$/public/external/lms_app/web/components/island_parts/island_parts.jsx";
import { Pill, Turning, Unread, useRead } from "$/public/external/lms_app/web/components/talking/talking_list.jsx";
import { Writing, hasKept } from "$/public/external/lms_app/web/components/talking/talking_writing.jsx";

export function Announcing({ courseId, revision }) {
  const draft = `announce:${courseId}`;
  const [page, setPage] = useState(1);
  const [writing, setWriting] = useState(() => hasKept(draft));
  const [run, setRun] = useState("");
  const [said, setSaid] = useState(null);
  const { found, trouble, read } = useRead(`/v/courses/${courseId}/announcements?page=${page}`, [revision]);
  if (!found) return h(Unread, { trouble, read, height: 320 });
  const submit = async ({ title, text }) => {
    await ask("POST", `/v/courses/${courseId}/announcements`, { title, text, run_id: run || null });
    setWriting(false);
    setSaid({ words: "It is announced. Those who take the course are told now." });
    setPage(1);
    await read();
  };
  const remove = (line) => async () => {
    try {
      await ask("POST", `/v/announcements/${line.id}/removal`);
      setSaid({ words: `“${line.title}” is taken back.`, undo: line.id });
      await read();
    } catch (error) {
      setSaid({ words: error.message });
    }
  };
  const restore = async () => {
    try {
      await ask("DELETE", `/v/announcements/${said.undo}/removal`);
      setSaid({ words: "It is back." });
      await read();
    } catch (error) {
      setSaid({ words: error.message });
    }
  };
  const whom = found.runs.length
    ? h(
        "div",
        { className: "ly-field" },
        h("label", { className: "ly-label", htmlFor: "ly-announce-run" }, "For"),
        h("select", { id: "ly-announce-run", className: "ly-input", value: run, onChange: (event) => setRun(event.target.value) }, h("option", { value: "" }, "Everybody who takes the course"), found.runs.map((choice) => h("option", { key: choice.id, value: choice.id }, `Run: ${choice.title}`))),
      )
    : null;
  return h(
    "div",
    { className: "ly-stack ly-announcing", "data-gap": "24" },
    found.may_write && !writing ? h("div", null, h(Button, { kind: "primary", icon: Megaphone, onClick: () => setWriting(true) }, "New announcement")) : null,
    writing ? h(Writing, { name: draft, titled: true, label: "New announcement", verb: "Announce", note: "Everybody whom it is for is notified, by mail too where they want that.", before: whom, autoFocus: true, submit, cancel: () => setWriting(false) }) : null,
    h("p", { className: said ? "ly-thread-said" : "ly-sr", role: "status" }, said?.words, " ", said?.undo ? h(Button, { size: "s", onClick: restore }, "Undo") : null),
    trouble ? h("p", { className: "ly-error", role: "alert" }, trouble) : null,
    found.lines.length ? h("ol", { className: "ly-posts" }, found.lines.map((line) => h(Line, { key: line.id, line, mayWrite: found.may_write, remove: remove(line), read }))) : writing ? null : h("div", { className: "ly-empty" }, h("p", { className: "ly-strong" }, "Nothing announced yet"), h("p", null, "What you announce is sent to everybody who takes the course, and stays to be read on its page.")),
    h(Turning, { sheet: found, turn: setPage }),
  );
}

function Line({ line, mayWrite, remove, read }) {
  const [editing, setEditing] = useState(false);
  const change = async ({ title, text }) => {
    await ask("PUT", `/v/announcements/${line.id}`, { title, text });
    setEditing(false);
    await read();
  };
  if (editing) return h("li", { className: "ly-post" }, h("div", { className: "ly-post-body" }, h(Writing, { name: `announcement:${line.id}`, start: { title: line.title, text: line.text }, titled: true, label: "Change this announcement", verb: "Save", note: "Nobody is notified again.", autoFocus: true, submit: change, cancel: () => setEditing(false) })));
  return h(
    "li",
    { className: "ly-post" },
    h(
      "div",
      { className: "ly-post-body" },
      h("h2", { className: "ly-panel-title" }, line.title),
      h("p", { className: "ly-post-by" }, h("span", null, line.author), h("time", { dateTime: line.at }, line.when), line.edited ? h("span", null, "edited") : null, line.run ? h(Pill, null, line.run) : null),
      h(Html, { html: line.html, className: "ly-prose ly-post-words" }),
      mayWrite ? h("div", { className: "ly-post-acts" }, h(Button, { size: "s", kind: "ghost", icon: Pencil, onClick: () => setEditing(true) }, "Edit"), h(Button, { size: "s", kind: "ghost", icon: Trash2, onClick: remove }, "Take back")) : null,
    ),
  );
}
