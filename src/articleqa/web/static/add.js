// Takes files that are dropped on the page, sends as many at once as the server takes, and shows the progress.
"use strict";

const form = document.getElementById("add");
const files = document.getElementById("files");
const drop = document.querySelector(".drop");
const progress = document.getElementById("progress");
const state = document.getElementById("state");
const added = document.getElementById("added");
const mostFiles = Number(form.dataset.mostFiles);
const mostBytes = Number(form.dataset.mostBytes);
const AROUND = 2000; // bytes, more than the name and headers that are sent with each file
let isSending = false;

function batchesOf(chosen) {
  const batches = [];
  let size = 0;
  for (const file of chosen) {
    size += file.size + AROUND;
    if (!batches.length || size > mostBytes || batches.at(-1).length === mostFiles) {
      batches.push([]);
      size = file.size + AROUND;
    }
    batches.at(-1).push(file);
  }
  return batches;
}

function send(batch, reportSent) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", form.action);
    request.setRequestHeader("X-Fragment", "1");
    request.upload.addEventListener("progress", (event) => reportSent(event.loaded / event.total));
    request.addEventListener("load", () => {
      const page = new DOMParser().parseFromString(request.responseText, "text/html");
      if (request.status === 200) resolve(page);
      else reject(new Error((page.querySelector("h1") || page.body).textContent));
    });
    request.addEventListener("error", () => reject(new Error("The upload failed.")));
    const body = new FormData();
    for (const file of batch) body.append("files", file);
    request.send(body);
  });
}

function show(page) { // made by this server's template, which escapes everything
  const list = added.querySelector("ul");
  if (list) list.append(...page.querySelector("ul").children);
  else added.append(...page.body.children);
}

async function sendAll(chosen) {
  if (isSending) return;
  isSending = true;
  const large = chosen.filter((file) => file.size > mostBytes).map((file) => file.name);
  const batches = batchesOf(chosen.filter((file) => file.size <= mostBytes));
  added.replaceChildren();
  progress.hidden = false;
  try {
    for (const [number, batch] of batches.entries()) {
      progress.value = number / batches.length;
      state.textContent = "Sending …";
      show(await send(batch, (sent) => {
        progress.value = (number + sent) / batches.length;
        if (sent === 1) state.textContent = "Reading …";
      }));
    }
    const limit = `larger than ${mostBytes / 1e6} MB, the most for a file`;
    state.textContent = large.length ? `Not sent: ${large.join(", ")} (${limit}).` : "Done.";
    form.reset();
  } catch (error) {
    state.textContent = error.message;
  }
  progress.hidden = true;
  isSending = false;
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  sendAll([...files.files]);
});

for (const name of ["dragover", "dragleave", "drop"]) {
  document.addEventListener(name, (event) => {
    event.preventDefault();
    drop.classList.toggle("over", name === "dragover");
    if (name === "drop" && event.dataTransfer.files.length) sendAll([...event.dataTransfer.files]);
  });
}
