export async function uploadMedia() { throw new Error("Files cannot be sent yet."); }
export function MediaPicker({ onClose }) { onClose(); return null; }
