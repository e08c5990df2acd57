// Shows an answer without loading the page again. Without this script the form and the links work as they are.
"use strict";

const form = document.getElementById("ask");
const answer = document.getElementById("answer");
const state = document.getElementById("state");
let asking = null;

function questionIn(search) {
  return new URLSearchParams(search).get("q") || "";
}

function queryOf(form) {
  const fields = new URLSearchParams(new FormData(form));
  for (const [name, value] of [...fields]) if (!value.trim()) fields.delete(name);
  return fields.toString();
}

async function show(query) {
  if (asking) asking.abort();
  asking = new AbortController();
  answer.setAttribute("aria-busy", "true");
  state.textContent = "Looking …";
  try {
    const response = await fetch("/answer?" + query, { signal: asking.signal });
    const text = await response.text();
    if (!response.ok) { // the page says what is wrong
      location.assign("/?" + query);
      return;
    }
    answer.innerHTML = text; // made by this server's template, which escapes everything
    const heading = answer.querySelector("#outcome");
    const quote = answer.querySelector("blockquote");
    state.textContent = "";
    state.textContent = heading.textContent + (quote ? "" : ".");
    document.title = questionIn(query) + " – " + document.querySelector(".name").textContent;
  } catch (error) {
    if (error.name === "AbortError") return;
    state.textContent = "The server does not answer.";
  }
  answer.removeAttribute("aria-busy");
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const query = queryOf(form);
  if (!questionIn(query).trim()) return;
  history.pushState(null, "", "/?" + query);
  document.querySelector("h1").className = "unseen";
  show(query);
});

window.addEventListener("popstate", () => location.reload());
