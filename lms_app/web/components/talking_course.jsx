// What is asked in a course, for its staff: what waits for an answer first.
import { createElement as h, useState } from "react";
import "$/public/css/talking.css";
import { Threads, Turning, Unread, useRead } from "$/public/external/lms_app/web/components/talking/talking_list.jsx";

const SHOWN = [
  ["waiting", "To answer", "Nothing waits for an answer", "Questions of students appear here until one of the staff replies, or whoever asked accepts an answer."],
  ["all", "All", "Nobody has asked anything yet", "Students ask under the pages of the course."],
  ["reported", "Reported", "Nothing is reported", "What students hold to be out of place appears here."],
  ["removed", "Removed", "Nothing was removed", "Threads that were taken away can be put back from here."],
];

export function CourseTalk({ courseId, revision }) {
  const [shown, setShown] = useState("waiting");
  const [page, setPage] = useState(1);
  const { found, trouble, read } = useRead(`/v/courses/${courseId}/discussion?shown=${shown}&page=${page}`, [revision]);
  const [, , title, words] = SHOWN.find(([key]) => key === shown);
  const choose = (key) => {
    setShown(key);
    setPage(1);
  };
  const offered = SHOWN.filter(([key]) => key !== "removed" || found?.moderates !== false);
  return h(
    "div",
    { className: "ly-stack", "data-gap": "16" },
    h("div", { className: "ly-segments", role: "group", "aria-label": "Which threads are shown" }, offered.map(([key, said]) => h("button", { key, type: "button", "aria-pressed": key === shown ? "true" : "false", onClick: () => choose(key) }, said))),
    trouble && found ? h("p", { className: "ly-error", role: "alert" }, trouble) : null,
    found ? h(Threads, { threads: found.threads, empty: h("div", { className: "ly-empty" }, h("p", { className: "ly-strong" }, title), h("p", null, words)) }) : h(Unread, { trouble, read, height: 240 }),
    found ? h(Turning, { sheet: found, turn: setPage }) : null,
  );
}
