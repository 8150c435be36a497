// Takes a chart along: the table of its panel as CSV, what is drawn as a picture. Both are made here; the server is not asked. The table is in the page
// even while it is folded. Heat maps are tables of shades, and are drawn as such.
import { createElement as h, useRef, useState } from "react";
import { Download } from "lucide-react";

const SCALE = 2;
const CELL = 26;
const GAP = 3;
const LABEL = 44;
const FORMULA = /^[=+\-@\t\r]/;

export function ChartFiles() {
  const here = useRef(null);
  const [problem, setProblem] = useState("");
  const panel = () => here.current.closest(".ly-panel");
  const table = () => panel().querySelector(".ly-chart-table table");
  const name = () => table().caption.textContent.trim().toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "-");

  function takeTable() {
    const url = URL.createObjectURL(new Blob(["\ufeff", csv(table())], { type: "text/csv;charset=utf-8" }));
    save(url, `${name()}.csv`);
    setTimeout(() => URL.revokeObjectURL(url), 1000);
  }

  async function takePicture() {
    setProblem("");
    try {
      const plot = panel().querySelector(".js-plotly-plot");
      save(plot ? await drawn(plot, panel()) : shaded(panel().querySelector(".ly-heat"), panel()), `${name()}.png`);
    } catch {
      setProblem("The picture could not be made. Try again.");
    }
  }

  return h(
    "span",
    { ref: here, className: "ly-line" },
    taking("CSV", "Download the table as CSV", takeTable),
    taking("PNG", "Download the chart as PNG", takePicture),
    h("span", { role: "status" }, problem),
  );
}

function taking(words, title, onClick) {
  const attributes = { type: "button", className: "ly-button", "data-kind": "ghost", "data-size": "s", title, "aria-label": `${words}: ${title}`, onClick };
  return h("button", attributes, h(Download, { size: 16, className: "ly-icon", "aria-hidden": true }), h("span", null, words));
}

function save(url, name) {
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
}

// Numbers stay numbers; what a spreadsheet would take for a formula becomes words.
function csv(table) {
  const rows = [...table.rows].map((row) => [...row.cells].map((cell) => quoted(cell.textContent.trim())).join(","));
  return `${rows.join("\r\n")}\r\n`;
}

function quoted(words) {
  const plain = words.replace(/(\d),(?=\d{3})/g, "$1");
  const safe = FORMULA.test(plain) && Number.isNaN(Number(plain)) ? `'${plain}` : plain;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

async function drawn(plot, panel) {
  const module = await import("plotly.js-basic-dist-min");
  const ground = getComputedStyle(panel).backgroundColor;
  const size = { width: plot.clientWidth, height: plot.clientHeight };
  const layout = { ...plot.layout, ...size, paper_bgcolor: ground, plot_bgcolor: ground };
  return (module.default ?? module).toImage({ data: plot.data, layout }, { format: "png", scale: SCALE, ...size });
}

function shaded(table, panel) {
  const rows = [...table.tBodies[0].rows];
  const columns = rows[0].cells.length - 1;
  const canvas = document.createElement("canvas");
  canvas.width = SCALE * (LABEL + columns * (CELL + GAP));
  canvas.height = SCALE * ((rows.length + 1) * (CELL + GAP));
  const pen = canvas.getContext("2d");
  const style = getComputedStyle(panel);
  pen.scale(SCALE, SCALE);
  pen.fillStyle = style.backgroundColor;
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.font = "12px sans-serif";
  pen.textBaseline = "middle";
  const words = (text, x, row) => {
    pen.fillStyle = style.color;
    pen.fillText(text, x, row * (CELL + GAP) + CELL / 2);
  };
  [...table.tHead.rows[0].cells].slice(1).forEach((cell, at) => {
    if (!cell.querySelector(".ly-sr")) words(cell.textContent, LABEL + at * (CELL + GAP), 0);
  });
  rows.forEach((row, at) => {
    words(row.cells[0].textContent, GAP, at + 1);
    [...row.cells].slice(1).forEach((cell, column) => {
      pen.fillStyle = getComputedStyle(cell).backgroundColor;
      pen.fillRect(LABEL + column * (CELL + GAP), (at + 1) * (CELL + GAP), CELL, CELL);
    });
  });
  return canvas.toDataURL("image/png");
}
