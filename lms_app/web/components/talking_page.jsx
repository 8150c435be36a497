// The discussion under a page: its threads, and the way to ask. What is looked at rarely is read when it comes near.
import { createElement as h, useEffect, useRef, useState } from "react";
import { useNavigate } from "react-router";
import { MessageCircle } from "lucide-react";
import "$/public/css/talking.css";
import { Button, ask } from "$/public/external/lms_app/web/components/island_parts/island_parts.jsx";
import { Threads, Turning, Unread, useRead } from "$/public/external/lms_app/web/components/talking/talking_list.jsx";
import { Writing, hasKept } from "$/public/external/lms_app/web/components/talking/talking_writing.jsx";

export function PageTalk({ pageId, revision }) {
  const [near, box] = useNear();
  return h("section", { ref: box, className: "ly-talk ly-sans", "aria-label": "Discussion" }, near ? h(Talk, { key: pageId, pageId, revision }) : h("div", { style: { minHeight: 160 } }));
}

function Talk({ pageId, revision }) {
  const [page, setPage] = useState(1);
  const draft = `page:${pageId}`;
  const [asking, setAsking] = useState(() => hasKept(draft));
  const navigate = useNavigate();
  const { found, trouble, read } = useRead(`/v/pages/${pageId}/discussion?page=${page}`, [revision]);
  if (!found) return h(Unread, { trouble, read, height: 160 });
  const submit = async (question) => {
    const { id } = await ask("POST", `/v/pages/${pageId}/discussion`, question);
    setAsking(false);
    setPage(1);
    navigate(`/discussion/${id}`);
  };
  return h(
    "div",
    { className: "ly-stack", "data-gap": "16" },
    h(
      "header",
      { className: "ly-talk-head" },
      h("h2", { className: "ly-section-title" }, "Discussion", found.total ? h("span", { className: "ly-talk-count" }, " ", found.total) : null),
      asking || found.why_not ? null : h(Button, { icon: MessageCircle, onClick: () => setAsking(true) }, "Ask a question"),
    ),
    asking && !found.why_not ? h(Writing, { name: draft, titled: true, label: "Ask a question about this page", verb: "Ask", people: found.people, note: "Everybody who takes this course with you sees your name.", autoFocus: true, submit, cancel: () => setAsking(false) }) : null,
    trouble ? h("p", { className: "ly-error", role: "alert" }, trouble) : null,
    h(Threads, { threads: found.threads, empty: asking ? null : h("p", { className: "ly-second" }, found.why_not || "Nobody has asked anything about this page yet.") }),
    h(Turning, { sheet: found, turn: setPage }),
  );
}

function useNear() {
  const box = useRef(null);
  const [near, setNear] = useState(false);
  useEffect(() => {
    if (near || !box.current) return undefined;
    const observer = new IntersectionObserver((entries) => entries.some((entry) => entry.isIntersecting) && setNear(true), { rootMargin: "400px" });
    observer.observe(box.current);
    return () => observer.disconnect();
  }, [near]);
  return [near, box];
}
