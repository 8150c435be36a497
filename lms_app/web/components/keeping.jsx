// Staying signed in: the cookie's token is good for a quarter of an hour, and one tab of the browser renews it for all of them.
const RENEWED = "lyceum:renewed";
const LOCK = "lyceum:renewing";
const AGE = 10 * 60_000;

// When some tab last renewed, in milliseconds; 0 when nobody knows.
export function renewedAt() {
  try {
    const at = Number(localStorage.getItem(RENEWED)) || 0;
    return at <= Date.now() ? at : 0;
  } catch {
    return 0;
  }
}

// A fresh token has just come, or (false) there is none any more.
export function noteRenewal(fresh = true) {
  try {
    if (fresh) localStorage.setItem(RENEWED, String(Date.now()));
    else localStorage.removeItem(RENEWED);
  } catch {
    // A forbidden store: each tab renews for itself.
  }
}

export function isDue() {
  return Date.now() - renewedAt() > AGE;
}

// Renews the cookie unless another tab did since `seen`. True when the cookie is good now; false when signed out; null when nobody answered.
export async function renew(seen = renewedAt()) {
  const turn = async () => {
    if (renewedAt() > seen) return true;
    try {
      const answer = await fetch("/v/refresh", { method: "POST", headers: { "X-Lyceum": "1" } });
      if (answer.ok) noteRenewal();
      return answer.ok ? true : answer.status === 401 ? false : null;
    } catch {
      return null;
    }
  };
  return navigator.locks ? navigator.locks.request(LOCK, turn) : turn();
}

// `fetch` for our own routes: with our header, and once more after renewing when the token's time was over.
export async function send(address, options = {}) {
  const request = { ...options, headers: { "X-Lyceum": "1", ...options.headers } };
  const seen = renewedAt();
  const answer = await fetch(address, request);
  if (answer.status !== 401 || !(await renew(seen))) return answer;
  return fetch(address, request);
}
