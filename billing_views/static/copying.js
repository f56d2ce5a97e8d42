/* „Kopiuj”: buttons that copy what stands beside them. Without this script or a clipboard they stay hidden. */
"use strict";
if (navigator.clipboard) {
  const said = document.querySelector("[data-copied]");
  for (const button of document.querySelectorAll("[data-copy]")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(button.dataset.copy);
      const text = said.dataset.copied;
      /* Emptied first, or the same words would not be read out a second time. */
      said.textContent = "";
      setTimeout(() => { said.textContent = text; }, 50);
      button.dataset.done = text;
      setTimeout(() => { delete button.dataset.done; }, 2500);
    });
  }
}
