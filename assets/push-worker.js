// Shows what the server sends to this browser while no page of ours is open, and opens the page that it is about. It keeps and fetches nothing.
self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("push", (event) => {
  let said = {};
  try {
    said = event.data ? event.data.json() : {};
  } catch {
    // Not ours, or cut off: say that there is something, without words of somebody else.
  }
  const body = typeof said.body === "string" ? said.body : "There is something new in Lyceum.";
  // The same tag replaces what was shown before: what is sent twice is shown once.
  event.waitUntil(self.registration.showNotification("Lyceum", { body, tag: said.tag, icon: "/favicon.svg", data: { link: ours(said.link) } }));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(open(event.notification.data?.link ?? "/inbox"));
});

async function open(link) {
  const address = new URL(link, self.location.origin).href;
  for (const page of await self.clients.matchAll({ type: "window", includeUncontrolled: true })) {
    if (page.url === address) return page.focus();
  }
  return self.clients.openWindow(address);
}

function ours(link) {
  return typeof link === "string" && /^\/(?![/\\])/.test(link) ? link : "/inbox";
}
