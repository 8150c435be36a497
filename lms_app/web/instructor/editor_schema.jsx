// What a page may hold, as the editor knows it: `lms_app/domain/content/editing.py` says the same in Python.
import { Extension, Node } from "@tiptap/core";
import { ReactNodeViewRenderer } from "@tiptap/react";
import StarterKit from "@tiptap/starter-kit";
import { TableKit } from "@tiptap/extension-table";
import Superscript from "@tiptap/extension-superscript";
import Subscript from "@tiptap/extension-subscript";
import { Placeholder } from "@tiptap/extensions";
import { moveBlock } from "$/public/external/lms_app/web/instructor/editor/editor_moving.jsx";
import { Callout, Card, CodeBox, Collapsible, Formula, InlineImage } from "$/public/external/lms_app/web/instructor/editor/editor_views.jsx";

const PROSE = ["paragraph", "heading", "blockquote", "bulletList", "orderedList", "table", "horizontalRule", "codeBlock", "callout", "collapsible"];

// Blocks that are all attributes, with what a new one has in them.
export const CARDS = {
  imageBlock: { file: "", alt: "", caption: "", decorative: false },
  videoBlock: { file: "", url: "", title: "", captions: [], transcript: "" },
  audioBlock: { file: "", title: "" },
  fileBlock: { file: "", title: "" },
  pdfBlock: { file: "", title: "" },
  embedBlock: { url: "", title: "" },
  mathsBlock: { tex: "" },
  htmlBlock: { html: "" },
  quizBlock: { assessment: "" },
};

const hidden = (value) => ({ default: value, rendered: false });

// All attributes travel in one, so that what is copied comes back as it was; the id of a block stays behind.
function carried(name, fields) {
  return {
    parseHTML: () => [{ tag: `div[data-card="${name}"]`, getAttrs: (element) => ({ ...fields, ...known(element.dataset.fields, fields) }) }],
    renderHTML: ({ node }) => {
      const attributes = Object.fromEntries(Object.keys(fields).map((field) => [field, node.attrs[field]]));
      const outer = { "data-card": name, "data-fields": JSON.stringify(attributes) };
      return node.isAtom ? ["div", outer] : ["div", outer, 0];
    },
  };
}

function known(written, fields) {
  try {
    const value = JSON.parse(written);
    return Object.fromEntries(Object.keys(fields).filter((field) => typeof value[field] === typeof fields[field]).map((field) => [field, value[field]]));
  } catch {
    return {};
  }
}

function withFields(name, fields, more) {
  return Node.create({
    name,
    addAttributes: () => Object.fromEntries(Object.entries({ ...fields, block: null }).map(([field, value]) => [field, hidden(value)])),
    ...carried(name, fields),
    ...more,
  });
}

const cards = Object.entries(CARDS).map(([name, fields]) =>
  withFields(name, fields, { group: "card", atom: true, selectable: true, draggable: true, addNodeView: () => ReactNodeViewRenderer(Card) }),
);

const boxes = [
  withFields("callout", { tone: "note" }, { group: "card", content: "block+", defining: true, addNodeView: () => ReactNodeViewRenderer(Callout) }),
  withFields("collapsible", { title: "" }, { group: "card", content: "block+", defining: true, addNodeView: () => ReactNodeViewRenderer(Collapsible) }),
];

const inline = [
  Node.create({
    name: "maths",
    group: "inline",
    inline: true,
    atom: true,
    addAttributes: () => ({ tex: { default: "", parseHTML: (element) => element.dataset.tex, renderHTML: ({ tex }) => ({ "data-tex": tex }) } }),
    parseHTML: () => [{ tag: "span[data-tex]" }],
    renderHTML: ({ HTMLAttributes }) => ["span", HTMLAttributes],
    addNodeView: () => ReactNodeViewRenderer(Formula),
  }),
  Node.create({
    name: "image",
    group: "inline",
    inline: true,
    atom: true,
    addAttributes: () => ({
      file: { default: "", parseHTML: (element) => element.dataset.file, renderHTML: ({ file }) => ({ "data-file": file }) },
      alt: { default: "" },
    }),
    parseHTML: () => [{ tag: "img[data-file]" }],
    renderHTML: ({ HTMLAttributes }) => ["img", HTMLAttributes],
    addNodeView: () => ReactNodeViewRenderer(InlineImage),
  }),
];

// The block that each outermost node belongs to. A paragraph that is split off belongs to none until it is saved.
const Owner = Extension.create({
  name: "owner",
  addGlobalAttributes: () => [{ types: PROSE.filter((name) => name !== "callout" && name !== "collapsible"), attributes: { block: { ...hidden(null), keepOnSplit: false } } }],
});

// Alt and an arrow move what the cursor is in past its neighbour, at the outermost level.
const Moving = Extension.create({
  name: "moving",
  addKeyboardShortcuts() {
    return { "Alt-ArrowUp": () => moveBlock(this.editor, -1), "Alt-ArrowDown": () => moveBlock(this.editor, 1) };
  },
});

const CodeBlock = Node.create({
  name: "codeBlock",
  group: "block",
  content: "text*",
  marks: "",
  code: true,
  defining: true,
  addAttributes: () => ({ language: { default: "" }, caption: hidden("") }),
  parseHTML: () => [{ tag: "pre", preserveWhitespace: "full" }],
  renderHTML: () => ["pre", ["code", 0]],
  addNodeView: () => ReactNodeViewRenderer(CodeBox),
  addKeyboardShortcuts() {
    return {
      Tab: () => this.editor.isActive("codeBlock") && this.editor.commands.insertContent("    "),
      "Mod-Enter": () => this.editor.isActive("codeBlock") && this.editor.commands.exitCode(),
      Enter: ({ editor }) => {
        const { $from, empty } = editor.state.selection;
        if (!empty || $from.parent.type.name !== "codeBlock") return false;
        // Enter on an empty last line leaves the code.
        if ($from.parentOffset === $from.parent.content.size && $from.parent.textContent.endsWith("\n\n")) {
          return editor.chain().command(({ tr }) => Boolean(tr.delete($from.pos - 2, $from.pos))).exitCode().run();
        }
        return editor.commands.insertContent("\n");
      },
    };
  },
});

// `cards`: blocks that are not text may stand in it. Without them it is prose: what is said of an answer, a choice, a hint.
export function extensions(slash, { cards: whole = true, quizzes = true, placeholder = "Write, or press / for more" } = {}) {
  return [
    StarterKit.configure({
      document: false,
      codeBlock: false,
      link: { openOnClick: false, autolink: true, HTMLAttributes: { rel: null, target: null, class: null }, protocols: ["mailto", "tel", "page", "file"], isAllowedUri: (address) => !/^\s*(javascript|vbscript|data):/i.test(address) },
      heading: { levels: [1, 2, 3, 4, 5, 6] },
      trailingNode: { notAfter: ["paragraph"] },
      dropcursor: { class: "ly-editor-drop", width: 2 },
    }),
    Node.create({ name: "doc", topNode: true, content: whole ? "(block | card)+" : "block+" }),
    CodeBlock,
    TableKit.configure({ table: { resizable: false } }),
    Superscript,
    Subscript,
    Placeholder.configure({ placeholder: ({ node }) => (node.type.name === "heading" ? "Heading" : placeholder) }),
    Owner,
    Moving,
    ...(whole ? [...cards.filter((node) => quizzes || node.name !== "quizBlock"), ...boxes] : []),
    ...inline,
    slash,
  ];
}
