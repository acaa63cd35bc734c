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

document.querySelectorAll("[data-progress]").forEach(watchProgress);
document.querySelectorAll("[data-print]").forEach((button) => {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
});
document.querySelector("[data-focus]")?.focus();
