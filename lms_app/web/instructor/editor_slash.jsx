// The menu of what can be put on a page: behind "/" while writing, and behind "Insert" in the toolbar.
import { createElement as h, useEffect, useRef } from "react";
import { Extension } from "@tiptap/core";
import Suggestion from "@tiptap/suggestion";
import { ChevronDown, CircleHelp, Code, FileText, Film, Globe, Heading2, Heading3, Heading4, Image, Info, List, ListOrdered, Minus, Music, Paperclip, Pilcrow, Quote, Sigma, Table } from "lucide-react";
import { below } from "$/public/external/lms_app/web/instructor/editor/editor_pasting.jsx";
import { CARDS } from "$/public/external/lms_app/web/instructor/editor/editor_schema.jsx";

const put = (type, attrs) => needs(type, (editor) => editor.chain().focus().insertContent({ type, attrs: { ...CARDS[type], ...attrs } }).command(below).run());
const box = (type, attrs) => needs(type, (editor) => editor.chain().focus().insertContent({ type, attrs, content: [{ type: "paragraph" }] }).run());

// What an item puts there, where not every text takes it.
function needs(type, act) {
  return Object.assign(act, { type });
}

// Name, icon, other words that find it, what it does. `page` is what the page can be asked for.
const ITEMS = [
  ["Text", Pilcrow, "paragraph", (editor) => editor.chain().focus().setParagraph().run()],
  ["Heading", Heading2, "title h2", (editor) => editor.chain().focus().setHeading({ level: 2 }).run()],
  ["Subheading", Heading3, "title h3", (editor) => editor.chain().focus().setHeading({ level: 3 }).run()],
  ["Small heading", Heading4, "title h4", (editor) => editor.chain().focus().setHeading({ level: 4 }).run()],
  ["Bulleted list", List, "points", (editor) => editor.chain().focus().toggleBulletList().run()],
  ["Numbered list", ListOrdered, "steps", (editor) => editor.chain().focus().toggleOrderedList().run()],
  ["Quote", Quote, "blockquote cite", (editor) => editor.chain().focus().toggleBlockquote().run()],
  ["Table", Table, "grid rows columns", (editor) => editor.chain().focus().insertTable({ rows: 3, cols: 3, withHeaderRow: true }).run()],
  ["Line", Minus, "rule divider", (editor) => editor.chain().focus().setHorizontalRule().run()],
  ["Code", Code, "program source", (editor) => editor.chain().focus().insertContent({ type: "codeBlock" }).run()],
  ["Formula in the line", Sigma, "maths tex latex inline", (editor) => editor.chain().focus().insertContent({ type: "maths", attrs: { tex: "" } }).run()],
  ["Formula", Sigma, "maths tex latex equation", put("mathsBlock")],
  ["Picture", Image, "image photo", needs("imageBlock", (editor, page) => page.choose("image", (found) => put("imageBlock", { file: found.id })(editor)))],
  ["Picture", Image, "image photo", Object.assign((editor, page) => page.choose("image", (found) => editor.chain().focus().insertContent({ type: "image", attrs: { file: found.id, alt: "" } }).run()), { unless: "imageBlock" })],
  ["Video", Film, "movie film youtube", put("videoBlock")],
  ["Recording", Music, "audio sound podcast", needs("audioBlock", (editor, page) => page.choose("audio", (found) => put("audioBlock", { file: found.id, title: found.name })(editor)))],
  ["PDF", FileText, "paper document", needs("pdfBlock", (editor, page) => page.choose("pdf", (found) => put("pdfBlock", { file: found.id, title: found.name })(editor)))],
  ["File", Paperclip, "attachment download", needs("fileBlock", (editor, page) => page.choose("", (found) => put("fileBlock", { file: found.id, title: found.name })(editor)))],
  ["Page from elsewhere", Globe, "embed iframe link web", put("embedBlock")],
  ["Note", Info, "box callout", box("callout", { tone: "note" })],
  ["Tip", Info, "box callout", box("callout", { tone: "tip" })],
  ["Careful", Info, "box callout warning", box("callout", { tone: "careful" })],
  ["Collapsible", ChevronDown, "details accordion toggle more", box("collapsible", { title: "" })],
  ["Practice quiz", CircleHelp, "questions exercise", needs("quizBlock", (editor, page) => page.addQuiz(true, (id) => put("quizBlock", { assessment: id })(editor)))],
  ["Quiz", CircleHelp, "questions test exam", needs("quizBlock", (editor, page) => page.addQuiz(false, (id) => put("quizBlock", { assessment: id })(editor)))],
].map(([name, icon, words, act]) => ({ name, icon, words: `${name} ${words}`.toLowerCase(), act }));

// The items that a text takes and whose words fit.
function found(query, editor) {
  const asked = query.toLowerCase().split(/\s+/).filter(Boolean);
  return usable(editor).filter((item) => asked.every((word) => item.words.includes(word)));
}

const usable = (editor) => ITEMS.filter(({ act }) => (!act.type || editor.schema.nodes[act.type]) && !editor.schema.nodes[act.unless]);

// `menu` is told of `{ items, at, rect, choose }`, or of null when it closes; `page()` is what items may ask for.
export function slash(menu, page) {
  return Extension.create({
    name: "slash",
    addProseMirrorPlugins() {
      let state = null;
      const tell = (next) => {
        state = next;
        menu(next);
      };
      const shown = (props) => ({ items: props.items, rect: props.clientRect?.(), choose: (item) => props.command(item), at: Math.min(state?.at ?? 0, Math.max(props.items.length - 1, 0)) });
      return [
        Suggestion({
          editor: this.editor,
          char: "/",
          allowSpaces: false,
          allow: ({ state: now, range }) => !now.doc.resolve(range.from).parent.type.spec.code,
          items: ({ query, editor }) => found(query, editor).slice(0, 10),
          command: ({ editor, range, props }) => {
            editor.chain().focus().deleteRange(range).run();
            props.act(editor, page());
          },
          render: () => ({
            onStart: (props) => tell({ ...shown(props), at: 0 }),
            onUpdate: (props) => tell(shown(props)),
            onExit: () => tell(null),
            onKeyDown: ({ event }) => {
              if (!state || state.items.length === 0) return false;
              if (event.key === "Escape") {
                tell(null);
                return true;
              }
              if (event.key === "ArrowDown" || event.key === "ArrowUp") {
                const step = event.key === "ArrowDown" ? 1 : -1;
                tell({ ...state, at: (state.at + step + state.items.length) % state.items.length });
                return true;
              }
              if (event.key === "Enter" || event.key === "Tab") {
                state.choose(state.items[state.at]);
                return true;
              }
              return false;
            },
          }),
        }),
      ];
    },
  });
}

// The menu behind "/": the focus stays in the text, so the chosen line is told by a live region.
export function SlashMenu({ state }) {
  const list = useRef(null);
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: "nearest" });
  }, [state?.at]);
  const chosen = state?.items[state.at];
  const height = Math.min(340, 40 * (state?.items.length ?? 0) + 20);
  const below = state?.rect && state.rect.bottom + height < window.innerHeight;
  const place = state?.rect ? { left: Math.max(8, Math.min(state.rect.left, window.innerWidth - 268)), ...(below ? { top: state.rect.bottom + 6 } : { bottom: window.innerHeight - state.rect.top + 6 }) } : {};
  return h(
    "div",
    null,
    state && state.items.length
      ? h(
          "div",
          { className: "ly-editor-slash", role: "listbox", "aria-label": "What to put here", ref: list, style: place },
          state.items.map((item, at) =>
            h("button", { key: item.name, type: "button", role: "option", tabIndex: -1, "aria-selected": at === state.at ? "true" : "false", className: "ly-menu-item", onMouseDown: (event) => event.preventDefault(), onClick: () => state.choose(item) }, h(item.icon, { size: 16, className: "ly-icon", "aria-hidden": true }), h("span", null, item.name)),
          ),
        )
      : null,
    h("p", { className: "ly-sr", role: "status" }, chosen ? `${chosen.name}, ${state.at + 1} of ${state.items.length}` : ""),
  );
}

// The same list behind a button.
export function InsertMenu({ id, editor, page }) {
  const choose = (event, item) => {
    event.currentTarget.closest("[popover]").hidePopover();
    item.act(editor, page());
  };
  return h(
    "div",
    { id, popover: "auto", className: "ly-menu ly-editor-insert", role: "menu", "aria-label": "Insert" },
    usable(editor).map((item) => h("button", { key: item.name, type: "button", role: "menuitem", className: "ly-menu-item", onClick: (event) => choose(event, item) }, h(item.icon, { size: 16, className: "ly-icon", "aria-hidden": true }), h("span", null, item.name))),
  );
}
