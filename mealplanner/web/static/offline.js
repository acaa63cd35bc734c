// Keeps this week's menu and its shopping list for when there is no connection. Every page works without this file.
"use strict";

const script = document.currentScript;
const DISH = /\/recipes\/[0-9a-f-]{36}(?=$|\?)/;

// The pages to keep: this one, the first one, and the dishes and shopping lists that it links to. Those with `changes`
// are fetched each time, the others once, with the steps to cook them, and again whenever they are opened.
function pagesToKeep(home) {
  if (document.getElementById("shopping")) return [{ address: location.href.split("#")[0], changes: true }];
  const here = new URL(location.pathname, location.href).href;
  const links = [...document.querySelectorAll("main a[href]")].map((link) => link.href.split("#")[0]);
  const dishes = links.filter((address) => DISH.test(address));
  const menus = links.filter((address) => /\/menu\/[0-9a-f-]{36}(\/shopping)?$/.test(address));
  menus.push(...[...document.querySelectorAll(".tabs a[href$='/shopping/']")].map((link) => link.href));
  const pages = new Map(dishes.map((address) => [address, false]));
  for (const address of [...menus, home, here]) pages.set(address, true);
  return [...pages].map(([address, changes]) => ({ address, changes })).reverse();
}

async function tellWorker() {
  const { worker, person, home, keep } = script.dataset;
  if (!person) {
    const registration = await navigator.serviceWorker.getRegistration(worker);
    registration?.active?.postMessage({ person: "" });
    return;
  }
  await navigator.serviceWorker.register(worker);
  const { active } = await navigator.serviceWorker.ready;
  const pages = keep && !navigator.connection?.saveData ? pagesToKeep(new URL(home, location.href).href) : [];
  active.postMessage({ person, pages, whole: keep === "menu" });
}

function say(words) {
  const notice = document.createElement("p");
  notice.className = "notice info offline";
  notice.textContent = words;
  const place = document.querySelector(".flashes") || document.querySelector("main");
  place.prepend(notice);
}

async function listKept(section) {
  const list = section.querySelector("ul");
  for (const name of await caches.keys()) {
    if (!name.includes(" of ")) continue;
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      const text = await (await cache.match(request, { ignoreVary: true })).text();
      const page = new DOMParser().parseFromString(text, "text/html");
      const title = page.querySelector("h1")?.textContent.trim() || request.url;
      const link = document.createElement("a");
      link.href = request.url;
      link.textContent = page.getElementById("shopping") ? `Shopping list, ${title}` : title;
      if ([...list.querySelectorAll("a")].some((other) => other.textContent === link.textContent)) continue;
      list.append(document.createElement("li"));
      list.lastChild.append(link);
      section.hidden = false;
    }
  }
}

// Ticks that the server has not taken wait in this browser (see shopping.js). Signing out leaves none behind.
document.querySelector(".sign-out")?.addEventListener("submit", (event) => {
  const waiting = Object.keys(localStorage).filter((key) => key.startsWith(`ticks ${script.dataset.person} `));
  const question = "Some of what you ticked could not be sent yet. Sign out and lose it?";
  if (waiting.length && !confirm(question)) event.preventDefault();
  else waiting.forEach((key) => localStorage.removeItem(key));
});

if ("serviceWorker" in navigator) {
  const section = document.querySelector("[data-kept-pages]");
  if (section) listKept(section);
  else if ("kept" in document.documentElement.dataset) {
    say(
      document.getElementById("shopping")
        ? "You are offline. Tick as you shop: your ticks wait on this phone and are sent when you are back."
        : "You are offline. This is the copy from when you were last here; changes have to wait until you are back.",
    );
  } else tellWorker().catch(() => {}); // a browser may refuse, as in a private window: then nothing is kept
}
