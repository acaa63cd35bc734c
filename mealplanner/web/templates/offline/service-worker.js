// Serves what was kept, and only where the network gives no answer.
"use strict";

const RELEASE = {{ release | tojson }};
const SHELL = {{ files | tojson }};
const OFFLINE = SHELL[0];
const SIGN_OUT = {{ url_for("auth.logout") | tojson }};

// Other sites, and other places of this one, have their own caches beside these.
const OURS = `mealplanner ${self.registration.scope} `;
const SHELL_CACHE = `${OURS}${RELEASE} shell`;
const KEPT = `${OURS}${RELEASE} of `;

async function forget(gone) {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith(OURS) && gone(name)).map((name) => caches.delete(name)));
}

const forgetPeople = (person) => forget((name) => name !== SHELL_CACHE && name !== KEPT + person);

// A page says whose it is: nothing is kept under another name, even if another person has signed in meanwhile.
async function keep(cache, address, response, person) {
  if (!response.ok || response.redirected) return "";
  const text = await response.clone().text();
  if (!text.includes(`data-person="${person}"`)) return "";
  await cache.put(address, response);
  return text;
}

const asked = (address) => fetch(address, { headers: { Accept: "text/html" } });
const place = (address) => new URL(address).pathname.replace(/\/cook$/, "");

async function keepPages({ person, pages, whole }) {
  await forgetPeople(person);
  if (!person) return;
  const cache = await caches.open(KEPT + person);
  if (whole) {
    const wanted = new Set(pages.map((page) => place(page.address)));
    for (const { url } of await cache.keys()) if (!wanted.has(place(url))) await cache.delete(url);
  }
  for (const { address, changes } of pages) {
    if (!changes && (await cache.match(address, { ignoreVary: true }))) continue;
    try {
      const text = await keep(cache, address, await asked(address), person);
      const [, cook] = (!changes && text.match(/href="([^"]+\/cook\?[^"]+)"/)) || [];
      const steps = cook && new URL(cook.replaceAll("&amp;", "&"), address).href;
      if (steps) await keep(cache, steps, await asked(steps), person);
    } catch {
      return; // the connection is gone again
    }
  }
}

async function* keptOf(address) {
  for (const name of (await caches.keys()).filter((name) => name.startsWith(KEPT))) {
    const cache = await caches.open(name);
    const found = await cache.match(address, { ignoreVary: true });
    if (found) yield { cache, found, person: name.slice(KEPT.length) };
  }
}

async function kept(address) {
  address.searchParams.delete("step"); // the first step of a dish has them all
  for await (const { found } of keptOf(address.href)) return found;
  return (await caches.open(SHELL_CACHE)).match(OFFLINE, { ignoreVary: true });
}

async function renew(address, response) {
  for await (const { cache, person } of keptOf(address.href)) await keep(cache, address.href, response.clone(), person);
}

// The page is told that it was kept, so that it can say so.
async function marked(response) {
  const text = (await response.text()).replace("<html", "<html data-kept");
  return new Response(text, { headers: response.headers });
}

async function open(event, address) {
  try {
    const response = (await event.preloadResponse) || (await fetch(event.request));
    event.waitUntil(renew(address, response.clone()));
    return response;
  } catch {
    return marked(await kept(address));
  }
}

async function file(request) {
  const cache = await caches.open(SHELL_CACHE);
  return (await cache.match(request, { ignoreVary: true })) || fetch(request);
}

self.addEventListener("install", (event) => {
  self.skipWaiting();
  event.waitUntil(caches.open(SHELL_CACHE).then((cache) => cache.addAll(SHELL)));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    Promise.all([
      forget((name) => name !== SHELL_CACHE && !name.startsWith(KEPT)),
      self.registration.navigationPreload?.enable(),
      self.clients.claim(),
    ]),
  );
});

self.addEventListener("message", (event) => event.waitUntil(keepPages(event.data)));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method === "POST" && address.pathname === SIGN_OUT) event.waitUntil(forgetPeople(""));
  if (request.method !== "GET") return;
  if (request.mode === "navigate") event.respondWith(open(event, address));
  else if (SHELL.includes(address.pathname + address.search)) event.respondWith(file(request));
});
