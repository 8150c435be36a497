// A title for something new, and what publishing a part of the course shows students.
import { createElement as h, useState } from "react";
import { Button, Dialog, Field, useAct } from "$/public/external/lms_app/web/instructor/editor/editor_parts.jsx";
import { State } from "$/public/external/lms_app/web/instructor/outline/outline_states.jsx";
import { below, counted, quoted } from "$/public/external/lms_app/web/instructor/outline/outline_model.jsx";

const HELP = { lesson: "A page of the same title comes with it, to write on.", quiz: "It comes at the end of the page, without questions." };

export function AddDialog({ kind, within, close, add }) {
  const [title, setTitle] = useState("");
  const { run, busy, trouble } = useAct(async () => {
    if (!title.trim()) throw new Error("Give it a title.");
    await add(title);
    close();
  });
  return h(
    Dialog,
    { title: within ? `Add ${kind} to ${quoted(within)}` : `Add ${kind}`, close },
    h(
      "form",
      { onSubmit: run, className: "ly-stack", "data-gap": "12" },
      h(Field, { label: "Title", help: HELP[kind], value: title, maxLength: 200, autoFocus: true, "aria-invalid": trouble ? "true" : undefined, onChange: (event) => setTitle(event.target.value) }),
      trouble ? h("p", { className: "ly-error", role: "alert" }, trouble) : null,
      h("div", { className: "ly-dialog-actions" }, h(Button, { onClick: close }, "Cancel"), h(Button, { kind: "primary", busy, type: "submit" }, `Add ${kind}`)),
    ),
  );
}

export function PublishPartDialog({ all, entry, close, publish }) {
  const { run, busy, trouble } = useAct(async () => {
    await publish();
    close();
  });
  const pages = below(all, entry.key, "page");
  const waiting = pages.filter((page) => page.state === "draft" || page.state === "changed" || (page.state === "published" && page.node.quizzes.some((quiz) => quiz.state !== "published")));
  const held = pages.filter((page) => page.state === "held_back").length;
  return h(
    Dialog,
    { title: `Publish ${entry.kind} ${quoted(entry.title)}?`, close },
    h("p", { className: "ly-second" }, `Students see ${waiting.length === 1 ? "this page" : "these pages"}, and the quizzes on ${waiting.length === 1 ? "it" : "them"}, as they are now.`),
    h("ul", { className: "ly-desk-list ly-desk-short", tabIndex: 0, "aria-label": "Pages to publish" }, waiting.map((page) => h("li", { key: page.key }, h("span", { className: "ly-desk-name" }, page.title), h(State, { state: page.state === "published" ? "changed" : page.state })))),
    held ? h("p", { className: "ly-help" }, `${counted(held, "page is", "pages are")} held back: publish ${held === 1 ? "it" : "those"} by hand.`) : null,
    trouble ? h("p", { className: "ly-error", role: "alert" }, trouble) : null,
    h("div", { className: "ly-dialog-actions" }, h(Button, { onClick: close }, "Cancel"), h(Button, { kind: "primary", busy, onClick: run }, `Publish ${entry.kind}`)),
  );
}
