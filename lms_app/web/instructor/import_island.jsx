// Chooses a course archive, by click or by drop, and sends it with its progress in sight.
import { createElement as h, useRef, useState } from "react";

const GOOD = /\.(tar\.gz|tgz|tar|zip|imscc)$/i;

export function ImportIsland({ limitMb, onUploaded }) {
  const [over, setOver] = useState(false);
  const [sending, setSending] = useState(null);
  const [trouble, setTrouble] = useState("");
  const chooser = useRef(null);
  const request = useRef(null);

  const send = (file) => {
    setTrouble("");
    if (!file) return;
    if (!GOOD.test(file.name)) return setTrouble("That is not a course archive. Choose a file that ends in .tar.gz, .zip or .imscc.");
    if (file.size > limitMb * 1048576) return setTrouble(`That file is ${Math.ceil(file.size / 1048576)} MB. The limit is ${limitMb} MB.`);
    const upload = new XMLHttpRequest();
    request.current = upload;
    setSending({ name: file.name, percent: 0 });
    upload.open("POST", `/v/imports?name=${encodeURIComponent(file.name)}`);
    upload.setRequestHeader("X-Lyceum", "1");
    upload.setRequestHeader("Content-Type", "application/octet-stream");
    upload.responseType = "json";
    upload.upload.onprogress = (event) => event.lengthComputable && setSending({ name: file.name, percent: Math.floor((event.loaded / event.total) * 100) });
    upload.onload = () => {
      setSending(null);
      if (upload.status === 202) onUploaded?.(upload.response.import_id);
      else setTrouble(upload.response?.title ?? "That did not work. Try again.");
    };
    upload.onerror = () => {
      setSending(null);
      setTrouble("The file did not arrive. Check your connection and try again.");
    };
    upload.onabort = () => setSending(null);
    upload.send(file);
    if (chooser.current) chooser.current.value = "";
  };

  if (sending) {
    return h(
      "div",
      { className: "ly-drop", role: "status" },
      h("p", { className: "ly-strong" }, `Sending ${sending.name}`),
      h("progress", { className: "ly-meter", value: sending.percent, max: 100, "aria-label": "Sent" }),
      h("p", { className: "ly-small" }, `${sending.percent} % sent`),
      h("button", { type: "button", className: "ly-button", "data-kind": "default", "data-size": "s", onClick: () => request.current?.abort() }, h("span", null, "Cancel")),
    );
  }
  return h(
    "div",
    {
      className: "ly-drop",
      "data-over": over ? "" : undefined,
      onDragOver: (event) => {
        event.preventDefault();
        setOver(true);
      },
      onDragLeave: () => setOver(false),
      onDrop: (event) => {
        event.preventDefault();
        setOver(false);
        send(event.dataTransfer.files?.[0]);
      },
    },
    h("p", { className: "ly-strong" }, "Drop a course archive here"),
    h("p", { className: "ly-small" }, `A Lyceum archive, a Common Cartridge, an export of Open edX or a folder of Markdown, up to ${limitMb} MB.`),
    h("input", { ref: chooser, id: "archive", type: "file", className: "ly-sr", tabIndex: -1, "aria-label": "Course archive", accept: ".tar.gz,.tgz,.gz,.tar,.zip,.imscc", onChange: (event) => send(event.target.files?.[0]) }),
    h("button", { type: "button", className: "ly-button", "data-kind": "primary", onClick: () => chooser.current?.click() }, h("span", null, "Choose file")),
    h("p", { className: trouble ? "ly-error" : "ly-sr", role: "alert" }, trouble),
  );
}
