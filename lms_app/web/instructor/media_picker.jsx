// Files of a course: chosen from its library, or sent to it with progress.
import { createElement as h, useCallback, useEffect, useId, useRef, useState } from "react";
import { FileText, Film, Image, Music, Search, Upload } from "lucide-react";
import "$/public/css/media.css";
import { renew, send } from "$/public/external/lms_app/web/components/keeper/keeping.jsx";

const KINDS = { image: "picture", video: "video", audio: "recording", pdf: "PDF", captions: "captions" };
const ACCEPTED = { image: "image/*", video: "video/mp4,video/webm", audio: "audio/*", pdf: "application/pdf", captions: ".vtt,.srt" };
export const ICONS = { image: Image, video: Film, audio: Music };

// The file as the library lists it, or an Error with a sentence. `told` hears how much is sent, from 0 to 1.
export async function uploadMedia(courseId, file, told = () => {}) {
  const first = await put(courseId, file, told);
  const answer = first.status === 401 && (await renew()) ? await put(courseId, file, told) : first;
  if (answer.status === 200 || answer.status === 201) return answer.body;
  throw new Error(answer.body?.title ?? (answer.status ? "That did not work. Try again." : "There is no connection. Try again when you are back."));
}

// `fetch` does not tell how much of a body is sent.
function put(courseId, file, told) {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.open("POST", `/v/courses/${courseId}/media`);
    request.setRequestHeader("X-Lyceum", "1");
    request.setRequestHeader("X-File-Name", encodeURIComponent(file.name));
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.responseType = "json";
    request.upload.onprogress = (event) => event.lengthComputable && told(event.loaded / event.total);
    request.onload = () => resolve({ status: request.status, body: request.response });
    request.onerror = () => resolve({ status: 0, body: null });
    request.send(file);
  });
}

// `kind` is one of KINDS, or "" for any file.
export function MediaPicker({ courseId, kind, onPick, onClose }) {
  const dialog = useRef(null);
  const chooser = useRef(null);
  const title = useId();
  const [files, setFiles] = useState(null);
  const [more, setMore] = useState(false);
  const [search, setSearch] = useState("");
  const [trouble, setTrouble] = useState("");
  const [sending, setSending] = useState(null);
  const [over, setOver] = useState(false);
  useEffect(() => {
    const before = document.activeElement;
    dialog.current?.showModal();
    return () => before?.focus?.();
  }, []);

  const read = useCallback(
    async (after = "") => {
      const query = new URLSearchParams({ search, ...(kind ? { kind } : {}), ...(after ? { after } : {}) });
      const reply = await send(`/v/courses/${courseId}/media?${query}`).catch(() => null);
      const found = await reply?.json().catch(() => null);
      if (!reply?.ok) return setTrouble(found?.title ?? "There is no connection. Try again when you are back.");
      setTrouble("");
      setMore(found.more);
      return setFiles((before) => (after ? [...(before ?? []), ...found.files] : found.files));
    },
    [courseId, kind, search],
  );
  useEffect(() => {
    const later = setTimeout(() => read(), search ? 250 : 0);
    return () => clearTimeout(later);
  }, [read, search]);

  const upload = async (file) => {
    if (!file || sending) return;
    setTrouble("");
    setSending({ name: file.name, part: 0 });
    try {
      onPick(await uploadMedia(courseId, file, (part) => setSending({ name: file.name, part })));
    } catch (error) {
      setTrouble(error.message);
      setSending(null);
    }
  };
  const drop = (event) => {
    event.preventDefault();
    setOver(false);
    upload(event.dataTransfer.files[0]);
  };

  const what = KINDS[kind] ?? "file";
  return h(
    "dialog",
    { ref: dialog, className: "ly-dialog", "data-wide": "", onClose, "aria-labelledby": title },
    h("h2", { id: title }, kind === "captions" ? "Choose captions" : `Choose a ${what}`),
    h(
      "div",
      { className: "ly-media-drop", "data-over": over ? "" : undefined, onDragOver: (event) => (event.preventDefault(), setOver(true)), onDragLeave: () => setOver(false), onDrop: drop },
      sending
        ? h("div", { className: "ly-stack", "data-gap": "8" }, h("p", null, `Sending ${sending.name} …`), h("progress", { className: "ly-media-progress", max: 1, value: sending.part, "aria-label": `Sending ${sending.name}` }))
        : [
            h("p", { key: "words", className: "ly-second" }, `Drop a ${what} here, or`),
            h("button", { key: "browse", type: "button", className: "ly-button", "data-kind": "default", "data-size": "s", onClick: () => chooser.current?.click() }, h(Upload, { size: 16, className: "ly-icon", "aria-hidden": true }), h("span", null, "Browse")),
          ],
      h("input", { ref: chooser, type: "file", hidden: true, accept: ACCEPTED[kind], onChange: (event) => upload(event.target.files[0]) }),
    ),
    trouble ? h("p", { className: "ly-error", role: "alert" }, trouble) : null,
    h("div", { className: "ly-media-search" }, h(Search, { size: 16, className: "ly-icon", "aria-hidden": true }), h("input", { className: "ly-input", type: "search", "aria-label": "Search the files of this course", placeholder: "Search", value: search, onChange: (event) => setSearch(event.target.value) })),
    h(
      "div",
      { className: "ly-media-files", tabIndex: 0, role: "group", "aria-label": "Files of this course" },
      files === null
        ? h("div", { className: "ly-skeleton", style: { minHeight: 120 } })
        : files.length
          ? h("ul", { "data-grid": kind === "image" ? "" : undefined }, files.map((file) => h("li", { key: file.id }, h(Entry, { file, pick: () => onPick(file) }))))
          : h("p", { className: "ly-quiet" }, search ? "No file has this in its name." : "Nothing here yet. What you send appears here."),
      more ? h("button", { type: "button", className: "ly-button", "data-kind": "default", "data-size": "s", onClick: () => read(files.at(-1).id) }, h("span", null, "Show more")) : null,
    ),
    h("div", { className: "ly-dialog-actions" }, h("button", { type: "button", className: "ly-button", "data-kind": "default", "data-size": "m", onClick: onClose }, h("span", null, "Cancel"))),
  );
}

function Entry({ file, pick }) {
  const Icon = ICONS[file.kind] ?? FileText;
  return h(
    "button",
    { type: "button", className: "ly-media-entry", onClick: pick },
    file.kind === "image" ? h("img", { src: `/v/files/${file.id}`, alt: "", loading: "lazy" }) : h(Icon, { size: 16, className: "ly-icon", "aria-hidden": true }),
    h("span", { className: "ly-media-name" }, file.name),
    h("span", { className: "ly-small ly-quiet" }, `${size(file.size)}${file.width ? ` · ${file.width} × ${file.height}` : ""}`),
  );
}

export function size(bytes) {
  return bytes < 1_000_000 ? `${Math.max(1, Math.round(bytes / 1000))} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
