// The button on a student's page that opens a message to them.
import { createElement as h, useState } from "react";
import { Button } from "$/public/external/lms_app/web/components/island_parts/island_parts.jsx";
import MessageDialog from "$/public/external/lms_app/web/instructor/students/message_dialog.jsx";

export function MessageIsland({ courseId, student, name }) {
  const [open, setOpen] = useState(false);
  const [said, setSaid] = useState("");
  return h(
    "div",
    { className: "ly-line" },
    h("span", { className: "ly-caption", role: "status" }, said),
    h(Button, { onClick: () => setOpen(true) }, "Write a message"),
    open
      ? h(MessageDialog, {
          base: `/v/courses/${courseId}/risk`,
          students: [student],
          whom: name,
          suggestion: "",
          close: () => setOpen(false),
          done: (words) => {
            setSaid(words);
            setOpen(false);
          },
        })
      : null,
  );
}
