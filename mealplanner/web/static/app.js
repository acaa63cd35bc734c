// Every page works without this file.
"use strict";

const SLOWEST = 8000;

function watchProgress(root) {
  const bar = root.querySelector("[role=progressbar]");
  const fill = root.querySelector(".fill");
  const message = root.querySelector("[data-message]");
  const steps = root.querySelector("[data-steps]");
  let pause = 1000;

  function show(state) {
    bar.setAttribute("aria-valuemax", state.steps);
    bar.setAttribute("aria-valuenow", state.step);
    fill.setAttribute("width", `${(100 * state.step) / Math.max(state.steps, 1)}%`);
    fill.parentElement.classList.toggle("waiting", state.status === "queued");
    steps.textContent = `${Math.round((100 * state.step) / Math.max(state.steps, 1))} %`;
    if (message.textContent !== state.message) message.textContent = state.message;
  }

  async function look() {
    try {
      const answer = await fetch(root.dataset.progress, { headers: { Accept: "application/json" } });
      // Signed out, or deleted in another window: the page itself knows what to say.
      if (answer.redirected || (answer.status >= 400 && answer.status < 500 && answer.status !== 429)) {
        return location.reload();
      }
      if (!answer.ok) throw new Error(answer.statusText);
      const state = await answer.json();
      if (state.status !== "queued" && state.status !== "running") return location.reload();
      show(state);
      pause = 1000;
    } catch {
      message.textContent = "No answer from the server; asking again.";
      pause = Math.min(pause * 2, SLOWEST);
    }
    setTimeout(look, pause);
  }

  setTimeout(look, pause);
}

// One day at a time: tells screen readers which day is shown, and lets a swipe to the side turn to the next one.
function turnDays(nav) {
  const days = [...nav.querySelectorAll("a")];
  const plan = nav.parentElement;
  const shown = () => days.find((link) => link.hash === location.hash) ?? nav.querySelector(".shown");
  let start = null;

  function mark() {
    days.forEach((link) => (link === shown() ? link.setAttribute("aria-current", "date") : link.removeAttribute("aria-current")));
  }

  function turn(by) {
    days[days.indexOf(shown()) + by]?.click();
  }

  plan.addEventListener("touchstart", (event) => {
    start = event.touches.length === 1 ? event.touches[0] : null;
  }, { passive: true });
  plan.addEventListener("touchend", (event) => {
    if (start === null || !nav.offsetParent) return;
    const [x, y] = [event.changedTouches[0].clientX - start.clientX, event.changedTouches[0].clientY - start.clientY];
    if (Math.abs(x) > 60 && Math.abs(x) > 2 * Math.abs(y)) turn(x < 0 ? 1 : -1);
  }, { passive: true });
  addEventListener("hashchange", mark);
  mark();
}

// After a change, the page is shown where it was when the person left it, and not from the top of the day.
function keepPlace(plan) {
  const left = JSON.parse(sessionStorage.getItem("left") ?? "null");
  if (left?.path === location.pathname && document.querySelector(".flashes .notice")) {
    addEventListener("load", () => requestAnimationFrame(() => scrollTo(0, left.top + plan.getBoundingClientRect().top + scrollY)));
  }
  addEventListener("pagehide", () => {
    const top = -plan.getBoundingClientRect().top;
    sessionStorage.setItem("left", JSON.stringify({ path: location.pathname, top }));
  });
}

// A menu of actions closes when something else is clicked, or with Escape.
function closeMenus(event) {
  document.querySelectorAll("details[name=more][open]").forEach((menu) => {
    if (event.type === "keydown" ? event.key !== "Escape" : menu.contains(event.target)) return;
    menu.open = false;
    if (event.type === "keydown") menu.querySelector("summary").focus();
  });
}

document.querySelectorAll("[data-progress]").forEach(watchProgress);
document.querySelectorAll(".days").forEach(turnDays);
document.querySelectorAll("#plan").forEach(keepPlace);
document.addEventListener("click", closeMenus);
document.addEventListener("keydown", closeMenus);
document.querySelectorAll("[data-print]").forEach((button) => {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
});
document.querySelector("[data-focus]")?.focus();
