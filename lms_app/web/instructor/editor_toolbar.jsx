// The toolbar: how the chosen words look, and what can be put in.
import { createElement as h, useEffect, useReducer, useState } from "react";
import { Bold, Code, Italic, Link, List, ListOrdered, Plus, Quote, Redo2, Strikethrough, Subscript, Superscript, Table, Underline, Undo2 } from "lucide-react";
import { Button, Dialog, Field, Tool } from "$/public/external/lms_app/web/instructor/editor/editor_parts.jsx";
import { InsertMenu } from "$/public/external/lms_app/web/instructor/editor/editor_slash.jsx";

const STYLES = [["0", "Text"], ["1", "Large heading"], ["2", "Heading"], ["3", "Subheading"], ["4", "Small heading"]];
const MOD = typeof navigator !== "undefined" && /Mac|iP/.test(navigator.platform) ? "⌘" : "Ctrl+";

export function Toolbar({ editor, page }) {
  const [, again] = useReducer((count) => count + 1, 0);
  const [linking, setLinking] = useState(false);
  useEffect(() => {
    editor.on("transaction", again);
    return () => editor.off("transaction", again);
  }, [editor]);
  const mark = (name, label, icon, keys) => h(Tool, { key: name, name: label, icon, keys, pressed: editor.isActive(name), onClick: () => editor.chain().focus().toggleMark(name).run() });
  const level = editor.isActive("heading") ? String(editor.getAttributes("heading").level) : "0";
  const restyle = (event) => (event.target.value === "0" ? editor.chain().focus().setParagraph().run() : editor.chain().focus().setHeading({ level: Number(event.target.value) }).run());
  const inTable = editor.isActive("table");
  return h(
    "div",
    { className: "ly-editor-toolbar", role: "toolbar", "aria-label": "Text" },
    h("select", { className: "ly-editor-select", "aria-label": "Style of the paragraph", value: STYLES.some(([key]) => key === level) ? level : "4", onChange: restyle }, STYLES.map(([key, words]) => h("option", { key, value: key }, words))),
    mark("bold", "Bold", Bold, `${MOD}B`),
    mark("italic", "Italic", Italic, `${MOD}I`),
    mark("underline", "Underline", Underline, `${MOD}U`),
    mark("strike", "Strike through", Strikethrough),
    mark("code", "Code", Code, `${MOD}E`),
    mark("superscript", "Superscript", Superscript),
    mark("subscript", "Subscript", Subscript),
    h(Tool, { name: "Link", icon: Link, keys: `${MOD}K`, pressed: editor.isActive("link"), onClick: () => setLinking(true) }),
    h(Tool, { name: "Bulleted list", icon: List, pressed: editor.isActive("bulletList"), onClick: () => editor.chain().focus().toggleBulletList().run() }),
    h(Tool, { name: "Numbered list", icon: ListOrdered, pressed: editor.isActive("orderedList"), onClick: () => editor.chain().focus().toggleOrderedList().run() }),
    h(Tool, { name: "Quote", icon: Quote, pressed: editor.isActive("blockquote"), onClick: () => editor.chain().focus().toggleBlockquote().run() }),
    inTable ? h(Tool, { name: "Table", icon: Table, popoverTarget: "ly-editor-table" }) : null,
    inTable ? h(TableMenu, { editor }) : null,
    h(Tool, { name: "Undo", icon: Undo2, keys: `${MOD}Z`, disabled: !editor.can().undo(), onClick: () => editor.chain().focus().undo().run() }),
    h(Tool, { name: "Redo", icon: Redo2, disabled: !editor.can().redo(), onClick: () => editor.chain().focus().redo().run() }),
    h(Button, { size: "s", icon: Plus, popoverTarget: "ly-editor-insert", onMouseDown: (event) => event.preventDefault() }, "Insert"),
    h(InsertMenu, { id: "ly-editor-insert", editor, page }),
    linking ? h(LinkDialog, { editor, close: () => setLinking(false) }) : null,
  );
}

const TABLE = [["Add a row below", "addRowAfter"], ["Add a row above", "addRowBefore"], ["Add a column after", "addColumnAfter"], ["Add a column before", "addColumnBefore"], ["Head row", "toggleHeaderRow"], ["Head column", "toggleHeaderColumn"], ["Join or split cells", "mergeOrSplit"], ["Remove row", "deleteRow"], ["Remove column", "deleteColumn"], ["Remove table", "deleteTable"]];

function TableMenu({ editor }) {
  const run = (event, command) => {
    event.currentTarget.closest("[popover]").hidePopover();
    editor.chain().focus()[command]().run();
  };
  return h("div", { id: "ly-editor-table", popover: "auto", className: "ly-menu", role: "menu", "aria-label": "Table" }, TABLE.map(([words, command]) => h("button", { key: command, type: "button", role: "menuitem", className: "ly-menu-item", onClick: (event) => run(event, command) }, h("span", null, words))));
}

function LinkDialog({ editor, close }) {
  const [address, setAddress] = useState(editor.getAttributes("link").href ?? "");
  const [trouble, setTrouble] = useState("");
  const save = (event) => {
    event.preventDefault();
    const tidy = address.trim();
    const href = /^[a-z][a-z0-9+.-]*:|^[/#]/i.test(tidy) || !tidy ? tidy : `https://${tidy}`;
    if (/^\s*(javascript|vbscript|data):/i.test(href)) return setTrouble("A link may lead to a web address, a mail address or a page of this course.");
    close();
    const chain = editor.chain().focus().extendMarkRange("link");
    if (!href) return chain.unsetLink().run();
    if (editor.state.selection.empty && !editor.isActive("link")) return editor.chain().focus().insertContent({ type: "text", text: tidy, marks: [{ type: "link", attrs: { href } }] }).run();
    return chain.setLink({ href }).run();
  };
  return h(
    Dialog,
    { title: "Link", close },
    h(
      "form",
      { className: "ly-stack", "data-gap": "16", noValidate: true, onSubmit: save },
      h(Field, { label: "Address", value: address, autoFocus: true, placeholder: "https://", onChange: (event) => setAddress(event.target.value), help: "Leave it empty to take the link away." }),
      trouble ? h("p", { className: "ly-error", role: "alert" }, trouble) : null,
      h("div", { className: "ly-dialog-actions" }, h(Button, { onClick: close }, "Cancel"), h(Button, { type: "submit", kind: "primary" }, "Save link")),
    ),
  );
}
