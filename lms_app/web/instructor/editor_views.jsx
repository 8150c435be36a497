// How blocks look while they are written: what students will see, and beside it what they need.
import { createElement as h, useContext, useEffect, useLayoutEffect, useRef, useState } from "react";
import { Link } from "react-router";
import { NodeViewContent, NodeViewWrapper } from "@tiptap/react";
import { ArrowDown, ArrowUp, CircleHelp, FileText, Film, SquareFunction, Image, Music, Trash2 } from "lucide-react";
import { Button, Field, Html, Tool, ask } from "$/public/external/lms_app/web/instructor/editor/editor_parts.jsx";
import { Page } from "$/public/external/lms_app/web/instructor/editor/editor_page.jsx";
import { moveBlock } from "$/public/external/lms_app/web/instructor/editor/editor_moving.jsx";

const NAMES = { imageBlock: "Picture", videoBlock: "Video", audioBlock: "Recording", fileBlock: "File", pdfBlock: "PDF", embedBlock: "Page from elsewhere", mathsBlock: "Formula", htmlBlock: "Imported HTML", quizBlock: "Quiz" };
const FORMS = { imageBlock: Picture, videoBlock: Video, audioBlock: Recording, fileBlock: File, pdfBlock: Pdf, embedBlock: Embed, mathsBlock: Formulas, htmlBlock: Imported, quizBlock: Quiz };

const fileAddress = (file) => (/^[0-9a-f-]{36}$/i.test(file) ? `/v/files/${file}` : "");

// A block that is not text.
export function Card({ node, updateAttributes, deleteNode, editor, getPos, selected }) {
  const name = node.type.name;
  return h(
    NodeViewWrapper,
    { className: "ly-editor-card", "data-kind": name, "data-selected": selected ? "" : undefined, "data-block": node.attrs.block ?? undefined, contentEditable: false },
    h(Head, { name: NAMES[name], editor, getPos, remove: deleteNode }),
    h(FORMS[name], { given: node.attrs, change: updateAttributes, editor }),
  );
}

function Head({ name, editor, getPos, remove, children }) {
  const shift = (step) => {
    editor.chain().focus().setNodeSelection(getPos()).run();
    moveBlock(editor, step);
  };
  return h(
    "div",
    { className: "ly-editor-card-head", contentEditable: false },
    h("span", { className: "ly-caption", "data-drag-handle": "" }, name),
    children,
    h("span", { className: "ly-editor-card-acts" }, h(Tool, { name: `Move ${name} up`, icon: ArrowUp, onClick: () => shift(-1) }), h(Tool, { name: `Move ${name} down`, icon: ArrowDown, onClick: () => shift(1) }), h(Tool, { name: `Remove ${name}`, icon: Trash2, onClick: remove })),
  );
}

// A file of the course: chosen from its library, or sent to it.
function Choice({ kind, file, verb, pick }) {
  const { choose } = useContext(Page);
  return h(Button, { size: "s", onClick: () => choose(kind, pick) }, file ? `Choose another ${verb}` : `Choose ${verb}`);
}

function Line({ label, field, given, change, ...more }) {
  return h(Field, { label, value: given[field], maxLength: 2000, onChange: (event) => change({ [field]: event.target.value }), ...more });
}

function Picture({ given, change }) {
  const address = fileAddress(given.file);
  return h(
    "div",
    { className: "ly-stack", "data-gap": "12" },
    address ? h("img", { src: address, alt: given.decorative ? "" : given.alt, className: "ly-editor-picture" }) : h(Empty, { icon: Image, words: "No picture yet." }),
    h(Choice, { kind: "image", file: given.file, verb: "picture", pick: (found) => change({ file: found.id }) }),
    given.decorative ? null : h(Line, { label: "Description for who cannot see it", field: "alt", given, change }),
    h("label", { className: "ly-check" }, h("input", { type: "checkbox", checked: given.decorative, onChange: (event) => change({ decorative: event.target.checked }) }), h("span", null, "It is decoration and says nothing")),
    h(Line, { label: "Caption", field: "caption", given, change }),
  );
}

function Video({ given, change }) {
  const address = fileAddress(given.file);
  const { choose } = useContext(Page);
  const captions = given.captions ?? [];
  const alter = (at, more) => change({ captions: captions.map((entry, place) => (place === at ? { ...entry, ...more } : entry)) });
  const add = () => choose("captions", (found) => change({ captions: [...captions, { file: found.id, language: document.documentElement.lang || "en", label: "" }] }));
  return h(
    "div",
    { className: "ly-stack", "data-gap": "12" },
    address ? h("video", { src: address, controls: true, preload: "metadata", className: "ly-media" }) : given.url ? h("p", null, h("a", { href: given.url, target: "_blank", rel: "noopener noreferrer" }, given.url)) : h(Empty, { icon: Film, words: "No video yet." }),
    h("div", { className: "ly-line" }, h(Choice, { kind: "video", file: given.file, verb: "video", pick: (found) => change({ file: found.id, url: "" }) })),
    address ? null : h(Line, { label: "Or its address elsewhere", field: "url", given, change, type: "url", placeholder: "https://" }),
    h(Line, { label: "Title", field: "title", given, change }),
    address
      ? h(
          "fieldset",
          { className: "ly-stack", "data-gap": "8" },
          h("legend", { className: "ly-label" }, "Captions"),
          captions.map((entry, at) =>
            h(
              "div",
              { key: entry.file, className: "ly-editor-captions" },
              h(Field, { label: "Language", value: entry.language, maxLength: 35, onChange: (event) => alter(at, { language: event.target.value }) }),
              h(Field, { label: "Name", value: entry.label, placeholder: "English", maxLength: 200, onChange: (event) => alter(at, { label: event.target.value }) }),
              h(Tool, { name: "Remove captions", icon: Trash2, onClick: () => change({ captions: captions.filter((_, place) => place !== at) }) }),
            ),
          ),
          h("div", null, h(Button, { size: "s", onClick: add }, "Add captions")),
        )
      : null,
    h(Line, { label: "Transcript", field: "transcript", given, change, area: true, rows: 3, maxLength: 200_000 }),
  );
}

function Recording({ given, change }) {
  const address = fileAddress(given.file);
  return h(
    "div",
    { className: "ly-stack", "data-gap": "12" },
    address ? h("audio", { src: address, controls: true, preload: "metadata", className: "ly-media" }) : h(Empty, { icon: Music, words: "No recording yet." }),
    h(Choice, { kind: "audio", file: given.file, verb: "recording", pick: (found) => change({ file: found.id, title: given.title || found.name }) }),
    h(Line, { label: "Title", field: "title", given, change }),
  );
}

function File({ given, change }) {
  return h(
    "div",
    { className: "ly-stack", "data-gap": "12" },
    fileAddress(given.file) ? null : h(Empty, { icon: FileText, words: "No file yet." }),
    h(Choice, { kind: "", file: given.file, verb: "file", pick: (found) => change({ file: found.id, title: given.title || found.name }) }),
    h(Line, { label: "Title", field: "title", given, change, help: "It is offered to be saved under this title." }),
  );
}

function Pdf({ given, change }) {
  const address = fileAddress(given.file);
  return h(
    "div",
    { className: "ly-stack", "data-gap": "12" },
    address ? h("iframe", { src: address, title: given.title || "PDF", className: "ly-pdf", loading: "lazy" }) : h(Empty, { icon: FileText, words: "No PDF yet." }),
    h(Choice, { kind: "pdf", file: given.file, verb: "PDF", pick: (found) => change({ file: found.id, title: given.title || found.name }) }),
    h(Line, { label: "Title", field: "title", given, change }),
  );
}

function Embed({ given, change }) {
  return h(
    "div",
    { className: "ly-stack", "data-gap": "12" },
    h(Line, { label: "Address", field: "url", given, change, type: "url", placeholder: "https://", help: "It stands in a frame where this site allows its host, else as a link." }),
    h(Line, { label: "Title", field: "title", given, change }),
  );
}

// A formula as students will see it; its TeX while there is no connection.
function useFormula(tex, display) {
  const [shown, setShown] = useState("");
  useEffect(() => {
    if (!tex.trim()) return setShown("");
    const later = setTimeout(async () => {
      const reply = await fetch(`/v/formula?display=${display}&tex=${encodeURIComponent(tex)}`).catch(() => null);
      if (reply?.ok) setShown(await reply.text());
    }, 200);
    return () => clearTimeout(later);
  }, [tex, display]);
  return shown;
}

function Formulas({ given, change }) {
  const shown = useFormula(given.tex, true);
  return h(
    "div",
    { className: "ly-stack", "data-gap": "12" },
    shown
      ? h(Html, { html: shown, className: "ly-scroll ly-prose", tabIndex: 0, role: "group", "aria-label": "The formula" })
      : h(Empty, { icon: SquareFunction, words: "No formula yet." }),
    h(Line, { label: "TeX", field: "tex", given, change, area: true, rows: 2, spellCheck: false, maxLength: 10_000, "data-mono": "" }),
  );
}

function Imported({ given, change, editor }) {
  const [trouble, setTrouble] = useState("");
  const [open, setOpen] = useState(false);
  const asText = async () => {
    try {
      const { content } = await ask("POST", "/v/clipboard", { html: given.html });
      editor.chain().focus().insertContent(content).run();
    } catch (error) {
      setTrouble(error.message);
    }
  };
  return h(
    "div",
    { className: "ly-stack", "data-gap": "12" },
    h(Html, { html: given.html, className: "ly-prose ly-editor-html" }),
    open ? h(Line, { label: "HTML", field: "html", given, change, area: true, rows: 8, spellCheck: false, maxLength: 600_000, "data-mono": "" }) : null,
    trouble ? h("p", { className: "ly-error", role: "alert" }, trouble) : null,
    h("div", { className: "ly-line" }, h(Button, { size: "s", onClick: asText }, "Turn into text"), h(Button, { size: "s", kind: "ghost", onClick: () => setOpen(!open) }, open ? "Hide HTML" : "Edit HTML")),
  );
}

function Quiz({ given }) {
  const { quizzes } = useContext(Page);
  const quiz = quizzes.find((entry) => entry.id === given.assessment);
  return h(
    "div",
    { className: "ly-line", "data-wrap": "" },
    h(CircleHelp, { size: 16, className: "ly-icon", "aria-hidden": true }),
    h("span", { className: "ly-strong" }, quiz ? quiz.title : "This quiz"),
    quiz ? h("span", { className: "ly-second" }, `${quiz.practice ? "Practice, " : ""}${quiz.questions} ${quiz.questions === 1 ? "question" : "questions"}`) : null,
    h(Link, { to: `/teach/quizzes/${given.assessment}`, className: "ly-link" }, "Edit quiz"),
  );
}

function Empty({ icon: Icon, words }) {
  return h("p", { className: "ly-editor-empty" }, h(Icon, { size: 16, className: "ly-icon", "aria-hidden": true }), words);
}

const TONES = [["note", "Note"], ["tip", "Tip"], ["careful", "Careful"]];

export function Callout({ node, updateAttributes, deleteNode, editor, getPos }) {
  return h(
    NodeViewWrapper,
    { className: "ly-editor-box ly-callout", "data-tone": node.attrs.tone, "data-block": node.attrs.block ?? undefined },
    h(
      Head,
      { name: "Box", editor, getPos, remove: deleteNode },
      h("select", { className: "ly-editor-select", "aria-label": "Kind of box", value: node.attrs.tone, onChange: (event) => updateAttributes({ tone: event.target.value }) }, TONES.map(([tone, words]) => h("option", { key: tone, value: tone }, words))),
    ),
    h(NodeViewContent, { className: "ly-editor-inside" }),
  );
}

export function Collapsible({ node, updateAttributes, deleteNode, editor, getPos }) {
  return h(
    NodeViewWrapper,
    { className: "ly-editor-box", "data-block": node.attrs.block ?? undefined },
    h(
      Head,
      { name: "Collapsible", editor, getPos, remove: deleteNode },
      h("input", { className: "ly-input", "aria-label": "Title that opens it", placeholder: "Title that opens it", value: node.attrs.title, maxLength: 400, onChange: (event) => updateAttributes({ title: event.target.value }) }),
    ),
    h(NodeViewContent, { className: "ly-editor-inside" }),
  );
}

export function CodeBox({ node, updateAttributes }) {
  return h(
    NodeViewWrapper,
    { className: "ly-editor-code", "data-block": node.attrs.block ?? undefined },
    h(
      "div",
      { className: "ly-editor-card-head", contentEditable: false },
      h("span", { className: "ly-caption" }, "Code"),
      h("input", { className: "ly-input", "aria-label": "Language", placeholder: "Language", value: node.attrs.language ?? "", maxLength: 40, onChange: (event) => updateAttributes({ language: event.target.value }) }),
      h("input", { className: "ly-input", "aria-label": "Caption", placeholder: "Caption", value: node.attrs.caption ?? "", maxLength: 400, onChange: (event) => updateAttributes({ caption: event.target.value }) }),
    ),
    h("pre", { spellCheck: false }, h(NodeViewContent, { as: "code" })),
  );
}

// A formula in a line. Its TeX is written where it stands.
export function Formula({ node, updateAttributes, editor, getPos, selected }) {
  const [open, setOpen] = useState(!node.attrs.tex);
  const field = useRef(null);
  const shown = useFormula(node.attrs.tex, false);
  useLayoutEffect(() => {
    if (!open) return;
    field.current?.focus();
    // A menu that put it there gives the focus to the text in the next frame.
    const frame = requestAnimationFrame(() => field.current?.focus());
    return () => cancelAnimationFrame(frame);
  }, [open]);
  const done = () => {
    setOpen(false);
    editor.commands.setTextSelection(getPos() + 1);
    // At once: the editor's own command waits for a frame, and what is typed meanwhile would be lost.
    editor.view.focus();
  };
  return h(
    NodeViewWrapper,
    { as: "span", className: "ly-editor-formula", "data-selected": selected ? "" : undefined },
    open
      ? h("input", { ref: field, className: "ly-editor-tex", "aria-label": "Formula in TeX", value: node.attrs.tex, size: Math.max(8, node.attrs.tex.length + 1), spellCheck: false, onBlur: () => setOpen(!node.attrs.tex), onChange: (event) => updateAttributes({ tex: event.target.value }), onKeyDown: (event) => (event.key === "Enter" || event.key === "Escape") && (event.preventDefault(), done()) })
      : h("button", { type: "button", className: "ly-editor-formula-shown", "aria-label": `Formula ${node.attrs.tex}. Edit`, onClick: () => setOpen(true) }, shown ? h(Html, { html: shown, as: "span" }) : h("code", null, node.attrs.tex)),
  );
}

// A picture in a line. What it shows is written beside it while it has the cursor.
export function InlineImage({ node, selected, updateAttributes }) {
  const address = fileAddress(node.attrs.file);
  const [open, setOpen] = useState(!node.attrs.alt);
  return h(
    NodeViewWrapper,
    { as: "span", className: "ly-editor-pictured", "data-selected": selected ? "" : undefined },
    address ? h("img", { src: address, alt: node.attrs.alt, className: "ly-editor-inline", onClick: () => setOpen(true) }) : h("span", { className: "ly-missing" }, node.attrs.alt || "Picture missing"),
    open || selected ? h("input", { className: "ly-editor-tex", "aria-label": "What the picture shows", placeholder: "What it shows", value: node.attrs.alt, maxLength: 2000, onBlur: () => setOpen(!node.attrs.alt), onChange: (event) => updateAttributes({ alt: event.target.value }) }) : null,
  );
}
