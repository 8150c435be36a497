// Gaps in a text: a field stands where the text has `<span data-gap="id">`.
import { createElement as h, useLayoutEffect, useRef, useState } from "react";
import { createPortal } from "react-dom";
import { PartSaid } from "$/public/external/lms_app/web/components/answering/answer_parts.jsx";

export function Gaps({ question, response, told, locked, set }) {
  const text = useRef(null);
  const [places, setPlaces] = useState([]);
  const given = response?.gaps ?? {};
  const gaps = question.extras.gaps;
  const parts = new Map((told?.parts ?? []).map((part) => [part.id, part]));

  // The text is put in by hand, so that React leaves it, and the fields in it, alone when an answer changes.
  useLayoutEffect(() => {
    text.current.innerHTML = question.html;
    setPlaces([...text.current.querySelectorAll("[data-gap]")]);
  }, [question.html]);

  const fill = (id, value, typing) => {
    const { [id]: before, ...others } = given;
    set({ gaps: value === "" ? others : { ...others, [id]: value } }, { typing });
  };
  return [
    h("div", { key: "text", className: "ly-question ly-gapped", id: `question-${question.id}`, ref: text }),
    ...places.map((place) => {
      const gap = gaps.find((each) => each.id === place.dataset.gap);
      if (!gap) return null;
      const name = `Gap ${gaps.indexOf(gap) + 1} of ${gaps.length}`;
      const common = { className: "ly-input ly-gap", disabled: locked, "aria-label": gap.with_unit ? `${name}, a number with its unit` : gap.unit ? `${name}, in ${gap.unit}` : name, value: given[gap.id] ?? "", "data-outcome": parts.get(gap.id)?.outcome };
      const field =
        gap.kind === "select"
          ? h("select", { ...common, onChange: (event) => fill(gap.id, event.target.value, false) }, h("option", { value: "" }, "…"), gap.choices.map((choice) => h("option", { key: choice.id, value: choice.id }, choice.text)))
          : h("input", { ...common, type: "text", inputMode: gap.kind === "number" && !gap.with_unit ? "decimal" : "text", placeholder: gap.with_unit ? "with its unit" : undefined, autoComplete: "off", spellCheck: false, maxLength: 200, size: gap.width ?? 12, onChange: (event) => fill(gap.id, event.target.value, true) });
      return createPortal([field, gap.unit ? h("span", { key: "unit" }, ` ${gap.unit}`) : null], place, gap.id);
    }),
    told?.parts?.length ? h("ol", { key: "parts", className: "ly-parts" }, gaps.map((gap, number) => (parts.has(gap.id) ? h("li", { key: gap.id }, h("span", { className: "ly-caption" }, `Gap ${number + 1}: `), h(PartSaid, { part: parts.get(gap.id) })) : null))) : null,
  ];
}
