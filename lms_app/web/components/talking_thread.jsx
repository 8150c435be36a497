// One thread: what was asked, what was replied, which reply answers it.
import { createElement as h, useState } from "react";
import { Bell, BellOff, Check, Flag, Lock, LockOpen, Pencil, Trash2, Undo2 } from "lucide-react";
import { Link } from "react-router";
import "$/public/css/talking.css";
import { Button, Dialog, Field, Html, ask, useAct } from "$/public/external/lms_app/web/components/island_parts/island_parts.jsx";
import { Pill, Unread, useRead } from "$/public/external/lms_app/web/components/talking/talking_list.jsx";
import { Writing } from "$/public/external/lms_app/web/components/talking/talking_writing.jsx";

export function ThreadTalk({ threadId, revision }) {
  const { found: thread, trouble, read } = useRead(`/v/threads/${threadId}`, [revision]);
  const [said, setSaid] = useState("");
  const [asked, setAsked] = useState(null);
  if (!thread) return h(Unread, { trouble, read, height: 480 });
  const act = (method, address, body, words) => async () => {
    try {
      await ask(method, address, body);
      setSaid(words);
      await read();
    } catch (error) {
      setSaid(error.message);
    }
  };
  const base = `/v/threads/${thread.id}`;
  const submit = async ({ text }) => {
    await ask("POST", `${base}/posts`, { text });
    await read();
  };
  const writable = !thread.why_not && !thread.closed && !thread.removed;
  return h(
    "article",
    { className: "ly-thread" },
    h(
      "header",
      { className: "ly-thread-head" },
      h("p", { className: "ly-caption" }, "About ", thread.moderates ? thread.page : h(Link, { to: thread.link }, thread.page)),
      h("h1", { className: "ly-page-title" }, thread.title),
      h(
        "div",
        { className: "ly-thread-acts" },
        thread.closed ? h(Pill, null, "Closed") : null,
        thread.removed ? h(Pill, { tone: "bad" }, "Removed") : null,
        thread.takes_part && h(Button, { size: "s", kind: "ghost", icon: thread.follows ? Bell : BellOff, "aria-pressed": thread.follows ? "true" : "false", onClick: act("PUT", `${base}/following`, { on: !thread.follows }, thread.follows ? "You hear of replies no longer." : "You hear of replies.") }, thread.follows ? "Following" : "Follow"),
        thread.moderates ? h(Button, { size: "s", kind: "ghost", icon: thread.closed ? LockOpen : Lock, onClick: act("PUT", `${base}/closed`, { on: !thread.closed }, thread.closed ? "The thread is open again." : "The thread is closed.") }, thread.closed ? "Open again" : "Close") : null,
      ),
    ),
    trouble ? h("p", { className: "ly-error", role: "alert" }, trouble) : null,
    h("p", { className: said ? "ly-thread-said" : "ly-sr", role: "status" }, said),
    h("ol", { className: "ly-posts" }, thread.posts.map((post, number) => h(Post, { key: post.id, post, thread, first: number === 0, writable, act, ask: setAsked, read }))),
    writable
      ? h(Writing, { name: `thread:${thread.id}`, label: "Write a reply", verb: "Reply", people: thread.people, submit })
      : h("p", { className: "ly-second" }, thread.why_not || (thread.removed ? (thread.moderates ? "This thread was removed." : "You removed this, and nobody else sees it. You can put it back.") : "This thread is closed: it can be read, and not written to.")),
    asked ? h(Reason, { ...asked, close: () => setAsked(null), done: (words) => (setAsked(null), setSaid(words), read()) }) : null,
  );
}

function Post({ post, thread, first, writable, act, ask: open, read }) {
  const [editing, setEditing] = useState(false);
  const base = `/v/posts/${post.id}`;
  const change = async ({ text }) => {
    await ask("PUT", base, { text });
    setEditing(false);
    await read();
  };
  const removal = { title: "Remove this post?", help: "Whoever wrote it is told why.", verb: "Remove", address: `${base}/removal`, words: "It is removed." };
  const report = { title: "Report this post?", help: "The staff of the course looks at it. Whoever wrote it is not told who reported it.", verb: "Report", address: `${base}/reports`, words: "The staff is told. Thank you." };
  const gone = post.removed && !post.html;
  return h(
    "li",
    { className: "ly-post", "data-accepted": post.accepted ? "" : undefined },
    h("span", { className: "ly-avatar", "aria-hidden": true }, initials(post.author)),
    h(
      "div",
      { className: "ly-post-body" },
      h(
        "p",
        { className: "ly-post-by" },
        h("strong", null, post.author),
        post.staff ? h(Pill, { tone: "accent" }, "Staff") : null,
        post.accepted ? h(Pill, { tone: "ok" }, "Accepted answer") : null,
        h("time", { dateTime: post.at }, post.when),
        post.edited ? h("span", null, "edited") : null,
      ),
      post.removed ? h("p", { className: "ly-post-gone" }, post.removed) : null,
      editing ? h(Writing, { name: `post:${post.id}`, start: { text: post.text }, label: "Change what you wrote", verb: "Save", people: thread.people, autoFocus: true, submit: change, cancel: () => setEditing(false) }) : gone ? null : h(Html, { html: post.html, className: "ly-prose ly-post-words" }),
      post.reports.length
        ? h("div", { className: "ly-post-reports", role: "note" }, h("p", { className: "ly-strong" }, "Reported"), h("ul", null, post.reports.map((words, number) => h("li", { key: number }, words))), h(Button, { size: "s", onClick: act("DELETE", `${base}/reports`, null, "The report is settled.") }, "Nothing is wrong with it"))
        : null,
      editing
        ? null
        : h(
            "div",
            { className: "ly-post-acts" },
            thread.accepts && !first && !post.removed ? h(Button, { size: "s", kind: "ghost", icon: Check, onClick: act("PUT", `/v/threads/${thread.id}/answer`, { post_id: post.accepted ? null : post.id }, post.accepted ? "No answer is accepted." : "The answer is accepted.") }, post.accepted ? "Not the answer" : "This answers it") : null,
            post.own && writable && !post.removed ? h(Button, { size: "s", kind: "ghost", icon: Pencil, onClick: () => setEditing(true) }, "Edit") : null,
            post.removed
              ? thread.moderates || post.own
                ? h(Button, { size: "s", kind: "ghost", icon: Undo2, onClick: act("DELETE", `${base}/removal`, null, "It is back.") }, "Put back")
                : null
              : post.own
                ? h(Button, { size: "s", kind: "ghost", icon: Trash2, onClick: act("POST", `${base}/removal`, {}, "It is removed.") }, "Remove")
                : thread.moderates
                  ? h(Button, { size: "s", kind: "ghost", icon: Trash2, onClick: () => open(removal) }, "Remove…")
                  : thread.takes_part && h(Button, { size: "s", kind: "ghost", icon: Flag, onClick: () => open(report) }, "Report…"),
          ),
    ),
  );
}

function Reason({ title, help, verb, address, words, close, done }) {
  const [reason, setReason] = useState("");
  const send = useAct(async () => {
    await ask("POST", address, { reason });
    done(words);
  });
  return h(
    Dialog,
    { title, close },
    h("form", { onSubmit: send.run }, h(Field, { label: "Why", help, area: true, rows: 3, maxLength: 500, value: reason, onChange: (event) => setReason(event.target.value) }), send.trouble ? h("p", { className: "ly-error", role: "alert" }, send.trouble) : null, h("div", { className: "ly-dialog-actions" }, h(Button, { onClick: close }, "Cancel"), h(Button, { type: "submit", kind: "primary", busy: send.busy, disabled: !reason.trim() }, verb))),
  );
}

function initials(name) {
  const words = name.split(/\s+/).filter(Boolean);
  return [words[0], words.length > 1 ? words[words.length - 1] : ""].map((word) => (word ? [...word][0].toLocaleUpperCase() : "")).join("");
}
