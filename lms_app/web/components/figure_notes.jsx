// What the figures of an island mean, of how many people they are, and up to when they are counted.
import { createElement as h } from "react";

// `of` says whose figures they are: "312 students".
export function FigureNotes({ metrics, of, asOf }) {
  return h(
    "details",
    { className: "ly-people-notes" },
    h("summary", null, `What these figures mean · n: ${of} · as of ${asOf}`),
    h("dl", null, metrics.flatMap((metric) => [h("dt", { key: metric.name }, metric.title), h("dd", { key: `${metric.name}-means` }, `${metric.meaning} Unit: ${metric.unit}; n: ${metric.n}. From ${metric.source}; ${metric.freshness}.`)])),
  );
}
