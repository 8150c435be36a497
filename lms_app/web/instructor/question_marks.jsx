// Marks in a text that stand for something else: `[[1]]` for gap 1, `{a}` for the number drawn for a. They stay words; here they are shown as what they are.
import { Extension } from "@tiptap/core";
import { Plugin, PluginKey } from "@tiptap/pm/state";
import { Decoration, DecorationSet } from "@tiptap/pm/view";

export const GAPS = { pattern: /\[\[([A-Za-z0-9]{1,20})\]\]/g, write: (name) => `[[${name}]]` };
export const NUMBERS = { pattern: /\{([A-Za-z][A-Za-z0-9]{0,19})\}/g, write: (name) => `{${name}}` };

// `press(name)` hears that a mark was pressed.
export function marks({ pattern }, press) {
  const found = (doc) => {
    const here = [];
    doc.descendants((node, at) => {
      if (!node.isText) return;
      for (const mark of node.text.matchAll(pattern)) here.push(Decoration.inline(at + mark.index, at + mark.index + mark[0].length, { class: "ly-mark-chip", "data-mark": mark[1] }));
    });
    return DecorationSet.create(doc, here);
  };
  return Extension.create({
    name: "marks",
    addProseMirrorPlugins: () => [
      new Plugin({
        key: new PluginKey("marks"),
        state: { init: (_, { doc }) => found(doc), apply: (change, before) => (change.docChanged ? found(change.doc) : before) },
        props: {
          decorations(state) {
            return this.getState(state);
          },
          handleClick: (view, at, event) => {
            const mark = event.target.closest?.("[data-mark]");
            if (mark) press(mark.dataset.mark);
            return false;
          },
        },
      }),
    ],
  });
}

// The names of the marks in a document, in its order.
export function namesIn(document, { pattern }) {
  const names = [];
  const walk = (node) => {
    if (node?.text) for (const mark of node.text.matchAll(pattern)) names.push(mark[1]);
    (node?.content ?? []).forEach(walk);
  };
  walk(document);
  return names;
}

// Puts a mark where the cursor is. Words that are chosen become it, and are given back.
export function putMark(editor, marking, name) {
  const { from, to } = editor.state.selection;
  const words = editor.state.doc.textBetween(from, to, " ").trim();
  editor.chain().focus().insertContentAt({ from, to }, marking.write(name)).run();
  return words;
}
