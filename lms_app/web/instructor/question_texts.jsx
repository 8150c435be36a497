// Texts with more than words in them, in the same editor as pages have. One toolbar serves whichever has the cursor.
import { createContext, createElement as h, useContext, useEffect, useId, useMemo, useRef } from "react";
import { EditorContent, useEditor } from "@tiptap/react";
import { extensions } from "$/public/external/lms_app/web/instructor/editor/editor_schema.jsx";
import { slash } from "$/public/external/lms_app/web/instructor/editor/editor_slash.jsx";
import { marks } from "$/public/external/lms_app/web/instructor/question_editor/question_marks.jsx";
import { isEmpty } from "$/public/external/lms_app/web/instructor/question_editor/question_form.jsx";
import { Trouble, described, useTrouble } from "$/public/external/lms_app/web/instructor/question_editor/question_fields.jsx";

// `focus(editor)` hears which text has the cursor; `menu` shows the menu behind "/"; `asked()` is what items of that menu may ask for; `paste` and
// `drop` take what comes with files.
export const Texts = createContext(null);

// `whole`: what is asked, which may hold blocks of all kinds. `named` finds marks in it: gaps, or numbers that are drawn.
export function RichText({ label, name, value, onChange, whole = false, quiet = false, placeholder = "", marked = null, hold, help }) {
  const texts = useContext(Texts);
  const id = useId();
  const said = useTrouble(name);
  const now = useRef({});
  now.current = { onChange, texts };
  const extended = useMemo(
    () => [
      ...extensions(slash((next) => now.current.texts.menu(next), () => now.current.texts.asked()), { cards: whole, quizzes: false, placeholder }),
      ...(marked ? [marks(marked, (mark) => now.current.texts.marked?.(mark))] : []),
    ],
    // What may stand in a text does not change while it is written.
    // eslint-disable-next-line react-hooks/exhaustive-deps
    [],
  );
  const editor = useEditor({
    extensions: extended,
    content: value || { type: "doc", content: [{ type: "paragraph" }] },
    immediatelyRender: false,
    shouldRerenderOnTransaction: false,
    editorProps: {
      attributes: { class: whole ? "ly-prose ly-editor-text ly-asked-text" : "ly-prose ly-editor-text ly-rich-text", role: "textbox", "aria-multiline": "true", "aria-label": label },
      handlePaste: (view, event) => now.current.texts.paste(now.current.editor, event),
      handleDrop: (view, event, slice, moved) => !moved && now.current.texts.drop(now.current.editor, event),
    },
    onFocus: ({ editor: focused }) => now.current.texts.focus(focused),
    onUpdate: ({ editor: written }) => {
      const document = written.getJSON();
      now.current.onChange(isEmpty(document) ? "" : document);
    },
  });
  now.current.editor = editor;
  useEffect(() => {
    if (!editor) return undefined;
    hold?.(editor);
    return () => now.current.texts.forget(editor);
    // The editor is one for as long as the field is drawn.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [editor]);
  useEffect(() => {
    const box = editor?.view?.dom;
    if (!box) return;
    if (said) box.setAttribute("aria-invalid", "true");
    else box.removeAttribute("aria-invalid");
    const by = described(id, said, help);
    if (by) box.setAttribute("aria-describedby", by);
    else box.removeAttribute("aria-describedby");
  }, [editor, said, help, id]);
  return h(
    "div",
    { className: "ly-field", "data-field": name },
    quiet ? null : h("span", { className: "ly-label", onClick: () => editor?.commands.focus() }, label),
    h("div", { className: whole ? "ly-asked" : "ly-rich", "data-wrong": said ? "" : undefined }, editor ? h(EditorContent, { editor }) : h("div", { className: "ly-skeleton", style: { minHeight: whole ? 120 : 36 } })),
    help ? h("p", { className: "ly-help", id: `${id}-help` }, help) : null,
    h(Trouble, { said, id: `${id}-error` }),
  );
}
