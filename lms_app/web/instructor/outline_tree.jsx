// The outline as a tree: walked by the arrow keys, opened, renamed where it stands, and put in order by the pointer or by keys. Only the rows in
// sight are drawn.
import { createElement as h, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { AssistiveDndState, dragAndDropFeature, hotkeysCoreFeature, keyboardDragAndDropFeature, syncDataLoaderFeature } from "@headless-tree/core";
import { useTree } from "@headless-tree/react";
import { defaultRangeExtractor, useVirtualizer } from "@tanstack/react-virtual";
import { ChevronRight, CircleHelp, Ellipsis, FileText, Layers, ListTree, Lock, Plus } from "lucide-react";
import { State } from "$/public/external/lms_app/web/instructor/outline/outline_states.jsx";
import { focusDrawn } from "$/public/external/lms_app/web/instructor/outline/outline_focus.jsx";
import { COURSE, DEPTH, HOLDS, KINDS, dropped, path, placeInWords, placeNow, quoted, samePlace, stepped, within } from "$/public/external/lms_app/web/instructor/outline/outline_model.jsx";

const ROW = 36;
const ICONS = { module: Layers, lesson: ListTree, page: FileText, quiz: CircleHelp };
// In place of the tree's own way, which takes the focus back from whoever has gone on to another row meanwhile.
const focusFeature = {
  key: "focus",
  treeInstance: {
    updateDomFocus: ({ tree }) =>
      focusDrawn(() => {
        const item = tree.getFocusedItem();
        tree.getConfig().scrollToItem(item);
        return item.getElement();
      }),
  },
};
const GONE = { key: "", kind: "page", title: "", state: "draft", children: [] };

export function Tree({ all, chosen, choose, search, opened, setOpened, renaming, setRenaming, rename, place, archive, openMenu, add, say }) {
  const box = useRef(null);
  const over = useRef(null);
  const [focused, setFocused] = useState(chosen || null);
  const [dragging, setDragging] = useState(null);
  // What holds nothing is never open: carried by keys, something would be looked for inside it.
  const expanded = useMemo(() => (search ? [...search.found] : opened).filter((key) => all.get(key)?.children.length), [all, search, opened]);
  const isOpen = (key) => expanded.includes(key);

  const target = (found) => ({ key: found.item.getId(), index: "childIndex" in found ? found.insertionIndex : undefined });
  const placeFor = (items, found) => {
    const moving = all.get(items[0]?.getId());
    return moving ? dropped(all, moving, target(found), over.current, isOpen) : null;
  };

  const tree = useTree({
    rootItemId: COURSE,
    features: [syncDataLoaderFeature, hotkeysCoreFeature, dragAndDropFeature, keyboardDragAndDropFeature, focusFeature],
    dataLoader: {
      getItem: (key) => all.get(key) ?? GONE,
      getChildren: (key) => {
        const children = all.get(key)?.children ?? [];
        return search ? children.filter((child) => search.found.has(child)) : children;
      },
    },
    getItemName: (item) => item.getItemData().title,
    isItemFolder: (item) => item.getItemData().children.length > 0,
    indent: 16,
    state: { expandedItems: expanded, focusedItem: focused, dnd: dragging },
    setExpandedItems: (keys) => search || setOpened(keys),
    setFocusedItem: setFocused,
    // Some time after a row was left the tree says so, even where the drag has ended meanwhile: without what is dragged it would be one that never ends.
    setDndState: (next) => (next && !next.draggedItems ? tree.applySubStateUpdate("dnd", null) : setDragging(next)),
    scrollToItem: (item) => {
      const at = item.getItemMeta().index;
      if (at >= 0) virtual.scrollToIndex(at);
    },
    canReorder: true,
    canDrag: (items) => !search && !renaming && items.every((item) => item.getItemData().kind !== "quiz"),
    canDrop: (items, found) => {
      const there = placeFor(items, found);
      const { dnd: now, assistiveDndState: how } = tree.getState();
      // By keys each step is to another place: targets of the tree's that come to the same one are passed over.
      const stays = () => isByKeys(how) && now.dragTarget && found !== now.dragTarget && samePlace(there, placeFor(items, now.dragTarget) ?? there);
      return there !== null && !stays();
    },
    onStartKeyboardDrag: () => {
      over.current = null;
    },
    onDrop: (items, found) => {
      const to = placeFor(items, found);
      over.current = null;
      if (to && !samePlace(to, placeNow(all, items[0].getId()))) place(items[0].getId(), to);
    },
  });

  useLayoutEffect(() => {
    tree.rebuildTree();
  }, [tree, all, search]);

  const rows = tree.getItems();
  const rowOf = useMemo(() => new Map(rows.map((item, at) => [item.getId(), at])), [rows]);
  const { dnd, assistiveDndState: assisted } = tree.getState();
  const dragged = dnd?.draggedItems?.[0]?.getId();
  const byKeys = isByKeys(assisted);
  const to = dragged && dnd.dragTarget && all.has(dragged) ? placeFor(dnd.draggedItems, dnd.dragTarget) : null;
  const stop = rowOf.has(focused) ? focused : rows[0]?.getId();
  const drawn = [rowOf.get(stop), rowOf.get(dragged)].filter((at) => at !== undefined);

  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => box.current,
    getItemKey: (at) => rows[at].getId(),
    estimateSize: () => ROW,
    overscan: 12,
    scrollPaddingStart: 4,
    scrollPaddingEnd: 4,
    // The row that has the focus, and the one that is dragged, stay drawn wherever one scrolls to.
    rangeExtractor: (range) => [...new Set([...defaultRangeExtractor(range), ...drawn])].sort((one, other) => one - other),
  });

  // What is chosen comes into sight, in an outline that is open down to it.
  useEffect(() => {
    if (!all.has(chosen)) return;
    setFocused(chosen);
    const outer = path(all, chosen).filter((key) => !opened.includes(key));
    if (outer.length) setOpened([...opened, ...outer]);
    // It follows the choice alone: what is folded up later stays so.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [chosen, all.has(chosen)]);
  const chosenRow = rowOf.get(chosen);
  useEffect(() => {
    if (chosenRow !== undefined) virtual.scrollToIndex(chosenRow, { align: "auto" });
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [chosen, chosenRow === undefined]);

  // The focus of a row that is folded away goes to what it stands in.
  useEffect(() => {
    if (!focused || rowOf.has(focused) || !all.has(focused)) return;
    const outer = path(all, focused).findLast((key) => rowOf.has(key));
    if (outer) setFocused(outer);
  }, [focused, rowOf, all]);

  const wording = byKeys && to ? placeInWords(all, dragged, to) : "";
  const carried = useRef("");
  useEffect(() => {
    if (wording) say(carried.current ? wording : `Moving ${quoted(all.get(dragged).title)}, now ${wording}. Arrow keys move it, Enter puts it there, Escape leaves it where it was.`);
    else if (carried.current && !byKeys && assisted === AssistiveDndState.None) say("It stays where it was.");
    carried.current = wording;
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [wording, byKeys]);

  const focusRow = (key) => focusDrawn(() => box.current?.querySelector(`[data-key="${key}"]`));

  const onKeyDownCapture = (event) => {
    if (event.target.tagName === "INPUT" || event.ctrlKey || event.metaKey) return;
    // While something is carried, keys are the tree's; letting go of the outline leaves it.
    if (byKeys) return void (event.key === "Tab" && tree.stopKeyboardDrag());
    const entry = all.get(stop);
    if (!entry || dragged) return;
    const acts = {
      Enter: () => open(entry),
      " ": () => open(entry),
      F2: () => entry.kind !== "quiz" && setRenaming({ key: stop, value: entry.title, seen: entry.title }),
      Delete: () => entry.kind !== "quiz" && leaveFor(entry),
    };
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    const act = event.altKey ? step && (() => shift(entry, step)) : event.shiftKey ? null : acts[event.key];
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  };

  const open = (entry) => {
    if (entry.children.length && !isOpen(entry.key)) setOpened([...opened, entry.key]);
    choose(entry.key);
  };

  // What leaves the course gives the focus to the row behind it, or before it.
  const leaveFor = (entry) => {
    const at = rowOf.get(entry.key);
    const next = rows.slice(at + 1).find((item) => !within(all, item.getId(), entry.key)) ?? rows[at - 1];
    archive(entry);
    if (!next) return;
    setFocused(next.getId());
    focusRow(next.getId());
  };

  const shift = (entry, step) => {
    if (entry.kind === "quiz") return say("A quiz stands where its page shows it. Move it there.");
    const next = stepped(all, entry.key, step);
    if (!next) return say(`${quoted(entry.title)} is the ${step < 0 ? "first" : "last"} already.`);
    if (next.parent !== COURSE && !isOpen(next.parent)) setOpened([...opened, ...[...path(all, next.parent), next.parent].filter((key) => !opened.includes(key))]);
    setFocused(entry.key);
    place(entry.key, next);
    focusRow(entry.key);
  };

  const line = to && markOf(all, rows, rowOf, to, isOpen);
  return h(
    "div",
    { ref: box, className: "ly-tree", "data-dragging": dragged ? "" : undefined, onKeyDownCapture },
    h(
      "div",
      { ...tree.getContainerProps("Outline of the course"), className: "ly-tree-rows", style: { height: virtual.getTotalSize() + 8 }, "aria-describedby": "ly-tree-keys" },
      virtual.getVirtualItems().map(({ key, index, start }) =>
        h(
          "div",
          { key, ref: virtual.measureElement, "data-index": index, role: "presentation", className: "ly-tree-place", style: { transform: `translateY(${start}px)` } },
          h(Row, {
            item: rows[index],
            entry: all.get(key) ?? GONE,
            stop: key === stop,
            chosen: key === chosen,
            hit: search?.hits.includes(key),
            into: line?.into === key,
            dragged: dragged && within(all, key, dragged),
            renaming: renaming?.key === key ? renaming : null,
            endRenaming: (value) => {
              setRenaming(null);
              if (value !== null) rename({ ...all.get(key), title: renaming.seen }, value);
              focusRow(key);
            },
            open: () => open(all.get(key)),
            startRenaming: () => setRenaming({ key, value: all.get(key).title, seen: all.get(key).title }),
            openMenu,
            add,
            setOver: (at) => {
              over.current = at;
            },
          }),
        ),
      ),
      line && line.under !== undefined ? h("div", { className: "ly-tree-line", "data-depth": DEPTH[all.get(dragged).kind], role: "presentation", style: { top: line.under < 0 ? 0 : (virtual.measurementsCache[line.under]?.end ?? 0) } }) : null,
    ),
    h("p", { id: "ly-tree-keys", className: "ly-sr" }, "Arrow keys move through the outline, Enter opens, F2 renames, Delete archives. Alt with the up and down arrow keys moves a node, Control, Shift and D carries it further."),
  );
}

const isByKeys = (how) => how === AssistiveDndState.Started || how === AssistiveDndState.Dragging;

// Where the line of a place is drawn: under a row (−1: above all), or which folded row takes it in.
function markOf(all, rows, rowOf, { parent, after }, isOpen) {
  if (after && rowOf.has(after)) {
    const level = rows[rowOf.get(after)].getItemMeta().level;
    let under = rowOf.get(after);
    while (rows[under + 1]?.getItemMeta().level > level) under += 1;
    return { under };
  }
  if (parent === COURSE) return { under: -1 };
  if (!rowOf.has(parent)) return { into: path(all, parent).findLast((key) => rowOf.has(key)) };
  return !after && isOpen(parent) ? { under: rowOf.get(parent) } : { into: parent };
}

function Row({ item, entry, stop, chosen, hit, into, dragged, renaming, endRenaming, open, startRenaming, openMenu, add, setOver }) {
  const { key, kind, title, state } = entry;
  const folder = item.isFolder();
  const { "aria-label": _, onClick: __, ...props } = item.getProps();
  const Icon = ICONS[kind];
  const menuAt = (event) => {
    event.preventDefault();
    item.setFocused();
    const { left, bottom } = event.currentTarget.getBoundingClientRect();
    openMenu(entry, event.clientX || left + 24, event.clientY || bottom);
  };
  const quiet = { tabIndex: -1, onMouseDown: (event) => event.preventDefault(), onDoubleClick: (event) => event.stopPropagation() };
  return h(
    "div",
    {
      ...props,
      draggable: kind !== "quiz" && !renaming,
      "data-key": key,
      "data-kind": kind,
      "data-depth": DEPTH[kind],
      "data-hit": hit ? "" : undefined,
      "data-into": into ? "" : undefined,
      "data-dragged": dragged ? "" : undefined,
      className: "ly-tree-row",
      tabIndex: stop ? 0 : -1,
      "aria-selected": chosen ? "true" : "false",
      onClick: () => {
        item.setFocused();
        open();
      },
      onFocus: (event) => event.target === event.currentTarget && !stop && item.setFocused(),
      onDoubleClick: () => kind !== "quiz" && startRenaming(),
      onContextMenu: menuAt,
      onDragStart: (event) => {
        setOver(key);
        event.dataTransfer.effectAllowed = "move";
        props.onDragStart(event);
      },
      onDragOver: (event) => {
        setOver(key);
        props.onDragOver(event);
      },
      // The tree forgets what was dropped, and not what was let go of elsewhere.
      onDragEnd: (event) => {
        props.onDragEnd(event);
        item.getTree().applySubStateUpdate("dnd", null);
      },
    },
    folder
      ? h("span", { className: "ly-tree-toggle", "aria-hidden": true, "data-open": item.isExpanded() ? "" : undefined, onDoubleClick: (event) => event.stopPropagation(), onClick: (event) => (event.stopPropagation(), item.setFocused(), item.isExpanded() ? item.collapse() : item.expand()) }, h(ChevronRight, { size: 16, className: "ly-icon" }))
      : h("span", { className: "ly-tree-toggle", "aria-hidden": true }, h(Icon, { size: 16, className: "ly-icon" })),
    renaming ? h(Rename, { entry, renaming, end: endRenaming }) : h("span", { className: "ly-tree-title" }, h("span", { className: "ly-sr" }, `${KINDS[kind]} `), title),
    renaming || !entry.node?.availability ? null : h(Lock, { size: 14, className: "ly-icon ly-tree-lock", role: "img", "aria-label": `Not always open. ${entry.node.availability}` }, null),
    renaming ? null : h(State, { state }),
    renaming
      ? null
      : h(
          "span",
          { className: "ly-tree-acts", "aria-hidden": true },
          HOLDS[kind] ? h("button", { type: "button", className: "ly-editor-tool", title: `Add ${HOLDS[kind]}`, ...quiet, onClick: (event) => (event.stopPropagation(), add(HOLDS[kind], key)) }, h(Plus, { size: 16, className: "ly-icon" })) : null,
          h("button", { type: "button", className: "ly-editor-tool", title: "More", ...quiet, onClick: (event) => (event.stopPropagation(), menuAt(event)) }, h(Ellipsis, { size: 16, className: "ly-icon" })),
        ),
  );
}

// Enter and leaving the field keep the new title, Escape the old one.
function Rename({ entry, renaming, end }) {
  const field = useRef(null);
  const done = useRef(false);
  useEffect(() => {
    field.current.focus();
    field.current.select();
  }, []);
  const finish = (keep) => {
    if (done.current) return;
    done.current = true;
    const value = field.current.value.trim();
    end(keep && value && value !== renaming.seen ? value : null);
  };
  const still = (event) => event.stopPropagation();
  return h(
    "span",
    { className: "ly-tree-rename", onClick: still, onDoubleClick: still },
    h("input", {
      ref: field,
      className: "ly-input",
      defaultValue: renaming.value,
      maxLength: 200,
      autoComplete: "off",
      "aria-label": `Title of ${entry.kind} ${quoted(entry.title)}`,
      "aria-invalid": renaming.trouble ? "true" : undefined,
      onBlur: () => finish(true),
      onKeyDown: (event) => {
        if (event.key !== "Enter" && event.key !== "Escape") return;
        event.preventDefault();
        event.stopPropagation();
        finish(event.key === "Enter");
      },
    }),
    renaming.trouble ? h("span", { className: "ly-error", role: "alert" }, renaming.trouble) : null,
  );
}
