// The command palette and the list of keys: native dialogs, fetched when one is first opened.
import { createElement as h, useContext, useEffect, useRef, useState } from "react";
import { useNavigate } from "react-router";
import { Command } from "cmdk";
import { ColorModeContext } from "$/utils/context-registry";
import { send } from "$/public/external/lms_app/web/components/keeper/keeping.jsx";

export default function Dialogs({ open, places, keysOff, close }) {
  const dialog = useRef(null);
  useEffect(() => {
    const element = dialog.current;
    if (!element.open) element.showModal();
    element.querySelector("[cmdk-input]")?.focus();
    return () => element.close();
  }, [open]);
  const palette = open === "palette";
  return h(
    "dialog",
    {
      ref: dialog,
      key: open,
      className: palette ? "ly-palette" : "ly-dialog",
      "aria-label": palette ? "Search" : "Keyboard shortcuts",
      onClose: close,
      onClick: (event) => event.target === dialog.current && close(),
    },
    palette ? h(Palette, { places, close }) : h(Keys, { places, keysOff, close }),
  );
}

function Palette({ places, close }) {
  const [query, setQuery] = useState("");
  const navigate = useNavigate();
  const { resolvedColorMode, setColorMode } = useContext(ColorModeContext);
  const found = useFound(query);
  const sought = query.trim().toLowerCase();
  const matches = (words) => words.toLowerCase().includes(sought);
  const pages = places.filter((place) => matches(place.words));
  const other = resolvedColorMode === "dark" ? "light" : "dark";
  const action = `Switch to ${other} theme`;
  const go = (href) => () => {
    close();
    navigate(href);
  };
  return h(
    Command,
    { label: "Search", shouldFilter: false, loop: true },
    h(Command.Input, { autoFocus: true, value: query, onValueChange: setQuery, placeholder: "Search courses and pages" }),
    h(
      Command.List,
      { label: "Results" },
      h(Command.Empty, null, `Nothing found for “${query.trim()}”.`),
      found.length > 0 && h(Command.Group, { heading: "Courses" }, found.map((item) => h(Command.Item, { key: item.href, value: item.href, onSelect: go(item.href) }, h("span", null, item.title), h("small", null, item.kind)))),
      pages.length > 0 && h(Command.Group, { heading: "Go to" }, pages.map((place) => h(Command.Item, { key: place.href, value: place.href, onSelect: go(place.href) }, h("span", null, place.words), h("small", null, `g ${place.key}`)))),
      matches(action) &&
        h(Command.Group, { heading: "Actions" }, h(Command.Item, { value: "mode", onSelect: () => { setColorMode(other); close(); } }, h("span", null, action))),
    ),
    h("div", { className: "ly-palette-foot", "aria-hidden": true }, h("span", null, h("kbd", null, "↑"), " ", h("kbd", null, "↓"), " choose"), h("span", null, h("kbd", null, "Enter"), " open"), h("span", null, h("kbd", null, "Esc"), " close")),
  );
}

// Courses by title. Without an answer the palette still has its pages, so failures stay silent.
function useFound(query) {
  const [found, setFound] = useState([]);
  useEffect(() => {
    const stop = new AbortController();
    const wait = setTimeout(async () => {
      try {
        const answer = await send(`/v/palette?q=${encodeURIComponent(query.trim())}`, { signal: stop.signal });
        setFound(answer.ok ? ((await answer.json()).items ?? []) : []);
      } catch {
        if (!stop.signal.aborted) setFound([]);
      }
    }, query ? 150 : 0);
    return () => {
      clearTimeout(wait);
      stop.abort();
    };
  }, [query]);
  return found;
}

function Keys({ places, keysOff, close }) {
  const [off, setOff] = useState(() => Boolean(localStorage.getItem(keysOff)));
  const here = [...document.querySelectorAll("[data-key]")].map((element) => [[element.dataset.key], element.dataset.keyWords ?? element.textContent.trim()]);
  const rows = [
    [["Ctrl", "K"], "Search and go to"],
    [["?"], "This list"],
    ...places.filter((place) => place.key).map((place) => [["g", place.key], place.words]),
    ...here,
  ];
  const choose = (event) => {
    setOff(!event.target.checked);
    if (event.target.checked) localStorage.removeItem(keysOff);
    else localStorage.setItem(keysOff, "1");
  };
  return h(
    "div",
    null,
    h("h2", null, "Keyboard shortcuts"),
    h("dl", { className: "ly-keys" }, rows.flatMap(([keys, words], index) => [h("dt", { key: `k${index}` }, keys.map((key) => h("kbd", { key }, key.length === 1 ? key.toUpperCase() : key))), h("dd", { key: `w${index}` }, words)])),
    h("label", { className: "ly-check", style: { marginTop: "16px" } }, h("input", { type: "checkbox", role: "switch", checked: !off, onChange: choose }), h("span", null, "Single-letter shortcuts")),
    h("div", { className: "ly-dialog-actions" }, h("button", { type: "button", className: "ly-button", "data-kind": "default", onClick: close }, "Close")),
  );
}
