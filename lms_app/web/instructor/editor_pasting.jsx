// What is placed, pasted or dropped in a text: files are sent by `insertFile(file, at)`, words from elsewhere are cleaned by the server.
import { NodeSelection, Selection } from "@tiptap/pm/state";
import { ask } from "$/public/external/lms_app/web/instructor/editor/editor_parts.jsx";
import { CARDS } from "$/public/external/lms_app/web/instructor/editor/editor_schema.jsx";

const OF_FILE = { image: "imageBlock", video: "videoBlock", audio: "audioBlock", pdf: "pdfBlock" };

// The block that shows a file of the library.
export function blockOf(found) {
  const type = OF_FILE[found.kind] ?? "fileBlock";
  return { type, attrs: { ...CARDS[type], file: found.id, ...("title" in CARDS[type] ? { title: found.name } : {}) } };
}

// A command that puts the cursor below a block that was just placed: while that is chosen, what is typed would stand in its place.
export function below({ tr, state }) {
  const { selection } = tr;
  if (!(selection instanceof NodeSelection) || !selection.node.isBlock) return true;
  if (!Selection.findFrom(tr.doc.resolve(selection.to), 1, true)) tr.insert(selection.to, state.schema.nodes.paragraph.create());
  tr.setSelection(Selection.findFrom(tr.doc.resolve(selection.to), 1, true)).scrollIntoView();
  return true;
}

export function pasted(editor, event, insertFile) {
  const files = [...(event.clipboardData?.files ?? [])];
  const html = event.clipboardData?.getData("text/html") ?? "";
  if (files.length && !html) {
    files.forEach((file) => insertFile(file));
    return true;
  }
  // What was copied here is understood here.
  if (!html || html.includes("data-pm-slice") || !navigator.onLine || editor.isActive("codeBlock")) return false;
  const plain = event.clipboardData.getData("text/plain");
  ask("POST", "/v/clipboard", { html }).then(
    ({ content }) => editor.chain().focus().insertContent(inPlace(content)).run(),
    () => editor.chain().focus().insertContent(plain).run(),
  );
  return true;
}

export function dropped(view, event, insertFile) {
  const files = [...(event.dataTransfer?.files ?? [])];
  if (!files.length) return false;
  event.preventDefault();
  const at = view.posAtCoords({ left: event.clientX, top: event.clientY })?.pos;
  files.forEach((file) => insertFile(file, at));
  return true;
}

// One paragraph that is pasted into a line stays in it.
function inPlace(content) {
  return content.length === 1 && content[0].type === "paragraph" ? (content[0].content ?? []) : content;
}
