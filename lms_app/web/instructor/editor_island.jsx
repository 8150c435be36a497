// The block editor: one page, written, saved by itself, published.
import { createElement as h, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { EditorContent, useEditor } from "@tiptap/react";
import { CloudOff, Ellipsis, Eye, Send } from "lucide-react";
import "$/public/css/editor.css";
import { Button, TitleField, Tool, ask, clockTime, useNotice } from "$/public/external/lms_app/web/instructor/editor/editor_parts.jsx";
import { CARDS, extensions } from "$/public/external/lms_app/web/instructor/editor/editor_schema.jsx";
import { Completion } from "$/public/external/lms_app/web/instructor/editor/editor_completion.jsx";
import { Conflict } from "$/public/external/lms_app/web/instructor/editor/editor_conflict.jsx";
import { Draft, PAGES } from "$/public/external/lms_app/web/instructor/editor/editor_drafts.jsx";
import { HistoryDialog, MarkdownDialog, PublishDialog, StudentView } from "$/public/external/lms_app/web/instructor/editor/editor_dialogs.jsx";
import { Page } from "$/public/external/lms_app/web/instructor/editor/editor_page.jsx";
import { below, blockOf, dropped, pasted } from "$/public/external/lms_app/web/instructor/editor/editor_pasting.jsx";
import { SlashMenu, slash } from "$/public/external/lms_app/web/instructor/editor/editor_slash.jsx";
import { Toolbar } from "$/public/external/lms_app/web/instructor/editor/editor_toolbar.jsx";
import { MediaPicker, uploadMedia } from "$/public/external/lms_app/web/instructor/media/media_picker.jsx";

const STATES = { published: ["ok", "Published"], changed: ["warn", "Changed since published"], draft: ["", "Draft"], held_back: ["", "Held back"] };

// `block` is the id of a block to come to; `onSaved` hears of the page's new title and state. Around it, `task` asks for another `title` or for a new
// `quiz` of that title at the end, and hears from `onTasked` that this is under way; `moved` grows when something in the course has changed; `settings` stand
// beside what completes the page.
export function PageEditor({ pageId, block = "", task = null, onTasked, moved = 0, settings = null, onSaved, onPublished }) {
  const draft = useRef(null);
  const [state, setState] = useState({ status: "loading", page: null });
  const [first, setFirst] = useState(null);
  useEffect(() => {
    const opened = new Draft(PAGES, pageId, setState);
    draft.current = opened;
    setFirst(null);
    opened.open().then((found) => draft.current === opened && setFirst(found));
    return () => {
      draft.current = null;
      opened.close();
    };
  }, [pageId]);
  const told = `${state.page?.title ?? ""}|${state.page?.state ?? ""}`;
  useEffect(() => {
    if (state.page) onSaved?.(state.page);
    // What matters to the page around is its title and state.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [told]);
  if (state.status === "gone") return h("div", { className: "ly-callout", "data-tone": "bad", role: "alert" }, h("div", null, h("p", { className: "ly-callout-title" }, "This page cannot be edited"), h("p", null, state.trouble)));
  if (!first || !state.page) return h("div", { className: "ly-skeleton", style: { minHeight: 560 } });
  return h(Writing, { key: pageId, draft: draft.current, state, first, block, task, onTasked, moved, settings, onPublished });
}

function Writing({ draft, state, first, block, task, onTasked, moved, settings, onPublished }) {
  const { page } = state;
  const [title, setTitle] = useState(first.title);
  const [menu, setMenu] = useState(null);
  const [picking, setPicking] = useState(null);
  const [open, setOpen] = useState("");
  const [notice, tell] = useNotice();
  const [quizzes, setQuizzes] = useState(page.quizzes);
  const titleNow = useRef(title);
  const asked = useRef({});
  const extended = useMemo(() => extensions(slash((next) => asked.current.menu(next), () => asked.current)), []);
  const editor = useEditor({
    extensions: extended,
    content: first.document,
    immediatelyRender: false,
    shouldRerenderOnTransaction: false,
    editorProps: {
      attributes: { class: "ly-prose ly-editor-text", role: "textbox", "aria-multiline": "true", "aria-label": "Text of the page" },
      handlePaste: (view, event) => pasted(editor, event, insertFile),
      handleDrop: (view, event, slice, moved) => !moved && dropped(view, event, insertFile),
    },
    onUpdate: ({ editor: now }) => draft.change({ title: titleNow.current, document: now.getJSON() }),
  });

  const insertFile = useCallback(
    async (file, at) => {
      tell({ text: `Sending ${file.name} …` });
      try {
        const found = await uploadMedia(page.course_id, file, (part) => tell({ text: `Sending ${file.name}: ${Math.round(part * 100)} %` }));
        editor.chain().focus().insertContentAt(at ?? editor.state.selection.to, blockOf(found)).command(below).run();
        tell("");
      } catch (error) {
        tell(error);
      }
    },
    [editor, page.course_id, tell],
  );

  asked.current = {
    menu: setMenu,
    choose: (kind, pick) => setPicking({ kind, pick }),
    addQuiz: async (practice, place, name = titleNow.current) => {
      try {
        const { id } = await ask("POST", `/v/pages/${page.id}/quizzes`, { title: name, practice });
        setQuizzes((before) => [...before, { id, title: name, practice, questions: 0, state: "draft" }]);
        place(id);
      } catch (error) {
        tell(error);
      }
    },
  };

  const retitle = (words) => {
    titleNow.current = words;
    setTitle(words);
    if (words.trim()) draft.change({ title: words, document: editor.getJSON() });
  };

  const tasked = useRef(null);
  useEffect(() => {
    if (!editor || !task || tasked.current === task) return;
    tasked.current = task;
    if (task.title) retitle(task.title);
    if (task.quiz) asked.current.addQuiz(false, (id) => editor.chain().insertContentAt(editor.state.doc.content.size, { type: "quizBlock", attrs: { ...CARDS.quizBlock, assessment: id } }).focus("end").scrollIntoView().run(), task.quiz);
    onTasked?.();
    // A task is done once.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [editor, task]);

  // Anything that the server does with the page wants it saved first.
  const afterSaving = async (name) => {
    if (await draft.save(true)) setOpen(name);
    else tell(new Error("This page is not saved yet. Try again once it is."));
  };

  useEffect(() => {
    if (!editor || !block) return;
    editor.view.dom.querySelector(`[data-block="${CSS.escape(block)}"]`)?.scrollIntoView({ block: "center" });
  }, [editor, block]);

  const replace = (document, newTitle = titleNow.current) => {
    titleNow.current = newTitle;
    setTitle(newTitle);
    editor.commands.setContent(document, { emitUpdate: false });
  };
  useEffect(() => {
    if (!editor || !moved) return;
    draft.look().then((found) => found && replace(found.document, found.page.title));
    // Whatever moved, what is asked is whether somebody else saved this page.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [moved]);
  const settle = (document) => {
    const { theirs } = state;
    replace(document ?? theirs.document, document ? titleNow.current : theirs.title);
    draft.settle(document ? { title: titleNow.current, document: editor.getJSON() } : null);
  };
  const restored = (found) => {
    replace(found.document, found.page.title);
    draft.moved(found.page.revision, { page: found.page, savedAt: found.saved_at });
  };
  const published = (saved) => {
    draft.moved(saved.revision, { page: { ...draft.state.page, revision: saved.revision, state: saved.state } });
    tell("Published.");
    onPublished?.();
  };
  if (!editor) return h("div", { className: "ly-skeleton", style: { minHeight: 560 } });
  const asPage = { ...page, title, quizzes };
  const close = () => setOpen("");
  return h(
    Page.Provider,
    { value: { quizzes, choose: asked.current.choose } },
    h(
      "div",
      { className: "ly-editor" },
      h(
        "div",
        { className: "ly-editor-head" },
        h(Status, { state, title }),
        h(
          "div",
          { className: "ly-editor-acts" },
          h(Button, { kind: "ghost", icon: Eye, onClick: () => afterSaving("view") }, "View as a student"),
          h(Tool, { name: "More", icon: Ellipsis, popoverTarget: "ly-editor-more" }),
          h(
            "div",
            { id: "ly-editor-more", popover: "auto", className: "ly-menu", role: "menu", "aria-label": "More" },
            [["history", "History"], ["markdown", "Page as Markdown"]].map(([name, words]) => h("button", { key: name, type: "button", role: "menuitem", className: "ly-menu-item", onClick: (event) => (event.currentTarget.closest("[popover]").hidePopover(), afterSaving(name)) }, h("span", null, words))),
          ),
          page.state === "published" && state.status === "saved"
            ? h("span", { className: "ly-second" }, "No changes to publish")
            : h(Button, { kind: "primary", icon: Send, disabled: state.status === "conflict", onClick: () => afterSaving("publish") }, "Publish page"),
        ),
      ),
      state.status === "conflict" ? h(Conflict, { theirs: state.theirs, settle }) : null,
      state.status === "refused" ? h("div", { className: "ly-callout", "data-tone": "bad", role: "alert" }, h("div", null, h("p", { className: "ly-callout-title" }, "Not saved yet"), h("p", null, state.trouble))) : null,
      h(TitleField, { className: "ly-editor-title", "aria-label": "Title of the page", value: title, placeholder: "Title", onChange: retitle, onEnter: () => editor.commands.focus("start") }),
      title.trim() ? null : h("p", { className: "ly-error", role: "alert" }, "Give it a title."),
      h(Toolbar, { editor, page: () => asked.current }),
      h(EditorContent, { editor }),
      h(SlashMenu, { state: menu }),
      h("div", { className: "ly-editor-rule" }, settings, h(Completion, { page, quizzes, told: tell })),
      notice,
      picking ? h(MediaPicker, { courseId: page.course_id, kind: picking.kind, onClose: () => setPicking(null), onPick: (file) => (setPicking(null), picking.pick(file)) }) : null,
      open === "publish" ? h(PublishDialog, { page: asPage, close, published }) : null,
      open === "history" ? h(HistoryDialog, { page: asPage, close, restored }) : null,
      open === "markdown" ? h(MarkdownDialog, { page: asPage, document: editor.getJSON(), close, replaced: (document) => (replace(document), draft.change({ title: titleNow.current, document: editor.getJSON() })) }) : null,
      open === "view" ? h(StudentView, { page: asPage, close }) : null,
    ),
  );
}

function Status({ state, title }) {
  const [tone, words] = STATES[state.page.state] ?? STATES.draft;
  const said = {
    saved: state.savedAt ? `Saved ${clockTime(state.savedAt)}` : "Saved",
    saving: "Saving…",
    unsaved: "Saving…",
    offline: "Offline. Kept on this device",
    conflict: "Not saved: there are two texts.",
    refused: "Not saved.",
  }[state.status];
  return h(
    "p",
    { className: "ly-line ly-editor-status", "data-wrap": "" },
    h("span", { className: "ly-pill", "data-tone": tone || undefined }, words),
    state.status === "offline" ? h(CloudOff, { size: 16, className: "ly-icon", "aria-hidden": true }) : null,
    h("span", { className: "ly-second", role: "status", "data-status": state.status, "data-title": title ? undefined : "" }, said),
  );
}
