// Moving a block past its neighbour, at the outermost level of a page.
import { NodeSelection, TextSelection } from "@tiptap/pm/state";

export function moveBlock(editor, step) {
  const { state, view } = editor;
  const index = state.selection.$from.index(0);
  const other = index + step;
  if (other < 0 || other >= state.doc.childCount) return true;
  const upper = Math.min(index, other);
  let start = 0;
  for (let at = 0; at < upper; at += 1) start += state.doc.child(at).nodeSize;
  const [first, second] = [state.doc.child(upper), state.doc.child(upper + 1)];
  const transaction = state.tr.replaceWith(start, start + first.nodeSize + second.nodeSize, [second, first]);
  const [before, after] = step < 0 ? [start + first.nodeSize, start] : [start, start + second.nodeSize];
  const moved = state.selection.from - before + after;
  const selection = state.selection instanceof NodeSelection ? NodeSelection.create(transaction.doc, moved) : TextSelection.near(transaction.doc.resolve(moved));
  view.dispatch(transaction.setSelection(selection).scrollIntoView());
  return true;
}
