// The list of time zones as this browser knows them, grouped by region: the server checks what is chosen.
import { createElement as h, useMemo } from "react";

export function ZoneIsland({ name, chosen, error, help }) {
  const groups = useMemo(() => grouped(chosen), [chosen]);
  const id = `field-${name}`;
  return h(
    "div",
    { className: "ly-field" },
    h("div", { className: "ly-label" }, h("label", { htmlFor: id }, "Time zone")),
    h(
      "select",
      { key: chosen, id, name, defaultValue: chosen, className: "ly-input", "aria-invalid": error ? "true" : undefined, "aria-describedby": error ? `${id}-help ${id}-error` : `${id}-help` },
      groups.map(([region, zones]) => h("optgroup", { key: region, label: region }, zones.map((zone) => h("option", { key: zone, value: zone }, words(zone))))),
    ),
    h("p", { className: "ly-help", id: `${id}-help` }, help),
    error ? h("p", { className: "ly-error", id: `${id}-error` }, error) : null,
  );
}

function grouped(chosen) {
  const zones = new Set([...(Intl.supportedValuesOf?.("timeZone") ?? []), "UTC", chosen || "UTC"]);
  const groups = new Map();
  for (const zone of [...zones].sort()) {
    const region = zone.includes("/") ? zone.slice(0, zone.indexOf("/")) : "Universal";
    groups.set(region, [...(groups.get(region) ?? []), zone]);
  }
  return [...groups];
}

function words(zone) {
  return zone.slice(zone.indexOf("/") + 1).replaceAll("_", " ").replaceAll("/", ", ");
}
