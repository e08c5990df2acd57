"""A small question set in SQuAD v2.0 format, which several tests of the command line read."""

from __future__ import annotations

from typing import Any

TOWNS = {
    "Arden": ("John Marsh", "1801", "a mill"),
    "Brome": ("Ruth Vale", "1822", "a bridge"),
    "Corby": ("Ivan Petrov", "1847", "a school"),
}


def paragraph(text: str, *asked: tuple[str, str]) -> dict[str, Any]:
    qas = [
        {
            "id": question,
            "question": question,
            "answers": [{"text": answer, "answer_start": text.index(answer)}],
        }
        for question, answer in asked
    ]
    return {"context": text, "qas": qas}


def towns() -> list[dict[str, Any]]:
    return [
        {
            "title": town,
            "paragraphs": [
                paragraph(
                    f"{town} is a town by the river. {builder} built {work} there in {year}. Rain is common.",
                    (f"Who built {work} in {town}?", builder),
                    (f"When was {work} built in {town}?", year),
                ),
                paragraph(
                    f"The market of {town} opens at noon. Farmers sell apples. It closes when bells ring.",
                    (f"What do farmers sell in {town}?", "apples"),
                    (f"When does the market of {town} open?", "noon"),
                ),
            ],
        }
        for town, (builder, year, work) in TOWNS.items()
    ]
