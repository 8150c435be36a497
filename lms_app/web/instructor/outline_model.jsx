// The outline as a tree of entries by their keys ("page-<id>"), and what moving does to it. Nothing here draws or sends.
export const COURSE = "course";
export const DEPTH = { course: 0, module: 1, lesson: 2, page: 3, quiz: 4 };
export const KINDS = { course: "Course", module: "Module", lesson: "Lesson", page: "Page", quiz: "Quiz" };
export const WITHIN = { module: "course", lesson: "module", page: "lesson", quiz: "page" };
export const HOLDS = { course: "module", module: "lesson", lesson: "page", page: "quiz" };
const LISTS = { course: "modules", module: "lessons", lesson: "pages", page: "quizzes" };

export const keyOf = (kind, id) => `${kind}-${id}`;

export function indexed(outline, title) {
  const all = new Map();
  const enter = (kind, node, parent) => {
    const key = kind === "course" ? COURSE : keyOf(kind, node.id);
    const inside = node[LISTS[kind]] ?? [];
    all.set(key, { key, kind, id: node.id, title: node.title, state: node.state, node, parent, children: inside.map((child) => keyOf(HOLDS[kind], child.id)) });
    for (const child of inside) enter(HOLDS[kind], child, key);
  };
  enter("course", { id: outline.course_id, title, state: "", modules: outline.modules }, null);
  return all;
}

// From what holds it inwards: the keys of what an entry stands in, without the course.
export function path(all, key) {
  const found = [];
  for (let at = all.get(key)?.parent; at && at !== COURSE; at = all.get(at)?.parent) found.unshift(at);
  return found;
}

export function within(all, key, outer) {
  for (let at = key; at; at = all.get(at)?.parent) if (at === outer) return true;
  return false;
}

// What is found by some words, with what it stands in; null for everything.
export function matching(all, words) {
  const asked = words.toLowerCase().split(/\s+/).filter(Boolean);
  if (!asked.length) return null;
  const found = new Set();
  const hits = [];
  for (const entry of all.values()) {
    if (entry.kind === "course" || !asked.every((word) => entry.title.toLowerCase().includes(word))) continue;
    hits.push(entry.key);
    found.add(entry.key);
    for (const outer of path(all, entry.key)) found.add(outer);
  }
  return { found, hits };
}

export function placeNow(all, key) {
  const { parent } = all.get(key);
  const row = all.get(parent).children;
  return { parent, after: row[row.indexOf(key) - 1] ?? null };
}

export const samePlace = (one, other) => one.parent === other.parent && one.after === other.after;

// First or last in what holds such an entry, at or below `outer`; null where there is none.
function inside(all, moving, outer, first) {
  let here = all.get(outer);
  while (here && here.kind !== WITHIN[moving.kind]) {
    if (DEPTH[here.kind] >= DEPTH[moving.kind]) return null;
    here = all.get(first ? here.children[0] : here.children.at(-1));
  }
  if (!here) return null;
  return { parent: here.key, after: first ? null : (here.children.filter((key) => key !== moving.key).at(-1) ?? null) };
}

// Where something goes that is dropped on a target of the tree's, `{ key, index }`: between the children of an entry (`index`), or on it. `over` is
// the row under the pointer; `open` says whether a row shows what is in it. Null where it cannot go.
export function dropped(all, moving, { key, index }, over, open) {
  const target = all.get(key);
  if (!target || moving.kind === "quiz") return null;
  if (over && within(all, over, moving.key)) return placeNow(all, moving.key);
  if (index !== undefined) {
    const before = target.children.filter((child) => child !== moving.key)[index - 1];
    if (target.kind === WITHIN[moving.kind]) return { parent: key, after: before ?? null };
    if (DEPTH[target.kind] >= DEPTH[moving.kind]) return null;
    return before ? inside(all, moving, before, false) : inside(all, moving, key, true);
  }
  if (over && over !== key && target.kind === WITHIN[moving.kind]) {
    const after = [...path(all, over), over].find((outer) => all.get(outer).parent === key);
    if (after) return { parent: key, after };
  }
  return inside(all, moving, key, key !== COURSE && open(key));
}

// One place up (−1) or down (1), into the neighbouring lesson or module at the end of a row; null where there is nothing further.
export function stepped(all, key, step) {
  const moving = all.get(key);
  const row = all.get(moving.parent).children;
  const at = row.indexOf(key);
  if (step < 0 && at > 0) return { parent: moving.parent, after: row[at - 2] ?? null };
  if (step > 0 && at < row.length - 1) return { parent: moving.parent, after: row[at + 1] };
  const parents = [...all.values()].filter((entry) => entry.kind === WITHIN[moving.kind]).map((entry) => entry.key);
  const next = parents[parents.indexOf(moving.parent) + step];
  if (!next) return null;
  return { parent: next, after: step < 0 ? (all.get(next).children.at(-1) ?? null) : null };
}

// The outline with an entry elsewhere.
export function moved(outline, key, place) {
  const all = indexed(outline, "");
  const { kind, node } = all.get(key);
  const list = LISTS[WITHIN[kind]];
  const after = place.after ? all.get(place.after).id : null;
  const change = (holder, holderKey) => {
    const row = holder[list].filter((child) => child.id !== node.id);
    if (holderKey === place.parent) row.splice(after ? row.findIndex((child) => child.id === after) + 1 : 0, 0, node);
    return { ...holder, [list]: row };
  };
  return each(outline, WITHIN[kind], change);
}

// The outline with one entry said differently.
export function changed(outline, kind, id, change) {
  return each(outline, kind, (node) => (node.id === id ? { ...node, ...change } : node));
}

function each(outline, kind, change) {
  const walk = (node, here, key) => {
    if (here === kind) return change(node, key);
    const inner = HOLDS[here];
    return { ...node, [LISTS[here]]: node[LISTS[here]].map((child) => walk(child, inner, keyOf(inner, child.id))) };
  };
  return walk(outline, "course", COURSE);
}

export const quoted = (title) => `“${title}”`;

// A place in words: "2 of 5 in “Clouds”, module “Sky”".
export function placeInWords(all, key, place) {
  const parent = all.get(place.parent);
  const row = parent.children.filter((child) => child !== key);
  const at = place.after ? row.indexOf(place.after) + 2 : 1;
  const where = parent.kind === "course" ? "" : ` in ${parent.kind} ${quoted(parent.title)}`;
  const outer = parent.kind === "lesson" ? `, module ${quoted(all.get(parent.parent).title)}` : "";
  return `${at} of ${row.length + 1}${where}${outer}`;
}

export function counted(count, one, many = `${one}s`) {
  return `${count} ${count === 1 ? one : many}`;
}

// Everything below an entry, of one kind.
export function below(all, key, kind) {
  const entry = all.get(key);
  if (!entry) return [];
  return entry.children.flatMap((child) => (all.get(child).kind === kind ? [all.get(child)] : below(all, child, kind)));
}
