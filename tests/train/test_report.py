import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np

from smart_image_scraper.photo import PhotoId
from smart_image_scraper.train.evaluation import evaluate
from smart_image_scraper.train.labels import Labels
from smart_image_scraper.train.report import ConceptReport, write_report


def test_a_report_has_the_figures_and_curves_and_no_script(tmp_path: Path) -> None:
    truth = np.tile([1.0, 0.0], 20)
    labels = Labels(weak=truth, sure=np.full(40, np.nan))
    measured = evaluate(np.linspace(0, 1, 40), labels, groups=np.arange(40))
    section = ConceptReport(concept="<cage>", evaluation=measured, most_wrong=[PhotoId("flickr:7")])

    write_report(tmp_path / "1.html", [section], model="mine@1")

    page = (tmp_path / "1.html").read_text()
    drawings = [f"<svg{part.partition('</svg>')[0]}</svg>" for part in page.split("<svg")[1:]]
    assert f"ROC AUC {measured.roc_auc:.3f}" in page
    assert "&lt;cage&gt;" in page
    assert "<li>flickr:7</li>" in page
    assert "<script" not in page
    assert [len(ET.fromstring(drawing)) for drawing in drawings] == [3, 2 + 10]
