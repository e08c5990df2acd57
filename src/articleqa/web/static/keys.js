// Keys: "/" goes to the question, and a letter follows the link that names it in `data-key`.
"use strict";

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, select, textarea")) return;
  if (event.key === "/") {
    const question = document.getElementById("q");
    if (question) {
      event.preventDefault();
      question.focus();
      question.select();
    }
    return;
  }
  for (const link of document.querySelectorAll("a[data-key]")) {
    if (link.dataset.key === event.key) {
      event.preventDefault();
      link.click();
      return;
    }
  }
});
