// One of the course's pictures, chosen from its library or sent to it.
import { createElement as h, Fragment, useState } from "react";
import { ImagePlus } from "lucide-react";
import { MediaPicker } from "$/public/external/lms_app/web/instructor/media/media_picker.jsx";

export function PictureChoice({ words, courseId, onChoose }) {
  const [choosing, setChoosing] = useState(false);
  const pick = ({ id }) => {
    setChoosing(false);
    onChoose(id);
  };
  return h(
    Fragment,
    null,
    h("button", { type: "button", className: "ly-button", "data-kind": "default", onClick: () => setChoosing(true) }, h(ImagePlus, { size: 16, className: "ly-icon", "aria-hidden": true }), words),
    choosing ? h(MediaPicker, { courseId, kind: "image", onPick: pick, onClose: () => setChoosing(false) }) : null,
  );
}
