"""The pages, as functions of a request: ask, read, add, log in."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from articleqa import (
    Answer,
    ArticleIndex,
    ArticleNotFoundError,
    ArticleReadError,
    IndexPool,
    SourceChangedError,
)
from articleqa.web import upload
from articleqa.web.ask_page import shown_answer
from articleqa.web.collection import Collection, describe, last_change
from articleqa.web.errors import LOGGED, refusal
from articleqa.web.parts import read_part
from articleqa.web.pdf_pages import PdfPages, pdf_at, why_not_shown
from articleqa.web.pdf_view import ShownPage, pages_url, shown_page
from articleqa.web.places import Place, RecentPlaces, stepping
from articleqa.web.questions import AskRequest, asked_by
from articleqa.web.read_page import shown_part
from articleqa.web.security import is_same, logged_in
from articleqa.web.served import Served
from articleqa.web.templating import page

PATIENCE_S = 2.0
"""Seconds that a page waits for the size of the collection, which takes long to count if it is large."""

ADDING_S = 900.0
"""Seconds in which the articles of one uploaded file must be read and added."""


CACHED = "private, max-age=3600"
"""A browser keeps the image of a page this long; the image of another file has another address."""


class Pages:
    """The pages of one server."""

    def __init__(self, served: Served) -> None:
        """Store what is served; workers start with `running`."""
        self._served = served
        self._folder = Path(folder) if (folder := served.index.info().folder) else None
        self._recent = RecentPlaces()
        self._described: asyncio.Task[Collection] | None = None
        self._collection: Collection | None = None
        self._changed = 0.0
        self.pool: IndexPool
        self._adding: IndexPool
        self._pdfs: PdfPages

    @contextmanager
    def running(self) -> Iterator[None]:
        """Keep the workers running within this context; must be entered in the event loop."""
        served = self._served
        with (
            IndexPool(served.index, workers=served.workers, timeout_s=served.timeout_s) as self.pool,
            IndexPool(served.index, workers=1, timeout_s=ADDING_S) as self._adding,
            PdfPages() as self._pdfs,
        ):
            self._describe()
            started = [asyncio.create_task(self._start_worker()) for _ in range(served.workers - 1)]
            yield
            for task in (*started, self._described):
                if task is not None:
                    task.cancel()

    async def ask(self, request: Request) -> Response:
        """Show the form, and the answer if there is a question."""
        asked = asked_by(request.query_params)
        answer = await self._answer(asked) if asked else None
        return page(
            "ask.html",
            **self._frame(),
            collection=await self._described_collection(),
            asked=asked,
            fields=dict(request.query_params),
            answer=shown_answer(answer, asked) if answer and asked else None,
        )

    async def answer(self, request: Request) -> Response:
        """Show the answer alone, for a script to put into the page."""
        asked = asked_by(request.query_params)
        if asked is None:
            raise HTTPException(400, "there is no question")
        return page("_answer.html", answer=shown_answer(await self._answer(asked), asked))

    async def read(self, request: Request) -> Response:
        """Show a part of an article, with the places of an answer marked."""
        fields = request.query_params
        asked = asked_by(fields)
        article_id = fields.get("id", "")
        here = None
        if "start" in fields and "part" not in fields:
            here = Place(article_id, _whole(fields.get("start")), _whole(fields.get("end")))
        note = ""
        if "part" not in fields and fields.get("view") != "text":
            shown, note = await self._pdf_page(request, here, asked)
            if shown is not None:
                return page("page.html", **self._frame(), page=shown, here=here)
        part = await self.pool.call(
            read_part,
            article_id,
            offset=here.start if here else 0,
            number=_whole(fields["part"]) if "part" in fields else None,
        )
        places = await self._places(asked) if asked else []
        step = stepping(places, here) if here else None
        shown_text = shown_part(part, here, places, asked, step)
        as_pages = "" if note else pages_url(part, here, asked)
        return page("read.html", **self._frame(), part=shown_text, note=note, as_pages=as_pages)

    async def _pdf_page(
        self, request: Request, here: Place | None, asked: AskRequest | None
    ) -> tuple[ShownPage | None, str]:
        """Return a page of a PDF with a quote; None for another article, or with why it cannot be shown."""
        fields = request.query_params
        number = _whole(fields["page"]) if "page" in fields else None
        offset = here.start if here else 0
        pdf = await self.pool.call(pdf_at, fields.get("id", ""), offset=offset, number=number)
        if pdf is None:
            return None, ""
        places = await self._places(asked) if asked else []
        try:
            found = await self._pdfs.page(pdf, here, places)
        except (ArticleNotFoundError, ArticleReadError, SourceChangedError) as error:
            request.scope[LOGGED].append(str(error))
            return None, why_not_shown(error)
        return shown_page(pdf, found, here, asked, stepping(places, here) if here else None), ""

    async def page_image(self, request: Request) -> Response:
        """Return the image of a page of a PDF."""
        fields = request.query_params
        number = _whole(fields.get("page"))
        pdf = await self.pool.call(pdf_at, fields.get("id", ""), number=number)
        if pdf is None or pdf.page != number:
            return refusal(request, 404, "there is no such page")
        try:
            image = await self._pdfs.image(pdf)
        except (ArticleNotFoundError, ArticleReadError, SourceChangedError) as error:
            return refusal(request, 404, why_not_shown(error), logged=str(error))
        return Response(image, media_type="image/png", headers={"cache-control": CACHED})

    async def login_form(self, request: Request) -> Response:
        """Show the form that asks for the token."""
        return page("login.html", wanted="/", is_wrong=False)

    async def log_in(self, request: Request) -> Response:
        """Set the cookie if the token is right."""
        form = await request.form(max_files=0, max_fields=2)
        token, wanted = self._served.token, form.get("next")
        if token is None:
            return RedirectResponse("/", 303)
        if not is_same(str(form.get("token", "")).strip(), token):
            return refusal(request, 401, "the token is wrong")
        return logged_in(wanted if isinstance(wanted, str) and _is_local(wanted) else "/", token)

    async def add_form(self, request: Request) -> Response:
        """Show the form for files."""
        return self._add_page("add.html", None)

    async def add(self, request: Request) -> Response:
        """Add the uploaded files, and say for each what was skipped and why."""
        folder = self._served.upload_to
        assert folder is not None
        added: list[upload.Added] = []
        async with request.form(max_files=upload.MOST_FILES, max_fields=1) as form:
            files = [each for each in form.getlist("files") if isinstance(each, UploadFile) and each.filename]
            for file in files:
                added.append(await self._added(file, folder))
        if not files:
            raise HTTPException(400, "no file was chosen")
        for each in added:
            request.scope[LOGGED] += [f"{each.name}: {problem}" for problem in each.problems[:1]]
        self._describe()
        template = "_added.html" if request.headers.get("x-fragment") else "add.html"
        return self._add_page(template, added)

    def _add_page(self, template: str, added: Sequence[upload.Added] | None) -> Response:
        most = self._served.most_upload
        return page(template, **self._frame(), most=most, most_files=upload.MOST_FILES, added=added)

    async def _added(self, file: UploadFile, folder: Path) -> upload.Added:
        name = upload.safe_name(file.filename or "")
        if upload.size_of(folder) + (file.size or 0) > upload.MOST_KEPT:
            return upload.Added(name, problems=["there is no room for more uploads on this server"])
        try:
            kept = await asyncio.to_thread(upload.keep, file.file, name, folder)
        except OSError:
            return upload.Added(name, problems=["the file could not be stored"])
        return await self._adding.call(upload.add_file, kept)

    async def _answer(self, asked: AskRequest) -> Answer:
        answer = await self.pool.call(ArticleIndex.ask, asked.question, top_k=asked.top_k, **asked.choice())
        self._recent.keep(asked.model_dump_json(), answer)
        return answer

    async def _places(self, asked: AskRequest) -> list[Place]:
        """Return the places of the answer to what was asked; ask again only if they are forgotten."""
        key = asked.model_dump_json()
        places = self._recent.get(key)
        if places is None:
            await self._answer(asked)
            places = self._recent.get(key)
        return places or []

    async def _start_worker(self) -> None:
        with suppress(Exception):  # the first question tells what is wrong
            await self.pool.call(ArticleIndex.titles)

    def _describe(self) -> None:
        """Begin to describe the collection again."""
        self._changed = last_change(self._folder) if self._folder else 0.0
        self._described = asyncio.create_task(self.pool.call(describe))

    async def _described_collection(self) -> Collection | None:
        """Return the collection as it is now, or as it was if describing it takes long."""
        if self._folder and self._described and self._described.done():
            with suppress(OSError):
                if last_change(self._folder) > self._changed:
                    self._describe()
        if self._described is not None:
            with suppress(Exception):  # the first question tells what is wrong
                self._collection = await asyncio.wait_for(asyncio.shield(self._described), PATIENCE_S)
        return self._collection

    def _frame(self) -> dict[str, Any]:
        """Return what every page shows around its content."""
        served = self._served
        return {
            "name": served.name,
            "may_add": served.upload_to is not None,
        }


def _whole(given: str | None) -> int:
    """Return a number from an address; 0 for anything else."""
    return int(given) if given and given.isascii() and given.isdecimal() and len(given) <= 12 else 0


def _is_local(url: str) -> bool:
    """Return whether a redirect to `url` stays on this server."""
    return url.startswith("/") and not url.startswith(("//", "/\\")) and url.isprintable()
