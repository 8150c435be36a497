// Long answers: an essay with its word count, and files that are handed in.
import { createElement as h, useRef, useState } from "react";
import { Button } from "$/public/external/lms_app/web/components/answering/answer_parts.jsx";
import { send as sendSignedIn } from "$/public/external/lms_app/web/components/keeper/keeping.jsx";

export function Essay({ question, response, locked, set }) {
  const { words_min: least, words_max: most, rows } = question.extras;
  const text = response?.text ?? "";
  const count = countWords(text);
  const limits = [least ? `at least ${least}` : "", most ? `at most ${most}` : ""].filter(Boolean).join(", ");
  const wrong = (most && count > most) || (least && count > 0 && count < least);
  return h(
    "label",
    { className: "ly-field ly-essay" },
    h("span", { className: "ly-label" }, "Your answer"),
    h("textarea", { className: "ly-input", rows: rows ?? 12, maxLength: 100_000, disabled: locked, "aria-describedby": `question-${question.id} words-${question.id}`, value: text, onChange: (event) => set({ text: event.target.value }, { typing: true }) }),
    h("span", { className: "ly-help ly-nums", id: `words-${question.id}`, "data-tone": wrong ? "warn" : undefined }, count === 1 ? "1 word" : `${count} words`, limits ? `, ${limits}` : ""),
  );
}

// `keep(file)`, where it is given, takes a file in the place of sending it to the attempt.
export function Files({ question, response, locked, set, attempt, keep }) {
  const { files_max: most, bytes_max: largest, kinds } = question.extras;
  const files = response?.files ?? [];
  const [names, setNames] = useState(() => new Map((question.extras.given ?? []).map((file) => [file.id, file])));
  const [trouble, setTrouble] = useState("");
  const [sending, setSending] = useState("");
  const field = useRef(null);
  const take = async (chosen) => {
    setTrouble("");
    let list = files;
    for (const file of chosen) {
      if (list.length >= most) return setTrouble(`At most ${most} ${most === 1 ? "file" : "files"}. Remove one first.`);
      if (file.size > largest) return setTrouble(`${file.name} is ${megabytes(file.size)}. The limit is ${megabytes(largest)}.`);
      if (kinds.length && !kinds.some((kind) => file.name.toLowerCase().endsWith(kind))) return setTrouble(`${file.name} is of another kind. Hand in ${kinds.join(", ")}.`);
      setSending(file.name);
      let stored;
      try {
        stored = await (keep ?? sendTo(attempt, question.id))(file);
      } catch (error) {
        setSending("");
        return setTrouble(error.message);
      }
      setSending("");
      setNames((known) => new Map(known).set(stored.id, stored));
      list = [...list, stored.id];
      set({ files: list });
    }
    return undefined;
  };
  return h(
    "div",
    { className: "ly-files" },
    locked ? null : h(
      "label",
      { className: "ly-field" },
      h("span", { className: "ly-label" }, most === 1 ? "Your file" : `Your files, ${most} at most`),
      h("input", { ref: field, className: "ly-input", type: "file", multiple: most > 1, accept: kinds.join(","), disabled: Boolean(sending), onChange: (event) => { const chosen = [...event.target.files]; take(chosen).finally(() => { if (field.current) field.current.value = ""; }); } }),
      h("span", { className: "ly-help" }, [kinds.length ? kinds.join(", ") : "Any kind", `up to ${megabytes(largest)} each`].join(", ")),
    ),
    sending ? h("p", { className: "ly-help", role: "status" }, `Sending ${sending}…`) : null,
    trouble ? h("p", { className: "ly-error", role: "alert" }, trouble) : null,
    files.length
      ? h("ul", { className: "ly-file-list" }, files.map((id) => h("li", { key: id }, keep ? h("span", { className: "ly-cut" }, names.get(id)?.name ?? "File") : h("a", { className: "ly-link ly-cut", href: `/v/attempts/${attempt}/files/${id}`, download: "" }, names.get(id)?.name ?? "File"), names.get(id) ? h("span", { className: "ly-caption" }, megabytes(names.get(id).size)) : null, locked ? null : h(Button, { kind: "ghost", size: "s", "aria-label": `Remove ${names.get(id)?.name ?? "file"}`, onClick: () => set({ files: files.filter((other) => other !== id) }) }, "Remove"))))
      : locked
        ? h("p", { className: "ly-help" }, "No file was handed in.")
        : null,
  );
}

// Hands a file in to an attempt; gives it as it was stored. Throws an Error with a sentence.
function sendTo(attempt, question) {
  return async (file) => {
    const reply = await sendSignedIn(`/v/attempts/${attempt}/files`, { method: "POST", headers: { "X-File-Name": encodeURIComponent(file.name), "X-Question": question, "Content-Type": "application/octet-stream" }, body: file }).catch(() => null);
    if (!reply) throw new Error(`${file.name} was not sent. Check your connection and try again.`);
    const told = await reply.json().catch(() => null);
    if (!reply.ok) throw new Error(told?.title ?? "That did not work. Try again.");
    return told;
  };
}

// Words as the reader's language separates them; the server counts anew.
function countWords(text) {
  if (typeof Intl.Segmenter !== "function") return text.split(/\s+/).filter(Boolean).length;
  let count = 0;
  for (const piece of new Intl.Segmenter(undefined, { granularity: "word" }).segment(text)) if (piece.isWordLike) count += 1;
  return count;
}

function megabytes(bytes) {
  return bytes < 1_000_000 ? `${Math.max(1, Math.round(bytes / 1000))} kB` : `${(bytes / 1_000_000).toFixed(bytes < 10_000_000 ? 1 : 0)} MB`;
}
