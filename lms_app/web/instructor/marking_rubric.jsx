// A rubric: filled in by its levels or by points, and written.
import { createElement as h, useState } from "react";
import { Button, ask, trimmed } from "$/public/external/lms_app/web/instructor/marker/marking_parts.jsx";

export function FillRubric({ rubric, chosen, given, active, setActive, choose, give }) {
  return h(
    "div",
    { className: "ly-rubric" },
    rubric.criteria.map((criterion, place) =>
      criterion.levels.length
        ? h(
            "fieldset",
            { key: place, className: "ly-criterion", "data-active": place === active ? "" : undefined, onFocus: () => setActive(place) },
            h("legend", null, criterion.title),
            criterion.description ? h("p", { className: "ly-help" }, criterion.description) : null,
            h(
              "div",
              { className: "ly-levels" },
              criterion.levels.map((level, number) =>
                h(
                  "label",
                  { key: number, className: "ly-level" },
                  h("input", { type: "radio", className: "ly-sr", name: `criterion-${place}`, checked: chosen[place] === number, onChange: () => choose(place, number) }),
                  h("span", { className: "ly-level-key", "aria-hidden": "true" }, number + 1),
                  h("span", null, level.title, level.description ? h("small", null, level.description) : null),
                  h("span", { className: "ly-nums ly-quiet" }, level.points),
                ),
              ),
            ),
          )
        : h(
            "label",
            { key: place, className: "ly-field" },
            h("span", { className: "ly-label" }, criterion.title),
            h("input", { className: "ly-input", inputMode: "decimal", value: given[place] ?? "", onChange: (event) => give(place, event.target.value) }),
            h("span", { className: "ly-help" }, [criterion.description, `0 to ${criterion.most}`].filter(Boolean).join(" · ")),
          ),
    ),
  );
}

// The points that what is filled in makes of a question, as text; "" until all of it is.
export function rubricPoints(rubric, chosen, given, worth) {
  let sum = 0;
  let most = 0;
  for (const [place, criterion] of rubric.criteria.entries()) {
    const value = criterion.levels.length ? criterion.levels[chosen[place]]?.points : given[place];
    if (value === undefined || value === "" || Number.isNaN(Number(value.replace(",", ".")))) return "";
    sum += Number(value.replace(",", "."));
    most += Number(criterion.most);
  }
  return trimmed((sum / most) * Number(worth));
}

const FRESH = { title: "", description: "", levels: [{ title: "Not there", points: "0" }, { title: "Partly", points: "1" }, { title: "Fully", points: "2" }], most: "5" };

export function WriteRubric({ question, rubric, close, written }) {
  const [criteria, setCriteria] = useState(() => (rubric ? rubric.criteria : [FRESH]).map((criterion) => structuredClone({ ...criterion, levels: criterion.levels.length ? criterion.levels : FRESH.levels })));
  const [guide, setGuide] = useState(() => Boolean(rubric) && !rubric.criteria[0].levels.length);
  const [trouble, setTrouble] = useState("");
  const [busy, setBusy] = useState(false);
  const change = (place, fields) => setCriteria((all) => all.map((each, number) => (number === place ? { ...each, ...fields } : each)));
  const changeLevel = (place, number, fields) => change(place, { levels: criteria[place].levels.map((level, at) => (at === number ? { ...level, ...fields } : level)) });
  const put = async (body) => {
    setTrouble("");
    setBusy(true);
    try {
      written(await ask("PUT", `/v/marking/questions/${question}/rubric`, { body, version: rubric?.version ?? 0 }));
    } catch (error) {
      setTrouble(error.message);
    }
    setBusy(false);
  };
  const save = () =>
    put({ criteria: criteria.map(({ title, description, levels, most }) => (guide ? { title, description: description ?? "", most } : { title, description: description ?? "", levels: levels.map((level) => ({ title: level.title, points: level.points, description: level.description ?? "" })) })) });
  const field = (label, value, set, more = {}) => h("label", { className: "ly-field" }, h("span", { className: "ly-label" }, label), h("input", { className: "ly-input", value, maxLength: 200, onChange: (event) => set(event.target.value), ...more }));
  return h(
    "form",
    { className: "ly-stack", "data-gap": "16", "aria-label": "Rubric", onSubmit: (event) => { event.preventDefault(); save(); } },
    h("label", { className: "ly-check" }, h("input", { type: "checkbox", checked: guide, onChange: (event) => setGuide(event.target.checked) }), h("span", null, "Give points freely for each criterion, without levels")),
    criteria.map((criterion, place) =>
      h(
        "fieldset",
        { key: place, className: "ly-criterion" },
        h("legend", null, `Criterion ${place + 1}`),
        field("Title", criterion.title, (title) => change(place, { title }), { required: true }),
        guide
          ? field("Points at most", criterion.most, (most) => change(place, { most }), { inputMode: "decimal" })
          : criterion.levels.map((level, number) =>
              h(
                "div",
                { key: number, className: "ly-level-row" },
                field(`Level ${number + 1}`, level.title, (title) => changeLevel(place, number, { title })),
                field("Points", level.points, (points) => changeLevel(place, number, { points }), { inputMode: "decimal" }),
                criterion.levels.length > 2 ? h(Button, { kind: "ghost", size: "s", "aria-label": `Remove level ${number + 1} of criterion ${place + 1}`, onClick: () => change(place, { levels: criterion.levels.filter((_, at) => at !== number) }) }, "Remove") : null,
              ),
            ),
        h(
          "div",
          { className: "ly-line" },
          guide || criterion.levels.length >= 9 ? null : h(Button, { size: "s", onClick: () => change(place, { levels: [...criterion.levels, { title: "", points: "0" }] }) }, "Add level"),
          criteria.length > 1 ? h(Button, { kind: "ghost", size: "s", onClick: () => setCriteria(criteria.filter((_, at) => at !== place)) }, "Remove criterion") : null,
        ),
      ),
    ),
    trouble ? h("p", { className: "ly-error", role: "alert" }, trouble) : null,
    h(
      "div",
      { className: "ly-line" },
      h(Button, { size: "s", disabled: criteria.length >= 20, onClick: () => setCriteria([...criteria, structuredClone(FRESH)]) }, "Add criterion"),
      h(Button, { kind: "primary", busy, type: "submit" }, "Save rubric"),
      rubric ? h(Button, { kind: "ghost", busy, onClick: () => put(null) }, "Mark without rubric") : null,
      h(Button, { kind: "ghost", onClick: close }, "Cancel"),
    ),
    h("p", { className: "ly-help" }, "Marks that are made already stay as they are."),
  );
}
