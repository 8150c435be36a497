// The reference of the REST API with calls to try: Swagger UI, from files of ours, under a policy without inline script or eval.
// Where it cannot start, the plain page that came with the HTML stays.
const root = document.documentElement;
const night = matchMedia("(prefers-color-scheme: dark)");

// The mode of the pages (lms_app/web), which keep it under this name.
function dress() {
  const chosen = localStorage.getItem("theme");
  const dark = chosen === "dark" || (chosen !== "light" && night.matches);
  root.classList.toggle("dark", dark);
  root.classList.toggle("light", !dark);
}

// A token that a call on this page fetched is sent with the next ones. It is kept in this tab's memory alone.
function signIn(ui, response) {
  const { pathname } = new URL(response.url, location.href);
  if (!["/api/v1/tokens", "/api/v1/tokens/refresh"].includes(pathname) || !response.ok) return;
  const { access_token: token } = typeof response.obj === "object" ? response.obj : JSON.parse(response.text);
  if (!token) return;
  ui.preauthorizeApiKey("bearer", token);
  document.getElementById("signed").textContent = "Signed in: the calls below send the token that you were given. Closing this page forgets it.";
}

// What stands in the library's markup without a name, or scrolls without the keyboard, gets both.
function mend(place) {
  for (const button of place.querySelectorAll(".close-modal:not([aria-label])")) button.setAttribute("aria-label", "Close");
  for (const box of place.querySelectorAll("pre:not([tabindex])")) box.tabIndex = 0;
  for (const field of place.querySelectorAll("textarea:not([aria-label]), input:not([aria-label]):not([id]), select:not([aria-label])")) {
    const row = field.closest("tr")?.querySelector(".parameter__name")?.firstChild?.textContent;
    field.setAttribute("aria-label", row ?? (field.matches("textarea") ? "Body of the request" : "Media type"));
  }
}

// The dialog for a token made elsewhere: the focus goes into it, stays there, and comes back.
function lead(place) {
  let opener = null;
  const dialog = () => place.querySelector(".modal-ux");
  place.addEventListener("click", (event) => {
    opener = event.target.closest(".authorize, .authorization__btn") ?? opener;
    if (event.target.closest(".close-modal, .btn-done")) opener?.focus();
  });
  place.addEventListener("keydown", (event) => {
    if (!dialog()) return;
    const stops = [...dialog().querySelectorAll("button, input, a[href]")];
    if (event.key === "Escape") dialog().querySelector(".close-modal").click();
    else if (event.key === "Tab" && document.activeElement === stops.at(event.shiftKey ? 0 : -1)) {
      event.preventDefault();
      stops.at(event.shiftKey ? -1 : 0).focus();
    }
  });
  return () => {
    if (!dialog() || dialog().role === "dialog") return;
    dialog().role = "dialog";
    dialog().ariaModal = "true";
    dialog().ariaLabel = "Token";
    dialog().querySelector("input, button").focus();
  };
}

function start() {
  dress();
  night.addEventListener("change", dress);
  const place = document.getElementById("reference");
  const ui = globalThis.SwaggerUIBundle({
    url: "/api/v1/openapi.json",
    domNode: place,
    // Deep links are put inside buttons, and colours of code into elements: neither can be read or reached by everybody.
    deepLinking: false,
    syntaxHighlight: { activated: false },
    docExpansion: "list",
    defaultModelsExpandDepth: 0,
    displayRequestDuration: true,
    persistAuthorization: false,
    validatorUrl: null,
    // The page has a heading of its own, and one server: this one.
    plugins: [{ wrapComponents: { InfoContainer: () => () => null, ServersContainer: () => () => null } }],
    responseInterceptor: (response) => {
      signIn(ui, response);
      return response;
    },
    onComplete: () => {
      root.classList.add("runs");
      const enter = lead(place);
      mend(place);
      new MutationObserver(() => {
        mend(place);
        enter();
      }).observe(place, { childList: true, subtree: true });
    },
  });
}

dress();
if (globalThis.SwaggerUIBundle) start();
