// What can be done with a node: the menu behind its row, opened by the pointer, by the menu key and by Shift and F10.
import { createElement as h, useEffect, useRef } from "react";

export function NodeMenu({ menu, close }) {
  const box = useRef(null);
  const before = useRef(null);
  const leave = () => {
    close();
    before.current?.focus?.({ preventScroll: true });
  };
  // A popover that closes by itself would do so as the button that asked for the menu comes up again.
  useEffect(() => {
    if (!menu) return undefined;
    const panel = box.current;
    before.current = document.activeElement;
    panel.showPopover();
    const { width, height } = panel.getBoundingClientRect();
    panel.style.left = `${Math.max(8, Math.min(menu.x, innerWidth - width - 8))}px`;
    panel.style.top = `${Math.max(8, Math.min(menu.y, innerHeight - height - 8))}px`;
    panel.querySelector("[role=menuitem]:not(:disabled)")?.focus();
    const outside = (event) => !panel.contains(event.target) && close();
    addEventListener("pointerdown", outside, true);
    addEventListener("resize", close);
    return () => {
      removeEventListener("pointerdown", outside, true);
      removeEventListener("resize", close);
    };
    // It is placed once, where it was asked for.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [menu]);
  if (!menu) return null;
  const onKeyDown = (event) => {
    const items = [...box.current.querySelectorAll("[role=menuitem]:not(:disabled)")];
    const at = items.indexOf(document.activeElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
    if (event.key === "Tab" || event.key === "Escape") leave();
    if (event.key === "Escape") event.preventDefault();
    if (to === undefined) return;
    event.preventDefault();
    items[(to + items.length) % items.length].focus();
  };
  return h(
    "div",
    { ref: box, popover: "manual", role: "menu", "aria-label": menu.name, className: "ly-menu ly-tree-menu", onKeyDown },
    menu.items.map(({ name, icon: Icon, keys, tone, disabled, act }, at) =>
      h(
        "button",
        {
          key: at,
          type: "button",
          role: "menuitem",
          className: "ly-menu-item",
          "data-tone": tone,
          disabled,
          onClick: () => {
            leave();
            act();
          },
        },
        h(Icon, { size: 16, className: "ly-icon", "aria-hidden": true }),
        h("span", null, name),
        keys ? h("kbd", { className: "ly-tree-keys" }, keys) : null,
      ),
    ),
  );
}
