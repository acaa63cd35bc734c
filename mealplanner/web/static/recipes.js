// Hearts and another number of servings without loading the page; without this file they are forms and links.
"use strict";

async function scaled(address) {
  const dish = document.querySelector("[data-dish]");
  const focused = document.activeElement?.getAttribute("aria-label")?.split(":")[0];
  try {
    const answer = await fetch(address);
    if (!answer.ok || answer.redirected) throw new Error(answer.statusText);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const part of [".dish-ingredients", ".dish-method", ".dish-actions a", ".dish-actions .favourite", ".never"]) {
      const [old, fresh] = [document.querySelector(part), page.querySelector(part)];
      if (old && fresh) old.replaceWith(fresh);
    }
    const shown = new URL(address, location);
    shown.hash = "";
    history.replaceState(null, "", shown);
    dish.querySelector(focused ? `.step[aria-label^="${focused}"]` : "#servings")?.focus({ preventScroll: true });
  } catch {
    location.assign(address); // the page itself knows what to say
  }
}

document.addEventListener("click", (event) => {
  const step = event.target.closest("[data-stepper] a.step");
  if (!step || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  scaled(step.href);
});

document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-stepper]")) return;
  event.preventDefault();
  scaled(`${location.pathname}?${new URLSearchParams(new FormData(event.target))}`);
});

document.addEventListener("submit", async (event) => {
  const heart = event.submitter;
  if (!heart?.matches(".favourite")) return;
  event.preventDefault();
  const answer = await fetch(heart.formAction, {
    method: "POST",
    body: new FormData(event.target, heart),
    redirect: "manual", // to this page, which is here already
  });
  if (answer.type !== "opaqueredirect") return location.reload(); // signed out, or deleted: the page knows what to say
  const liked = heart.value === "yes";
  heart.value = liked ? "no" : "yes";
  heart.setAttribute("aria-pressed", liked);
});
