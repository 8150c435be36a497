// A message of the staff to students: a text that was suggested, and is theirs to change.
import { createElement as h, useState } from "react";
import { Button, Dialog, Field, ask, useAct } from "$/public/external/lms_app/web/components/island_parts/island_parts.jsx";

export default function MessageDialog({ base, students, whom, suggestion, close, done }) {
  const [text, setText] = useState(suggestion);
  const { run, busy, trouble } = useAct(async () => {
    const told = await ask("POST", `${base}/nudges`, { students, text });
    const many = told.sent === 1 ? "One student was written to" : `${told.sent} students were written to`;
    done(told.passed_over ? `${many}. ${told.passed_over} had been in the last three days and were left alone.` : `${many}.`);
  });
  return h(
    Dialog,
    { title: `Write to ${whom}`, close },
    h(
      "form",
      { className: "ly-form", noValidate: true, onSubmit: run },
      h(Field, { label: "Message", area: true, value: text, maxLength: 600, rows: 6, onChange: (event) => setText(event.target.value), help: "It comes as a notification, and by mail to whoever wants that. Change it as you like." }),
      trouble ? h("p", { className: "ly-error", role: "alert" }, trouble) : null,
      h("div", { className: "ly-dialog-actions" }, h(Button, { onClick: close }, "Cancel"), h(Button, { type: "submit", kind: "primary", busy }, "Send message")),
    ),
  );
}
