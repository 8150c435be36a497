// The categories of a bank as a tree: chosen, added below another, renamed, taken away.
import { createElement as h, useState } from "react";
import { Pencil, Plus, Trash2 } from "lucide-react";
import { Button, Dialog, Field, Tool, ask, useAct } from "$/public/external/lms_app/web/instructor/editor/editor_parts.jsx";

export function Categories({ base, shelf, chosen, choose, changed, moved, told }) {
  const [dialog, setDialog] = useState("");
  const category = shelf.categories.find(({ id }) => id === chosen);
  const line = (id, name, count, depth = 0) => h("button", { type: "button", "aria-pressed": chosen === id ? "true" : "false", style: { paddingInlineStart: 10 + depth * 16 }, onClick: () => choose(id) }, h("span", null, name), h("span", { className: "ly-caption ly-nums" }, count));
  return h(
    "section",
    { className: "ly-banking-tree", "aria-label": "Categories" },
    h("h2", { className: "ly-section-title" }, "Categories"),
    h("ul", null, h("li", null, line("", "All questions", shelf.questions)), shelf.categories.map(({ id, name, depth, within }) => h("li", { key: id }, line(id, name, within, depth)))),
    h(
      "div",
      { className: "ly-line" },
      h(Button, { size: "s", icon: Plus, onClick: () => setDialog("add") }, category ? "Add below" : "Add category"),
      category ? [h(Tool, { key: "rename", name: `Rename ${category.name}`, icon: Pencil, onClick: () => setDialog("rename") }), h(Tool, { key: "remove", name: `Remove ${category.name}`, icon: Trash2, onClick: () => setDialog("remove") })] : null,
    ),
    dialog === "add" || dialog === "rename"
      ? h(NameDialog, {
          title: dialog === "rename" ? `Rename ${category.name}` : category ? `Add a category below ${category.name}` : "Add category",
          before: dialog === "rename" ? category.name : "",
          close: () => setDialog(""),
          save: async (name) => changed(dialog === "rename" ? await ask("PATCH", `${base}/categories/${category.id}`, { name }) : await ask("POST", `${base}/categories`, { name, ...(category ? { below: category.id } : {}) })),
        })
      : null,
    dialog === "remove"
      ? h(RemoveDialog, {
          category,
          close: () => setDialog(""),
          remove: async () => {
            changed(await ask("DELETE", `${base}/categories/${category.id}`));
            choose("");
            moved();
            told("Category removed. Its questions moved to the one above.");
          },
        })
      : null,
  );
}

function NameDialog({ title, before, close, save }) {
  const [name, setName] = useState(before);
  const { run, busy, trouble } = useAct(async () => {
    await save(name);
    close();
  });
  return h(
    Dialog,
    { title, close },
    h(
      "form",
      { className: "ly-stack", "data-gap": "16", noValidate: true, onSubmit: run },
      h(Field, { label: "Name", value: name, autoFocus: true, maxLength: 120, onChange: (event) => setName(event.target.value) }),
      trouble ? h("p", { className: "ly-error", role: "alert" }, trouble) : null,
      h("div", { className: "ly-dialog-actions" }, h(Button, { onClick: close }, "Cancel"), h(Button, { type: "submit", kind: "primary", busy }, "Save name")),
    ),
  );
}

function RemoveDialog({ category, close, remove }) {
  const { run, busy, trouble } = useAct(async () => {
    await remove();
    close();
  });
  return h(
    Dialog,
    { title: `Remove the category “${category.name}”?`, close },
    h("p", { className: "ly-second" }, "What stands in it moves to the category above. No question is lost."),
    trouble ? h("p", { className: "ly-error", role: "alert" }, trouble) : null,
    h("div", { className: "ly-dialog-actions" }, h(Button, { onClick: close }, "Keep it"), h(Button, { kind: "danger", busy, onClick: run }, "Remove category")),
  );
}
