// Takes files that are dropped on the page, and shows the progress of an upload.
"use strict";

const form = document.getElementById("add");
const files = document.getElementById("files");
const drop = document.querySelector(".drop");
const progress = document.getElementById("progress");
const state = document.getElementById("state");
const added = document.getElementById("added");

function send() {
  const request = new XMLHttpRequest();
  request.open("POST", form.action);
  request.setRequestHeader("X-Fragment", "1");
  progress.hidden = false;
  progress.value = 0;
  state.textContent = "Sending …";
  request.upload.addEventListener("progress", (event) => {
    if (event.lengthComputable) progress.value = event.loaded / event.total;
  });
  request.upload.addEventListener("load", () => {
    progress.removeAttribute("value");
    state.textContent = "Reading …";
  });
  request.addEventListener("load", () => {
    progress.hidden = true;
    const page = new DOMParser().parseFromString(request.responseText, "text/html");
    if (request.status === 200) {
      state.textContent = "Done.";
      added.innerHTML = request.responseText; // made by this server's template, which escapes everything
      form.reset();
    } else {
      state.textContent = (page.querySelector("h1") || page.body).textContent;
    }
  });
  request.addEventListener("error", () => {
    progress.hidden = true;
    state.textContent = "The upload failed.";
  });
  request.send(new FormData(form));
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  send();
});

for (const name of ["dragover", "dragleave", "drop"]) {
  document.addEventListener(name, (event) => {
    event.preventDefault();
    drop.classList.toggle("over", name === "dragover");
    if (name === "drop" && event.dataTransfer.files.length) {
      files.files = event.dataTransfer.files;
      send();
    }
  });
}
