"""Pages of the grid: the rows' shape, filters, views that stay, and speed at 100,000 rows."""

from __future__ import annotations

import time

import pytest

from studio.catalog import Flag
from tests.studio.api.conftest import NAMES, caption

ROW = {
    "id", "sha", "w", "h", "name", "caption", "by", "rev", "suggestion", "suggestion_by", "tokens", "decision",
    "reason", "flags", "split",
}  # fmt: skip


def get(client, path: str, **values):
    return client.get(path, params={"dataset": "ink drawings", **values}).json()


def test_a_page_has_the_rows_in_order(client):
    page = get(client, "/api/items", start=2, n=3)
    assert (page["total"], page["start"]) == (6, 2)
    assert [row["name"] for row in page["rows"]] == NAMES[2:5]
    assert set(page["rows"][0]) == ROW
    assert page["rows"][0]["tokens"] == 0


def test_rows_hold_real_token_counts_and_flags(client, dataset, send):
    send(caption(2, "a brown bear, ink style"))
    with dataset.catalog() as catalog:
        catalog.findings.replace_flags({2: [Flag("dark", 20, 35, "dark: brightness is 20, below 35")]})
    row = get(client, "/api/items", start=1, n=1)["rows"][0]
    assert (row["caption"], row["by"], row["rev"], row["tokens"]) == ("a brown bear, ink style", "you", 1, 6)
    assert row["flags"] == [{"name": "dark", "sentence": "dark: brightness is 20, below 35"}]
    assert [one["id"] for one in get(client, "/api/items", flag="dark")["rows"]] == [2]


def test_filters_narrow_and_unknown_ones_are_refused(client, send):
    send(caption(1, "a red apple"))
    assert get(client, "/api/items", show="empty")["total"] == 5
    assert get(client, "/api/items", text="red app")["total"] == 1
    for wrong in ({"show": "everything"}, {"sort": "shoe size"}, {"decision": "maybe"}, {"n": 5000}, {"start": "x"}):
        answer = client.get("/api/items", params={"dataset": "ink drawings", **wrong})
        assert answer.status_code == 400 and answer.json()["error"]


def test_a_view_keeps_its_order_while_its_captions_change(client, send):
    first = get(client, "/api/items", show="empty", n=2)
    send(caption(1, "a red apple"))
    again = get(client, "/api/items", show="empty", n=2, view=first["view"])
    assert again["view"] == first["view"] and again["total"] == 6
    assert again["rows"][0]["caption"] == "a red apple"
    made_anew = get(client, "/api/items", show="empty", n=2)
    assert made_anew["total"] == 5 and made_anew["view"] != first["view"]


def test_an_unknown_view_is_made_anew(client):
    page = get(client, "/api/items", view="000000000000")
    assert page["total"] == 6 and page["view"] != "000000000000"


def test_the_page_of_a_picture_is_found(client):
    page = get(client, "/api/items", item=5, n=2)
    assert (page["place"], page["start"], page["rows"][0]["id"]) == (4, 4, 5)
    assert get(client, "/api/items", item=99)["place"] is None


def test_the_next_empty_caption_goes_round_the_end(client, send):
    send(*(caption(number, "text") for number in (2, 3, 6)))
    assert get(client, "/api/next-empty", after=0)["place"] == 3
    assert get(client, "/api/next-empty", after=4)["place"] == 0
    send(*(caption(number, "text") for number in (1, 4, 5)))
    assert get(client, "/api/next-empty", after=0)["place"] is None


def test_all_ids_of_a_view(client):
    assert get(client, "/api/ids")["ids"] == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize("name", ["nothing", "../ink drawings", "ink drawings/..", "/etc", "", "%2e%2e"])
def test_a_dataset_that_is_not_there_is_said_so(client, name):
    answer = client.get("/api/items", params={"dataset": name})
    assert answer.status_code in (400, 404) and answer.json()["error"]


def test_100_000_rows_are_paged_in_no_time(client, dataset, send):
    with dataset.catalog() as catalog, catalog.transaction():
        catalog._db.executemany(
            "INSERT INTO pictures (sha256, source, name, size_bytes, format, mode, width, height, caption, tokens) "
            "VALUES (?, ?, ?, 1, 'PNG', 'RGB', 8, 8, 'a thing, ink style', 5)",
            ((f"{n:064x}", f"/raw/{n:06}.png", f"zz/{n:06}.png") for n in range(100_000)),
        )
    page = get(client, "/api/items", n=200)
    get(client, "/api/counts")
    began = time.perf_counter()
    for start in range(0, 100_000, 10_000):
        assert len(get(client, "/api/items", n=200, start=start, view=page["view"])["rows"]) == 200
    pages = (time.perf_counter() - began) / 10
    began = time.perf_counter()
    answer = send(caption(3, "a cat")).json()
    save = time.perf_counter() - began
    assert answer["counts"]["all"] == 100_006 and answer["counts"]["empty"] == 5
    assert pages < 0.25 and save < 0.25
