// The form of a question as the editor holds it: rows that are told apart, ids for what is new, and the way back to what is saved.
export const KINDS = [
  ["Choose", [["single_choice", "Single choice"], ["multiple_choice", "Multiple choice"], ["true_false", "True or false"]]],
  ["Type", [["short_text", "Short text"], ["numeric", "Number"], ["calculated", "Calculated number"]]],
  ["Put together", [["matching", "Matching"], ["ordering", "Ordering"], ["cloze", "Gaps in a text"], ["dropdown", "Menus in a text"], ["hotspot", "Places on a picture"]]],
  ["Marked by hand", [["essay", "Essay"], ["file_upload", "File upload"]]],
  ["Asks nothing", [["description", "Description"]]],
];
export const NAMES = Object.fromEntries(KINDS.flatMap(([, kinds]) => kinds));
export const DIFFICULTIES = [["", "Not said"], ["easy", "Easy"], ["medium", "Medium"], ["hard", "Hard"]];

export const counted = (count) => (count === 1 ? "1 question" : `${count.toLocaleString("en-GB")} questions`);
// The categories of a bank to choose from, each below the one it belongs to.
export const categoryOptions = (categories) => [["", "No category"], ...categories.map(({ id, name, depth }) => [id, "\u2003".repeat(depth) + name])];

const LISTS = ["choices", "answers", "variables", "pairs", "items", "gaps", "regions"];
let made = 0;

// A fresh id of a part that students see: it says nothing. The server's are alike.
function newId() {
  return btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(9)))).replaceAll("+", "-").replaceAll("/", "_");
}

export function row(fields) {
  made += 1;
  const ids = Object.fromEntries(["id", "option_id"].filter((name) => name in fields && !fields[name]).map((name) => [name, newId()]));
  return { ...fields, ...ids, _k: `row-${made}` };
}

export function opened(form) {
  const lists = LISTS.filter((name) => Array.isArray(form[name])).map((name) => [name, form[name].map(row)]);
  return { ...form, ...Object.fromEntries(lists), hints: (form.hints ?? []).map((text) => row({ text })) };
}

export function sent(form) {
  const bare = ({ _k, ...fields }) => fields;
  const lists = LISTS.filter((name) => Array.isArray(form[name])).map((name) => [name, form[name].map(bare)]);
  return { ...form, ...Object.fromEntries(lists), hints: form.hints.map(({ text }) => text) };
}

// The words of a rich text, in one line.
export function wordsOf(text) {
  if (!text || typeof text === "string") return text || "";
  if (text.type === "text") return text.text ?? "";
  return (text.content ?? []).map(wordsOf).join(text.type === "doc" ? " " : "").trim();
}

export function isEmpty(doc) {
  return (doc.content ?? []).every((node) => node.type === "paragraph" && !(node.content ?? []).length);
}
