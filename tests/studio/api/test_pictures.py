"""Pictures over HTTP: cached for ever by hash, remade when the cache is gone, never a wrong or a stolen one."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image

from studio.catalog import Group, GroupMember
from studio.catalog.record import FileRow

NAME = "ink%20drawings"


def sha_of(dataset, number: int = 1) -> str:
    with dataset.catalog() as catalog:
        return catalog.pictures.get(number).sha256


def source_of(dataset, number: int = 1) -> Path:
    with dataset.catalog() as catalog:
        return Path(catalog.pictures.get(number).source)


def opened(answer) -> Image.Image:
    return Image.open(io.BytesIO(answer.content))


def test_a_thumbnail_is_made_again_and_cached_for_ever(client, dataset):
    sha = sha_of(dataset)
    assert not dataset.thumbnail(sha).exists()
    answer = client.get(f"/thumb/{NAME}/{sha}")
    assert answer.headers["content-type"] == "image/webp" and opened(answer).size == (40, 30)
    assert "immutable" in answer.headers["cache-control"]
    assert dataset.thumbnail(sha).read_bytes() == answer.content


def test_a_stored_thumbnail_is_served_as_it_is(client, dataset):
    sha = sha_of(dataset)
    client.get(f"/thumb/{NAME}/{sha}")
    source_of(dataset).unlink()
    assert client.get(f"/thumb/{NAME}/{sha}").status_code == 200


def test_the_full_picture_is_the_original(client, dataset):
    answer = client.get(f"/full/{NAME}/{sha_of(dataset)}")
    assert answer.content == source_of(dataset).read_bytes()
    assert answer.headers["content-type"] == "image/png"


def test_a_changed_original_is_not_shown_as_the_picture(client, dataset):
    source_of(dataset).write_bytes(source_of(dataset, 2).read_bytes())
    for kind in ("thumb", "full", "crop"):
        answer = client.get(f"/{kind}/{NAME}/{sha_of(dataset)}")
        assert answer.status_code == 404 and "apple.png" in answer.json()["error"]


def test_a_copy_with_the_same_bytes_stands_in(client, dataset, tmp_path):
    sha, data = sha_of(dataset), source_of(dataset).read_bytes()
    copy = tmp_path / "copy.png"
    copy.write_bytes(data)
    with dataset.catalog() as catalog:
        catalog.files.put([FileRow(str(copy), "copy.png", len(data), 1, sha, "copy", "")])
    source_of(dataset).unlink()
    assert client.get(f"/full/{NAME}/{sha}").content == data


def test_the_crop_is_what_the_trainer_will_see(client, dataset):
    answer = client.get(f"/crop/{NAME}/{sha_of(dataset)}")
    detail = client.get("/api/picture", params={"dataset": "ink drawings", "id": 1}).json()
    assert opened(answer).size == (detail["crop"]["width"], detail["crop"]["height"])
    assert answer.headers["cache-control"] == "no-store"


def test_the_details_of_a_picture(client, send):
    send({"id": 1, "field": "caption", "value": "a red apple", "rev": 0})
    detail = client.get("/api/picture", params={"dataset": "ink drawings", "id": 1}).json()
    assert detail["facts"]["name"] == "apple.png" and detail["facts"]["width"] == 40
    assert [(entry["by"], entry["new"]) for entry in detail["history"]] == [("you", "a red apple")]
    assert client.get("/api/picture", params={"dataset": "ink drawings", "id": 99}).status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/thumb/ink%20drawings/../../../etc/passwd",
        "/thumb/ink%20drawings/..%2f..%2fcatalog.sqlite",
        "/thumb/..%2f..%2fhome/" + "a" * 64,
        "/full/ink%20drawings/" + "A" * 64,
        "/full/ink%20drawings/" + "a" * 63,
        "/full/ink%20drawings/" + "0" * 64,
        "/run-file/ink%20drawings/..%2f..%2fx/00.png",
        "/run-file/ink%20drawings/0001-lora/..%2f..%2fconfig.yaml",
        "/run-file/ink%20drawings/0001-lora/%2e%2e/config.yaml",
        "/run-file/ink%20drawings/0001-lora//etc/passwd",
        "/try-file/ink%20drawings/../catalog.sqlite",
    ],
)
def test_no_path_leads_out(client, path):
    answer = client.get(path)
    assert answer.status_code in (400, 404)
    assert b"SQLite" not in answer.content and b"root:" not in answer.content


def test_sample_pictures_are_served_and_links_out_are_not(client, dataset, tmp_path):
    samples = dataset.runs / "0001-lora" / "samples" / "step-000050"
    samples.mkdir(parents=True)
    Image.new("RGB", (8, 8)).save(samples / "00.png")
    (samples / "01.png").symlink_to(source_of(dataset))
    (samples.parent.parent / "config.yaml").write_text("secret: 1", "utf-8")
    base = f"/run-file/{NAME}/0001-lora"
    assert opened(client.get(f"{base}/step-000050/00.png")).size == (8, 8)
    assert client.get(f"{base}/step-000050/01.png").status_code == 400
    assert client.get(f"{base}/step-000050/02.png").status_code == 404
    assert client.get(f"{base}/config.yaml").status_code == 404


def test_duplicate_groups_hold_what_is_needed_to_choose(client, dataset, send):
    data = source_of(dataset).read_bytes()
    with dataset.catalog() as catalog:
        sha = catalog.pictures.get(1).sha256
        catalog.files.put([FileRow("/raw/copy.png", "copy.png", len(data), 1, sha, "copy", "")])
        members = (GroupMember(1, 0, "keeper", "keep", "largest"), GroupMember(2, 3, "resized", "reject", "smaller"))
        catalog.findings.replace_groups([Group(1, "alike", members)])
    ask = {"dataset": "ink drawings", "open": 1}
    (group,) = client.get("/api/duplicates", params=ask).json()["groups"]
    first, second = group["members"]
    assert (first["suggestion"], first["reason"], first["copies"]) == ("keep", "largest", ["copy.png"])
    assert (second["relation"], second["distance"], second["w"]) == ("resized", 3, 40)
    assert client.get("/api/counts", params=ask).json()["open_groups"] == 1
    decided = [{"id": 1, "field": "decision", "value": "keep"}, {"id": 2, "field": "decision", "value": "reject"}]
    assert send(*decided).json()["counts"]["open_groups"] == 0
    assert client.get("/api/duplicates", params=ask).json()["groups"] == []


def test_another_sensitivity_searches_again(client, dataset):
    body = {"dataset": "ink drawings", "sensitivity": "strict"}
    assert client.post("/api/duplicates", json=body).json()["sensitivity"] == "strict"
    assert client.post("/api/duplicates", json=body | {"sensitivity": "wild"}).status_code == 400


def test_refused_files_are_listed_with_their_reason(client, dataset):
    with dataset.catalog() as catalog:
        catalog.files.put([FileRow("/raw/broken.jpg", "broken.jpg", 9, 1, "", "refused", "the file ends early.")])
    answer = client.get("/api/files", params={"dataset": "ink drawings"}).json()
    assert answer == {"total": 1, "files": [{"name": "broken.jpg", "bytes": 9, "reason": "the file ends early."}]}


def test_jobs_are_listed(client):
    assert client.get("/api/jobs", params={"dataset": "ink drawings"}).json() == {"jobs": []}
    missing = client.post("/api/jobs/stop", json={"dataset": "ink drawings", "id": "no-such-job"})
    assert missing.status_code == 404
