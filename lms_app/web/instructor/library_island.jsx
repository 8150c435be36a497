// The files of a course: sent, found, renamed, seen where they are used, taken out.
import { createElement as h, useCallback, useEffect, useRef, useState } from "react";
import { FileText, Pencil, Search, Trash2, Upload } from "lucide-react";
import { Link } from "react-router";
import "$/public/css/editor.css";
import "$/public/css/media.css";
import { Button, Dialog, Field, Tool, ask, dayAndTime, useAct } from "$/public/external/lms_app/web/instructor/editor/editor_parts.jsx";
import { ICONS, size, uploadMedia } from "$/public/external/lms_app/web/instructor/media/media_picker.jsx";

const KINDS = [["", "All kinds"], ["image", "Pictures"], ["video", "Videos"], ["audio", "Recordings"], ["pdf", "PDFs"], ["captions", "Captions"], ["file", "Other files"]];
const PLACES = { page: "Page", question: "Question", quiz: "Quiz", cover: "Cover" };

export function Library({ courseId }) {
  const address = `/v/courses/${courseId}/media`;
  const [files, setFiles] = useState(null);
  const [more, setMore] = useState(false);
  const [kind, setKind] = useState("");
  const [search, setSearch] = useState("");
  const [trouble, setTrouble] = useState("");
  const [said, setSaid] = useState("");
  const [open, setOpen] = useState(null);
  const latest = useRef(0);

  const read = useCallback(
    async (after = "") => {
      const asked = ++latest.current;
      try {
        const query = new URLSearchParams({ search, ...(kind ? { kind } : {}), ...(after ? { after } : {}) });
        const found = await ask("GET", `${address}?${query}`);
        if (asked !== latest.current) return;
        setTrouble("");
        setMore(found.more);
        setFiles((before) => (after ? [...(before ?? []), ...found.files] : found.files));
      } catch (error) {
        if (asked === latest.current) setTrouble(error.message);
      }
    },
    [address, kind, search],
  );
  useEffect(() => {
    const later = setTimeout(() => read(), search ? 250 : 0);
    return () => clearTimeout(later);
  }, [read, search]);

  const arrived = useCallback((file) => {
    setSaid(`${file.name} is in the library.`);
    setFiles((before) => [file, ...(before ?? []).filter((other) => other.id !== file.id)]);
  }, []);
  const put = (file) => setFiles((before) => before.map((other) => (other.id === file.id ? file : other)));
  const close = () => setOpen(null);

  return h(
    "div",
    { className: "ly-stack", "data-gap": "24" },
    h(Sending, { courseId, arrived }),
    h(
      "div",
      { className: "ly-library-tools", role: "search" },
      h("div", { className: "ly-media-search" }, h(Search, { size: 16, className: "ly-icon", "aria-hidden": true }), h("input", { className: "ly-input", type: "search", "aria-label": "Search the files of this course", placeholder: "Search files", value: search, onChange: (event) => setSearch(event.target.value) })),
      h("select", { className: "ly-input", "aria-label": "Kind", value: kind, onChange: (event) => setKind(event.target.value) }, KINDS.map(([value, words]) => h("option", { key: value, value }, words))),
    ),
    trouble ? h("p", { className: "ly-error", role: "alert" }, trouble) : null,
    h("p", { className: "ly-sr", role: "status" }, said),
    files === null
      ? h("div", { className: "ly-skeleton", style: { minHeight: 240 } })
      : files.length
        ? h("ul", { className: "ly-rows ly-library" }, files.map((file) => h(Row, { key: file.id, file, open: (what) => setOpen({ what, file }) })))
        : h("p", { className: "ly-second" }, search || kind ? "No file is like this. Try fewer words or all kinds." : "No files yet. Whatever you send here, or from a page, can be used on every page of the course."),
    more ? h("div", null, h(Button, { onClick: () => read(files.at(-1).id) }, "Show more")) : null,
    open?.what === "uses" ? h(Uses, { address, file: open.file, close }) : null,
    open?.what === "rename" ? h(Rename, { address, file: open.file, close, done: (file) => (put(file), close()) }) : null,
    open?.what === "remove"
      ? h(Remove, { address, file: open.file, close, done: () => (setSaid(`${open.file.name} is gone.`), setFiles((before) => before.filter((other) => other.id !== open.file.id)), close()) })
      : null,
  );
}

// Files wait for one another, so that each has the whole line and the library keeps their order.
function Sending({ courseId, arrived }) {
  const [rows, setRows] = useState([]);
  const [over, setOver] = useState(false);
  const chooser = useRef(null);
  const line = useRef(Promise.resolve());
  const number = useRef(0);
  const change = (key, what) => setRows((before) => before.map((row) => (row.key === key ? { ...row, ...what } : row)));
  const add = (list) => {
    for (const file of list) {
      const key = ++number.current;
      setRows((before) => [...before, { key, name: file.name, part: 0, trouble: "" }]);
      line.current = line.current.then(async () => {
        try {
          arrived(await uploadMedia(courseId, file, (part) => change(key, { part })));
          setRows((before) => before.filter((row) => row.key !== key));
        } catch (error) {
          change(key, { trouble: error.message });
        }
      });
    }
  };
  return h(
    "div",
    { className: "ly-media-drop", "data-over": over ? "" : undefined, onDragOver: (event) => (event.preventDefault(), setOver(true)), onDragLeave: () => setOver(false), onDrop: (event) => (event.preventDefault(), setOver(false), add([...event.dataTransfer.files])) },
    h("p", { className: "ly-second" }, "Drop pictures, videos, recordings, PDFs or other files here, or"),
    h(Button, { icon: Upload, onClick: () => chooser.current?.click() }, "Browse"),
    h("input", { ref: chooser, type: "file", multiple: true, hidden: true, "aria-label": "Files to send", onChange: (event) => (add([...event.target.files]), (event.target.value = "")) }),
    rows.length
      ? h(
          "ul",
          { className: "ly-library-sending" },
          rows.map((row) =>
            h(
              "li",
              { key: row.key },
              h("span", { className: "ly-media-name" }, row.name),
              row.trouble
                ? [
                    h("span", { key: "why", className: "ly-error", role: "alert" }, row.trouble),
                    h(Button, { key: "leave", size: "s", kind: "ghost", onClick: () => setRows((before) => before.filter((other) => other.key !== row.key)) }, "Dismiss"),
                  ]
                : h("progress", { className: "ly-media-progress", max: 1, value: row.part, "aria-label": `Sending ${row.name}` }),
            ),
          ),
        )
      : null,
  );
}

function Row({ file, open }) {
  const Icon = ICONS[file.kind] ?? FileText;
  const facts = [size(file.size), file.width ? `${file.width} × ${file.height}` : "", dayAndTime(file.created_at)].filter(Boolean).join(" · ");
  return h(
    "li",
    { className: "ly-row" },
    file.kind === "image" ? h("img", { src: `/v/files/${file.id}`, alt: "", loading: "lazy", className: "ly-library-picture" }) : h("span", { className: "ly-library-picture" }, h(Icon, { size: 20, className: "ly-icon", "aria-hidden": true })),
    h("div", { className: "ly-row-main" }, h("a", { href: `/v/files/${file.id}`, target: "_blank", rel: "noopener", className: "ly-link ly-media-name" }, file.name), h("p", { className: "ly-row-sub" }, facts)),
    h(
      "div",
      { className: "ly-row-end" },
      file.uses ? h(Button, { size: "s", kind: "ghost", onClick: () => open("uses"), "aria-label": `Where ${file.name} is used: ${places(file.uses)}` }, places(file.uses)) : h("span", { className: "ly-small ly-second" }, "Not used"),
      h(Tool, { name: `Rename ${file.name}`, icon: Pencil, onClick: () => open("rename") }),
      h(Tool, { name: `Remove ${file.name}`, icon: Trash2, onClick: () => open("remove") }),
    ),
  );
}

function Uses({ address, file, close }) {
  const [found, setFound] = useState(null);
  const [trouble, setTrouble] = useState("");
  useEffect(() => {
    ask("GET", `${address}/${file.id}/uses`).then(setFound, (error) => setTrouble(error.message));
  }, [address, file.id]);
  return h(
    Dialog,
    { title: `Where ${file.name} is used`, close },
    trouble ? h("p", { className: "ly-error", role: "alert" }, trouble) : null,
    found
      ? h(
          "ul",
          { className: "ly-rows" },
          found.map((use) => h("li", { key: `${use.kind}${use.id}`, className: "ly-row" }, h("div", { className: "ly-row-main" }, h(Link, { to: use.address, className: "ly-link" }, use.title), h("p", { className: "ly-row-sub" }, `${PLACES[use.kind]}, ${seen(use)}`)))),
        )
      : trouble
        ? null
        : h("div", { className: "ly-skeleton", style: { minHeight: 80 } }),
    h("div", { className: "ly-dialog-actions" }, h(Button, { onClick: close }, "Close")),
  );
}

function Rename({ address, file, close, done }) {
  const [name, setName] = useState(file.name);
  const { run, busy, trouble } = useAct(async () => done(await ask("PATCH", `${address}/${file.id}`, { name })));
  return h(
    Dialog,
    { title: "Rename file", close },
    h(
      "form",
      { className: "ly-form", noValidate: true, onSubmit: run },
      h(Field, { label: "Name", value: name, maxLength: 200, autoFocus: true, help: "The ending that says what it is stays.", onChange: (event) => setName(event.target.value) }),
      trouble ? h("p", { className: "ly-error", role: "alert" }, trouble) : null,
      h("div", { className: "ly-dialog-actions" }, h(Button, { onClick: close }, "Cancel"), h(Button, { kind: "primary", busy, type: "submit" }, "Save name")),
    ),
  );
}

function Remove({ address, file, close, done }) {
  const { run, busy, trouble } = useAct(async () => {
    await ask("DELETE", `${address}/${file.id}`);
    done();
  });
  return h(
    Dialog,
    { title: `Remove ${file.name}?`, close },
    h("p", null, "It leaves the library. Earlier states of pages that show it keep it."),
    trouble ? h("p", { className: "ly-error", role: "alert" }, trouble) : null,
    h("div", { className: "ly-dialog-actions" }, h(Button, { onClick: close }, "Cancel"), trouble ? null : h(Button, { kind: "danger", busy, onClick: run }, "Remove")),
  );
}

const places = (count) => (count === 1 ? "Used in 1 place" : `Used in ${count} places`);

function seen({ in_draft: draft, in_published: published }) {
  if (draft && published) return "as students see it";
  return published ? "until its changes are published" : "not published yet";
}
