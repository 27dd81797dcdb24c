import pytest

from imgsig.index.filters import fields_in


@pytest.mark.parametrize(
    ("clause", "fields"),
    [
        ({"term": {"a": 1}}, {"a"}),
        ({"terms": {"a": [1, 2], "boost": 2}}, {"a"}),
        ({"range": {"a.b": {"gte": 1}}}, {"a.b"}),
        ({"exists": {"field": "a"}}, {"a"}),
        ({"exists": {"field": "a*"}}, set()),
        ({"ids": {"values": ["x"]}}, set()),
        ({"term": {"_index": "x"}}, set()),
        ({"match_all": {}}, set()),
        ({"script": {"script": {"source": "1"}}}, set()),
        ({"constant_score": {"filter": {"match": {"a": "x"}}}}, {"a"}),
        ({"nested": {"path": "a", "query": {"prefix": {"a.b": "x"}}}}, {"a.b"}),
        ({"dis_max": {"queries": [{"term": {"a": 1}}, {"term": {"b": 1}}]}}, {"a", "b"}),
        (
            {
                "bool": {
                    "must": {"term": {"a": 1}},
                    "must_not": [{"term": {"b": 1}}, {"bool": {"should": [{"fuzzy": {"c": 1}}]}}],
                }
            },
            {"a", "b", "c"},
        ),
        ([], set()),
        ("a", set()),
    ],
)
def test_fields_of_a_clause_are_found(clause, fields):
    assert set(fields_in(clause)) == fields
