// What opens over the editor: publishing with what it changes, the history, the Markdown of the page, how students see it.
import { createElement as h, useEffect, useState } from "react";
import { Link } from "react-router";
import { Button, Dialog, Html, ask, dayAndTime, useAct } from "$/public/external/lms_app/web/instructor/editor/editor_parts.jsx";
import { Playing } from "$/public/external/lms_app/web/components/playing/playing_island.jsx";
import { Difference } from "$/public/external/lms_app/web/instructor/editor/editor_difference.jsx";

// What a route gives, once; `[value, trouble]`.
function useAsked(address) {
  const [state, setState] = useState([null, ""]);
  useEffect(() => {
    let gone = false;
    setState([null, ""]);
    if (address) ask("GET", address).then((told) => gone || setState([told, ""]), (error) => gone || setState([null, error.message]));
    return () => {
      gone = true;
    };
  }, [address]);
  return state;
}

const Waiting = ({ trouble }) => (trouble ? h("p", { className: "ly-error", role: "alert" }, trouble) : h("div", { className: "ly-skeleton", style: { minHeight: 160 } }));

const people = (count, one, many) => (count === 1 ? `One student ${one}` : `${count} students ${many}`);

export function PublishDialog({ page, close, published }) {
  const [changes, trouble] = useAsked(`/v/pages/${page.id}/changes`);
  const publish = useAct(async () => {
    published(await ask("POST", `/v/pages/${page.id}/publication`, undefined, { "If-Match": `"${page.revision}"` }));
    close();
  });
  return h(
    Dialog,
    { title: `Publish “${page.title}”?`, close, wide: true },
    changes
      ? h(
          "div",
          { className: "ly-stack", "data-gap": "16" },
          h("p", { className: "ly-second" }, audience(changes)),
          changes.quizzes.length ? h("p", { className: "ly-second" }, `With it: ${changes.quizzes.map((title) => `“${title}”`).join(", ")}. A quiz without questions stays hidden.`) : null,
          changes.first ? null : h(Retitled, { difference: changes.difference }),
          changes.first ? null : h("div", { className: "ly-editor-scroll", tabIndex: 0, role: "group", "aria-label": "What changes" }, h(Difference, { pieces: changes.difference.pieces })),
        )
      : h(Waiting, { trouble }),
    publish.trouble ? h("p", { className: "ly-error", role: "alert" }, publish.trouble) : null,
    h("div", { className: "ly-dialog-actions" }, h(Button, { onClick: close }, "Cancel"), h(Button, { kind: "primary", busy: publish.busy, disabled: !changes, onClick: publish.run }, "Publish page")),
  );
}

function audience({ first, students, done }) {
  const taking = students ? people(students, "takes this course", "take this course") : "Nobody takes this course yet";
  if (first) return `${taking}. They see this page for the first time.`;
  return `${taking}.${done ? ` ${people(done, "has completed this page and keeps that", "have completed this page and keep that")}.` : ""}`;
}

function Retitled({ difference }) {
  if (!difference.before_title || difference.before_title === difference.after_title) return null;
  return h("p", { className: "ly-second" }, "Its title was “", difference.before_title, "” and becomes “", difference.after_title, "”.");
}

export function HistoryDialog({ page, close, restored }) {
  const [states, trouble] = useAsked(`/v/pages/${page.id}/revisions`);
  const [chosen, setChosen] = useState("");
  const [against, setAgainst] = useState("before");
  const at = chosen || states?.[0]?.id || "";
  const [difference, missing] = useAsked(at && `/v/pages/${page.id}/revisions/${at}/difference?against=${against}`);
  const state = states?.find((entry) => entry.id === at);
  const restore = useAct(async () => {
    restored(await ask("POST", `/v/pages/${page.id}/revisions/${at}/restoration`, undefined, { "If-Match": `"${page.revision}"` }));
    close();
  });
  const pressed = (key, words) => h("button", { key, type: "button", "aria-pressed": against === key ? "true" : "false", onClick: () => setAgainst(key) }, words);
  return h(
    Dialog,
    { title: "History", close, wide: true, "data-history": "" },
    states
      ? h(
          "div",
          { className: "ly-editor-history" },
          h(
            "ol",
            { className: "ly-editor-states", "aria-label": "States of this page", tabIndex: -1 },
            states.map((entry) =>
              h(
                "li",
                { key: entry.id },
                h(
                  "button",
                  { type: "button", "aria-pressed": entry.id === at ? "true" : "false", onClick: () => setChosen(entry.id) },
                  h("span", { className: "ly-strong" }, dayAndTime(entry.saved_at)),
                  h("span", { className: "ly-second" }, entry.author || "Import"),
                  entry.is_published ? h("span", { className: "ly-pill", "data-tone": "ok" }, "Students see this") : entry.is_newest ? h("span", { className: "ly-pill" }, "Newest") : null,
                ),
              ),
            ),
          ),
          h(
            "div",
            { className: "ly-stack", "data-gap": "12" },
            h("div", { className: "ly-segments", role: "group", "aria-label": "Compare" }, pressed("before", "With the one before"), pressed("newest", "With the newest")),
            h("div", { className: "ly-editor-scroll", tabIndex: 0, role: "group", "aria-label": "Differences" }, difference ? [h(Retitled, { key: "title", difference }), h(Difference, { key: "pieces", pieces: difference.pieces })] : h(Waiting, { trouble: missing })),
          ),
        )
      : h(Waiting, { trouble }),
    restore.trouble ? h("p", { className: "ly-error", role: "alert" }, restore.trouble) : null,
    h("div", { className: "ly-dialog-actions" }, h(Button, { onClick: close }, "Close"), h(Button, { kind: "primary", busy: restore.busy, disabled: !state || state.is_newest, onClick: restore.run }, "Restore this state")),
  );
}

export function MarkdownDialog({ page, document, close, replaced }) {
  const [text, setText] = useState(null);
  const [unread, setUnread] = useState("");
  useEffect(() => {
    ask("POST", `/v/pages/${page.id}/markdown`, { document }).then(({ markdown }) => setText(markdown), (error) => setUnread(error.message));
    // The document is what the editor held when this was opened.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [page.id]);
  const replace = useAct(async () => {
    replaced(await ask("POST", `/v/pages/${page.id}/document`, { markdown: text }));
    close();
  });
  return h(
    Dialog,
    { title: "Page as Markdown", close, wide: true },
    text === null
      ? h(Waiting, { trouble: unread })
      : h("textarea", { className: "ly-input ly-editor-markdown", "data-mono": "", "aria-label": "Markdown", spellCheck: false, rows: 18, value: text, onChange: (event) => setText(event.target.value) }),
    h("p", { className: "ly-help" }, "# headings, **bold**, lists, tables, ``` code ```, $x$ and $$ for formulas, ::: tip for a box. Lines that begin with :: are blocks of other kinds."),
    replace.trouble ? h("p", { className: "ly-error", role: "alert" }, replace.trouble) : null,
    h("div", { className: "ly-dialog-actions" }, h(Button, { onClick: close }, "Cancel"), h(Button, { onClick: () => navigator.clipboard?.writeText(text), disabled: text === null }, "Copy"), h(Button, { kind: "primary", busy: replace.busy, disabled: text === null, onClick: replace.run }, "Use this text")),
  );
}

export function StudentView({ page, close }) {
  const [blocks, trouble] = useAsked(`/v/pages/${page.id}/view`);
  const quiz = (id) => page.quizzes.find((entry) => entry.id === id);
  return h(
    Dialog,
    { title: "As a student sees it", close, "data-full": "" },
    h(
      "div",
      { className: "ly-editor-scroll", tabIndex: 0, role: "group", "aria-label": "Page" },
      blocks
        ? h(
            "article",
            { className: "ly-editor-student" },
            h("p", { className: "ly-article-kicker" }, `${page.module} · ${page.lesson}`),
            h("h3", { className: "ly-article-title" }, page.title),
            h(
              "div",
              { className: "ly-prose" },
              blocks.map((block) => (block.kind === "quiz" ? h("section", { key: block.id, className: "ly-feature ly-sans" }, h("p", { className: "ly-feature-title" }, quiz(block.assessment)?.title ?? "Quiz"), h(Link, { to: `/teach/quizzes/${block.assessment}`, className: "ly-link" }, "Open its editor")) : h(Html, { key: block.id, html: block.html }))),
              h(Playing, { blocks }),
            ),
          )
        : h(Waiting, { trouble }),
    ),
    h("div", { className: "ly-dialog-actions" }, h(Button, { kind: "primary", onClick: close }, "Go on writing")),
  );
}
