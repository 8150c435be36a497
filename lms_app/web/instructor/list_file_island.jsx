// A file of addresses is read in the browser, into the field beside it: it can be looked at and mended before anything is sent.
import { createElement as h, useRef, useState } from "react";

const LARGEST = 200_000;

export function ListFile({ into }) {
  const [trouble, setTrouble] = useState("");
  const input = useRef(null);

  const take = async (event) => {
    const file = event.target.files?.[0];
    event.target.value = "";
    if (!file) return;
    if (file.size > LARGEST) return setTrouble(`That file is ${Math.ceil(file.size / 1000)} kB. The limit is ${LARGEST / 1000} kB.`);
    setTrouble("");
    const field = document.getElementById(into);
    field.value = await file.text();
    field.focus();
  };

  return h(
    "span",
    null,
    h("button", { type: "button", className: "ly-button", "data-kind": "default", "data-size": "m", onClick: () => input.current.click() }, h("span", null, "Choose a CSV file")),
    h("input", { ref: input, type: "file", accept: ".csv,.txt,text/csv,text/plain", className: "ly-sr", tabIndex: -1, "aria-label": "CSV file", onChange: take }),
    trouble ? h("span", { className: "ly-error", role: "alert" }, trouble) : null,
  );
}
